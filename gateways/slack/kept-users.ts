import type { ChatDirectory, ChatUser, Now } from '../../core/access/ports.ts';

/** How long Slack's answer about a person is used to show them a menu. Milliseconds. */
const KEEP_MS = 5 * 60_000;

/** When this many people are kept, all of them are forgotten. */
const MOST_KEPT = 2_000;

/**
 * A chat directory that asks Slack once about each person for a while. Slack asks for a menu with every letter that a
 * person types, and `users.info` may be called about a hundred times a minute (tier 4) for all people together. No
 * decision may be made with it.
 *
 * @see https://docs.slack.dev/apis/web-api/rate-limits
 */
export function keepUsers(chat: ChatDirectory, now: Now): ChatDirectory {
  const kept = new Map<string, { readonly at: number; readonly user: Promise<ChatUser | undefined> }>();
  return {
    user(slackId) {
      const at = now().getTime();
      const known = kept.get(slackId);
      if (known !== undefined && at - known.at < KEEP_MS) return known.user;
      if (kept.size >= MOST_KEPT) kept.clear();
      const entry = { at, user: chat.user(slackId) };
      kept.set(slackId, entry);
      // A failure is not kept.
      entry.user.catch(() => {
        if (kept.get(slackId) === entry) kept.delete(slackId);
      });
      return entry.user;
    },
    userIdByEmail: (email) => chat.userIdByEmail(email),
  };
}
