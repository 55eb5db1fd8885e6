import type { AccessItem } from '../../model/access-item.ts';

/** One record to write: what is expected to be there (absent: nothing), and what is to be there (absent: nothing). */
export interface AccessChange {
  readonly id: string;
  readonly before?: AccessItem;
  readonly after?: AccessItem;
}

/** Who changed the access table and what was changed, for the audit. */
export interface AccessAudit {
  readonly type: 'policy-pushed' | 'principal-set' | 'principal-removed';
  /** ISO 8601. */
  readonly at: string;
  /** The operator, as far as known. */
  readonly by: string;
  /** Ids of the records written. */
  readonly ids: readonly string[];
}

/** The most records written at once: a transaction takes 100 actions, and the version and the audit entry are two of them. */
export const MOST_CHANGES = 98;

/** The access table as an operator writes it. The running system has no such port: it only reads. */
export interface AccessTableWriter {
  /** Every record whose id starts so; strongly consistent. */
  list(prefix: string): Promise<readonly AccessItem[]>;
  /** Every policy, and every record of no kind, as the running system reads them; strongly consistent. */
  policiesAndStrays(): Promise<readonly AccessItem[]>;
  /**
   * Writes up to `MOST_CHANGES` records, a new version of the table and the audit entry, all or nothing. Every record has to be
   * as expected; `changedMeanwhile` names those that are not, and then nothing is written.
   */
  apply(
    changes: readonly AccessChange[],
    audit: AccessAudit,
  ): Promise<{ readonly applied: true } | { readonly applied: false; readonly changedMeanwhile: readonly string[] }>;
}
