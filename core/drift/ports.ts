import type { AssignmentPort, LeaseItem, Now, RequestStore, Sha256, WorkflowPort } from '../access/ports.ts';
import type { MadeBook } from '../access/recovery/made.ts';
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
  ProvisionedPair,
  Spoiled,
} from './types.ts';

/** What is remembered of drift. Every write states what it expects and answers whether it came to be. */
export interface DriftStore {
  get(assignment: Assignment): Promise<DriftItem | Spoiled | undefined>;
  /** Writes an item over the one that was seen, or where none was. */
  put(item: Omit<DriftItem, 'revision'>, seen: DriftItem | Spoiled | undefined): Promise<boolean>;
  drop(assignment: Assignment, seen: DriftItem | Spoiled): Promise<boolean>;
  inStatus(status: DriftItem['status']): AsyncIterable<DriftItem>;
  mode(): Promise<DriftMode>;
  setMode(mode: Required<DriftMode>): Promise<void>;
  pass(): Promise<DriftPass | Spoiled | undefined>;
  savePass(pass: Omit<DriftPass, 'revision'>, seen: DriftPass | Spoiled | undefined): Promise<boolean>;
}

/** The lease items, as far as others change what they are about. */
export interface LeaseWatch {
  get(assignment: Assignment): Promise<LeaseItem | undefined>;
  all(): AsyncIterable<LeaseItem>;
  /**
   * Notes that somebody else made (`standing`) or removed the assignment that live leases hold. Applies only to what happened
   * since the lease began, a minute of tolerance for the grant's own look, not to what we have removed since, and not after
   * something newer: events come late, twice and in any order.
   *
   * @param at ISO 8601; when it happened
   * @returns the item as it is now when the note applies (also when it was made before), else `undefined`
   */
  noteOutside(assignment: Assignment, standing: boolean, at: string): Promise<LeaseItem | undefined>;
  /** When it was last known not to be there, as far as our own records say; ISO 8601. */
  absentAt(assignment: Assignment): Promise<string | undefined>;
  /** Was it known not to be there at this instant (ISO 8601) or later? What was made until then is gone. */
  wasAbsentSince(assignment: Assignment, at: string): Promise<boolean>;
  /** Claims an assignment that has no lease item for removal, so that no grant comes between. `undefined`: there is one. */
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

/** What Glasshammer may assign, and therefore what it watches. */
export interface DriftScope {
  /** `*`: every account of the organization. */
  readonly accounts: '*' | readonly string[];
  readonly permissionSets: readonly { readonly name: string; readonly arn: string }[];
  readonly groups: readonly string[];
}

/** What of the directory is needed to name things and to place accounts. */
export type DriftDirectory = Pick<Directory, 'user' | 'group' | 'account' | 'ouPathOf' | 'tagsOf'>;

/** Somebody else removed access that was still running. */
export interface Interference {
  readonly request: AccessRequest;
  /** Absent when it was found missing by looking. */
  readonly by?: Actor;
  readonly at: string;
}

/** Whom to tell. Each throws when nobody could be told. */
export interface DriftNotifier {
  found(findings: readonly DriftFinding[], mode: DriftMode): Promise<void>;
  removed(items: readonly DriftItem[]): Promise<void>;
  interfered(interference: Interference): Promise<void>;
  /** Brings the messages about a request up to date. */
  story(requestId: string): Promise<void>;
}

export interface DriftServices {
  readonly drift: DriftStore;
  readonly leases: LeaseWatch;
  readonly made: MadeBook;
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
