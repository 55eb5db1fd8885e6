import type { KnownBlock, View } from '@slack/types';
import { ErrorCode, WebClient } from '@slack/web-api';
import type { ChatDirectory, ChatUser } from '../../core/access/ports.ts';
import type { ChatMessage } from '../../core/model/chat-message.ts';
import { PlaceGoneError } from '../../core/model/errors.ts';

/**
 * The methods of Slack's Web API that Glasshammer uses. A failure is thrown as `PlaceGoneError` if the channel, person
 * or message is gone, else as `SlackFailedError`.
 */
export interface Chat extends ChatDirectory {
  post(
    channel: string,
    message: ChatMessage,
    threadTs?: string,
  ): Promise<{ readonly channel: string; readonly ts: string }>;
  update(channel: string, ts: string, message: ChatMessage): Promise<void>;
  postEphemeral(channel: string, slackId: string, message: ChatMessage | string, threadTs?: string): Promise<void>;
  /** Opens the direct-message channel with a person. */
  directChannel(slackId: string): Promise<string>;
  /** Ids of the people in a channel; all pages. */
  memberIds(channel: string): Promise<readonly string[]>;
  openView(triggerId: string, view: View): Promise<void>;
  /** Replaces the content of an open modal; what the person filled in stays. */
  updateView(viewId: string, view: View): Promise<void>;
  publishHome(slackId: string, view: View): Promise<void>;
}

/** Slack did not do what it was asked; `code` is Slack's error code, `ratelimited`, or `unreachable`. */
export class SlackFailedError extends Error {
  override readonly name = 'SlackFailedError';
  readonly code: string;

  constructor(method: string, code: string) {
    super(`${method}: ${code}`);
    this.code = code;
  }
}

/**
 * A Slack client for Lambda. The library's own defaults (ten retries over half an hour, no timeout) would outlive any
 * function, so: one retry, short timeouts, and rate limits are errors for the workflow to retry.
 */
export function createChat(options: {
  readonly secret: () => Promise<{ readonly botToken: string }>;
  readonly apiUrl?: string;
  /** Milliseconds one call may take. */
  readonly timeoutMs: number;
}): Chat {
  let client: { readonly token: string; readonly web: WebClient } | undefined;

  async function web(): Promise<WebClient> {
    const { botToken } = await options.secret();
    if (client?.token !== botToken) {
      client = {
        token: botToken,
        web: new WebClient(botToken, {
          slackApiUrl: options.apiUrl,
          retryConfig: { retries: 1, minTimeout: 100, maxTimeout: 100 },
          rejectRateLimitedCalls: true,
          timeout: options.timeoutMs,
          // The client logs rate limits and retries with their payloads, which must not get into logs.
          logger: silent,
        }),
      };
    }
    return client.web;
  }

  async function call<T>(method: string, work: (web: WebClient) => Promise<T>): Promise<T> {
    try {
      return await work(await web());
    } catch (error) {
      throw asFailure(method, error);
    }
  }

  async function optional<T>(
    method: string,
    absent: readonly string[],
    work: (web: WebClient) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await work(await web());
    } catch (error) {
      // Compares Slack's own code: `asFailure` would turn `user_not_found` into PlaceGoneError, which is meant for
      // posts.
      if (absent.includes(failureCode(method, error).code)) return undefined;
      throw asFailure(method, error);
    }
  }

  return {
    user: (slackId) =>
      optional('users.info', ['user_not_found', 'user_not_visible'], async (slack) =>
        chatUser((await slack.users.info({ user: slackId })).user as SlackUser | undefined),
      ),

    userIdByEmail: (email) =>
      optional(
        'users.lookupByEmail',
        ['users_not_found'],
        async (slack) => (await slack.users.lookupByEmail({ email })).user?.id,
      ),

    post: (channel, message, threadTs) =>
      call('chat.postMessage', async (slack) => {
        const sent = await slack.chat.postMessage({
          channel,
          text: message.text,
          blocks: blocksOf(message),
          unfurl_links: false,
          unfurl_media: false,
          thread_ts: threadTs,
        });
        return { channel: sent.channel ?? channel, ts: sent.ts ?? '' };
      }),

    update: (channel, ts, message) =>
      call('chat.update', async (slack) => {
        await slack.chat.update({ channel, ts, text: message.text, blocks: blocksOf(message) });
      }),

    postEphemeral: (channel, slackId, message, threadTs) =>
      call('chat.postEphemeral', async (slack) => {
        const content =
          typeof message === 'string' ? { text: message } : { text: message.text, blocks: blocksOf(message) };
        await slack.chat.postEphemeral({
          channel,
          user: slackId,
          ...content,
          ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
        });
      }),

    directChannel: (slackId) =>
      call(
        'conversations.open',
        async (slack) => (await slack.conversations.open({ users: slackId })).channel?.id ?? '',
      ),

    memberIds: (channel) =>
      call('conversations.members', async (slack) => {
        const ids: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await slack.conversations.members({ channel, limit: 1000, ...(cursor ? { cursor } : {}) });
          ids.push(...(page.members ?? []));
          cursor = page.response_metadata?.next_cursor;
        } while (cursor);
        return ids;
      }),

    openView: (triggerId, view) =>
      call('views.open', async (slack) => {
        await slack.views.open({ trigger_id: triggerId, view });
      }),

    updateView: (viewId, view) =>
      call('views.update', async (slack) => {
        await slack.views.update({ view_id: viewId, view });
      }),

    publishHome: (slackId, view) =>
      call('views.publish', async (slack) => {
        await slack.views.publish({ user_id: slackId, view });
      }),
  };
}

