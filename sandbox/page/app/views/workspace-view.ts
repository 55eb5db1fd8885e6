import { h, type JSX } from 'preact';
import { type Fields, fieldsList } from '../../../slack/checks/shape.ts';
import { act } from '../act.ts';
import type { Reader } from '../mrkdwn.ts';
import type { SandboxState, Screen } from '../sandbox-state.ts';
import type { Ui } from '../ui.ts';
import { blocksView } from './blocks-view.ts';
import { messageView, type Shown } from './message-view.ts';

/** Renders Slack as the chosen person sees it. */
export function workspaceView(state: SandboxState, ui: Ui): JSX.Element {
  const { screen } = state.slack;
  const channels = screen.channels.filter((channel) => channel.user === undefined || channel.user === ui.viewer);
  const here = channels.find(({ id }) => id === ui.place);
  return h(
    'section',
    { class: 'workspace', 'aria-label': 'Slack' },
    h(
      'nav',
      { class: 'channels', 'aria-label': 'Channels' },
      h('p', { class: 'team' }, screen.team.name),
      whoYouAre(screen, ui),
      h('p', { class: 'group' }, 'Channels'),
      channels
        .filter((channel) => channel.user === undefined)
        .map((channel) => channelLink(channel.id, `# ${channel.name}`, screen, ui)),
      h('p', { class: 'group' }, 'Apps'),
      channelLink('home', 'App Home', screen, ui),
      channels
        .filter((channel) => channel.user !== undefined)
        .map((channel) => channelLink(channel.id, `Messages from ${channel.name}`, screen, ui)),
    ),
    ui.place === 'home' ? homeView(state, ui) : channelView(state, ui, here?.name ?? ui.place),
  );
}

function whoYouAre(screen: Screen, ui: Ui): JSX.Element {
  return h(
    'label',
    { class: 'viewer' },
    'You are',
    h(
      'select',
      { 'data-testid': 'viewer', onChange: act({ do: 'be' }) },
      screen.users
        .filter(({ notes }) => !notes.includes('bot'))
        .map(({ id, realName, notes }) =>
          h(
            'option',
            { key: id, value: id, selected: id === ui.viewer },
            notes.length === 0 ? realName : `${realName} (${notes.join(', ')})`,
          ),
        ),
    ),
    h(
      'small',
      { 'data-testid': 'viewer-zone' },
      `Times in messages: ${screen.users.find(({ id }) => id === ui.viewer)?.tz ?? 'UTC'}`,
    ),
  );
}

function channelLink(place: string, words: string, screen: Screen, ui: Ui): JSX.Element {
  const unread = place === ui.place ? 0 : unreadIn(place, screen, ui);
  const read = { [ui.place]: newestIn(ui.place, screen), [place]: newestIn(place, screen) };
  return h(
    'button',
    {
      type: 'button',
      class: 'channel',
      'data-testid': `channel-${place}`,
      'aria-current': place === ui.place ? 'page' : undefined,
      onClick: act({ do: 'go', place, read }),
    },
    words,
    unread > 0 &&
      h('span', { class: 'unread', 'data-testid': `unread-${place}`, title: 'Not seen yet' }, String(unread)),
  );
}

/** The `ts` of the last message in a place; empty where there is none. */
function newestIn(place: string, screen: Screen): string {
  return screen.messages.filter(({ channel }) => channel === place).at(-1)?.ts ?? '';
}

/** The number of messages since the viewer last looked at the place. Edits do not count, as in Slack. */
function unreadIn(place: string, screen: Screen, ui: Ui): number {
  const seen = Number(ui.read[place] ?? 0);
  return screen.messages.filter(
    ({ channel, ts, author }) => channel === place && Number(ts) > seen && author.userId !== ui.viewer,
  ).length;
}

/** The chosen person as the reader, with their time zone. */
export function readerOf(state: SandboxState, ui: Ui): Reader {
  const { screen } = state.slack;
  return {
    tz: screen.users.find(({ id }) => id === ui.viewer)?.tz ?? 'UTC',
    nowMs: Date.parse(state.now),
    userName: (id) => screen.users.find((user) => user.id === id)?.realName ?? id,
    channelName: (id) => screen.channels.find((channel) => channel.id === id)?.name ?? id,
  };
}

