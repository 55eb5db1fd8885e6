import { byteLength, compareText } from '../../../model/text.ts';
import { CALL_KINDS } from '../../classify/call-kind.ts';
import { inTurn } from '../../classify/in-turn.ts';
import type { ListedCall } from '../../classify/listed-call.ts';
import { FLAG_IDS } from '../../classify/rules/flag-ids.ts';
import type { MailAttachment } from '../../ports.ts';

/**
 * The most bytes of both files together. SES takes 40 MB a message, but mail servers on the way often only 10, and
 * base64 adds a third. Bytes, because characters of other scripts take up to three.
 */
const MOST_BYTES = 3_000_000;

const COLUMNS = [
  'at',
  'action',
  'kind',
  'error',
  'flag',
  'what',
  'as',
  'accountId',
  'region',
  'address',
  'means',
  'id',
  'handedOn',
] as const;

/**
 * A spreadsheet takes a cell that begins like this for a formula, also after white space that some programs strip, and
 * in the full-width form that East Asian versions accept.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^[\s\ufeff\u200b]*[=+\-@＝＋－＠]|^[\t\r\n]/;

/** Every call as CSV (RFC 4180), the cells in quotes; a text that a spreadsheet would run gets a leading apostrophe. */
export function callsCsv(calls: readonly ListedCall[]): string {
  const lines = [COLUMNS.map(cell), ...calls.map((call) => COLUMNS.map((column) => cell(call[column] ?? '')))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

function cell(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** Every call as JSON, for programs. */
export function callsJson(requestId: string, calls: readonly ListedCall[]): string {
  return `${JSON.stringify({ requestId, calls }, undefined, 1)}\n`;
}

/**
 * The most important calls first: flagged calls, those that succeeded before those that failed, then calls that hand on
 * a role, then by kind, then by time.
 */
export function inOrderOfWeight(calls: readonly ListedCall[]): readonly ListedCall[] {
  return [...calls].sort((a, b) => weightOf(a) - weightOf(b) || compareText(a.at, b.at) || compareText(a.id, b.id));
}

/**
 * The same calls in the order in which they get room: the first of each kind of flagged call, then the second of each,
 * and so on, then the other calls by weight. So making one flagged call again and again pushes out no other.
 */
export function inOrderOfRoom(calls: readonly ListedCall[]): readonly ListedCall[] {
  const ordered = inOrderOfWeight(calls);
  const groupOf = ({ flag, action, error, as }: ListedCall) => `${flag}|${action}|${error === ''}|${as}`;
  const flagged = inTurn(
    ordered.filter(({ flag }) => flag !== ''),
    groupOf,
    (a, b) => weightOf(a) - weightOf(b),
  );
  return [...flagged, ...ordered.filter(({ flag }) => flag === '')];
}

function weightOf({ flag, error, handedOn, kind }: ListedCall): number {
  const harmless = 2 * FLAG_IDS.length + (handedOn === undefined ? 1 : 0);
  const grave = flag === '' ? harmless : FLAG_IDS.indexOf(flag) + (error === '' ? 0 : FLAG_IDS.length);
  return grave * CALL_KINDS.length + CALL_KINDS.indexOf(kind);
}

/** The files of a mail. If not all calls have room, `left` says how many are left out of both files. */
export function attachmentsOf(
  requestId: string,
  calls: readonly ListedCall[],
): { readonly files: readonly MailAttachment[]; readonly left: number } {
  if (calls.length === 0) return { files: [], left: 0 };
  let kept = inOrderOfRoom(calls);
  for (;;) {
    const shown = inOrderOfWeight(kept);
    const csv = callsCsv(shown);
    const json = callsJson(requestId, shown);
    const bytes = byteLength(csv) + byteLength(json);
    if (bytes <= MOST_BYTES || kept.length <= 1) {
      const name = requestId.replace(/[^\w.-]/g, '-');
      return {
        files: [
          { fileName: `calls-${name}.csv`, contentType: 'text/csv', content: csv },
          { fileName: `calls-${name}.json`, contentType: 'application/json', content: json },
        ],
        left: calls.length - kept.length,
      };
    }
    kept = kept.slice(0, Math.floor((kept.length * MOST_BYTES * 0.95) / bytes));
  }
}
