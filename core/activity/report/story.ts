import { compareText } from '../../model/text.ts';
import type { ActivityDigest } from '../classify/aggregate/digest.ts';
import { inTurn } from '../classify/in-turn.ts';
import type { ListedCall } from '../classify/listed-call.ts';
import { FLAG_IDS } from '../classify/rules/flag-ids.ts';
import { FLAGS } from '../classify/rules/flags.ts';
import { grouped, instant } from './render/wording.ts';

/** One moment of the time line. */
export interface Moment {
  readonly at: string;
  readonly what: string;
  readonly detail: string;
}

/** One session or key, below the one it was begun from. */
export interface SessionLine {
  readonly depth: number;
  readonly name: string;
  readonly detail: string;
}

const MOST_MOMENTS = 40;
const DEEPEST = 5;

/**
 * Flagged calls that may be harmful, and sign-ins, in the order of time. Forty of them at most: the first call of each
 * kind, the most serious kinds before others, then the second of each, and so on. So making one call again and again
 * pushes out no other call.
 *
 * @param place where the others are, in words
 */
export function timeLine(calls: readonly ListedCall[], place: string): readonly Moment[] {
  const telling = calls.filter(({ kind, flag }) => kind === 'sign-in' || (flag !== '' && FLAGS[flag].level === 'look'));
  const ordered = telling.sort(byTime);
  const shown = gravest(ordered).slice(0, MOST_MOMENTS).sort(byTime);
  const moments = shown.map(({ at, action, error, what, as }) => ({
    at: instant(at),
    what: error === '' ? action : `${action} [${error}]`,
    detail: [what, as === '' ? '' : `as ${as}`].filter((part) => part !== '').join(' · '),
  }));
  const more = ordered.length - moments.length;
  return more === 0 ? moments : [...moments, { at: '', what: `and ${grouped(more)} more`, detail: place }];
}

function byTime(a: ListedCall, b: ListedCall): number {
  return compareText(a.at, b.at) || compareText(a.id, b.id);
}

/**
 * The first call of each kind before the second of any. Within a turn, calls that succeeded before failed ones, then
 * the most serious flag first.
 */
function gravest(calls: readonly ListedCall[]): readonly ListedCall[] {
  const rank = ({ error, flag }: ListedCall) =>
    (error === '' ? 0 : FLAG_IDS.length + 1) + (flag === '' ? FLAG_IDS.length : FLAG_IDS.indexOf(flag));
  return inTurn(
    calls,
    ({ flag, action, error }) => `${flag}|${action}|${error === ''}`,
    (a, b) => rank(a) - rank(b),
  );
}

/** The tree of chained sessions and created keys, below the permission set's own role. Empty if there are none. */
export function sessionTree(digest: ActivityDigest, permissionSetName: string): readonly SessionLine[] {
  if (digest.hops.length === 0) return [];
  const shown = new Set<number>();
  const below = (from: string, depth: number): readonly SessionLine[] =>
    depth > DEEPEST
      ? []
      : digest.hops.flatMap((session, at) => {
          if (shown.has(at) || (session.from ?? '') !== from) return [];
          shown.add(at);
          const credential = credentialOf(session);
          const until = session.until === undefined ? '' : `, until ${instant(session.until)}`;
          const line = {
            depth,
            name: session.role || 'an unknown role',
            detail: `${credential}, from ${instant(session.at)}${until}`,
          };
          return [line, ...below(session.role, depth + 1)];
        });
  const tree = below('', 1);
  // Sessions that were begun from a session without room in the digest.
  const others = digest.hops.flatMap((_session, at) => (shown.has(at) ? [] : below(digest.hops[at]?.from ?? '', 1)));
  return [{ depth: 0, name: permissionSetName, detail: 'the access itself' }, ...tree, ...others];
}

function credentialOf({ accessKeyId, lasts }: ActivityDigest['hops'][number]): string {
  if (lasts === true) return accessKeyId === '' ? 'a key that CloudTrail does not name' : `key ${accessKeyId}`;
  return accessKeyId === '' ? 'session of the console' : `session ${accessKeyId}`;
}
