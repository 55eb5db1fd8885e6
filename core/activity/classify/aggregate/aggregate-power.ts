import type { Call } from '../call.ts';
import { type HandedOn, type HandedOnSoOften, inOrderOfPower } from '../handed-on.ts';
import { type ChainedRole, sessionBegunBy } from '../sessions.ts';
import { bounded } from './bounded.ts';
import { type ActivityDigest, LIMITS } from './digest.ts';

/** Records what a call handed on. The most important entries of all calls are kept; the others are counted. */
export function aggregateHandedOn(digest: ActivityDigest, handed: readonly HandedOn[]): void {
  for (const one of handed) {
    const { at, action, to, power, count }: Required<HandedOnSoOften> = { ...boundedHandedOn(one), count: 1 };
    digest.handed ??= [];
    const place = digest.handed.findIndex(
      (other) => action === other.action && to === other.to && power === other.power,
    );
    const known = digest.handed[place];
    if (known !== undefined) {
      digest.handed[place] = { ...known, at: at < known.at ? at : known.at, count: (known.count ?? 1) + count };
      continue;
    }
    const ordered = inOrderOfPower([...digest.handed, { at, action, to, power, count }]);
    digest.handed = ordered.slice(0, LIMITS.handed);
    for (const left of ordered.slice(LIMITS.handed)) digest.handedCut = (digest.handedCut ?? 0) + (left.count ?? 1);
  }
}

function boundedHandedOn({ at, action, to, power }: HandedOn): HandedOn {
  return { at, action: bounded(action), to: bounded(to), power: bounded(power) };
}

/** What a call handed on, in one line of the list of all calls. */
export function handedOnWords(handed: readonly HandedOn[]): string {
  const [to = ''] = handed.map((one) => boundedHandedOn(one).to);
  const powers = inOrderOfPower(handed).map((one) => boundedHandedOn(one).power);
  return `${to === '' ? 'something' : to}: ${powers.join(', ')}`;
}

/**
 * Records the session or key that a call gave its caller.
 *
 * @returns the session or key, to be followed, even if the digest has no room to show it
 */
export function aggregateSession(digest: ActivityDigest, call: Call, as: string): ChainedRole | undefined {
  const begun = sessionBegunBy(call);
  if (begun === undefined) return undefined;
  return noteSession(digest, as === '' ? begun : { ...begun, from: as });
}

/** Keeps a session for the report. If all room is taken, it replaces a less important session (`rankOf`). */
export function noteSession(digest: ActivityDigest, begun: ChainedRole): ChainedRole {
  const session: ChainedRole = {
    ...begun,
    role: bounded(begun.role),
    accountId: bounded(begun.accountId),
    accessKeyId: bounded(begun.accessKeyId),
    ...(begun.session === undefined ? {} : { session: begun.session.slice(0, 400) }),
  };
  if (digest.hops.some((other) => isSame(other, session))) return session;
  if (digest.hops.length < LIMITS.hops) {
    digest.hops.push(session);
    return session;
  }
  digest.hopsCut += 1;
  const ranks = digest.hops.map((hop) => rankOf(digest.hops, hop));
  const most = Math.max(...ranks);
  if (rankOf(digest.hops, session) < most) digest.hops[ranks.lastIndexOf(most)] = session;
  return session;
}

/** Are these the same session or key? One role switch in the console leaves two records. */
export function isSame(a: ChainedRole, b: ChainedRole): boolean {
  if (a.accessKeyId !== '') return a.accessKeyId === b.accessKeyId;
  return a.session !== undefined && a.session === b.session;
}

/**
 * How important a session is, the lowest number first: 0 for a key that does not expire, 1 for the first session of a
 * role, 2 for further sessions of it. So a caller who assumes one role again and again pushes out no other role.
 */
export function rankOf(others: readonly ChainedRole[], session: ChainedRole): number {
  if (session.lasts === true) return 0;
  return others.some((other) => other !== session && other.role === session.role) ? 2 : 1;
}
