import type { ApprovalTiming, Decision, EndsWith } from './decision.ts';
import type { HeldAccess } from './held-access.ts';
import type { Refusal } from './refusal.ts';
import type { Claim, GrantRecord, SharedAsk, TaskTokens } from './request-parts.ts';
import type { Assignment, Target } from './target.ts';

/** Where a request is in its life. `life-cycle.ts` holds the allowed steps. */
export type RequestState =
  | 'requested'
  | 'refused'
  | 'pending'
  | 'denied'
  | 'expired'
  | 'cancelled'
  | 'approved'
  | 'scheduled'
  | 'joined'
  | 'granting'
  | 'active'
  | 'ending'
  | 'ended'
  | 'failed'
  | 'reported';

/**
 * One fact in a request's history. A change of state and its event are one write: `state` names the state the request
 * entered with this event, and is absent on events that change nothing (a vote, a reminder, a warning).
 */
export interface AccessEvent {
  readonly type: EventType;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Principal id of the person, their Slack user id when no principal is known, or `glasshammer`. */
  readonly by: string;
  readonly state?: RequestState;
  /** A sentence or value that explains the event: a refusal's reason, a note, an error name. Never a secret. */
  readonly note?: string;
  /** User name of the person in `by`, where they have just been identified. */
  readonly byName?: string;
  /** ISO 8601; start and end of the request from this event on, where the event set or confirmed them. */
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly durationSeconds?: number;
  /** Principal ids: the approvers who could decide, or those whom a break-glass grant passed over. */
  readonly approvers?: readonly string[];
  /** The text of the policy or access record that access was given by. */
  readonly policy?: PolicyText;
}

/** A record of the access table as it read when access was given by it. */
export interface PolicyText {
  /** Id of the record. */
  readonly record: string;
  /** SHA-256 of the record's text, hexadecimal. */
  readonly hash: string;
  /** Version of the access table. */
  readonly version: string;
  /** The record as JSON, cut to what an event holds; only on the event that gave access. */
  readonly text?: string;
}

export type EventType =
  | RequestState
  | 'granted'
  | 'extended'
  | 'vote'
  | 'reminded'
  | 'escalated'
  | 'claimed'
  | 'handed-on'
  | 'mailed'
  | 'nudged'
  | 'warned'
  | 'removal-retried'
  | 'workflow-stopped'
  | 'activity-unreadable'
  | 'report-unsent'
  | 'first-report'
  | 'report-addendum'
  | 'report-resent'
  | 'review-owed'
  | 'reviewed'
  | 'answered'
  | 'removed-by-others'
  | 'made-standing'
  | 'duration-shortened'
  | 'sessions-cut'
  | 'sessions-cut-failed'
  | 'sessions-left';

/** The actor of events that no person caused. */
export const SYSTEM_ACTOR = 'glasshammer';

/** The person who asks. All fields are empty when the person could not be identified (the request is then refused). */
export interface Requester {
  readonly slackId: string;
  readonly principalId: string;
  readonly userName: string;
  readonly displayName: string;
  readonly email: string;
}

/** Display names, looked up once when the request was made; decisions use the ids. */
export interface TargetNames {
  readonly accountName?: string;
  readonly permissionSetName?: string;
  readonly groupName?: string;
}

/** The Slack message or command a request came from, so that answers go where the person already is. */
export interface Origin {
  readonly kind: 'alert' | 'command' | 'shortcut' | 'home' | 'cli' | 'console' | 'canary';
  readonly channel?: string;
  /** `ts` of the message that carried the button; replies go into its thread. */
  readonly messageTs?: string;
}

/** The message a request is about, as it read when the person asked: an alert, or any other message. */
export interface AboutMessage {
  /** The beginning of its text; plain text. */
  readonly text: string;
  readonly channel: string;
  readonly ts: string;
  readonly link?: string;
}

/** One approver's vote. This copy is only for display; the vote that counts is stored in its own item. */
export interface Vote {
  readonly principalId: string;
  readonly slackId: string;
  readonly vote: 'approve' | 'deny';
  /** ISO 8601. */
  readonly at: string;
  readonly note?: string;
  /** Set when the approver shortened the duration; seconds. */
  readonly durationSeconds?: number;
  /** ISO 8601; when the vote stops counting. Absent in votes cast before this field existed. */
  readonly countsUntil?: string;
  /** What the vote was given for. It does not count for a request that has changed since. */
  readonly subject?: {
    readonly principalId: string;
    readonly target: Target;
    /** The length that was asked for; seconds. */
    readonly durationSeconds: number;
    readonly reason: string;
    readonly ticket: string;
    readonly windowFrom?: string;
    readonly extends?: string;
  };
}

/** A Slack message that shows this request and is edited as it moves on. An `outcome` is posted once and not edited. */
export interface SentMessage {
  readonly role: 'story' | 'approval' | 'warning' | 'outcome' | 'report' | 'question' | 'answer';
  /** Of an outcome: the state it announced. */
  readonly state?: RequestState;
  readonly channel: string;
  readonly ts: string;
  /** Of a warning: the end it announced (ISO 8601). */
  readonly endsAt?: string;
}

/** The time that a joined request added to an access. */
export interface JoinedTime {
  readonly requestId: string;
  /** ISO 8601; when it joined. */
  readonly at: string;
  /** ISO 8601; the end of the access after it joined. */
  readonly endsAt: string;
}

/** The review that a break-glass grant requires, or its outcome. */
export interface Review {
  readonly status: 'owed' | 'acknowledged' | 'questioned';
  readonly approvers: readonly string[];
  readonly by?: string;
  readonly at?: string;
  readonly note?: string;
  /** The person's answer to the reviewer's question; `answeredAt` in ISO 8601. */
  readonly answer?: string;
  readonly answeredAt?: string;
}

