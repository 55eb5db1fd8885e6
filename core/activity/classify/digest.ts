import { compareText } from '../../model/text.ts';
import { CALL_KINDS, type CallKind } from './call-kind.ts';
import type { FlagId } from './flags.ts';

/**
 * What was done, folded to a bounded size: it is stored in one DynamoDB item between the pages, so every list has a limit, and
 * whatever a limit cuts is counted. All instants are ISO 8601 in whole seconds.
 */
export interface ActivityDigest {
  /** Every call of this request, whether or not a row could be kept for it. */
  readonly counts: Record<CallKind, number>;
  /** By `rowKey`. */
  readonly rows: Record<string, RowTally>;
  /** How many rows there are of each kind, and how many calls found no room for a row. */
  readonly rowCounts: Record<CallKind, number>;
  readonly cut: Record<CallKind, number>;
  /** Where calls came from. */
  readonly addresses: AddressSpan[];
  readonly flags: Partial<Record<FlagId, FlagTally>>;
  /** Sessions as other roles, begun with this access. */
  readonly hops: RoleHop[];
  /** Calls by the same person in the same role that are not this request's. */
  readonly outside: Partial<Record<OutsideReason, Span>>;
  /** Records that could not be read as calls, and hops and addresses for which there was no room. */
  malformed: number;
  hopsCut: number;
  addressesCut: number;
}

export type OutsideReason = 'before' | 'after' | 'earlier-session';

/** How often and when. */
export interface Span {
  count: number;
  first: string;
  last: string;
}

export interface AddressSpan extends Span {
  readonly address: string;
}

/** All calls of one kind, action, error and role. `…Cut`: there were more than are kept. */
export interface RowTally extends Span {
  readonly regions: string[];
  readonly addresses: string[];
  readonly resources: string[];
  regionsCut?: boolean;
  addressesCut?: boolean;
  resourcesCut?: boolean;
}

export interface FlagTally extends Span {
  /** Of `count`, how many AWS refused or rejected. */
  tried: number;
  readonly actions: Record<string, number>;
  readonly resources: string[];
  actionsCut?: boolean;
  resourcesCut?: boolean;
}

export interface RoleHop {
  readonly at: string;
  /** ARN of the role, or its name where CloudTrail does not give the ARN. */
  readonly role: string;
  readonly accountId: string;
  /** Empty when CloudTrail does not say, as for a switch of role in the console. */
  readonly accessKeyId: string;
}

/** A row, with its key taken apart. */
export interface CallRow extends RowTally {
  readonly kind: CallKind;
  readonly action: string;
  readonly errorCode: string;
  /** Empty for the permission set's own role, else the role gone on as. */
  readonly as: string;
}

/** Limits of the digest. Together they keep it under 350 KB whatever is in the calls; a test fills every one of them. */
export const LIMITS = {
  rows: { write: 110, refused: 55, failed: 25, read: 75, 'sign-in': 8 } satisfies Record<CallKind, number>,
  regionsPerRow: 5,
  addressesPerRow: 3,
  resourcesPerRow: 3,
  addresses: 40,
  actionsPerFlag: 15,
  resourcesPerFlag: 5,
  hops: 60,
} as const;

/** Nothing read yet. */
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

/** The key of a row. A bar never occurs in its parts. */
export function rowKey(kind: CallKind, action: string, errorCode: string, as: string): string {
  return `${kind}|${action}|${errorCode}|${as}`;
}

/** The rows of one kind, most calls first, then by action. */
export function rowsOf(digest: ActivityDigest, kind: CallKind): readonly CallRow[] {
  return Object.entries(digest.rows)
    .map(([key, tally]): CallRow => {
      const [of = '', action = '', errorCode = '', as = ''] = key.split('|');
      return { ...tally, kind: of as CallKind, action, errorCode, as };
    })
    .filter((row) => row.kind === kind)
    .sort(
      (a, b) =>
        b.count - a.count || compareText(a.action, b.action) || compareText(a.errorCode + a.as, b.errorCode + b.as),
    );
}

/** How many calls were made with this access, signing in aside. */
export function callsIn(digest: ActivityDigest): number {
  return CALL_KINDS.reduce((sum, kind) => (kind === 'sign-in' ? sum : sum + digest.counts[kind]), 0);
}

/** Calls for which there was no room for a row. */
export function callsCut(digest: ActivityDigest): number {
  return CALL_KINDS.reduce((sum, kind) => sum + digest.cut[kind], 0);
}
