import type { EndsWith } from '../../model/decision.ts';
import type { Hours } from './hours.ts';
import type { TicketPattern } from './ticket/ticket-pattern.ts';

/** The three effects of a policy. */
export const EFFECTS = ['allow', 'deny', 'require'] as const;
export type Effect = (typeof EFFECTS)[number];

/** The people that a policy is for. */
export interface Who {
  readonly everyone: boolean;
  /** User ids, user names or e-mails, as written without `user:`. */
  readonly users: readonly string[];
  /** Group ids or names, as written without `group:`. */
  readonly groups: readonly string[];
  /** Memberships that Glasshammer granted count as well. In a deny or require they always count. */
  readonly leased?: true;
  /** Numbers of the groups within one policy set: ten thousand policies are matched faster by number than by text. */
  readonly groupNumbers?: readonly number[];
}

/** Which accounts a policy covers. */
export interface AccountScope {
  readonly all: boolean;
  readonly ids: ReadonlySet<string>;
  /** Organizational units whose accounts are covered, however deeply nested. */
  readonly ous: readonly string[];
  /** Organizational units of which only the accounts directly inside are covered. */
  readonly directOus: readonly string[];
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/** Permission sets by name or ARN, or groups by id or name. */
export interface NameScope {
  readonly all: boolean;
  readonly names: ReadonlySet<string>;
}

/**
 * What a policy is about. An absent part does not limit the policy. `groups` is present when the policy is about
 * memberships, `accounts` and `permissionSets` when it is about accounts. A scope with none of the three is about
 * everything.
 */
export interface Scope {
  readonly who: Who;
  readonly accounts?: AccountScope;
  readonly permissionSets?: NameScope;
  readonly groups?: NameScope;
  readonly hours?: Hours;
}

/** Approvers as written in the policy: `user:…` or `group:…`, prefix included. */
export type ApproverRef = string;

/** The approval that an allow policy demands. Lengths in seconds. */
export interface ApprovalRule {
  readonly approvers: readonly ApproverRef[];
  readonly count: number;
  readonly self: boolean;
  /** A person who is in an approver group only because Glasshammer granted the membership may vote as well. */
  readonly leased?: true;
  readonly expiresSeconds: number;
  readonly remindSeconds: number;
  readonly escalate?: { readonly afterSeconds: number; readonly to: readonly ApproverRef[] };
}

/** The conditions under which a policy allows a request. */
export interface Conditions {
  /** The longest uninterrupted access, counted over all requests that join it. */
  readonly maxDurationSeconds?: number;
  /** The pause after the end of access before the same person may have it again. */
  readonly cooldownSeconds?: number;
  /** The most access within 24 hours. */
  readonly perDaySeconds?: number;
  readonly reason?: { readonly minLength: number };
  readonly ticket?: { readonly pattern: TicketPattern };
}

/** What every policy of a policy set has. */
interface InPolicySet {
  /** Its position in the policy set. */
  readonly place?: number;
}

export interface AllowPolicy extends Conditions, InPolicySet {
  readonly effect: 'allow';
  readonly name: string;
  readonly scope: Scope;
  readonly approval?: ApprovalRule;
  readonly breakGlass: boolean;
  /** What ends access by this policy early. Always includes `membership` where leased memberships count. */
  readonly endsWith?: readonly EndsWith[];
}

export interface DenyPolicy extends InPolicySet {
  readonly effect: 'deny';
  readonly name: string;
  readonly scope: Scope;
}

export interface RequirePolicy extends Conditions, InPolicySet {
  readonly effect: 'require';
  readonly name: string;
  readonly scope: Scope;
  readonly approval?: {
    /** Present: votes of these people, in addition to the path's own. Absent: `count` of the path's own approvers. */
    readonly approvers?: readonly ApproverRef[];
    readonly count?: number;
    /** As in `ApprovalRule`. */
    readonly leased?: true;
    /** `false`: the requester's own vote never counts. */
    readonly self?: false;
  };
}

export type Policy = AllowPolicy | DenyPolicy | RequirePolicy;

/** When a pending request expires and reminds, where the policy does not say. Seconds. */
export const DEFAULT_TIMING = { expiresSeconds: 8 * 3600, remindSeconds: 15 * 60 } as const;
