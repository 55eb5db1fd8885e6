import { type ComponentChildren, h, type JSX } from 'preact';
import { type Fields, fieldsList, textOf } from '../../../slack/checks/shape.ts';
import { act } from '../act.ts';
import { emoji } from '../emoji.ts';
import { mrkdwn, type Reader } from '../mrkdwn.ts';
import type { Screen } from '../sandbox-state.ts';
import { clockTime } from '../time.ts';
import { actionName, blocksView, confirmed } from './blocks-view.ts';

/** A message on the viewer's screen: a channel message, or an ephemeral one. */
export interface Shown {
  channel: string;
  ts: string;
  text: string;
  blocks: Fields[];
  attachments: Fields[];
  author: Screen['messages'][number]['author'];
  markedEdited: boolean;
  onlyYou: boolean;
}

/** Renders a message with its buttons and menus. */
export function messageView(message: Shown, viewer: string, reader: Reader): JSX.Element {
  const { author } = message;
  return h(
    'article',
    {
      key: `${message.onlyYou ? 'only' : 'all'}-${message.ts}`,
      class: message.onlyYou ? 'message only-you' : 'message',
      'data-testid': message.onlyYou ? 'ephemeral' : 'message',
      'data-ts': message.ts,
      'data-channel': message.channel,
    },
    avatar(author.name, author.icon, author.app),
    h(
      'div',
      { class: 'message-body' },
      message.onlyYou && h('p', { class: 'only-you-note' }, 'Only visible to you'),
      h(
        'p',
        { class: 'byline' },
        h('strong', {}, author.name),
        author.app && h('span', { class: 'badge' }, 'APP'),
        h('time', {}, clockTime(Number(message.ts) * 1000, reader.tz)),
        message.markedEdited && h('span', { class: 'edited' }, '(edited)'),
        !message.onlyYou && shortcutOf(message, viewer),
      ),
      // Slack shows a message's text only if it has no blocks.
      message.blocks.length === 0 && h('div', { class: 'text' }, mrkdwn(message.text, reader)),
      blocksView(message.blocks, {
        reader,
        press: (block, element) =>
          pressCall(message, viewer, { actionId: element.action_id, blockId: block.block_id, value: element.value }),
      }),
      message.attachments.map((attachment, index) => attachmentView(attachment, index, message, viewer, reader)),
    ),
  );
}

/** The message shortcut, which every message has. */
function shortcutOf({ channel, ts }: Shown, viewer: string): JSX.Element {
  const body = { user: viewer, callbackId: 'request.about-message', channel, ts };
  return h(
    'button',
    {
      type: 'button',
      class: 'message-menu',
      'data-testid': 'message-shortcut',
      title: 'Message shortcut',
      onClick: act({ do: 'call', call: { path: '/sandbox/slack/shortcut', body } }),
    },
    'Break glass for this',
  );
}

/** The app under its own name has the hammer as its icon. */
const APP_NAME = 'Glasshammer';

/** The sender's icon: their emoji, or their initials on a colour that depends on the name alone. */
export function avatar(name: string, icon: string | undefined, app: boolean): JSX.Element {
  const face = icon === undefined ? undefined : emoji(icon.replace(/:/g, ''));
  const initials = name
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .slice(0, 2)
    .join('');
  let tone = 0;
  for (const letter of name) tone = (tone * 31 + (letter.codePointAt(0) ?? 0)) % 6;
  if (app && face === undefined && name === APP_NAME)
    return h('span', { class: 'avatar hammer', 'aria-hidden': 'true' });
  return h(
    'span',
    { class: `avatar tone-${tone}${face === undefined ? '' : ' face'}`, 'aria-hidden': 'true' },
    face ?? initials,
  );
}

function attachmentView(
  attachment: Fields,
  index: number,
  message: Shown,
  viewer: string,
  reader: Reader,
): JSX.Element {
  const actions = fieldsList(attachment.actions);
  return h(
    'div',
    { class: 'attachment', style: `--bar: ${barColour(textOf(attachment.color))}` },
    line('pretext', attachment.pretext, reader),
    textOf(attachment.title) !== '' && h('p', { class: 'title' }, textOf(attachment.title)),
    line('text', attachment.text, reader),
    fieldsList(attachment.fields).map((field) =>
      h('div', { class: 'field' }, h('strong', {}, textOf(field.title)), mrkdwn(textOf(field.value), reader)),
    ),
    blocksView(fieldsList(attachment.blocks), {
      reader,
      press: (block, element) =>
        pressCall(message, viewer, { actionId: element.action_id, blockId: block.block_id, value: element.value }),
    }),
    actions.length > 0 &&
      h(
        'div',
        { class: 'block actions' },
        actions.map((action) => {
          const press = pressCall(message, viewer, { name: action.name, value: action.value, attachmentIndex: index });
          return h(
            'button',
            {
              type: 'button',
              class: `button ${textOf(action.style)}`,
              'data-testid': `button-${actionName(textOf(action.name))}`,
              onClick: act(confirmed(press, action.confirm, action.style === 'danger')),
            },
            textOf(action.text),
          );
        }),
      ),
  );
}

function line(name: string, text: unknown, reader: Reader): ComponentChildren {
  return textOf(text) !== '' && h('div', { class: name }, mrkdwn(textOf(text), reader));
}

function pressCall(message: Shown, viewer: string, button: Record<string, unknown>) {
  const { channel, ts } = message;
  const given = Object.fromEntries(Object.entries(button).filter(([, value]) => value !== undefined));
  return { call: { path: '/sandbox/slack/press', body: { user: viewer, channel, ts, ...given } } };
}

const COLOURS: Record<string, string> = { good: '#2eb67d', warning: '#ecb22e', danger: '#e01e5a' };

/** A CSS colour for the bar. Anything that is not a colour is replaced, so that no other CSS gets into the style. */
function barColour(colour: string): string {
  return COLOURS[colour] ?? (/^#?[0-9a-f]{6}$/i.test(colour) ? `#${colour.replace('#', '')}` : 'var(--line)');
}
