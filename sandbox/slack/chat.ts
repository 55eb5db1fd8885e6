import type { Arguments } from './arguments.ts';
import { type Content, checkContent } from './checks/check-message.ts';
import { LIMITS } from './checks/limits.ts';
import type { Fields } from './checks/shape.ts';
import { APP, type Author, type Message } from './model.ts';
import { SlackError } from './slack-error.ts';
import type { Workspace } from './workspace.ts';

/** One method of the Web API: what it answers beside `ok: true`, or a `SlackError`. */
export type Method = (workspace: Workspace, args: Arguments) => Fields;

/** The chat methods the app uses. */
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
 * Changes what a message says, as chat.update does: text alone takes the blocks away, a list left out stays as it is.
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

/** A message as Slack shows it to the app. */
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
 * The thread a reply belongs to: a reply to a reply joins the thread of the first.
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

/** A message of the app's own; ephemeral ones count as not there, as for Slack. */
function ownMessage(workspace: Workspace, args: Arguments, refusal: string): Message {
  const channel = workspace.conversation(args.required('channel'));
  if (channel === undefined) throw new SlackError('channel_not_found');
  const message = workspace.message(channel.id, args.required('ts'));
  if (message === undefined) throw new SlackError('message_not_found');
  if (message.author.kind !== 'app') throw new SlackError(refusal);
  return message;
}

/** Attachments go through the same checks again, so what Slack added to them comes off first. */
function withoutIds({ id: _, ...attachment }: Fields): Fields {
  return attachment;
}