interface SlackUser {
  readonly id?: string;
  readonly team_id?: string;
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
  readonly is_email_confirmed?: boolean;
  readonly real_name?: string;
  readonly name?: string;
  readonly tz?: string;
  readonly profile?: { readonly email?: string; readonly real_name?: string };
  /** On Enterprise Grid. @see https://docs.slack.dev/reference/objects/user-object */
  readonly enterprise_user?: { readonly enterprise_id?: string; readonly teams?: readonly string[] };
}

function chatUser(user: SlackUser | undefined): ChatUser | undefined {
  if (user?.id === undefined) return undefined;
  return {
    id: user.id,
    teamId: user.team_id ?? '',
    ...(user.enterprise_user?.teams === undefined ? {} : { teamIds: user.enterprise_user.teams }),
    ...(user.enterprise_user?.enterprise_id === undefined ? {} : { enterpriseId: user.enterprise_user.enterprise_id }),
    email: user.profile?.email ?? '',
    // Absent on some plans; an address that Slack calls unconfirmed is never trusted.
    emailConfirmed: user.is_email_confirmed !== false,
    name: user.real_name ?? user.profile?.real_name ?? user.name ?? user.id,
    timeZone: user.tz ?? 'UTC',
    isBot: user.is_bot === true,
    isDeleted: user.deleted === true,
    isGuest: user.is_restricted === true || user.is_ultra_restricted === true,
    isStranger: user.is_stranger === true,
  };
}

/** Error codes for a channel or person that the app cannot write to, or a message that it cannot edit. */
const PLACE_GONE = [
  'thread_not_found',
  'channel_not_found',
  'not_in_channel',
  'user_not_in_channel',
  'user_not_found',
  'user_not_visible',
  'user_disabled',
  'cannot_dm_bot',
  'messages_tab_disabled',
  'is_archived',
  'message_not_found',
  'cant_update_message',
];

function asFailure(method: string, error: unknown): Error {
  if (error instanceof SlackFailedError) return error;
  const code = failureCode(method, error);
  return PLACE_GONE.includes(code.code) ? new PlaceGoneError(`${method}: ${code.code}`) : code;
}

function failureCode(method: string, error: unknown): SlackFailedError {
  const { code, data } = (error ?? {}) as { code?: string; data?: { error?: string } };
  if (code === ErrorCode.PlatformError) return new SlackFailedError(method, data?.error ?? 'unknown_error');
  if (code === ErrorCode.RateLimitedError) return new SlackFailedError(method, 'ratelimited');
  return new SlackFailedError(method, 'unreachable');
}

const nothing = (): void => undefined;
const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => 'error' as never,
  setName: nothing,
};

/** The blocks, which the views made with Slack's own types; the program carries them without looking inside. */
function blocksOf({ blocks }: ChatMessage): KnownBlock[] {
  return blocks as KnownBlock[];
}
