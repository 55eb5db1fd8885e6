import type { AccessItem } from '../model/access-item.ts';
import type { HeldAccess } from '../model/held-access.ts';
import type { AccessEvent, AccessRequest, JoinedTime, RequestState, SentMessage, Vote } from '../model/request.ts';
import type { Assignment } from '../model/target.ts';
import type { AccessSeen } from './lease/access-seen.ts';
import type { Granted } from './lease/ports.ts';
import type { Listing, RequestListing } from './listing.ts';

/** Interfaces to AWS and Slack, declared where they are used and implemented in `gateways/`. */

/** The current time. A function, so that no module keeps the time at which it was loaded. */
export type Now = () => Date;

/** SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal. A port, as the core runs without Node's `crypto`. */
export type Sha256 = (text: string) => string;

/** A conditional change: it applies only while the request is in one of `from`. Without `to`, the state stays. */
export interface RequestChange {
  readonly from: readonly RequestState[];
  readonly to?: RequestState;
  /** Its `state` must equal `to`; the event and the change of state are one write. */
  readonly event?: AccessEvent;
  /** Events to append just before `event`, in the same write. */
  readonly eventsBefore?: readonly AccessEvent[];
  /** Only while the history has this many events: a write repeated after a lost answer would append its event again. */
  readonly eventsSeen?: number;
  readonly set?: Partial<Omit<AccessRequest, 'id' | 'state' | 'events' | 'votes' | 'messages' | 'mailed' | 'tokens'>>;
  /** Task tokens to store; `undefined` leaves a token as it is. */
  readonly tokens?: { readonly approval?: string; readonly hold?: string };
  /** Identity Center's id of the creation, added to the stored grant record. */
  readonly operationId?: string;
  /** A sent message to remember; there is one per role and channel. */
  readonly message?: SentMessage;
  /** Keys of mails to record as sent; the change is refused when one of them is already recorded. */
  readonly mailed?: readonly string[];
  /** A vote to cast, in one transaction with the change; refused (`changed: false`) when its principal voted before. */
  readonly vote?: Vote;
  /** Only while the access has the end and the joined requests that the caller saw. */
  readonly accessSeen?: AccessSeen;
  /** Only while a review is owed: of two reviewers who answer at the same instant, only one gives the review. */
  readonly reviewOwed?: true;
}

/** `changed: false` carries the request as it is now, so that the caller can say why without another read. */
export type ChangeResult =
  | { readonly changed: true; readonly request: AccessRequest }
  | { readonly changed: false; readonly request: AccessRequest | undefined };

/** Points to one request: from a button in a message that a person pressed, or from a place. */
export interface PointerKey {
  /** Equal for presses of the same button in the same message by the same person, and for requests in one place. */
  readonly key: string;
  /** The request that a new one may replace because that request is over; absent where none was there before. */
  readonly replaces?: string;
}

/** A request that joins an access and brings its time to it. */
export interface Join {
  readonly requestId: string;
  readonly from: readonly RequestState[];
  readonly set: Pick<AccessRequest, 'accessId' | 'startsAt' | 'endsAt' | 'decidedAt'> &
    Partial<Pick<AccessRequest, 'accessStory' | 'path' | 'endsWith'>>;
  readonly event: AccessEvent;
  /** The access as the caller saw it: it must still be in one of these states, end then, and not have this request. */
  readonly access: {
    readonly id: string;
    readonly in: readonly RequestState[];
    readonly endsAt: string;
    /** The fields of the access that change, besides its end. */
    readonly set?: Partial<Pick<AccessRequest, 'breakGlass' | 'review'>>;
  };
  readonly joined: JoinedTime;
  /** What the person holds from then on; and until when the request's votes count (ISO 8601), if it has any. */
  readonly hold: HeldAccess;
  readonly votesUntil?: string;
  readonly assignment: Assignment;
  /** For the history of the access; absent when its end does not move. */
  readonly extended?: AccessEvent;
}

export interface VotedRequest {
  readonly request: AccessRequest;
  readonly votes: readonly Vote[];
}

