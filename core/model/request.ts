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
  /** ISO 8601; the times of the request from this event on, where it set or confirmed them. */
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly durationSeconds?: number;
  /** Principal ids: who could decide, or whom breaking the glass passed over. */
  readonly approvers?: readonly string[];
  /** What the policy or access record said by which access was given. */
  readonly policy?: PolicyText;
}

/** A record of the access table as it stood when access was given by it. */
export interface PolicyText {
  /** Its id. */
  readonly record: string;
  /** SHA-256 of its text, hexadecimal. */
  readonly hash: string;
  /** Version of the access table. */
  readonly version: string;
  /** Its JSON, cut to what an event carries; on the event that gave access. */
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
  | 'end-asked'
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

/** The actor written into events that no person caused. */
export const SYSTEM_ACTOR = 'glasshammer';

/** The person who asks. Fields are empty strings when the person could not be identified (the request is then refused). */
export interface Requester {
  readonly slackId: string;
  readonly principalId: string;
  readonly userName: string;
  readonly displayName: string;
  readonly email: string;
}

/** Names for people, looked up once when the request was made; ids stay the truth. */
export interface TargetNames {
  readonly accountName?: string;
  readonly permissionSetName?: string;
  readonly groupName?: string;
}

/** The Slack message a request came from, so that answers go where the person already is. */
export interface Origin {
  readonly kind: 'alert' | 'command' | 'shortcut' | 'home' | 'cli' | 'console' | 'canary';
  readonly channel?: string;
  /** `ts` of the message that carried the button; replies go into its thread. */
  readonly messageTs?: string;
}

/** The message a request is about, as it read when the person asked: an alert, or anything somebody wrote. */
export interface AboutMessage {
  /** The beginning of what it says; plain text. */
  readonly text: string;
  readonly channel: string;
  readonly ts: string;
  readonly link?: string;
}

/** One approver's vote. It is cast in an item of its own; in a request it is for people to see, and counts for nothing. */
export interface Vote {
  readonly principalId: string;
  readonly slackId: string;
  readonly vote: 'approve' | 'deny';
  /** ISO 8601. */
  readonly at: string;
  readonly note?: string;
  /** Set when the approver shortened the duration; seconds. */
  readonly durationSeconds?: number;
  /** ISO 8601; it counts no longer. Absent in votes cast before this was kept. */
  readonly countsUntil?: string;
  /** What it was given for: it counts for nothing else, whatever has become of the request since. */
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

/** A Slack message that shows this request and is edited as the request moves on; but an `outcome` is said once and stays. */
export interface SentMessage {
  readonly role: 'story' | 'approval' | 'warning' | 'outcome' | 'report' | 'question' | 'answer';
  /** Of an outcome: which state was told of. */
  readonly state?: RequestState;
  readonly channel: string;
  readonly ts: string;
  /** Of a warning: the end it told of (ISO 8601). */
  readonly endsAt?: string;
}

/** What a request brought to an access that was not its own. */
export interface JoinedTime {
  readonly requestId: string;
  /** ISO 8601; when it joined. */
  readonly at: string;
  /** ISO 8601; the end of the access from then on. */
  readonly endsAt: string;
}

/** The review that a break-glass grant requires, or its outcome. */
export interface Review {
  readonly status: 'owed' | 'acknowledged' | 'questioned';
  readonly approvers: readonly string[];
  readonly by?: string;
  readonly at?: string;
  readonly note?: string;
  /** What the person said to the question; `answeredAt` in ISO 8601. */
  readonly answer?: string;
  readonly answeredAt?: string;
}

/** A snapshot of who was asked and with what words, so that messages can be edited without deciding again. */
export interface AskedApproval {
  readonly waitingPaths: Decision['waitingPaths'];
  /** Slack user id by principal id, of the approvers known to Slack. */
  readonly slackIds: Readonly<Record<string, string>>;
  /** The permission set's description. */
  readonly allows: string;
  /** How often the person had this target before, and when last (ISO 8601). */
  readonly usedBefore: { readonly times: number; readonly lastAt?: string };
  /** Principal ids of those who may decide, and whom neither Slack nor a mail has reached. */
  readonly untold?: readonly string[];
}

/** One person's ask for one target for a duration, with its whole history. The item in the request table is the truth. */
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
  /** ISO 8601; when access starts: the asked-for start until the grant, then the instant of the grant. Empty when refused. */
  readonly startsAt: string;
  /** ISO 8601; when access ends. Written with the lease, before the assignment is asked for. Empty when refused. */
  readonly endsAt: string;
  /** Session duration of the permission set: credentials fetched just before the end live this much longer. */
  readonly sessionSeconds: number;
  readonly origin: Origin;
  /** The message it was asked about. */
  readonly about?: AboutMessage;
  /** The ask it is one of. */
  readonly ask?: SharedAsk;
  /** ISO 8601; the start the person chose. Then the time asked for is a window, of which a late approval gives only the rest. */
  readonly windowFrom?: string;
  /** The access (by the id of the request that began it) this request asks to extend: its time counts from that access's end. */
  readonly extends?: string;
  /** What the person held of this target when they asked. For messages; the grant looks again. */
  readonly held?: HeldAccess;
  /** Of a joined request: the access its time became part of. */
  readonly accessId?: string;
  /** Of a joined request: where the story of that access is told. */
  readonly accessStory?: { readonly channel: string; readonly ts: string };
  /** Of the request an access lives on: whose time became part of it, in the order they joined. */
  readonly joins?: readonly JoinedTime[];
  readonly events: readonly AccessEvent[];
  /** The votes, as they are shown. What counts is what was cast: `RequestStore.getWithVotes`. */
  readonly votes: readonly Vote[];
  /** Of a pending request: who said last that they are looking at it. Decides nothing. */
  readonly claim?: Claim;
  readonly messages: readonly SentMessage[];
  /** Which mails about it went to whom: `<kind>:<occasion>:<principal id>`, each once. */
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
  /** How often the removal was tried in vain; the history has an event for some of the tries only. */
  readonly removalTries?: number;
  /** How many events the messages showed when that was last written down; they may show more. */
  readonly told?: number;
  /** ISO 8601; when Identity Center said the assignment is gone. */
  readonly endedAt?: string;
  /** ISO 8601; when the sessions begun before the end were denied, and what denies them had been read back. */
  readonly sessionsCutAt?: string;
  /**
   * Why its sessions are left alone: the assignment stays (`kept`), or the permission set has no session guard (`unguarded`). Absent
   * while they are to be cut, or have been.
   */
  readonly sessionsLeft?: 'kept' | 'unguarded';
  /** What its report says at a glance beside the verdict: what to look at, what was changed, where the whole of it is. Plain text. */
  readonly reportLines?: readonly string[];
  /** Name of the policy or access record whose path was taken. */
  readonly path?: string;
  /** What the access ends with before its time, as its policy said when it was given: one that is gone can say it no more. */
  readonly endsWith?: readonly EndsWith[];
  /** Error or reason that made the request fail, kept from the first failure to the state `failed`. */
  readonly failure?: string;
  /** ISO 8601; when the last decision was made, and by which version of the access table. */
  readonly decidedAt?: string;
  readonly accessVersion?: string;
}

/** The assignment a request is a claim on. */
export function assignmentOf(request: AccessRequest): Assignment {
  return { principalId: request.requester.principalId, target: request.target };
}

/** Whoever was asked to decide a request, in the order of its ways, each once. Principal ids. */
export function askedApprovers({ asked }: Pick<AccessRequest, 'asked'>): readonly string[] {
  const all = (asked?.waitingPaths ?? []).flatMap(({ approvals }) => approvals.flatMap(({ approvers }) => approvers));
  return [...new Set(all)];
}

/** How long a request has been known to its approvers; approvers it escalated to stay its approvers. Seconds. */
export function waitedSeconds(request: AccessRequest, now: Date): number {
  return Math.floor((now.getTime() - new Date(request.requestedAt).getTime()) / 1000);
}
