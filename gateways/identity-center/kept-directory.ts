import type { Now } from '../../core/access/ports.ts';
import type { Directory } from '../../core/model/directory.ts';

/** For display only, where an answer of this age does no harm. Milliseconds. */
const KEEP_MS = 5 * 60_000;

/** When this many answers are kept, all of them are forgotten, so that a container that lives long does not grow. */
const MOST_KEPT = 20_000;

/** A directory that keeps its answers for a few minutes. No decision may be made with it. */
export function keepAnswers(directory: Directory, now: Now): Directory {
  const kept = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>();

  function remember<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const at = now().getTime();
    const known = kept.get(key);
    if (known !== undefined && at - known.at < KEEP_MS) return known.answer as Promise<T>;
    if (kept.size >= MOST_KEPT) kept.clear();
    const entry = { at, answer: ask() };
    kept.set(key, entry);
    // A failure is not kept.
    entry.answer.catch(() => {
      if (kept.get(key) === entry) kept.delete(key);
    });
    return entry.answer;
  }

  return {
    user: (id) => remember(`user ${id}`, () => directory.user(id)),
    userIdsByEmail: (email) => remember(`email ${email}`, () => directory.userIdsByEmail(email)),
    groupIdsOf: (id) => remember(`groups of ${id}`, () => directory.groupIdsOf(id)),
    group: (id) => remember(`group ${id}`, () => directory.group(id)),
    groupIdByName: (name) => remember(`group named ${name}`, () => directory.groupIdByName(name)),
    memberIdsOf: (id) => remember(`members ${id}`, () => directory.memberIdsOf(id)),
    account: (id) => remember(`account ${id}`, () => directory.account(id)),
    ouPathOf: (id) => remember(`path ${id}`, () => directory.ouPathOf(id)),
    tagsOf: (id) => remember(`tags ${id}`, () => directory.tagsOf(id)),
    permissionSet: (arn) => remember(`set ${arn}`, () => directory.permissionSet(arn)),
    // Not kept: it is one read by key, and no read for people who are in no group that Glasshammer gives.
    givenMemberships: directory.givenMemberships,
  };
}
