import type { AccessItem } from '../model/access-item.ts';
import type { HeldAccess } from '../model/held-access.ts';
import type { AccessEvent, AccessRequest, JoinedTime, RequestState, SentMessage, Vote } from '../model/request.ts';
import type { Assignment } from '../model/target.ts';
import type { AccessSeen } from './lease/access-seen.ts';
import type { Listing, RequestListing } from './listing.ts';

/**
 * What the program needs from the outside, declared where it is used. `gateways/` implements these against AWS and Slack;
 * nothing in `core/` knows how.
 */

/** The instant it is now. A function, so that nothing freezes at module load. */
export type Now = () => Date;

/** SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal. A port, because the core runs without Node's `crypto`. */
export type Sha256 = (text: string) => string;

/** A change of a request. Absent `to`: the state stays, and the request must be in one of `from`. */
export interface RequestChange {
  readonly from: readonly RequestState[];
  readonly to?: RequestState;
  /** Its `state` must equal `to`; both are one write. */
  readonly event?: AccessEvent;
  /** What goes into the history just before it, in the same write. */
  readonly eventsBefore?: readonly AccessEvent[];
  /** Only while it has this many events: a write that is repeated because its answer was lost would add its event again. */
  readonly eventsSeen?: number;
  readonly set?: Partial<Omit<AccessRequest, 'id' | 'state' | 'events' | 'votes' | 'messages' | 'mailed' | 'tokens'>>;
  /** Task tokens to store (`undefined` leaves one alone). */
  readonly tokens?: { readonly approval?: string; readonly hold?: string };
  /** Identity Center's id of the creation, to be kept with what the grant noted before. */
  readonly operationId?: string;
  /** A sent message to remember, once per role and channel. */
  readonly message?: SentMessage;
  /** Mails to note as sent, by key; refused when one of them was before. */
  readonly mailed?: readonly string[];
  /** A vote to cast, in one transaction with the change; refused (`changed: false`) when its principal voted before. */
  readonly vote?: Vote;
  /** Only while its access is as it was seen. */
  readonly accessSeen?: AccessSeen;
  /** Only while a review is owed: of two reviewers in the same instant, one gives it. */
  readonly reviewOwed?: true;
}

/** `changed: false` carries the request as it is now, so the caller can say why without another read. */
export type ChangeResult =
  | { readonly changed: true; readonly request: AccessRequest }
  | { readonly changed: false; readonly request: AccessRequest | undefined };

/** A button pressed by one person in one message for one target. While the request it led to is open, another press starts nothing. */
export interface IdempotencyKey {
  /** Equal for presses of the same button in the same message by the same person. */
  readonly key: string;
  /** The request this click may replace because it is over; absent for a button never pressed before. */
  readonly replaces?: string;
}

/** A request that brings its time to an access. */
export interface Join {
  readonly requestId: string;
  readonly from: readonly RequestState[];
  /** What of the request changes with it. */
  readonly set: Pick<AccessRequest, 'accessId' | 'startsAt' | 'endsAt' | 'decidedAt'> &
    Partial<Pick<AccessRequest, 'accessStory' | 'path' | 'endsWith'>>;
  readonly event: AccessEvent;
  /** The access as it was seen: it must be in one of these states still, end then, and not have this request. */
  readonly access: {
    readonly id: string;
    readonly in: readonly RequestState[];
    readonly endsAt: string;
    /** What of the access changes with it, besides its end. */
    readonly set?: Partial<Pick<AccessRequest, 'breakGlass' | 'review'>>;
  };
  readonly joined: JoinedTime;
  /** What the person holds from then on; and until when the votes on the request count (ISO 8601), where there are any. */
  readonly hold: HeldAccess;
  readonly votesUntil?: string;
  readonly assignment: Assignment;
  /** In the history of the access; absent when its end stays as it is. */
  readonly extended?: AccessEvent;
}

/** A request, and the votes that were cast on it. */
export interface VotedRequest {
  readonly request: AccessRequest;
  readonly votes: readonly Vote[];
}

export interface RequestStore {
  /** Strongly consistent. @throws MalformedItemError */
  get(id: string): Promise<AccessRequest | undefined>;
  /**
   * A request with the votes that were cast on it, in one strongly consistent read. Only these votes count: they are written by
   * nobody but who has seen Slack's signature, which is more than can be said of the request. @throws MalformedItemError
   */
  getWithVotes(id: string): Promise<VotedRequest | undefined>;
  /**
   * Writes a new request and, with it in one transaction, the click it came from and the place it takes.
   * `exists` names the request that was there first, by id, by click or, where `inPlace` says so, by its place.
   */
  create(
    request: AccessRequest,
    idempotencyKey?: IdempotencyKey,
    place?: IdempotencyKey,
  ): Promise<
    { readonly created: true } | { readonly created: false; readonly exists: string; readonly inPlace?: boolean }
  >;
  /** The request that took a place last, by the key of the place; it may be over. */
  inPlace(key: string): Promise<string | undefined>;
  /** One conditional write: state, event, fields. Never throws for a state that does not fit. */
  change(id: string, change: RequestChange): Promise<ChangeResult>;
  /**
   * Moves a request into an access: its own state, the access's end and what the person holds in one transaction, so that none is
   * ever without the others. Nothing changes, and it says so, when either is not any more what was seen.
   */
  join(join: Join): Promise<boolean>;
  /** Of these, those that may hold access, and what; strongly consistent. One that cannot be read holds nothing. */
  holding(ids: readonly string[]): Promise<ReadonlyMap<string, Assignment>>;
  /** Requests in one of these states, oldest end first; read as they are asked for. @throws OutOfTimeError where it was told not to go on */
  inStates(states: readonly RequestState[], how?: RequestListing): AsyncIterable<AccessRequest>;
}

