import type { Policy } from './policy.ts';

/** Whom the policies of a policy set are for, in flat arrays by the position of the policy. */
export interface WhoIndex {
  /** Where each policy's groups begin in `groups`; the next element is where they end. */
  readonly starts: Int32Array;
  /** The numbers of the groups. */
  readonly groups: Int32Array;
  /**
   * 1 for each policy that its groups alone cannot rule out: it names everyone or single users, or it is a deny or
   * require with hours, which the trace lists for every person as applying at other times.
   */
  readonly notByGroups: Uint8Array;
}

/** Builds the index. @param policies in the order of the policy set, their groups already numbered */
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
 * Is this policy clearly for other people? Reads a few adjacent numbers where full matching follows a dozen pointers:
 * with ten thousand policies about every account, matching would be most of the time of a decision.
 *
 * @param place position of the policy in the policy set
 * @param mayBeIn 1 for each group, by number, that the person is in or may be in
 */
export function isForOthers({ starts, groups, notByGroups }: WhoIndex, place: number, mayBeIn: Uint8Array): boolean {
  if (notByGroups[place] === 1) return false;
  const end = starts[place + 1] as number;
  for (let at = starts[place] as number; at < end; at++) if (mayBeIn[groups[at] as number] === 1) return false;
  return true;
}