/** Who was asked and with which texts, so that messages can be edited without deciding again. */
export interface AskedApproval {
  readonly waitingPaths: Decision['waitingPaths'];
  /** Slack user id by principal id, for approvers whose Slack user is known. */
  readonly slackIds: Readonly<Record<string, string>>;
  /** The permission set's description. */
  readonly allows: string;
  /** How often the person had this target before, and when last (ISO 8601). */
  readonly usedBefore: { readonly times: number; readonly lastAt?: string };
  /** Principal ids of approvers who were reached neither in Slack nor by mail. */
  readonly untold?: readonly string[];
}

/** One person's request for one target for a duration, with its history. The stored item is authoritative. */
export interface AccessRequest {
  readonly id: string;
  readonly state: RequestState;
  readonly requester: Requester;
  readonly target: Target;
  readonly names: TargetNames;
  readonly reason: string;
  readonly ticket: string;
  /** Length of the access once granted. */
  readonly durationSeconds: number;
  /** ISO 8601; when the person asked. */
  readonly requestedAt: string;
  /** ISO 8601; start of access: as requested until the grant, then the instant of the grant. Empty when refused. */
  readonly startsAt: string;
  /** ISO 8601; when access ends. Written with the lease, before the assignment is created. Empty when refused. */
  readonly endsAt: string;
  /** Session duration of the permission set: credentials fetched just before the end work this much longer. */
  readonly sessionSeconds: number;
  readonly origin: Origin;
  /** The message it was asked about. */
  readonly about?: AboutMessage;
  /** The shared ask that this request is part of. */
  readonly ask?: SharedAsk;
  /** ISO 8601; the chosen start. The time is then a fixed window: a late approval gives only the rest of it. */
  readonly windowFrom?: string;
  /** The access (id of its root request) that this request extends: its time counts from the end of that access. */
  readonly extends?: string;
  /** What the person held of this target when they asked. For messages only; the grant reads it again. */
  readonly held?: HeldAccess;
  /** Of a joined request: the access its time became part of. */
  readonly accessId?: string;
  /** Of a joined request: the status message of that access. */
  readonly accessStory?: { readonly channel: string; readonly ts: string };
  /** Of a root request: the requests whose time became part of the access, in the order they joined. */
  readonly joins?: readonly JoinedTime[];
  readonly events: readonly AccessEvent[];
  /** The votes, for display. The votes that count are read by `RequestStore.getWithVotes`. */
  readonly votes: readonly Vote[];
  /** Of a pending request: the latest claim. It decides nothing. */
  readonly claim?: Claim;
  readonly messages: readonly SentMessage[];
  /** The mails sent about the request, each once: `<kind>:<occasion>:<principal id>`. */
  readonly mailed?: readonly string[];
  readonly tokens: TaskTokens;
  readonly breakGlass: boolean;
  /** Why the request was refused or failed, for people and programs. */
  readonly refusal?: Refusal;
  readonly grant?: GrantRecord;
  readonly review?: Review;
  /** ISO 8601; instant after which an unanswered approval expires. */
  readonly expiresAt?: string;
  /** What approvers were last shown. For messages only: who may decide is decided again at each click. */
  readonly asked?: AskedApproval;
  /** How a pending request reminds, escalates and expires; from the policy of its path. */
  readonly approvalTiming?: ApprovalTiming;
  /** ISO 8601; when removal was first asked for. */
  readonly endingAt?: string;
  /** How often the removal was tried without success; the history has an event for some of the tries only. */
  readonly removalTries?: number;
  /** How many events the messages showed when this field was last written; they may show more by now. */
  readonly told?: number;
  /** ISO 8601; when Identity Center confirmed that the assignment is gone. */
  readonly endedAt?: string;
  /** ISO 8601; when the sessions that began before the end were denied, and the denying policy had been read back. */
  readonly sessionsCutAt?: string;
  /**
   * Why the sessions are not cut: the assignment stays (`kept`), or the permission set has no session guard
   * (`unguarded`). Absent while they are still to be cut, and after they were.
   */
  readonly sessionsLeft?: 'kept' | 'unguarded';
  /** Report lines of the status message: what to look at, what changed, where the full report is. Plain text. */
  readonly reportLines?: readonly string[];
  /** Name of the policy or access record whose path was taken. */
  readonly path?: string;
  /** What ends the access early, copied from its policy at the grant: the policy may be deleted later. */
  readonly endsWith?: readonly EndsWith[];
  /** Error or reason that made the request fail, kept from the first failure until the state `failed`. */
  readonly failure?: string;
  /** ISO 8601; when the last decision was made, and by which version of the access table. */
  readonly decidedAt?: string;
  readonly accessVersion?: string;
}

/** The assignment a request is a claim on. */
export function assignmentOf(request: AccessRequest): Assignment {
  return { principalId: request.requester.principalId, target: request.target };
}

/** Principal ids of all approvers who were asked to decide a request, in the order of its paths, without duplicates. */
export function askedApprovers({ asked }: Pick<AccessRequest, 'asked'>): readonly string[] {
  const all = (asked?.waitingPaths ?? []).flatMap(({ approvals }) => approvals.flatMap(({ approvers }) => approvers));
  return [...new Set(all)];
}

/** Seconds since a request was made. Approvers added by escalation after some seconds therefore remain approvers. */
export function waitedSeconds(request: AccessRequest, now: Date): number {
  return Math.floor((now.getTime() - new Date(request.requestedAt).getTime()) / 1000);
}