/** Whose name a removal bears that no request began: it is the sweep's to carry out. */
export const SWEEP_HOLDER = 'sweep';

/** The live claims on one assignment. */
export interface LeaseItem {
  readonly assignment: Assignment;
  /** Request ids. */
  readonly leases: readonly string[];
  /** Was it there before us? Absent until the first grant has looked; nothing has been created before it is known. */
  readonly standing?: boolean;
  /** ISO 8601; the newest change by others that CloudTrail has told of while it was held. Absent where `standing` is what a look showed. */
  readonly standingAt?: string;
  readonly removing?: {
    readonly requestId: string;
    /** ISO 8601. */
    readonly since: string;
    readonly operationId?: string;
  };
  /**
   * ISO 8601; set when the revoke has let go of an assignment whose grant never said that it was done. A call that the grant had
   * made by then may still arrive, and whatever it makes is found by this item.
   */
  readonly releasedAt?: string;
  /** ISO 8601; no claim is taken before: sessions begun earlier are denied, so access given earlier would hand out useless credentials. */
  readonly opensAt?: string;
}

export interface LeaseStore {
  get(assignment: Assignment): Promise<LeaseItem | undefined>;
  /**
   * Adds this request's claim, if no other has one: an assignment is held by one access. Returns the item as it is then; whose claim
   * it has says who holds it. Before it opens (`opensAt`), it has nobody's.
   * @throws RemovalInProgressError while the assignment is being removed
   */
  add(assignment: Assignment, requestId: string): Promise<LeaseItem>;
  /** Records whether the assignment was there before us. The first answer stays. */
  noteStanding(assignment: Assignment, standing: boolean): Promise<LeaseItem>;
  /** Notes that it is ours, by the word of the workflow that made it, unless CloudTrail has told that others did. Returns the item then, if any. */
  noteOurs(assignment: Assignment): Promise<LeaseItem | undefined>;
  /** Notes that nothing was there at this instant (ISO 8601), as making it anew succeeded: whatever others had given before is gone. */
  noteAbsent(assignment: Assignment, at: string): Promise<void>;
  /** When it was last known not to be there, by our own records (ISO 8601), for as long as the longest access lasts. */
  absentAt(assignment: Assignment): Promise<string | undefined>;
  /** When the removal that this request began was done, by our own records (ISO 8601); what is there since, it did not make. */
  removedFor(assignment: Assignment, requestId: string): Promise<string | undefined>;
  /** Takes this request's claim away. `undefined` when there is no item: nothing of ours exists. */
  drop(assignment: Assignment, requestId: string): Promise<LeaseItem | undefined>;
  /**
   * Makes an item that is nothing but a removal, for an assignment that no item speaks of: while it is there, no grant adds a claim.
   *
   * @param holder the request that removes, or the name of the pass
   * @param since ISO 8601
   * @returns `undefined` when an item is there
   */
  claim(assignment: Assignment, holder: string, since: string): Promise<LeaseItem | undefined>;
  /** Marks the removal as running, if no claim is left and nobody else began it. Returns the item as it is then. */
  beginRemoval(assignment: Assignment, requestId: string, since: string): Promise<LeaseItem | undefined>;
  /** Remembers Identity Center's id of the running removal, if it is still the removal seen. */
  noteRemoval(seen: LeaseItem, operationId: string | undefined): Promise<void>;
  /** Deletes the item, if no claim is left and no other removal has begun since it was seen; what it removed has ended. */
  forget(seen: LeaseItem): Promise<void>;
  /** Ends the removal that was seen and keeps the item, open for new claims, with the instant (ISO 8601) it was let go. */
  release(seen: LeaseItem, at: string): Promise<void>;
  /** Takes no claim before an instant (ISO 8601, with milliseconds), unless one is there. Returns the item as it is then. */
  holdBack(assignment: Assignment, until: string): Promise<LeaseItem | undefined>;
  /** Every item, for the sweep. @throws OutOfTimeError where it was told not to go on */
  all(how?: Listing): AsyncIterable<LeaseItem>;
}

