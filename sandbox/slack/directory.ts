import type { Arguments } from './arguments.ts';
import { type Method, messageObject } from './chat.ts';
import { LIMITS } from './checks/limits.ts';
import type { Fields } from './checks/shape.ts';
import { APP, type SlackUser } from './model.ts';
import { SlackError } from './slack-error.ts';
import { dmWith, type Workspace } from './workspace.ts';

/** The methods about users, conversations and the app itself. */
export const DIRECTORY: Record<string, Method> = {
  'auth.test': (workspace) => ({
    url: `https://${workspace.team.domain}.slack.com/`,
    team: workspace.team.name,
    user: APP.name.toLowerCase(),
    team_id: workspace.team.id,
    user_id: APP.botUserId,
    bot_id: APP.botId,
    is_enterprise_install: false,
  }),

  'users.info': (workspace, args) => {
    const user = workspace.user(args.required('user'));
    if (user === undefined) throw new SlackError('user_not_found');
    return { user: userObject(workspace, user) };
  },

  'users.lookupByEmail': (workspace, args) => {
    const email = args.required('email').toLowerCase();
    // Slack does not find deactivated users and those of other companies by e-mail.
    const user = [...workspace.users.values()].find(
      (each) => each.email?.toLowerCase() === email && each.deleted !== true && each.is_stranger !== true,
    );
    if (user === undefined) throw new SlackError('users_not_found');
    return { user: userObject(workspace, user) };
  },

  'conversations.open': (workspace, args) => {
    const existing = args.optional('channel');
    if (existing !== undefined) {
      const conversation = workspace.conversation(existing);
      if (conversation?.dm !== true) throw new SlackError('channel_not_found');
      return { already_open: true, no_op: true, channel: { id: existing } };
    }
    const ids = args.required('users').split(',');
    if (ids.length > 1)
      throw new SlackError('method_not_supported_for_channel_type', ['group conversations are not emulated']);
    const user = workspace.user(ids[0] ?? '');
    if (user === undefined) throw new SlackError('user_not_found');
    if (user.is_bot === true) throw new SlackError('cannot_dm_bot');
    if (user.deleted === true) throw new SlackError('user_disabled');
    const known = workspace.messages.some((message) => message.channel === dmWith(user.id));
    return { ...(known ? { already_open: true, no_op: true } : {}), channel: { id: dmWith(user.id) } };
  },

  'conversations.info': (workspace, args) => {
    const { id, name, members, appIsMember, dm } = conversation(workspace, args);
    const shared = members.some((member) => workspace.user(member)?.is_stranger === true);
    return {
      channel: dm
        ? { id, is_im: true, is_channel: false, is_private: true, user: members[0] }
        : {
            id,
            name,
            name_normalized: name,
            is_channel: true,
            is_im: false,
            is_private: false,
            is_archived: false,
            is_member: appIsMember,
            is_ext_shared: shared,
            context_team_id: workspace.team.id,
          },
    };
  },

  'conversations.members': (workspace, args) => {
    const { members: all } = conversation(workspace, args);
    const limit = Number(args.optional('limit') ?? LIMITS.membersPage);
    if (!Number.isInteger(limit) || limit < 1 || limit > LIMITS.membersPageMost) throw new SlackError('invalid_limit');
    const start = readCursor(args.optional('cursor'), all.length);
    const end = start + limit;
    return {
      members: all.slice(start, end),
      response_metadata: { next_cursor: end < all.length ? writeCursor(end) : '' },
    };
  },

  'conversations.replies': (workspace, args) => {
    const { id, appIsMember } = conversation(workspace, args);
    if (!appIsMember) throw new SlackError('not_in_channel');
    const asked = workspace.message(id, args.required('ts'));
    if (asked === undefined) throw new SlackError('thread_not_found');
    const root = asked.threadTs ?? asked.ts;
    const thread = workspace.messages.filter(
      (each) => each.channel === id && (each.ts === root || each.threadTs === root),
    );
    return { messages: thread.map((each) => messageObject(workspace, each)), has_more: false };
  },
};

/** A user as users.info returns it to an app that may read e-mail addresses. */
function userObject(workspace: Workspace, user: SlackUser): Fields {
  const stranger = user.is_stranger === true;
  return {
    id: user.id,
    team_id: user.team_id ?? workspace.team.id,
    name: user.name,
    deleted: user.deleted === true,
    real_name: user.real_name,
    tz: user.tz ?? 'UTC',
    profile: {
      real_name: user.real_name,
      display_name: user.name,
      // Slack does not tell the e-mail addresses of another company's users.
      ...(user.email === undefined || stranger ? {} : { email: user.email }),
      team: user.team_id ?? workspace.team.id,
    },
    is_admin: false,
    is_owner: false,
    is_bot: user.is_bot === true,
    is_app_user: false,
    is_restricted: user.is_restricted === true,
    is_ultra_restricted: user.is_ultra_restricted === true,
    ...(stranger ? { is_stranger: true } : {}),
  };
}

function conversation(workspace: Workspace, args: Arguments) {
  const found = workspace.conversation(args.required('channel'));
  if (found === undefined) throw new SlackError('channel_not_found');
  return found;
}

function writeCursor(offset: number): string {
  return Buffer.from(`next:${offset}`).toString('base64');
}

function readCursor(cursor: string | undefined, length: number): number {
  if (cursor === undefined) return 0;
  const offset = Number(/^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1]);
  if (!Number.isInteger(offset) || offset > length) throw new SlackError('invalid_cursor');
  return offset;
}
