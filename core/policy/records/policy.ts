import type { EndsWith } from '../../model/decision.ts';
import type { Hours } from './hours.ts';
import type { TicketPattern } from './ticket/ticket-pattern.ts';

/** The three effects of a policy. */
export const EFFECTS = ['allow', 'deny', 'require'] as const;
export type Effect = (typeof EFFECTS)[number];

/** Whom a policy names. */
export interface Who {
  readonly everyone: boolean;
  /** User ids, user names or e-mails, as written without `user:`. */
  readonly users: readonly string[];
  /** Group ids or names, as written without `group:`. */
  readonly groups: readonly string[];
  /** Membership that Glasshammer gave counts, too. In a deny or require it always does. */
  readonly leased?: true;
  /** The same as numbers within one book: ten thousand policies are matched by number, not by text. */
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
 * What a policy is about. Absent parts limit nothing; `groups` is there when the policy is about membership in groups, and the
 * account side when it is about accounts. A scope with none of the three is about everything.
 */
export interface Scope {
  readonly who: Who;
  readonly accounts?: AccountScope;
  readonly permissionSets?: NameScope;
  readonly groups?: NameScope;
  readonly hours?: Hours;
}

/** Approvers as written: `user:…` or `group:…`, prefix included. */
export type ApproverRef = string;

/** The approval an allow policy asks for. Lengths in seconds. */
export interface ApprovalRule {
  readonly approvers: readonly ApproverRef[];
  readonly count: number;
  readonly self: boolean;
  /** Who is in an approver group only because Glasshammer gave it may vote, too. */
  readonly leased?: true;
  readonly expiresSeconds: number;
  readonly remindSeconds: number;
  readonly escalate?: { readonly afterSeconds: number; readonly to: readonly ApproverRef[] };
}

/** What has to be written into a request for a policy to allow it. */
export interface Conditions {
  /** The longest uninterrupted access, whatever requests it is made of. */
  readonly maxDurationSeconds?: number;
  /** The pause after access before the same person may have it again. */
  readonly cooldownSeconds?: number;
  /** The most within 24 hours. */
  readonly perDaySeconds?: number;
  readonly reason?: { readonly minLength: number };
  readonly ticket?: { readonly pattern: TicketPattern };
}

/** What every policy of a book has. */
interface InPolicySet {
  /** Its place in the book. */
  readonly place?: number;
}

export interface AllowPolicy extends Conditions, InPolicySet {
  readonly effect: 'allow';
  readonly name: string;
  readonly scope: Scope;
  readonly approval?: ApprovalRule;
  readonly breakGlass: boolean;
  /** Access by this policy ends with these; one that counts memberships Glasshammer gave ends with the membership, always. */
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
    /** Present: these people's votes, on top of the path's own. Absent: `count` of the path's own approvers. */
    readonly approvers?: readonly ApproverRef[];
    readonly count?: number;
    /** As in `ApprovalRule`. */
    readonly leased?: true;
    /** `false`: nobody's own vote counts. */
    readonly self?: false;
  };
}

export type Policy = AllowPolicy | DenyPolicy | RequirePolicy;

/** How a pending request behaves where the policy does not say. Seconds. */
export const DEFAULT_TIMING = { expiresSeconds: 8 * 3600, remindSeconds: 15 * 60 } as const;
