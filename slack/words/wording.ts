/**
 * The only place where text of people, directories and alerts becomes Slack text. The result mentions nobody, contains
 * no link, and is never longer than allowed.
 */

/** Marks where a text was cut. */
const ELLIPSIS = '…';

/**
 * Characters that reorder or hide text, so that a reason could disguise what it says. A policy refuses more
 * (`INVISIBLE` in core/model/text.ts); joiners and variation selectors are kept here, because emoji and many scripts
 * need them.
 */
const INVISIBLE = /(?!\n)[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Words that mention everybody in places where Slack turns bare names into links. */
const BROADCAST = /@(?=(?:here|channel|everyone|group)\b)/gi;

/** Invisible, and allows no line break; between `@` and the word it prevents the mention. */
const WORD_JOINER = '\u2060';

/** Identity Center's ids of people have at most 47 characters. */
export const ID_LENGTH = 60;

let segmenter: Intl.Segmenter | undefined;

/**
 * Text that Slack shows as it stands: `&`, `<` and `>` are escaped, so that it can contain no mention, link or date;
 * `@here` and the like mention nobody; invisible and reordering characters are removed.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function escapeText(text: string): string {
  return escapeMarkup(tidy(text).replace(BROADCAST, `@${WORD_JOINER}`));
}

/**
 * At most `max` UTF-16 units, cut between characters as a person sees them and never inside an emoji or an accented
 * letter.
 */
export function cut(text: string, max: number): string {
  return cutAs(text, max, (part) => part);
}

/**
 * Escaped text of at most `max` characters, counted after escaping as Slack does. Cut between characters, never inside
 * an entity.
 */
export function userText(text: string, max: number): string {
  return cutAs(tidy(head(text, max)).replace(BROADCAST, `@${WORD_JOINER}`).trim(), max, escapeMarkup);
}

/** The same on one line, for names and ids within a sentence. */
export function oneLine(text: string, max: number): string {
  return userText(head(text, max).replace(/\s+/g, ' '), max);
}

/** The same in plain text, for buttons, options and titles, where Slack does not interpret markup. */
export function plainLine(text: string, max: number): string {
  return cut(tidy(head(text, max)).replace(/\s+/g, ' ').trim(), max);
}

/** A name in bold; empty for an empty name. */
export function bold(text: string, max = 100): string {
  // An asterisk inside would end the bold text early; this similar character does not.
  const inside = oneLine(head(text, max).replaceAll('*', '∗'), max);
  return inside === '' ? '' : `*${inside}*`;
}

/** An id as Slack's inline code; empty for an empty id. */
export function code(text: string, max = 160): string {
  const inside = oneLine(head(text, max).replaceAll('`', "'"), max);
  return inside === '' ? '' : `\`${inside}\``;
}

/** A person's words as a quotation, every line marked. At most `max` characters including the marks. */
export function quote(text: string, max: number): string {
  const lines = tidy(head(text, max)).trim().split(/\n+/).slice(0, 30);
  return userText(lines.join('\n'), max - 2 * lines.length).replace(/^/gm, '> ');
}

/**
 * `<@U…>`, or the id as code if it cannot be a Slack user id. The first letter is not checked: it is U, W, or one that
 * Slack may introduce.
 */
export function mention(slackId: string): string {
  return /^[A-Z0-9]{2,40}$/.test(slackId) ? `<@${slackId}>` : code(slackId, ID_LENGTH);
}

/** An instant (ISO 8601) in the reader's time zone, with UTC for clients that cannot render dates: `today at 11:00`. */
export function slackDate(iso: string): string {
  return dateToken(iso, '{date_short_pretty} at {time}');
}

/** The same with seconds, where they matter: `today at 11:00:04`. */
export function slackSecond(iso: string): string {
  return dateToken(iso, '{date_short_pretty} at {time_secs}');
}

/**
 * The sentence of a refusal as plain text: dates become ISO 8601, code loses its backquotes, entities are decoded.
 * Asterisks stay: in these sentences they are never markup, but part of a name such as `prod-*`.
 */
export function withoutMarkup(text: string): string {
  return text
    .replace(/<!date\^(\d+)\^[^>|]*(?:\|[^>]*)?>/g, (_all, seconds: string) =>
      new Date(Number(seconds) * 1000).toISOString(),
    )
    .replaceAll('`', '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** An instant in words, for places where Slack renders no dates: `2026-01-05 10:00 UTC`. */
export function utcWords(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? 'an unknown time' : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** What would be allowed instead, in a decision's words; instants in it are shown in the reader's time zone. */
export function nearestWords(text: string, max: number): string {
  return oneLine(text, max).replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, (iso) => slackDate(iso));
}

/** An instant some seconds after another (ISO 8601); empty if the first cannot be parsed. */
export function secondsAfter(iso: string, seconds: number): string {
  const at = new Date(new Date(iso).getTime() + seconds * 1000);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}

/** `1 vote`, `2 votes`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listWords(items: readonly string[], conjunction = 'and'): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} ${conjunction} ${items.at(-1)}`;
}

/**
 * The address that opens the AWS console for an account and permission set through the access portal, or the portal
 * itself if either is unknown. https://docs.aws.amazon.com/singlesignon/latest/userguide/createshortcutlink.html
 */
export function portalLink(portalUrl: string, accountId: string, permissionSetName: string): string {
  const portal = portalUrl.replace(/\/?(#.*)?$/, '').replace(/\/+$/, '');
  if (accountId === '' || permissionSetName === '') return portal;
  const query = `account_id=${parameter(accountId)}&role_name=${parameter(permissionSetName)}`;
  return `${portal}/#/console?${query}`;
}

function parameter(text: string): string {
  return encodeURIComponent(wellFormed(text));
}

function dateToken(iso: string, format: string): string {
  const at = new Date(iso).getTime();
  return Number.isNaN(at) ? 'an unknown time' : `<!date^${Math.floor(at / 1000)}^${format}|${utcWords(iso)}>`;
}

/** Enough of a text to fill `max` characters, so that a huge text costs no more than a long one. */
function head(text: string, max: number): string {
  return text.slice(0, 4 * max + 100);
}

/** Valid Unicode with `\n` as line ends and without invisible characters. */
function tidy(text: string): string {
  return wellFormed(text)
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll('\t', ' ')
    .replace(INVISIBLE, '');
}

/** Replaces lone surrogates, which neither an address nor JSON can carry. */
function wellFormed(text: string): string {
  return text.toWellFormed();
}

function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function cutAs(text: string, max: number, write: (part: string) => string): string {
  if (text.length <= max) {
    const whole = write(text);
    if (whole.length <= max) return whole;
  }
  const room = max - ELLIPSIS.length;
  if (room < 0) return '';
  // Escaping never shortens a text, so what lies beyond `max` cannot fit and need not be processed.
  const start = text.slice(0, max + 1);
  const end = startOfCharacter(start, longestWithin(start, room, write));
  return write(start.slice(0, end)).trimEnd() + ELLIPSIS;
}

/** How many UTF-16 units of a text that is too long fit into the room, counted after escaping. */
function longestWithin(text: string, room: number, write: (part: string) => string): number {
  // The usual case: nothing needs escaping.
  if (write(text.slice(0, room)).length <= room) return room;
  let fits = 0;
  let tooMany = room + 1;
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (write(text.slice(0, middle)).length <= room) fits = middle;
    else tooMany = middle;
  }
  return fits;
}

/** The index of the first UTF-16 unit of the character (as a person sees it) that contains this unit. */
function startOfCharacter(text: string, unit: number): number {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text).containing(unit)?.index ?? unit;
}