function channelView(state: SandboxState, ui: Ui, name: string): JSX.Element {
  const reader = readerOf(state, ui);
  const { roots, replies } = threads(state.slack.screen, ui);
  const alert = (kind: string, words: string, id: string) =>
    h(
      'button',
      {
        type: 'button',
        class: 'button small',
        'data-testid': id,
        onClick: act({ do: 'call', call: { path: '/sandbox/slack/alert', body: { kind } } }),
      },
      words,
    );
  return h(
    'div',
    { class: 'conversation' },
    h(
      'header',
      { class: 'conversation-head' },
      h('h2', {}, ui.place.startsWith('D') ? name : `# ${name}`),
      ui.place === 'C0ALERTS' &&
        h(
          'div',
          { class: 'tools' },
          alert('legacy', 'Post alert', 'post-alert-legacy'),
          alert('blocks', 'Block Kit', 'post-alert-blocks'),
          shortcutButton(ui),
        ),
    ),
    h(
      'div',
      {
        class: 'messages',
        'data-testid': 'messages',
        'data-stick': 'bottom',
        tabindex: 0,
        'aria-label': `Messages in ${name}`,
      },
      roots.length === 0 && h('p', { class: 'nothing' }, emptyWords(ui)),
      roots.map((root) =>
        h(
          'div',
          { key: `thread-${root.onlyYou ? 'only' : 'all'}-${root.ts}`, class: 'thread' },
          messageView(root, ui.viewer, reader),
          (replies.get(root.ts)?.length ?? 0) > 0 &&
            h(
              'div',
              { class: 'replies' },
              replies.get(root.ts)?.map((reply) => messageView(reply, ui.viewer, reader)),
            ),
        ),
      ),
    ),
    h(
      'form',
      { class: 'composer', onSubmit: act({ do: 'compose' }) },
      h('input', {
        type: 'text',
        'data-field': 'line',
        'data-testid': 'composer',
        'data-clear': 'true',
        'aria-label': `Message #${name}, or a command such as /access`,
        placeholder: `Message #${name}, or type /access`,
        autocomplete: 'off',
      }),
      h('button', { type: 'submit', class: 'button primary', 'data-testid': 'composer-send' }, 'Send'),
    ),
  );
}

/** Slack's global shortcut, which opens the request form from anywhere. */
function shortcutButton(ui: Ui): JSX.Element {
  const body = { user: ui.viewer, callbackId: 'request.shortcut' };
  return h(
    'button',
    {
      type: 'button',
      class: 'button small',
      'data-testid': 'global-shortcut',
      onClick: act({ do: 'call', call: { path: '/sandbox/slack/shortcut', body } }),
    },
    '⚡ Request access',
  );
}

function emptyWords(ui: Ui): string {
  return ui.place === 'C0ALERTS'
    ? 'All quiet. Post an alert above and press its button, or type /access below.'
    : 'Nothing has been said here yet.';
}

/** The messages of a place in their order, and the replies by the `ts` of their thread's first message. */
function threads(screen: Screen, ui: Ui): { roots: Shown[]; replies: Map<string, Shown[]> } {
  const { app } = screen;
  const own = { name: app.name, userId: app.botUserId, app: true };
  const all = [
    ...screen.messages.map((message) => ({ ...message, onlyYou: false })),
    ...screen.ephemerals
      .filter(({ user }) => user === ui.viewer)
      .map((ephemeral) => ({ ...ephemeral, author: own, markedEdited: false, onlyYou: true })),
  ]
    .filter(({ channel }) => channel === ui.place)
    .sort((a, b) => Number(a.ts) - Number(b.ts));
  const starts = new Set(all.filter(({ threadTs }) => threadTs === null).map(({ ts }) => ts));
  const replies = new Map<string, Shown[]>();
  const roots: Shown[] = [];
  for (const message of all) {
    // A reply whose first message was deleted is shown by itself.
    if (message.threadTs === null || !starts.has(message.threadTs)) roots.push(message);
    else replies.set(message.threadTs, [...(replies.get(message.threadTs) ?? []), message]);
  }
  return { roots, replies };
}

function homeView(state: SandboxState, ui: Ui): JSX.Element {
  const home = state.slack.screen.views.find(({ user, type }) => type === 'home' && user === ui.viewer);
  return h(
    'div',
    { class: 'conversation' },
    h('header', { class: 'conversation-head' }, h('h2', {}, 'Glasshammer'), h('span', { class: 'muted' }, 'App Home')),
    h(
      'div',
      { class: 'messages home', 'data-testid': 'home', tabindex: 0, 'aria-label': 'App Home' },
      home === undefined
        ? h('p', { class: 'nothing' }, 'The app has published nothing here yet.')
        : blocksView(fieldsList(home.view.blocks), {
            reader: readerOf(state, ui),
            press: (block, element) => ({ call: pressInViewCall(ui, home.id, block, element) }),
          }),
    ),
  );
}

function pressInViewCall(ui: Ui, viewId: string, block: Fields, element: Fields) {
  const { value, action_id: actionId } = element;
  return {
    path: '/sandbox/slack/press',
    body: { user: ui.viewer, viewId, actionId, blockId: block.block_id, ...(value === undefined ? {} : { value }) },
  };
}
