/**
 * The only place where text of people, directories and alerts becomes text of Slack. Whatever goes in, what comes out mentions
 * nobody, links nowhere and is no longer than it may be.
 */

/** Marks a cut. */
const ELLIPSIS = '…';

/**
 * Characters that reorder or hide what a person reads: a reason must not be able to disguise itself. Fewer than are refused in a policy
 * (`INVISIBLE` in core/model/text.ts): Slack draws emoji by what joins and varies them, and many scripts are written with these.
 */
const INVISIBLE = /(?!\n)[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Words that mention everybody where Slack links names in bare text. */
const BROADCAST = /@(?=(?:here|channel|everyone|group)\b)/gi;

/** Invisible and unbreakable: between `@` and the word it makes the mention plain text. */
const WORD_JOINER = '\u2060';

/** Ids of people are at most 47 characters long in Identity Center. */
export const ID_LENGTH = 60;

let segmenter: Intl.Segmenter | undefined;

/**
 * Text that Slack shows as it stands: `&`, `<` and `>` escaped, so no mention, link or date can be smuggled in; `@here` and its
 * like made plain; invisible and reordering characters removed. https://docs.slack.dev/messaging/formatting-message-text
 */
export function escapeText(text: string): string {
  return escapeMarkup(tidy(text).replace(BROADCAST, `@${WORD_JOINER}`));
}

/** At most `max` UTF-16 units, cut between characters as a person sees them, never inside an emoji or an accent. */
export function cut(text: string, max: number): string {
  return cutAs(text, max, (part) => part);
}

/** Escaped text of at most `max` characters after escaping, for Slack counts those. Cut between characters, never in an entity. */
export function userText(text: string, max: number): string {
  return cutAs(tidy(head(text, max)).replace(BROADCAST, `@${WORD_JOINER}`).trim(), max, escapeMarkup);
}

/** The same on one line, for names and ids in the middle of a sentence. */
export function oneLine(text: string, max: number): string {
  return userText(head(text, max).replace(/\s+/g, ' '), max);
}

/** The same in plain text, for buttons, options and titles, where Slack shows markup as it stands. */
export function plainLine(text: string, max: number): string {
  return cut(tidy(head(text, max)).replace(/\s+/g, ' ').trim(), max);
}

/** A name in bold. Empty names stay empty. */
export function bold(text: string, max = 100): string {
  // An asterisk inside would end the bold early; the look-alike does not.
  const inside = oneLine(head(text, max).replaceAll('*', '∗'), max);
  return inside === '' ? '' : `*${inside}*`;
}

/** An id as Slack shows code. Empty ids stay empty. */
export function code(text: string, max = 160): string {
  const inside = oneLine(head(text, max).replaceAll('`', "'"), max);
  return inside === '' ? '' : `\`${inside}\``;
}

/** Somebody's words, set apart as a quotation, every line of it. At most `max` characters with its marks. */
export function quote(text: string, max: number): string {
  const lines = tidy(head(text, max)).trim().split(/\n+/).slice(0, 30);
  return userText(lines.join('\n'), max - 2 * lines.length).replace(/^/gm, '> ');
}

/** `<@U…>`, or the id as code when it cannot be a Slack user id. The prefix is not judged: it may be U, W or new. */
export function mention(slackId: string): string {
  return /^[A-Z0-9]{2,40}$/.test(slackId) ? `<@${slackId}>` : code(slackId, ID_LENGTH);
}

/** An instant (ISO 8601) in the reader's own zone, with UTC for clients that cannot: `today at 11:00`. */
export function slackDate(iso: string): string {
  return dateToken(iso, '{date_short_pretty} at {time}');
}

/** The same to the second, where a second matters: `today at 11:00:04`. */
export function slackSecond(iso: string): string {
  return dateToken(iso, '{date_short_pretty} at {time_secs}');
}

/** Only the time of day, in the reader's own zone. */
export function slackTime(iso: string): string {
  return dateToken(iso, '{time}');
}

/** An instant in words for places that render no dates: `2026-01-05 10:00 UTC`. */
export function utcWords(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? 'an unknown time' : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** What would be allowed instead, as a decision says it: instants in it are each reader's own. */
export function nearestWords(text: string, max: number): string {
  return oneLine(text, max).replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, (iso) => slackDate(iso));
}

/** An instant some seconds after another (ISO 8601). An unreadable instant stays unreadable. */
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
 * Address that opens the AWS console for one account and permission set through the access portal, or the portal itself when
 * either is unknown. https://docs.aws.amazon.com/singlesignon/latest/userguide/createshortcutlink.html
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

/** Enough of a text to fill `max` characters, so that endless text costs no more than long text. */
function head(text: string, max: number): string {
  return text.slice(0, 4 * max + 100);
}

/** Valid Unicode with plain line ends, and nothing invisible. */
function tidy(text: string): string {
  return wellFormed(text)
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll('\t', ' ')
    .replace(INVISIBLE, '');
}

/** Half of a surrogate pair is no character, and no address or JSON can carry it. */
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
  // Writing never shortens, so what lies beyond `max` cannot fit; hostile text costs no more than that.
  const start = text.slice(0, max + 1);
  const end = startOfCharacter(start, longestWithin(start, room, write));
  return write(start.slice(0, end)).trimEnd() + ELLIPSIS;
}

/** How many UTF-16 units of a text that is too long can be written in so much room. */
function longestWithin(text: string, room: number, write: (part: string) => string): number {
  // As a rule nothing grows as it is written.
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

/** Where the character begins, as a person sees it, of which this UTF-16 unit is a part. */
function startOfCharacter(text: string, unit: number): number {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text).containing(unit)?.index ?? unit;
}
