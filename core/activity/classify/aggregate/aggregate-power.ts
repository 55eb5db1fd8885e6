import type { Call } from '../call.ts';
import { type HandedOn, type HandedOnSoOften, inOrderOfPower } from '../handed-on.ts';
import { type ChainedRole, sessionBegunBy } from '../sessions.ts';
import { bounded } from './bounded.ts';
import { type ActivityDigest, LIMITS } from './digest.ts';

/** Notes what a call gave somebody else to act with, the most telling of all such calls; every other one is counted. */
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

/** What a call gave, in one line of the list of all calls. */
export function handedOnWords(handed: readonly HandedOn[]): string {
  const [to = ''] = handed.map((one) => boundedHandedOn(one).to);
  const powers = inOrderOfPower(handed).map((one) => boundedHandedOn(one).power);
  return `${to === '' ? 'something' : to}: ${powers.join(', ')}`;
}

/**
 * Notes the session or key that a call gave its caller to act with.
 *
 * @returns it, to be followed, also where the digest has no room to show it
 */
export function aggregateSession(digest: ActivityDigest, call: Call, as: string): ChainedRole | undefined {
  const begun = sessionBegunBy(call);
  if (begun === undefined) return undefined;
  return noteSession(digest, as === '' ? begun : { ...begun, from: as });
}

/** Keeps a session for the report, in place of a less telling one when all room is taken. */
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

/** Are these the same way to act? One switch in the console leaves two records. */
export function isSame(a: ChainedRole, b: ChainedRole): boolean {
  if (a.accessKeyId !== '') return a.accessKeyId === b.accessKeyId;
  return a.session !== undefined && a.session === b.session;
}

/**
 * How telling a session is beside others: a key that lasts, then the first session of each role, then the others. So nobody can
 * push a role out by taking on another one again and again.
 */
export function rankOf(others: readonly ChainedRole[], session: ChainedRole): number {
  if (session.lasts === true) return 0;
  return others.some((other) => other !== session && other.role === session.role) ? 2 : 1;
}
