import type { Assignment } from '../model/target.ts';

/** What is done with an assignment that nobody's lease owns. Access by groups is never taken away, whatever a rule says. */
export type DriftAction = 'ignore' | 'warn' | 'revoke';

/**
 * A rule of the configuration. With `groups` it is about memberships of the groups Glasshammer manages, otherwise about
 * assignments; the first rule that matches decides.
 */
export interface DriftRule {
  /** `*`, a 12-digit id, `ou:<id>` (nested units included), `ou-direct:<id>` or `tag:<key>=<value>`. */
  readonly accounts: readonly string[];
  /** `*`, a name or an ARN. */
  readonly permissionSets: readonly string[];
  /** `*` or ids. */
  readonly groups: readonly string[];
  readonly action: DriftAction;
  /** Seconds between the message and the removal; for `revoke` alone. */
  readonly graceSeconds: number;
}

/** Who made a call, as CloudTrail names them. */
export interface Actor {
  /** ARN where there is one. */
  readonly id: string;
  /** In words: `ana@example.com (role Admin)`. */
  readonly name: string;
}

/** One call that made or removed an assignment or a membership, as CloudTrail recorded it. */
export interface AssignmentChange {
  readonly kind: 'made' | 'removed';
  readonly eventId: string;
  /** ISO 8601. */
  readonly at: string;
  readonly by: Actor;
  /**
   * The caller, as its role tells. `ours`: a role of Glasshammer that changes assignments. `unknown`: a role of our own account that
   * is no person's, which may be one of ours under another name. Of what was made, it alone decides nothing.
   */
  readonly caller: 'ours' | 'unknown' | 'other';
  /** Identity Center's id of the creation, which the answer to the call carried. Memberships have none. */
  readonly operationId?: string;
  /** Absent when the record does not say: the removal of a membership names an id that nobody else knows. */
  readonly assignment?: Assignment;
  /** For assignments: to whom. A membership is always a user's. */
  readonly principalType: 'USER' | 'GROUP';
}

/** Names of what an assignment is about, for people; ids stay the truth. */
export interface AssignmentNames {
  readonly principalName?: string;
  /** The directory has no such principal any more: what it holds is left over. */
  readonly principalGone?: true;
  readonly accountName?: string;
  readonly permissionSetName?: string;
  readonly groupName?: string;
}

/** What becomes of an assignment that was found. */
export type DriftPlan =
  | { readonly action: 'ignore' }
  | { readonly action: 'warn' }
  /** `removeAt`, ISO 8601; absent while drift is report-only: then it is only said what would be done, after `graceSeconds`. */
  | { readonly action: 'revoke'; readonly graceSeconds: number; readonly removeAt?: string };

/** An assignment that nobody's lease owns, with what is to be told of it. */
export interface DriftFinding {
  readonly assignment: Assignment;
  readonly principalType: 'USER' | 'GROUP';
  /** Who made it, where an event said so. */
  readonly made?: { readonly by: Actor; readonly at: string; readonly eventId: string };
  /** A lease of ours holds the same assignment right now; the end of that does not take this away. */
  readonly leased?: true;
  readonly names: AssignmentNames;
  readonly plan: Exclude<DriftPlan, { action: 'ignore' }>;
}

/** What is remembered of an assignment that was told of, so that it is told once. */
export interface DriftItem {
  readonly assignment: Assignment;
  /** `told`: it stays. `to-remove`: it is removed at `due`. `removed`: it is gone, and that is still to be told. */
  readonly status: 'told' | 'to-remove' | 'removed';
  /** ISO 8601; when it is removed, or when it was found. */
  readonly due: string;
  /** ISO 8601. */
  readonly foundAt: string;
  readonly made?: { readonly by: Actor; readonly at: string; readonly eventId: string };
  readonly names: AssignmentNames;
  /** What the rules said then: `warn`, or `revoke` and whether it was only a report. */
  readonly action: 'warn' | 'revoke';
  /** The rules it was decided by, as one text: nothing is removed by rules that are no longer in force. */
  readonly rules: string;
  /** Changes with every write. */
  readonly revision: number;
}

/**
 * What stands where an item of ours should, and is none: who writes by hand may write anything. It counts as not there, and is written
 * over.
 */
export interface Spoiled {
  readonly spoiled: true;
  /** As it stands there, of whatever type; `undefined` where there is none. */
  readonly revision: unknown;
}

/** Is it what we wrote? */
export function isReadable<Item extends object>(item: Item | Spoiled | undefined): item is Item {
  return item !== undefined && !('spoiled' in item);
}

/** What we wrote; nothing where it is spoiled, or not there. */
export function readable<Item extends object>(item: Item | Spoiled | undefined): Item | undefined {
  return isReadable(item) ? item : undefined;
}

/** Whether drift is only told of, or acted upon. Until an operator confirms, it is only told of. */
export interface DriftMode {
  readonly mode: 'report-only' | 'enforcing';
  /** The operator who switched last, and when (ISO 8601). Absent before the first. */
  readonly by?: string;
  readonly at?: string;
}

/** Where the full pass stands. */
export interface DriftPass {
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601; absent while it is under way. */
  readonly finishedAt?: string;
  /** The `at` of the mode it began under. Absent before the first confirm. */
  readonly modeAt?: string;
  /** The account or permission set that is next, or was begun; absent at the beginning. */
  readonly unit?: string;
  /** The last provisioned pair of it that is done. */
  readonly after?: string;
  readonly checked: number;
  readonly found: number;
  readonly failures: number;
  readonly revision: number;
}

/** A provisioned pair: the permission set exists in the account because somebody is assigned to it. */
export interface ProvisionedPair {
  readonly accountId: string;
  readonly permissionSetArn: string;
}

/** Equal for equal pairs; sorts by account. */
export function pairKey({ accountId, permissionSetArn }: ProvisionedPair): string {
  return `${accountId} ${permissionSetArn}`;
}
