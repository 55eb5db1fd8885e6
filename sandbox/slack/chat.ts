import type { Arguments } from './arguments.ts';
import { type Content, checkContent } from './checks/check-message.ts';
import { LIMITS } from './checks/limits.ts';
import type { Fields } from './checks/shape.ts';
import { APP, type Author, type Message } from './model.ts';
import { SlackError } from './slack-error.ts';
import type { Workspace } from './workspace.ts';

/** One method of the Web API. Returns the answer without `ok: true`, or throws a `SlackError`. */
export type Method = (workspace: Workspace, args: Arguments) => Fields;

/** The chat methods that the app uses. */
export const CHAT: Record<string, Method> = {
  'chat.postMessage': (workspace, args) => {
    const channel = workspace.writable(args.required('channel'));
    const content = contentOf(args);
    checkContent(content);
    const message = workspace.post({
      channel: channel.id,
      threadTs: threadOf(workspace, channel.id, args.optional('thread_ts')),
      ...content,
      author: face(args),
    });
    return { channel: channel.id, ts: message.ts, message: messageObject(workspace, message) };
  },

  'chat.postEphemeral': (workspace, args) => {
    const channel = workspace.writable(args.required('channel'));
    const user = args.required('user');
    if (!workspace.users.has(user)) throw new SlackError('user_not_found');
    if (!channel.members.includes(user)) throw new SlackError('user_not_in_channel');
    const content = contentOf(args);
    checkContent(content);
    const threadTs = threadOf(workspace, channel.id, args.optional('thread_ts'));
    return { message_ts: workspace.postEphemeral({ user, channel: channel.id, threadTs, ...content }).ts };
  },

  'chat.update': (workspace, args) => {
    const message = ownMessage(workspace, args, 'cant_update_message');
    changeMessage(workspace, message, {
      ...(args.has('text') ? { text: args.optional('text') ?? '' } : {}),
      ...(args.has('blocks') ? { blocks: args.list('blocks', 'invalid_blocks') } : {}),
      ...(args.has('attachments') ? { attachments: args.list('attachments', 'invalid_attachments') } : {}),
    });
    const { channel, ts, text } = message;
    return { channel, ts, text, message: messageObject(workspace, message) };
  },

  'chat.delete': (workspace, args) => {
    const message = ownMessage(workspace, args, 'cant_delete_message');
    workspace.messages = workspace.messages.filter((other) => other !== message);
    return { channel: message.channel, ts: message.ts };
  },

  'chat.getPermalink': (workspace, args) => {
    const channel = workspace.conversation(args.required('channel'));
    if (channel === undefined) throw new SlackError('channel_not_found');
    const message = workspace.message(channel.id, args.required('message_ts'));
    if (message === undefined) throw new SlackError('message_not_found');
    const thread = message.threadTs === null ? '' : `?thread_ts=${message.threadTs}&cid=${channel.id}`;
    const permalink = `https://${workspace.team.domain}.slack.com/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
    return { channel: channel.id, permalink };
  },
};

/**
 * Changes a message as chat.update does. Attachments that are left out stay. Blocks that are left out stay, too, unless
 * there is a new text, which removes them.
 * @throws SlackError as `checkContent`
 */
export function changeMessage(workspace: Workspace, message: Message, change: Partial<Content>): void {
  if (change.text === undefined && change.blocks === undefined && change.attachments === undefined)
    throw new SlackError('no_text');
  const content: Content = {
    text: change.text ?? message.text,
    blocks: change.blocks ?? (change.text === undefined ? message.blocks : []),
    attachments: change.attachments ?? message.attachments.map(withoutIds),
  };
  checkContent(content, change.text === undefined ? LIMITS.messageText : LIMITS.updateText);
  message.text = content.text;
  message.blocks = workspace.withBlockIds(content.blocks);
  message.attachments = workspace.withAttachmentIds(content.attachments);
  message.edits += 1;
  message.markedEdited = content.blocks.length === 0;
}

/** A message in the format in which Slack sends it to the app. */
export function messageObject(workspace: Workspace, message: Message): Fields {
  const { author } = message;
  return {
    type: 'message',
    ...(author.kind === 'person'
      ? { user: author.userId }
      : { user: APP.botUserId, bot_id: APP.botId, app_id: APP.id }),
    ...(author.kind === 'app' && author.username !== undefined
      ? { subtype: 'bot_message', username: author.username }
      : {}),
    text: message.text,
    team: workspace.team.id,
    ts: message.ts,
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    ...(message.blocks.length === 0 ? {} : { blocks: message.blocks }),
    ...(message.attachments.length === 0 ? {} : { attachments: message.attachments }),
    ...(message.markedEdited ? { edited: { user: APP.botUserId, ts: message.ts } } : {}),
  };
}

/**
 * The thread of a reply. A reply to a reply belongs to the thread of the first message.
 *
 * @throws SlackError thread_not_found
 */
function threadOf(workspace: Workspace, channel: string, threadTs: string | undefined): string | null {
  if (threadTs === undefined) return null;
  const parent = workspace.message(channel, threadTs);
  if (parent === undefined && workspace.unseen.has(`${channel} ${threadTs}`)) return threadTs;
  if (parent === undefined) throw new SlackError('thread_not_found');
  return parent.threadTs ?? parent.ts;
}

function contentOf(args: Arguments): Content {
  return {
    text: args.optional('text') ?? '',
    blocks: args.list('blocks', 'invalid_blocks'),
    attachments: args.list('attachments', 'invalid_attachments'),
  };
}

function face(args: Arguments): Author {
  const username = args.optional('username');
  const icon = args.optional('icon_emoji');
  return { kind: 'app', ...(username === undefined ? {} : { username }), ...(icon === undefined ? {} : { icon }) };
}

/** Finds a message of the app's own. Ephemeral messages are not found, as in Slack. */
function ownMessage(workspace: Workspace, args: Arguments, refusal: string): Message {
  const channel = workspace.conversation(args.required('channel'));
  if (channel === undefined) throw new SlackError('channel_not_found');
  const message = workspace.message(channel.id, args.required('ts'));
  if (message === undefined) throw new SlackError('message_not_found');
  if (message.author.kind !== 'app') throw new SlackError(refusal);
  return message;
}

/** Removes the ids that Slack added, because the attachments go through the checks for new ones again. */
function withoutIds({ id: _, ...attachment }: Fields): Fields {
  return attachment;
}
