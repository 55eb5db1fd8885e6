import type { HeldAccess } from './held-access.ts';
import type { Refusal } from './refusal.ts';
import type { Target } from './target.ts';

/** What is evaluated against the policies: may this person have this target, for this long, at this time? */
export interface RequestInput {
  readonly person: Person;
  readonly target: Target;
  /** The length of access that was asked for. */
  readonly durationSeconds: number;
  readonly reason: string;
  readonly ticket: string;
  /** ISO 8601; when access would start. The hours of a policy are checked against this instant. */
  readonly at: string;
  /** In the order they were cast; the first vote that decides ends the voting. */
  readonly votes: readonly CastVote[];
  /** How long the request has waited for its approvers, in seconds: escalation adds approvers with time. Absent: 0. */
  readonly waitedSeconds?: number;
  /** The configured upper limit for any access, above every policy; seconds. Absent: only policies limit it. */
  readonly maxDurationSeconds?: number;
  /** Names of the target, where the caller has looked them up already; saves a second look-up. */
  readonly names?: { readonly permissionSetName?: string; readonly groupName?: string };
  /** What the person holds and has held of this target. Absent: the person never held it. */
  readonly held?: HeldFacts;
  /** The person chose to wait for approvers although a break-glass policy would grant access at once. */
  readonly withoutBreakGlass?: boolean;
  /** The person is still typing the reason and the ticket, so a missing one is not a refusal yet. For previews only. */
  readonly isDraft?: boolean;
}

/** A request input for an evaluation without a request: no length, no reason or ticket, no votes. @param at ISO 8601 */
export function unaskedInput(person: Person, target: Target, at: string): RequestInput {
  return { person, target, durationSeconds: 0, reason: '', ticket: '', at, votes: [] };
}

/** What a person holds and has held of a target. Limits apply to the access, not to the requests that form it. */
export interface HeldFacts {
  /** The access that lasts now. */
  readonly current?: HeldAccess;
  /** The request extends the current access: its time counts from the end of that access instead of from now. */
  readonly isExtension: boolean;
  /** Past access with its actual end, oldest first: the last 24 hours, and the last access before that. */
  readonly past: readonly HeldAccess[];
  /** What the same person holds and has held with other Identity Center users. Absent: they have no other. */
  readonly others?: HeldByOthers;
}

/** What a person holds and has held of a target with Identity Center users other than the requesting one. */
export interface HeldByOthers {
  readonly lasting: readonly HeldAccess[];
  /** Access that is over or is being ended, with its actual end. */
  readonly past: readonly HeldAccess[];
}

export interface Person {
  readonly principalId: string;
  readonly userName: string;
  readonly email: string;
  /** Ids of every group the person is in. */
  readonly groupIds: readonly string[];
  /** The groups of `groupIds` that the person is in for a limited time, because Glasshammer granted the membership. */
  readonly leasedGroupIds?: readonly string[];
}

export interface CastVote {
  readonly principalId: string;
  readonly vote: 'approve' | 'deny';
}

/**
 * What may end an access early: the policy no longer allows it, the person is no longer among those it is for, or its
 * hours are over.
 */
export const ENDS_WITH = ['policy', 'membership', 'hours'] as const;
export type EndsWith = (typeof ENDS_WITH)[number];

/** The reason and ticket that a path to a target demands. */
export interface TextDemands {
  /** The fewest letters and digits of a reason; 0 where no reason is demanded. */
  readonly reasonMinLength: number;
  /** Regular expressions; a ticket must match all of them. */
  readonly ticketPatterns: readonly string[];
}

export type Outcome = 'granted' | 'needs-approval' | 'refused';

/** Votes still needed on the chosen path, and who may give them. */
export interface NeededApproval {
  /** The policy that demands the votes. */
  readonly policy: string;
  /** How many more votes are needed. */
  readonly count: number;
  /** Principal ids whose vote can still count. */
  readonly approvers: readonly string[];
}

/** How one policy or access record applied to the request input. */
export interface PolicyTrace {
  readonly name: string;
  readonly effect: 'allow' | 'deny' | 'require' | 'record' | 'unreadable';
  readonly matched: boolean;
  /** One sentence, written so that the reader can act on it. */
  readonly why: string;
}

/** When a pending request reminds its approvers, escalates and expires, as the policy of its path says. Seconds. */
export interface ApprovalTiming {
  readonly expiresSeconds: number;
  readonly remindSeconds: number;
  readonly escalate?: { readonly afterSeconds: number; readonly to: readonly string[] };
}

/** The outcome of evaluating a request against the policies. */
export interface Decision {
  readonly outcome: Outcome;
  /** Present exactly when refused. */
  readonly refusal?: Refusal;
  /** One sentence that says what happens and why. */
  readonly reason: string;
  /** Name of the policy (or id of the access record) whose path is used or waits for votes. */
  readonly path?: string;
  /** What ends access by this path early; absent: nothing does. */
  readonly endsWith?: readonly EndsWith[];
  /** Every path that waits for votes; the first to get all its votes is used. */
  readonly waitingPaths: readonly { readonly path: string; readonly approvals: readonly NeededApproval[] }[];
  /** The approvals still missing on the path named in `path`; empty when granted or refused. */
  readonly approvals: readonly NeededApproval[];
  /** Principal ids of everyone whose vote can still count on any waiting path. */
  readonly approvers: readonly string[];
  /**
   * Seconds; the longest this person could have the target by the path used. When refused for length: by the path that
   * comes nearest.
   */
  readonly maxDurationSeconds?: number;
  /** The path is a break-glass path: access is granted at once and audited, and a review is owed. */
  readonly breakGlass: boolean;
  /** Principal ids of the approvers a break-glass grant skips. */
  readonly skippedApprovers: readonly string[];
  readonly timing?: ApprovalTiming;
  /** Principal id of the approver whose deny vote ended the request. */
  readonly deniedBy?: string;
  /** Votes that were cast but do not count, each with the reason. */
  readonly refusedVotes: readonly { readonly principalId: string; readonly why: Refusal }[];
  readonly policies: readonly PolicyTrace[];
  /** For refusals: the nearest request that would be allowed, in words. */
  readonly nearest?: string;
  /** For refusals: every problem on the path whose refusal is reported; the reported refusal comes first. */
  readonly problems?: readonly Refusal[];
  /** The reason and ticket that the path used, or waited on, demands. */
  readonly demands?: TextDemands;
}