export interface RequestStore {
  /** Strongly consistent. @throws MalformedItemError */
  get(id: string): Promise<AccessRequest | undefined>;
  /**
   * A request with the votes cast on it, in one strongly consistent read. Only these votes count: only functions that
   * verify the voter by Slack's or AWS's signature write them; many may write requests. @throws MalformedItemError
   */
  getWithVotes(id: string): Promise<VotedRequest | undefined>;
  /**
   * Writes a new request, the click it came from and the place it takes in one transaction. `exists` is the id of the
   * request that was there first: under the same id, for the same click or, with `inPlace`, in the same place.
   */
  create(
    request: AccessRequest,
    idempotencyKey?: PointerKey,
    place?: PointerKey,
  ): Promise<
    { readonly created: true } | { readonly created: false; readonly exists: string; readonly inPlace?: boolean }
  >;
  /** The request that last took a place, by the key of the place; that request may be over. */
  inPlace(key: string): Promise<string | undefined>;
  /** One conditional write of state, event and fields. A state that does not fit is answered, never thrown. */
  change(id: string, change: RequestChange): Promise<ChangeResult>;
  /**
   * Joins a request to an access: its own state, the end of the access and the person's hold change in one transaction.
   * False, with nothing changed, when the request or the access is no longer as the caller saw it.
   */
  join(join: Join): Promise<boolean>;
  /** Those of these requests that may hold access, and what; strongly consistent. Unreadable ones hold nothing. */
  holding(ids: readonly string[]): Promise<ReadonlyMap<string, Assignment>>;
  /** Requests in these states, earliest end first in each, paged. @throws OutOfTimeError when `goOn` says no */
  inStates(states: readonly RequestState[], how?: RequestListing): AsyncIterable<AccessRequest>;
}

/** The holder of a removal that no request began; the sweep carries it out. */
export const SWEEP_HOLDER = 'sweep';

/** The lease item of one assignment: the live claims on it. */
export interface LeaseItem {
  readonly assignment: Assignment;
  /** Ids of the requests that have a claim. */
  readonly leases: readonly string[];
  /** Is the assignment standing? Absent until the first grant has looked; until then, nothing is created. */
  readonly standing?: boolean;
  /** ISO 8601; the newest outside change that CloudTrail reported while it was held. Absent if none was. */
  readonly standingAt?: string;
  readonly removing?: {
    readonly requestId: string;
    /** ISO 8601. */
    readonly since: string;
    readonly operationId?: string;
  };
  /**
   * ISO 8601; when a removal was closed although the assignment may still appear: the grant never confirmed its
   * creation, so its call may still arrive, or the account is out of use. The sweep looks again because of this item.
   */
  readonly releasedAt?: string;
  /** ISO 8601; no claim is taken before: sessions begun earlier are denied, so the credentials would be useless. */
  readonly opensAt?: string;
}

export interface LeaseStore {
  get(assignment: Assignment): Promise<LeaseItem | undefined>;
  /**
   * Adds this request's claim, unless another request has one (one access holds an assignment) or `opensAt` has not
   * come. Returns the item afterwards; its claim says who holds the assignment.
   * @throws RemovalInProgressError while the assignment is being removed
   */
  add(assignment: Assignment, requestId: string): Promise<LeaseItem>;
  /** Records whether the assignment existed before the grant; the first answer stays. */
  noteStanding(assignment: Assignment, standing: boolean): Promise<LeaseItem>;
  /** Records that Glasshammer made it, as its workflow says, unless CloudTrail reported others. Returns the item. */
  noteOurs(assignment: Assignment): Promise<LeaseItem | undefined>;
  /** Records that it was absent then (`at`, ISO 8601), as creation succeeded: what others gave before is gone. */
  noteAbsent(assignment: Assignment, at: string): Promise<void>;
  /** When it was last known to be absent (ISO 8601), by Glasshammer's own records; kept longer than access lasts. */
  absentAt(assignment: Assignment): Promise<string | undefined>;
  /** When the removal begun by this request was done, by own records (ISO 8601). It did not make what exists since. */
  removedFor(assignment: Assignment, requestId: string): Promise<string | undefined>;
  /** Takes this request's claim away. Returns the item afterwards, `undefined` when there is none. */
  drop(assignment: Assignment, requestId: string): Promise<LeaseItem | undefined>;
  /**
   * Makes an item that holds only a removal, for an assignment without an item. While it exists, no grant adds a claim.
   *
   * @param holder the id of the request that removes, or `SWEEP_HOLDER`
   * @param since ISO 8601
   * @returns `undefined` when an item already exists
   */
  claim(assignment: Assignment, holder: string, since: string): Promise<LeaseItem | undefined>;
  /** Marks the removal as running, if no claim is left and no other removal has begun. Returns the item afterwards. */
  beginRemoval(assignment: Assignment, requestId: string, since: string): Promise<LeaseItem | undefined>;
  /** Stores Identity Center's id of the running removal, or clears it, if the removal is the one the caller saw. */
  noteRemoval(seen: LeaseItem, operationId: string | undefined): Promise<void>;
  /** Deletes the item, unless it has a claim or a newer removal; if a removal was running, records that it is done. */
  forget(seen: LeaseItem): Promise<void>;
  /** Ends the removal that the caller saw and keeps the item, open for claims; `at` (ISO 8601) becomes `releasedAt`. */
  release(seen: LeaseItem, at: string): Promise<void>;
  /** Refuses claims until then (ISO 8601, with milliseconds), unless claimed or being removed. Returns the item. */
  holdBack(assignment: Assignment, until: string): Promise<LeaseItem | undefined>;
  /** Every lease item, for passes such as the sweep. @throws OutOfTimeError when `goOn` says no */
  all(how?: Listing): AsyncIterable<LeaseItem>;
}

