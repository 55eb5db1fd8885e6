import type { Assignment } from '../model/target.ts';

/** What is done with an assignment outside of Glasshammer. Access by groups is never removed, whatever a rule says. */
export type DriftAction = 'ignore' | 'warn' | 'revoke';

/**
 * A rule of the configuration. With `groups` it is about memberships of the groups that Glasshammer manages, otherwise
 * about assignments. The first rule that matches decides.
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
  /** ISO 8601, with milliseconds as the program's own instants, but CloudTrail cuts it to the second. */
  readonly at: string;
  readonly by: Actor;
  /**
   * The caller, judged by its role. `ours`: a role of Glasshammer that changes assignments. `unknown`: a role in
   * Glasshammer's account that people do not use, which may be Glasshammer's under another name. For a creation, the
   * caller alone decides nothing.
   */
  readonly caller: 'ours' | 'unknown' | 'other';
  /** Identity Center's id of the creation, from the answer to the call. Memberships have none. */
  readonly operationId?: string;
  /** Absent if the CloudTrail record does not say: the removal of a membership has an id that nobody can resolve. */
  readonly assignment?: Assignment;
  /** The principal of an assignment. The principal of a membership is always a user. */
  readonly principalType: 'USER' | 'GROUP';
}

/** Names for people; the ids are what counts. */
export interface AssignmentNames {
  readonly principalName?: string;
  /** The directory no longer has the principal: the assignment is left over. */
  readonly principalGone?: true;
  readonly accountName?: string;
  readonly permissionSetName?: string;
  readonly groupName?: string;
}

/** What is to be done with an assignment that was found. */
export type DriftPlan =
  | { readonly action: 'ignore' }
  | { readonly action: 'warn' }
  /**
   * `removeAt`: ISO 8601; absent while drift is report-only, when operators are only told that it would be removed
   * after `graceSeconds`.
   */
  | { readonly action: 'revoke'; readonly graceSeconds: number; readonly removeAt?: string };

/** An assignment that was made outside of Glasshammer, with what operators are told of it. */
export interface DriftFinding {
  readonly assignment: Assignment;
  readonly principalType: 'USER' | 'GROUP';
  /** Who made it, if an event said so. */
  readonly made?: { readonly by: Actor; readonly at: string; readonly eventId: string };
  /** A lease holds the same assignment now; the end of that lease does not remove it. */
  readonly leased?: true;
  readonly names: AssignmentNames;
  readonly plan: Exclude<DriftPlan, { action: 'ignore' }>;
}

/** What is remembered of an assignment that operators were told of, so that they are told once. */
export interface DriftItem {
  readonly assignment: Assignment;
  /** `told`: it stays. `to-remove`: it is removed at `due`. `removed`: it is gone, which is still to be told. */
  readonly status: 'told' | 'to-remove' | 'removed';
  /** ISO 8601; when it is to be removed or was removed; while it stays, when operators were last told of it. */
  readonly due: string;
  /** ISO 8601. */
  readonly foundAt: string;
  readonly made?: { readonly by: Actor; readonly at: string; readonly eventId: string };
  readonly names: AssignmentNames;
  /** What the rules said then. `revoke` while the status is `told`: drift was report-only. */
  readonly action: 'warn' | 'revoke';
  /** The rules of that decision, as one text: nothing is removed under rules that are no longer in force. */
  readonly rules: string;
  /** Changes with every write. */
  readonly revision: number;
}

/**
 * An item that is stored under an id of Glasshammer's, but not as Glasshammer writes it: somebody edited it by hand. It
 * counts as absent and is written over.
 */
export interface MalformedDriftItem {
  readonly spoiled: true;
  /** The attribute as it is stored, of whatever type; `undefined` if there is none. */
  readonly revision: unknown;
}

/** Is it an item as Glasshammer writes it? */
export function isReadable<Item extends object>(item: Item | MalformedDriftItem | undefined): item is Item {
  return item !== undefined && !('spoiled' in item);
}

/** The item as Glasshammer writes it; `undefined` if it is spoiled or absent. */
export function readable<Item extends object>(item: Item | MalformedDriftItem | undefined): Item | undefined {
  return isReadable(item) ? item : undefined;
}

/** Whether drift is only told to operators, or acted upon. Until an operator confirms, it is only told. */
export interface DriftMode {
  readonly mode: 'report-only' | 'enforcing';
  /** The operator who switched last, and when (ISO 8601). Absent before the first. */
  readonly by?: string;
  readonly at?: string;
}

/** How far the full pass has come. */
export interface DriftPass {
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601; absent while it is under way. */
  readonly finishedAt?: string;
  /** The `at` of the mode under which the pass began. Absent before the first confirm. */
  readonly modeAt?: string;
  /** The account or permission set that is next, or in progress; absent at the beginning. */
  readonly unit?: string;
  /** The last provisioned pair of that unit that is done. */
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

/** The same text for equal pairs; sorts by account. */
export function pairKey({ accountId, permissionSetArn }: ProvisionedPair): string {
  return `${accountId} ${permissionSetArn}`;
}
