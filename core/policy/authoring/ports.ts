import type { AccessItem } from '../../model/access-item.ts';

/** One record to write: the expected state before, and the state after; absent: no record. */
export interface AccessChange {
  readonly id: string;
  readonly before?: AccessItem;
  readonly after?: AccessItem;
}

/** Who changed the access table and what they changed, for the audit. */
export interface AccessAudit {
  readonly type: 'policy-pushed' | 'principal-set' | 'principal-removed';
  /** ISO 8601. */
  readonly at: string;
  /** The operator, as far as known. */
  readonly by: string;
  /** Ids of the records written. */
  readonly ids: readonly string[];
}

/** The most records written at once: a transaction holds 100 actions, and the version and the audit entry are two. */
export const MOST_RECORDS_IN_BATCH = 98;

/**
 * The access table as operators write it. The deployed functions read it only, except the one that accepts proposals,
 * which writes through `ProposalStore`.
 */
export interface AccessTableWriter {
  /** Every record whose id has this prefix; strongly consistent. */
  list(prefix: string): Promise<readonly AccessItem[]>;
  /** Every policy, person record and record of no kind, as decisions read them; strongly consistent. */
  policiesAndStrays(): Promise<readonly AccessItem[]>;
  /**
   * Writes up to `MOST_RECORDS_IN_BATCH` records, a new version of the table and the audit entry, all or nothing. If any record
   * is not as expected, nothing is written and `changedMeanwhile` names those records.
   */
  apply(
    changes: readonly AccessChange[],
    audit: AccessAudit,
  ): Promise<{ readonly applied: true } | { readonly applied: false; readonly changedMeanwhile: readonly string[] }>;
}
