import type { Listing } from '../access/listing.ts';
import type { AssignmentPort, LeaseItem, Now, RequestStore, Sha256, WorkflowPort } from '../access/ports.ts';
import type { MadeStore } from '../access/recovery/made.ts';
import type { AuditLog } from '../audit/ports.ts';
import type { Directory } from '../model/directory.ts';
import type { AccessRequest } from '../model/request.ts';
import type { Assignment } from '../model/target.ts';
import type {
  Actor,
  DriftFinding,
  DriftItem,
  DriftMode,
  DriftPass,
  DriftRule,
  MalformedDriftItem,
  ProvisionedPair,
} from './types.ts';

/** Remembered drift. `put`, `drop` and `savePass` expect the revision seen, and return whether they were written. */
export interface DriftStore {
  get(assignment: Assignment): Promise<DriftItem | MalformedDriftItem | undefined>;
  /** Writes an item over the one that was seen, or a new item if none was seen. */
  put(item: Omit<DriftItem, 'revision'>, seen: DriftItem | MalformedDriftItem | undefined): Promise<boolean>;
  drop(assignment: Assignment, seen: DriftItem | MalformedDriftItem): Promise<boolean>;
  /** @throws OutOfTimeError when `goOn` says no */
  inStatus(status: DriftItem['status'], how?: Listing): AsyncIterable<DriftItem>;
  mode(): Promise<DriftMode>;
  setMode(mode: Required<DriftMode>): Promise<void>;
  pass(): Promise<DriftPass | MalformedDriftItem | undefined>;
  savePass(pass: Omit<DriftPass, 'revision'>, seen: DriftPass | MalformedDriftItem | undefined): Promise<boolean>;
}

/** Lease items, as the function that hears of changes by others reads and writes them. */
export interface LeaseWatch {
  get(assignment: Assignment): Promise<LeaseItem | undefined>;
  all(): AsyncIterable<LeaseItem>;
  /**
   * Notes that somebody else made (`standing`) or removed the assignment that live leases hold; a creation is noted
   * also in an item that the revoke has released. Only a change since the lease began counts, with a minute of
   * tolerance for the grant's own look-up, and only one that is later than Glasshammer's own last removal and than the
   * newest change noted: events come late, twice and in any order.
   *
   * @param at ISO 8601; when it happened
   * @returns the item as it is now if the note applies (also if it was made before), else `undefined`
   */
  noteOutside(assignment: Assignment, standing: boolean, at: string): Promise<LeaseItem | undefined>;
  /** When the assignment was last known to be absent, by Glasshammer's own records; ISO 8601. */
  absentAt(assignment: Assignment): Promise<string | undefined>;
  /** Was it known to be absent at this instant (ISO 8601) or later? Then an assignment made until then is gone. */
  wasAbsentSince(assignment: Assignment, at: string): Promise<boolean>;
  /**
   * Claims an assignment without a lease item for removal, so that no grant begins meanwhile. `undefined`: it has one.
   */
  claim(assignment: Assignment, holder: string, since: string): Promise<LeaseItem | undefined>;
  noteRemoval(seen: LeaseItem, operationId: string | undefined): Promise<void>;
  forget(seen: LeaseItem): Promise<void>;
}

/** What Identity Center has provisioned. Each page is one call. */
export interface ProvisionedPort {
  accountsOf(permissionSetArn: string): Promise<readonly string[]>;
  setsOf(accountId: string): Promise<readonly string[]>;
  /** Principal ids of the users assigned directly; groups are left out. */
  usersOf(pair: ProvisionedPair): Promise<readonly string[]>;
}

/** What Glasshammer may assign, which is what it watches. */
export interface DriftScope {
  /** `*`: every account of the organization. */
  readonly accounts: '*' | readonly string[];
  readonly permissionSets: readonly { readonly name: string; readonly arn: string }[];
  readonly groups: readonly string[];
}

/** The part of the directory that gives names and says where accounts are. */
export type DriftDirectory = Pick<Directory, 'user' | 'group' | 'account' | 'ouPathOf' | 'tagsOf'>;

/** Somebody else removed access that was still running. */
export interface RemovedByOthers {
  readonly request: AccessRequest;
  /** Absent when the access was found missing by a look-up. */
  readonly by?: Actor;
  readonly at: string;
}

/** Tells people. Each call throws when nobody could be told. */
export interface DriftNotifier {
  found(findings: readonly DriftFinding[], mode: DriftMode): Promise<void>;
  removed(items: readonly DriftItem[]): Promise<void>;
  interfered(interference: RemovedByOthers): Promise<void>;
  /** Brings the messages about a request up to date. */
  story(requestId: string): Promise<void>;
}

export interface DriftServices {
  readonly drift: DriftStore;
  readonly leases: LeaseWatch;
  readonly made: MadeStore;
  readonly requests: RequestStore;
  readonly assignments: Pick<AssignmentPort, 'exists' | 'creationStatus'>;
  readonly workflow: WorkflowPort;
  readonly directory: DriftDirectory;
  readonly teller: DriftNotifier;
  readonly audit: AuditLog;
  readonly scope: DriftScope;
  readonly rules: readonly DriftRule[];
  readonly now: Now;
  readonly sha256: Sha256;
}