/** What a person held of what, when: the facts by which limits over several requests are judged. */
export interface HoldStore {
  /** One read. Oldest start first; what ended more than a day ago may be left out, but for the last. Ends as they came to be. */
  of(assignment: Assignment): Promise<readonly HeldAccess[]>;
  /** The same with the ends that were given, and of no length for a request that joined another; by the key of each assignment. */
  given(assignments: readonly Assignment[]): Promise<ReadonlyMap<string, readonly HeldAccess[]>>;
  /** Takes out what limits do not look back on any more, and whose votes no longer count; for the grant alone, which writes what was given. */
  prune(assignment: Assignment, given: readonly HeldAccess[]): Promise<void>;
}

/** The answer to a creation or removal, or to a poll of one. */
export interface OperationStatus {
  readonly status: 'in-progress' | 'succeeded' | 'failed';
  readonly operationId?: string;
  readonly reason?: string;
  /** The call itself made it, so nothing was there just before. Only memberships can tell: they cannot be made twice. */
  readonly fresh?: true;
}

/** Identity Center's assignments and group memberships, which look alike from here. */
export interface AssignmentPort {
  exists(assignment: Assignment): Promise<boolean>;
  create(assignment: Assignment): Promise<OperationStatus>;
  creationStatus(assignment: Assignment, operationId: string): Promise<OperationStatus>;
  /** An assignment that is not there is `succeeded`. */
  remove(assignment: Assignment): Promise<OperationStatus>;
  removalStatus(assignment: Assignment, operationId: string): Promise<OperationStatus>;
}

/** A Slack user as Slack describes them. */
export interface ChatUser {
  readonly id: string;
  readonly teamId: string;
  /** On Enterprise Grid: every workspace the user is in, and the id of the enterprise. */
  readonly teamIds?: readonly string[];
  readonly enterpriseId?: string;
  readonly email: string;
  readonly emailConfirmed: boolean;
  readonly name: string;
  readonly timeZone: string;
  readonly isBot: boolean;
  readonly isDeleted: boolean;
  readonly isGuest: boolean;
  readonly isStranger: boolean;
}

export interface ChatDirectory {
  user(slackId: string): Promise<ChatUser | undefined>;
  /** The Slack user with this e-mail address, to mention an approver. */
  userIdByEmail(email: string): Promise<string | undefined>;
}

/** The access table, the freeze and the locks of people, read fresh for each decision. */
export interface PolicyStore {
  principal(slackId: string): Promise<AccessItem | undefined>;
  /** The records with these ids that exist, the freeze and the person's lock; one read. */
  read(
    recordIds: readonly string[],
    principalId: string,
  ): Promise<{ readonly records: readonly AccessItem[]; readonly storeState: PolicyStoreState }>;
  /** The freeze and the version of the table; with a person, their lock as well. */
  storeState(principalId?: string): Promise<PolicyStoreState>;
  /** Every `principal#…` record, to find approvers in Slack. */
  principals(): Promise<readonly AccessItem[]>;
  /** Every `policy#…` record as of `version`, and what may be a mistyped one; read once per version and process. */
  policies(version: string): Promise<readonly AccessItem[]>;
}

/** What operators have forbidden until they allow it again, kept in the request table because the access table is only read. */
export interface PolicyStoreState {
  /** Set while `glasshammer freeze` is in force: no new grants. */
  readonly frozen?: { readonly by: string; readonly at: string; readonly reason: string };
  /** Set while an operator has locked the person it was asked for. */
  readonly locked?: { readonly reason: string };
  /** Changes whenever the access table changes. */
  readonly accessVersion: string;
}

export interface WorkflowPort {
  /** Starts the workflow of a request; a second start is harmless. */
  start(requestId: string): Promise<void>;
  /**
   * Starts the clean-up of a request whose workflow died; `attempt` makes the name unique. From the report on, where nothing else is left
   * to do; `lost`: the revoke of what the workflow's own history says that it gave, where the request knows nothing of it.
   */
  startCleanup(requestId: string, attempt: string, from?: 'revoke' | 'report' | 'lost'): Promise<void>;
  /** Has the sessions cut of what went at `goneAt` (ISO 8601) and no request speaks of; the key, up to 70 letters, starts it once. */
  startCut(key: string, removed: Assignment, goneAt: string): Promise<void>;
  /** Wakes a waiting state. False when it no longer waits. */
  wake(token: string, output: Readonly<Record<string, unknown>>): Promise<boolean>;
}

/** How the workflow of a request stands. */
export type ExecutionState =
  | { readonly status: 'running' }
  /** Since when (ISO 8601) and how, in Step Functions' word: SUCCEEDED, FAILED, TIMED_OUT or ABORTED. */
  | { readonly status: 'stopped'; readonly at: string; readonly how: string }
  /** No execution has this name. */
  | { readonly status: 'unknown' };

/** What Step Functions says about executions; the last seconds may be missing, so nothing is concluded of what has only just moved. */
export interface ExecutionWatch {
  /** Ids of the requests for which an execution runs, be it their workflow or a clean-up. */
  runningFor(): Promise<ReadonlySet<string>>;
  /** The request's own workflow; clean-ups do not count. */
  stateOf(requestId: string): Promise<ExecutionState>;
}
