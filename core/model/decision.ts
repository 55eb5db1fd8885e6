import type { HeldAccess } from './held-access.ts';
import type { Refusal } from './refusal.ts';
import type { Target } from './target.ts';

/** A request input to the policies: may this person have this target, for this long, now? */
export interface RequestInput {
  readonly person: Person;
  readonly target: Target;
  /** The asked-for length of access. */
  readonly durationSeconds: number;
  readonly reason: string;
  readonly ticket: string;
  /** ISO 8601; the instant the hours of a policy are judged by: when access would start. */
  readonly at: string;
  /** In the order they were cast; the first that decides ends the voting. */
  readonly votes: readonly CastVote[];
  /** How long the request has waited for its approvers, in seconds: escalation adds approvers with time. Absent: 0. */
  readonly waitedSeconds?: number;
  /** The longest access anybody gets, whatever a policy says; seconds. Absent: the policies alone decide. */
  readonly maxDurationSeconds?: number;
  /** What the target is called, where the caller has already looked it up; saves the look-up here. */
  readonly names?: { readonly permissionSetName?: string; readonly groupName?: string };
  /** What the person holds and has held of this target. Absent: nothing, ever. */
  readonly held?: HeldFacts;
  /** The person chose to wait for approvers although a break-glass policy would let them in at once. */
  readonly withoutBreakGlass?: boolean;
  /** Reason and ticket are still being written: that they are missing is nothing to refuse yet. For previews only. */
  readonly isDraft?: boolean;
}

/** The request input where nobody has asked: no length, nothing written and no votes. @param at ISO 8601 */
export function unaskedInput(person: Person, target: Target, at: string): RequestInput {
  return { person, target, durationSeconds: 0, reason: '', ticket: '', at, votes: [] };
}

/** What a person holds and has held of a target: limits bind the access, whatever requests it is made of. */
export interface HeldFacts {
  /** The access that lasts. */
  readonly current?: HeldAccess;
  /** The request extends it: its time counts from the end, and not from now. */
  readonly isExtension: boolean;
  /** Access that is over, with its true end; oldest first, a day back and the last before that. */
  readonly past: readonly HeldAccess[];
  /** What the same person holds and has held with other users of theirs. Absent: they have none. */
  readonly others?: HeldByOthers;
}

/** What a person holds and has held of a target with other users than the one who asks, user by user. */
export interface HeldByOthers {
  readonly lasting: readonly HeldAccess[];
  /** Access that is over, or is being ended, with its true end. */
  readonly past: readonly HeldAccess[];
}

export interface Person {
  readonly principalId: string;
  readonly userName: string;
  readonly email: string;
  /** Ids of every group the person is in. */
  readonly groupIds: readonly string[];
  /** Those of them that the person is in only for a time, because Glasshammer gave it. */
  readonly leasedGroupIds?: readonly string[];
}

export interface CastVote {
  readonly principalId: string;
  readonly vote: 'approve' | 'deny';
}

/** What access may end with before its time: the policy allows it no longer, the person is meant no longer, its hours are over. */
export const ENDS_WITH = ['policy', 'membership', 'hours'] as const;
export type EndsWith = (typeof ENDS_WITH)[number];

/** The reason and ticket that a way to a target wants. */
export interface TextDemands {
  /** Letters and digits; 0 where none is demanded. */
  readonly reasonMinLength: number;
  /** A ticket must match each of them. */
  readonly ticketPatterns: readonly string[];
}

export type Outcome = 'granted' | 'needs-approval' | 'refused';

/** Votes still needed on the way chosen, and who may give them. */
export interface NeededApproval {
  /** The policy that asks for them. */
  readonly policy: string;
  /** How many more votes are needed. */
  readonly count: number;
  /** Principal ids whose vote can still count. */
  readonly approvers: readonly string[];
}

/** What one policy or access record did to the request input. */
export interface PolicyTrace {
  readonly name: string;
  readonly effect: 'allow' | 'deny' | 'require' | 'record' | 'unreadable';
  readonly matched: boolean;
  /** One sentence a person can act on. */
  readonly why: string;
}

/** How a pending request reminds, escalates and expires, taken from the path. Seconds. */
export interface ApprovalTiming {
  readonly expiresSeconds: number;
  readonly remindSeconds: number;
  readonly escalate?: { readonly afterSeconds: number; readonly to: readonly string[] };
}

/** The outcome of holding a request against the policies. */
export interface Decision {
  readonly outcome: Outcome;
  /** Present exactly when refused. */
  readonly refusal?: Refusal;
  /** One sentence that says what happens and why. */
  readonly reason: string;
  /** Name of the policy (or id of the access record) whose path is used or waits. */
  readonly path?: string;
  /** What access by this path ends with before its time; absent: with nothing. */
  readonly endsWith?: readonly EndsWith[];
  /** Every path that waits for votes; the first satisfied wins. */
  readonly waitingPaths: readonly { readonly path: string; readonly approvals: readonly NeededApproval[] }[];
  /** Approvals of the path named in `path`; empty when granted or refused. */
  readonly approvals: readonly NeededApproval[];
  /** Principal ids of everyone whose vote can still count on any waiting path. */
  readonly approvers: readonly string[];
  /** Seconds; the longest this person could have the target by the path used, or the nearest path when refused for length. */
  readonly maxDurationSeconds?: number;
  /** The path is a break-glass path: granted at once, audited, and a review is owed. */
  readonly breakGlass: boolean;
  /** Principal ids of the approvers a break-glass grant skips. */
  readonly skippedApprovers: readonly string[];
  readonly timing?: ApprovalTiming;
  /** Principal id of the approver whose Deny ended it. */
  readonly deniedBy?: string;
  /** Votes given that do not count, each with the reason. */
  readonly refusedVotes: readonly { readonly principalId: string; readonly why: Refusal }[];
  readonly policies: readonly PolicyTrace[];
  /** For refusals: the nearest thing that would be allowed, in words. */
  readonly nearest?: string;
  /** For refusals: everything that is in the way on the path whose refusal is told, that one first. */
  readonly problems?: readonly Refusal[];
  /** What the path used, or waited on, wants to be told. */
  readonly demands?: TextDemands;
}
