import type { Call } from '../call.ts';
import { handedOnBy } from '../handed-on.ts';
import { type ChainedRole, sessionBegunBy } from '../sessions.ts';
import { bounded } from './bounded.ts';
import { type ActivityDigest, LIMITS } from './digest.ts';

/**
 * Notes what a call gave its caller, or somebody else, to act with.
 *
 * @returns the session or key to follow; it is returned also where the digest has no room to show it
 */
export function aggregatePower(digest: ActivityDigest, call: Call, as: string): ChainedRole | undefined {
  for (const handed of handedOnBy(call)) {
    digest.handed ??= [];
    const one = { at: handed.at, action: bounded(handed.action), to: bounded(handed.to), power: bounded(handed.power) };
    if (digest.handed.some(({ action, to, power }) => action === one.action && to === one.to && power === one.power))
      continue;
    if (digest.handed.length < LIMITS.handed) digest.handed.push(one);
    else digest.handedCut = (digest.handedCut ?? 0) + 1;
  }
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
  const least = digest.hops.reduce((a, b) => (rankOf(digest.hops, b) >= rankOf(digest.hops, a) ? b : a));
  if (rankOf(digest.hops, session) < rankOf(digest.hops, least)) digest.hops[digest.hops.indexOf(least)] = session;
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