/** Who held which assignment when: the facts by which limits over several requests are judged. */
export interface HoldStore {
  /** One read, earliest start first, actual ends. Holds that ended over a day ago may be missing, but for the last. */
  of(assignment: Assignment): Promise<readonly HeldAccess[]>;
  /** The same with the ends as granted, and zero length for a request that joined; by the key of each assignment. */
  given(assignments: readonly Assignment[]): Promise<ReadonlyMap<string, readonly HeldAccess[]>>;
  /** What was given by a request; `undefined` if nothing was, or before this was stored. Strongly consistent. */
  granted(requestId: string): Promise<Granted | undefined>;
  /** Removes holds that no limit looks back on and whose votes no longer count. Only the grant may: it writes holds. */
  prune(assignment: Assignment, given: readonly HeldAccess[]): Promise<void>;
}

/** The answer to a creation or a removal, or to a poll of either. */
export interface OperationStatus {
  readonly status: 'in-progress' | 'succeeded' | 'failed';
  readonly operationId?: string;
  readonly reason?: string;
  /** This call made it, so it did not exist just before. Known for memberships only: they cannot be made twice. */
  readonly fresh?: true;
}

/** Identity Center's account assignments and group memberships behind one interface. */
export interface AssignmentPort {
  exists(assignment: Assignment): Promise<boolean>;
  create(assignment: Assignment): Promise<OperationStatus>;
  creationStatus(assignment: Assignment, operationId: string): Promise<OperationStatus>;
  /** `succeeded` also when the assignment does not exist. */
  remove(assignment: Assignment): Promise<OperationStatus>;
  removalStatus(assignment: Assignment, operationId: string): Promise<OperationStatus>;
}

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

/** The access table, the freeze and the locks of people, read anew for each decision. */
export interface PolicyStore {
  principal(slackId: string): Promise<AccessItem | undefined>;
  /** Those of these records that exist, the freeze and the person's lock, in one read. */
  read(
    recordIds: readonly string[],
    principalId: string,
  ): Promise<{ readonly records: readonly AccessItem[]; readonly storeState: PolicyStoreState }>;
  /** The freeze and the version of the access table; with a principal id, the lock of that person as well. */
  storeState(principalId?: string): Promise<PolicyStoreState>;
  /** Every `principal#…` record, to find approvers in Slack. */
  principals(): Promise<readonly AccessItem[]>;
  /** Every `policy#…` record as of `version`, and what may be a mistyped one; read once per version and process. */
  policies(version: string): Promise<readonly AccessItem[]>;
}

/** What operators forbid until they allow it again; in the request table, as decisions only read the access table. */
export interface PolicyStoreState {
  /** Set while `glasshammer freeze` is in force: no new grants. */
  readonly frozen?: { readonly by: string; readonly at: string; readonly reason: string };
  /** Set while an operator has locked the person whose state was read. */
  readonly locked?: { readonly reason: string };
  /** Changes whenever the access table changes. */
  readonly accessVersion: string;
}

export interface WorkflowPort {
  /** Starts the workflow of a request; starting it twice is harmless. */
  start(requestId: string): Promise<void>;
  /**
   * Starts a clean-up for a request whose workflow died, under a name made unique by `attempt`. `report`: only the
   * report is left.
   */
  startCleanup(requestId: string, attempt: string, from?: 'revoke' | 'report'): Promise<void>;
  /**
   * Starts a workflow that cuts the sessions of an assignment that was gone at `goneAt` (ISO 8601) and belongs to no
   * known request. A key, up to 70 characters, starts one cut only.
   */
  startCut(key: string, removed: Assignment, goneAt: string): Promise<void>;
  /** Wakes the state that waits with this task token. False when it no longer waits. */
  wake(token: string, output: Readonly<Record<string, unknown>>): Promise<boolean>;
}

/** The state of a request's workflow. */
export type ExecutionState =
  | { readonly status: 'running' }
  /** When it stopped (ISO 8601) and how, in Step Functions' word: SUCCEEDED, FAILED, TIMED_OUT or ABORTED. */
  | { readonly status: 'stopped'; readonly at: string; readonly how: string }
  /** No execution has this name. */
  | { readonly status: 'unknown' };

/** What Step Functions says about executions. It may lag by seconds: callers conclude nothing from recent changes. */
export interface ExecutionWatch {
  /** Ids of the requests that have a running execution, be it their workflow or a clean-up. */
  runningFor(): Promise<ReadonlySet<string>>;
  /** The state of the request's own workflow; clean-ups do not count. */
  stateOf(requestId: string): Promise<ExecutionState>;
}
