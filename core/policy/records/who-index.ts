import type { Policy } from './policy.ts';

/** Whom the policies of a book name, in flat arrays by their place in it. */
export interface WhoIndex {
  /** Where each policy's groups begin in `groups`, and, one further, where they end. */
  readonly starts: Int32Array;
  /** Numbers of groups. */
  readonly groups: Int32Array;
  /**
   * 1 for each policy of which its groups alone do not tell enough: it also names everyone or somebody, or it is a deny or require
   * with hours, of which it is told whomever it is for that it binds at other times.
   */
  readonly notByGroups: Uint8Array;
}

/** @param policies in the order of the book; their groups have numbers already */
export function indexWho(policies: readonly Policy[]): WhoIndex {
  const starts = new Int32Array(policies.length + 1);
  const groups: number[] = [];
  const notByGroups = new Uint8Array(policies.length);
  for (const [place, { scope, effect }] of policies.entries()) {
    const { everyone, users, groupNumbers = [] } = scope.who;
    groups.push(...groupNumbers);
    starts[place + 1] = groups.length;
    const bindsAtTimes = effect !== 'allow' && scope.hours !== undefined;
    notByGroups[place] = everyone || users.length > 0 || bindsAtTimes ? 1 : 0;
  }
  return { starts, groups: Int32Array.from(groups), notByGroups };
}

/**
 * Is this policy plainly about other people? Reads a few numbers that lie side by side, where matching follows a dozen pointers:
 * with ten thousand policies about every account that is most of the time a decision takes.
 *
 * @param place of the policy in the book
 * @param mayBeIn 1 for each group, by number, that the person is in or may be in
 */
export function isForOthers({ starts, groups, notByGroups }: WhoIndex, place: number, mayBeIn: Uint8Array): boolean {
  if (notByGroups[place] === 1) return false;
  const end = starts[place + 1] as number;
  for (let at = starts[place] as number; at < end; at++) if (mayBeIn[groups[at] as number] === 1) return false;
  return true;
}
