import { messageObject } from '../chat.ts';
import type { Fields } from '../checks/shape.ts';
import { APP, type Message, type OpenView, type SlackUser } from '../model.ts';
import type { Workspace } from '../workspace.ts';

/** The fields of every interaction: user, workspace and app. */
function common(workspace: Workspace, user: SlackUser): Fields {
  const { id, domain } = workspace.team;
  return {
    team: { id, domain },
    user: { id: user.id, username: user.name, name: user.name, team_id: user.team_id ?? id },
    api_app_id: APP.id,
    token: APP.verificationToken,
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** The message of a pressed button: a channel message, or an ephemeral one. */
export interface Seen {
  channel: { id: string; name: string };
  ts: string;
  threadTs: string | null;
  /** Absent for ephemeral messages, whose content Slack does not send to the app. */
  message?: Message;
}

/** The payload for a press of a legacy attachment's button: `interactive_message`. */
export function legacyPress(
  workspace: Workspace,
  press: {
    user: SlackUser;
    seen: Seen;
    attachment: Fields;
    action: Fields;
    actionTs: string;
    responseUrl: string;
    triggerId: string;
  },
): Fields {
  const { user, seen, attachment, action } = press;
  const { name, type, value } = action;
  return {
    type: 'interactive_message',
    actions: [{ name, type, ...(value === undefined ? {} : { value }) }],
    callback_id: attachment.callback_id,
    ...common(workspace, user),
    channel: seen.channel,
    action_ts: press.actionTs,
    message_ts: seen.ts,
    attachment_id: String(attachment.id),
    is_app_unfurl: false,
    ...(seen.message === undefined ? {} : { original_message: messageObject(workspace, seen.message) }),
    response_url: press.responseUrl,
    trigger_id: press.triggerId,
  };
}

/** The payload for a press of a Block Kit element in a message: `block_actions`. */
export function blockPress(
  workspace: Workspace,
  press: { user: SlackUser; seen: Seen; action: Fields; responseUrl: string; triggerId: string },
): Fields {
  const { user, seen, action } = press;
  return {
    type: 'block_actions',
    ...common(workspace, user),
    container: {
      type: 'message',
      message_ts: seen.ts,
      channel_id: seen.channel.id,
      is_ephemeral: seen.message === undefined,
      ...(seen.threadTs === null ? {} : { thread_ts: seen.threadTs }),
    },
    trigger_id: press.triggerId,
    channel: seen.channel,
    ...(seen.message === undefined ? {} : { message: messageObject(workspace, seen.message) }),
    state: { values: {} },
    response_url: press.responseUrl,
    actions: [action],
  };
}

/** The payload for a press of an element in a modal or App Home: `block_actions` with the view. */
export function viewPress(
  workspace: Workspace,
  press: { user: SlackUser; view: OpenView; action: Fields; triggerId: string },
): Fields {
  return {
    type: 'block_actions',
    ...common(workspace, press.user),
    container: { type: 'view', view_id: press.view.id },
    trigger_id: press.triggerId,
    view: workspace.viewObject(press.view),
    actions: [press.action],
  };
}

/** The payload for the submission of a modal. */
export function viewSubmission(workspace: Workspace, user: SlackUser, view: OpenView, triggerId: string): Fields {
  return {
    type: 'view_submission',
    ...common(workspace, user),
    trigger_id: triggerId,
    view: workspace.viewObject(view),
    response_urls: [],
  };
}

/** The payload for a modal closed with its close button, for views with `notify_on_close`. */
export function viewClosed(workspace: Workspace, user: SlackUser, view: OpenView, cleared: boolean): Fields {
  return { type: 'view_closed', ...common(workspace, user), view: workspace.viewObject(view), is_cleared: cleared };
}

/** The payload for a global shortcut. */
export function shortcut(workspace: Workspace, user: SlackUser, callbackId: string, triggerId: string): Fields {
  return {
    type: 'shortcut',
    ...common(workspace, user),
    callback_id: callbackId,
    action_ts: workspace.nextTs(),
    trigger_id: triggerId,
  };
}

/** The payload for a message shortcut: `message_action`, with the message, which may be anybody's. */
export function messageShortcut(
  workspace: Workspace,
  use: { user: SlackUser; callbackId: string; triggerId: string; responseUrl: string; seen: Required<Seen> },
): Fields {
  const { user, callbackId, triggerId, responseUrl, seen } = use;
  return {
    type: 'message_action',
    ...common(workspace, user),
    callback_id: callbackId,
    action_ts: workspace.nextTs(),
    message_ts: seen.ts,
    trigger_id: triggerId,
    response_url: responseUrl,
    channel: seen.channel,
    message: messageObject(workspace, seen.message),
  };
}

/** The payload with which an external menu requests its options. */
export function blockSuggestion(
  workspace: Workspace,
  asked: { user: SlackUser; view: OpenView; blockId: string; actionId: string; query: string },
): Fields {
  return {
    type: 'block_suggestion',
    ...common(workspace, asked.user),
    container: { type: 'view', view_id: asked.view.id },
    action_id: asked.actionId,
    block_id: asked.blockId,
    value: asked.query,
    view: workspace.viewObject(asked.view),
  };
}

/** The form fields of a slash command. */
export function slashCommand(
  workspace: Workspace,
  run: {
    user: SlackUser;
    channel: { id: string; name: string };
    command: string;
    text: string;
    responseUrl: string;
    triggerId: string;
  },
): Record<string, string> {
  return {
    token: APP.verificationToken,
    team_id: workspace.team.id,
    team_domain: workspace.team.domain,
    channel_id: run.channel.id,
    channel_name: run.channel.name,
    user_id: run.user.id,
    user_name: run.user.name,
    command: run.command,
    text: run.text,
    api_app_id: APP.id,
    is_enterprise_install: 'false',
    response_url: run.responseUrl,
    trigger_id: run.triggerId,
  };
}

/** The event for an opened App Home, in the envelope of the Events API. */
export function homeOpened(
  workspace: Workspace,
  opened: { user: SlackUser; channel: string; view: OpenView | undefined },
): Fields {
  const eventTs = workspace.nextTs();
  return {
    token: APP.verificationToken,
    team_id: workspace.team.id,
    api_app_id: APP.id,
    event: {
      type: 'app_home_opened',
      user: opened.user.id,
      channel: opened.channel,
      tab: 'home',
      ...(opened.view === undefined ? {} : { view: workspace.viewObject(opened.view) }),
      event_ts: eventTs,
    },
    type: 'event_callback',
    event_id: workspace.nextId('Ev'),
    event_time: Math.floor(workspace.nowMs() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: workspace.team.id,
        user_id: APP.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  };
}
