import { type ComponentChildren, h, type JSX } from 'preact';
import { emoji } from './emoji.ts';
import { formatSlackDate } from './time.ts';

/** The reader and the time: dates are shown in the reader's zone, mentions by name. */
export interface Reader {
  tz: string;
  nowMs: number;
  userName(id: string): string;
  channelName(id: string): string;
}

/**
 * Renders Slack's mrkdwn: bold, italics, strike, code, quotes, links, mentions, dates and emoji. Everything else is
 * text. Only addresses of the web and of mailboxes become links.
 */
export function mrkdwn(text: string, reader: Reader): JSX.Element[] {
  return text
    .split(/(```[\s\S]+?```)/)
    .flatMap((part) =>
      part.startsWith('```') && part.length > 6
        ? [h('pre', {}, decode(part.slice(3, -3).replace(/^\n|\n$/g, '')))]
        : lines(part, reader),
    );
}

/** Renders Slack's `plain_text`: only emoji and line breaks are converted. */
export function plainText(text: string): (JSX.Element | string)[] {
  return text
    .split('\n')
    .flatMap((line, index) => [
      ...(index > 0 ? [h('br', {})] : []),
      ...line.split(/(:[a-z0-9_+-]+:)/).map((part) => emojiIn(part) ?? part),
    ]);
}

/** Renders consecutive quoted lines as one quote, and every other line by itself. */
function lines(text: string, reader: Reader): JSX.Element[] {
  const nodes: JSX.Element[] = [];
  const rows = text.replace(/^\n/, '').replace(/\n$/, '').split('\n');
  if (text === '' || text === '\n') return [];
  let quote: ComponentChildren[] = [];
  for (const row of rows) {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(row);
    if (quoted !== null) {
      quote = [...quote, h('div', { class: 'line' }, inline(quoted[1] ?? '', reader))];
      continue;
    }
    if (quote.length > 0) nodes.push(h('blockquote', {}, quote));
    quote = [];
    nodes.push(h('div', { class: row === '' ? 'line empty' : 'line' }, inline(row, reader)));
  }
  if (quote.length > 0) nodes.push(h('blockquote', {}, quote));
  return nodes;
}

/** Marks count only at the edge of a word, as in Slack: `break_glass_now` has no italics. */
const INLINE =
  /`([^`]+)`|<([^<>]+)>|(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])|(?<![\w_])_(?=\S)([^_]+?)(?<=\S)_(?![\w_])|(?<![\w~])~(?=\S)([^~]+?)(?<=\S)~(?![\w~])|:([a-z0-9_+-]+):/g;

function inline(text: string, reader: Reader): ComponentChildren[] {
  const nodes: ComponentChildren[] = [];
  let last = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(decode(text.slice(last, match.index)));
    last = match.index + match[0].length;
    const [whole, code, special, bold, italic, strike, name] = match;
    if (code !== undefined) nodes.push(h('code', {}, decode(code)));
    else if (special !== undefined) nodes.push(specialNode(special, reader));
    else if (bold !== undefined) nodes.push(h('strong', {}, inline(bold, reader)));
    else if (italic !== undefined) nodes.push(h('em', {}, inline(italic, reader)));
    else if (strike !== undefined) nodes.push(h('s', {}, inline(strike, reader)));
    else nodes.push(emojiIn(`:${name ?? ''}:`) ?? whole);
  }
  nodes.push(decode(text.slice(last)));
  return nodes;
}

/** Renders the content of angle brackets. */
function specialNode(special: string, reader: Reader): ComponentChildren {
  const [head = '', ...rest] = special.split('|');
  const label = rest.length === 0 ? undefined : decode(rest.join('|'));
  if (head.startsWith('@')) return h('span', { class: 'mention' }, `@${label ?? reader.userName(head.slice(1))}`);
  if (head.startsWith('#')) return h('span', { class: 'mention' }, `#${label ?? reader.channelName(head.slice(1))}`);
  if (head.startsWith('!date^')) return dateNode(head.slice('!date^'.length), label, reader);
  if (head.startsWith('!'))
    return h('span', { class: 'mention loud' }, `@${label ?? head.slice(1).split('^')[0] ?? ''}`);
  const address = decode(head);
  return link(address, label ?? address.replace(/^mailto:/, ''));
}

function dateNode(date: string, fallback: string | undefined, reader: Reader): ComponentChildren {
  const [seconds = '', format = '', address] = date.split('^');
  const at = Number(seconds);
  if (!Number.isFinite(at) || seconds === '' || format === '') return fallback ?? '';
  const words = formatSlackDate(at, format, reader.tz, reader.nowMs);
  const shown = h('time', { datetime: new Date(at * 1000).toISOString(), title: fallback ?? '' }, words);
  return address === undefined ? shown : link(decode(address), words);
}

/** A link, if it leads to the web or a mailbox; otherwise only the words. */
export function link(address: string, words: string, attributes: Record<string, string> = {}): JSX.Element {
  if (!/^(https?:\/\/|mailto:)/i.test(address)) return h('span', attributes, words);
  return h('a', { href: address, target: '_blank', rel: 'noopener noreferrer', ...attributes }, words);
}

function emojiIn(text: string): JSX.Element | undefined {
  const character = /^:[^:]+:$/.test(text) ? emoji(text.slice(1, -1)) : undefined;
  return character === undefined ? undefined : h('span', { class: 'emoji', title: text }, character);
}

/** Decodes the three characters that Slack escapes. */
function decode(text: string): string {
  return text.replace(/&(lt|gt|amp);/g, (_, name: string) => (name === 'lt' ? '<' : name === 'gt' ? '>' : '&'));
}
