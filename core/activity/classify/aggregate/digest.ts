import { compareText } from '../../../model/text.ts';
import { CALL_KINDS, type CallKind } from '../call-kind.ts';
import type { HandedOnSoOften } from '../handed-on.ts';
import type { FlagId } from '../rules/flag-ids.ts';
import type { ChainedRole } from '../sessions.ts';

/**
 * What was done, aggregated to a bounded size. It is stored in one DynamoDB item between the pages, so every list has a
 * limit, and the digest says where a limit cut. All instants are ISO 8601 in whole seconds.
 */
export interface ActivityDigest {
  /** Every call of this request, whether or not a row could be kept for it. */
  readonly counts: Record<CallKind, number>;
  /** Keyed by `rowKey`. */
  readonly rows: Record<string, RowAggregate>;
  /** How many rows there are of each kind, and how many calls found no room for a row. */
  readonly rowCounts: Record<CallKind, number>;
  readonly cut: Record<CallKind, number>;
  /** Where calls came from. */
  readonly addresses: AddressSpan[];
  readonly flags: Partial<Record<FlagId, FlagAggregate>>;
  /** Chained sessions and created access keys, the most important ones. */
  readonly hops: ChainedRole[];
  /**
   * What received a role or credentials and may still act with them, the most important first. Absent in reports begun
   * before this was kept.
   */
  handed?: HandedOnSoOften[];
  /** How often a role or credentials were handed on without room for an entry in `handed`. */
  handedCut?: number;
  /**
   * What calls of the permission set's own role passed to services: `roles` by ARN, `others` by another name, such as
   * an instance profile. Absent if nothing was passed, and in reports begun before this was kept.
   */
  passed?: { readonly roles: string[]; readonly others: string[]; cut?: true };
  /** The source identities of the sessions, where the organization demands them. */
  sourceIdentities?: string[];
  /**
   * The resources of the calls of the permission set's own role, by IAM action; `null` if they are not known. Absent in
   * reports begun before this was kept, and if there were too many actions.
   */
  policyResources?: Record<string, string[] | null>;
  policyResourcesCut?: boolean;
  /** Calls by the requester in the same role that do not belong to this request. */
  readonly outside: Partial<Record<OutsideReason, Span>>;
  /** Records that could not be read as calls. */
  malformed: number;
  /** The first of those records: id, name, time and Region if known. Absent in reports begun before this was kept. */
  malformedRecords?: string[];
  /** Sessions, and calls from addresses, for which there was no room. */
  hopsCut: number;
  addressesCut: number;
}

export type OutsideReason = 'before' | 'after' | 'earlier-session' | 'later-session';

/** How often and when. */
export interface Span {
  count: number;
  first: string;
  last: string;
}

export interface AddressSpan extends Span {
  readonly address: string;
}

/** All calls of one kind, action, error, role and flag. `…Cut`: there were more than are kept. */
export interface RowAggregate extends Span {
  readonly regions: string[];
  readonly addresses: string[];
  readonly resources: string[];
  /** What the calls were made with: console, command line, service. Absent in reports begun before this was kept. */
  means?: string[];
  /** What AWS said when it refused or rejected them. */
  said?: string[];
  regionsCut?: boolean;
  addressesCut?: boolean;
  resourcesCut?: boolean;
}

export interface FlagAggregate extends Span {
  /** How many of `count` AWS refused or rejected. */
  tried: number;
  /** Calls that succeeded, by action. Failed calls have a limit of their own and take no room here. */
  readonly actions: Record<string, number>;
  /** Calls that failed, by action, and what they named. Absent in reports begun before these were kept apart. */
  attempts?: Record<string, number>;
  attempted?: string[];
  readonly resources: string[];
  actionsCut?: boolean;
  resourcesCut?: boolean;
}

/** A row, with its key taken apart. */
export interface CallRow extends RowAggregate {
  readonly kind: CallKind;
  readonly action: string;
  readonly errorCode: string;
  /** Empty for the permission set's own role, else the role or user of a chained session. */
  readonly as: string;
  /** The flag of level `look` that each of these calls raises; empty for most rows. */
  readonly flag: FlagId | '';
}

/** The limits of a digest. They keep it under 350 KB whatever the calls contain; a test fills every one of them. */
export const LIMITS = {
  rows: { write: 110, refused: 38, failed: 20, read: 55, 'sign-in': 8 } satisfies Record<CallKind, number>,
  regionsPerRow: 5,
  addressesPerRow: 3,
  meansPerRow: 3,
  messagesPerRow: 1,
  resourcesPerRow: 3,
  addresses: 40,
  actionsPerFlag: 25,
  attemptsPerFlag: 8,
  resourcesPerFlag: 6,
  hops: 60,
  handed: 28,
  passedRoles: 16,
  passedOthers: 4,
  sourceIdentities: 5,
  malformedRecords: 8,
  actionsWithResources: 80,
  resourcesPerAction: 4,
} as const;

/** A digest of nothing. */
export function emptyDigest(): ActivityDigest {
  return {
    counts: perKind(),
    rows: {},
    rowCounts: perKind(),
    cut: perKind(),
    addresses: [],
    flags: {},
    hops: [],
    outside: {},
    malformed: 0,
    hopsCut: 0,
    addressesCut: 0,
  };
}

function perKind(): Record<CallKind, number> {
  return { write: 0, refused: 0, failed: 0, read: 0, 'sign-in': 0 };
}

/** The key of a row. No part contains a bar, because `bounded` replaces it. */
export function rowKey(kind: CallKind, action: string, errorCode: string, as: string, flag: FlagId | ''): string {
  return `${kind}|${action}|${errorCode}|${as}|${flag}`;
}

/** The rows of one kind, most calls first, then by action. */
export function rowsOf(digest: ActivityDigest, kind: CallKind): readonly CallRow[] {
  return Object.entries(digest.rows)
    .map(([key, aggregate]): CallRow => {
      const [of = '', action = '', errorCode = '', as = '', flag = ''] = key.split('|');
      return { ...aggregate, kind: of as CallKind, action, errorCode, as, flag: flag as FlagId | '' };
    })
    .filter((row) => row.kind === kind)
    .sort(
      (a, b) =>
        b.count - a.count || compareText(a.action, b.action) || compareText(a.errorCode + a.as, b.errorCode + b.as),
    );
}

/** How many calls were made with this access, without sign-ins. */
export function callsIn(digest: ActivityDigest): number {
  return CALL_KINDS.reduce((sum, kind) => (kind === 'sign-in' ? sum : sum + digest.counts[kind]), 0);
}

/** The number of calls for which there was no room for a row. */
export function callsCut(digest: ActivityDigest): number {
  return CALL_KINDS.reduce((sum, kind) => sum + digest.cut[kind], 0);
}
