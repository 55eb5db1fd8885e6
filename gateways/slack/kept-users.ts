import type { ChatDirectory, ChatUser, Now } from '../../core/access/ports.ts';

/** Milliseconds for which what Slack said of a person is good enough to show them a menu. */
const KEEP_MS = 5 * 60_000;

/** More people than this are forgotten together. */
const MOST_KEPT = 2_000;

/**
 * A chat directory that asks Slack once about each person for a while. A menu is asked for with every letter that is typed, and
 * `users.info` may be called about a hundred times a minute (tier 4) by everybody together. Nothing may be allowed by it.
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
      // A failure is no answer to keep.
      entry.user.catch(() => {
        if (kept.get(slackId) === entry) kept.delete(slackId);
      });
      return entry.user;
    },
    userIdByEmail: (email) => chat.userIdByEmail(email),
  };
}
