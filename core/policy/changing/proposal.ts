import type { Sha256 } from '../../access/ports.ts';
import type { AccessItem } from '../../model/access-item.ts';
import { compareText } from '../../model/text.ts';
import { canonicalText, policyOfItem } from '../authoring/plan.ts';
import type { AccessAudit, AccessChange } from '../authoring/ports.ts';

/** A change of the policies that an operator has proposed, and that another has to accept. */
export interface Proposal {
  readonly id: string;
  /** Who proposed it, proven when they did. */
  readonly principalId: string;
  readonly userName: string;
  /** ISO 8601; from `expiresAt` on nobody can accept it. */
  readonly at: string;
  readonly expiresAt: string;
  /** All policies as they are to be, as a policy file. */
  readonly text: string;
  /** Of the policies it was made against, `policiesHash`. */
  readonly base: string;
  readonly note: string;
  /** So many policies may be removed; absent: a few, and none that binds anybody. */
  readonly allowRemoving?: number;
  readonly state: 'proposed' | 'accepted' | 'withdrawn';
  /** Who accepted or withdrew it, and when (ISO 8601). */
  readonly decided?: { readonly principalId: string; readonly userName: string; readonly at: string };
}

/** Proposed changes, each with its facts for the audit. Only the function that changes policies writes them. */
export interface ProposalStore {
  get(id: string): Promise<Proposal | undefined>;
  /** Those that wait, at this instant (ISO 8601). */
  open(at: string): Promise<readonly Proposal[]>;
  /** @param note for the audit @returns false where one of this id is there already */
  put(proposal: Proposal, note: string): Promise<boolean>;
  /** @returns false where it is done already */
  withdraw(id: string, decided: NonNullable<Proposal['decided']>, note: string): Promise<boolean>;
  /**
   * Writes the policies, a new version of the table, the fact and that the proposal is accepted: all, or nothing where a record is not
   * as expected (`changed`) or the proposal is done already (`over`).
   */
  accept(
    id: string,
    decided: NonNullable<Proposal['decided']>,
    changes: readonly AccessChange[],
    audit: AccessAudit & { readonly note: string },
  ): Promise<'accepted' | 'changed' | 'over'>;
}

/** Equal for tables that hold the same policies, in whatever order. */
export function policiesHash(stored: readonly AccessItem[], sha256: Sha256): string {
  const texts = stored.map((item) => canonicalText(policyOfItem(item)));
  return sha256(texts.sort(compareText).join('\n'));
}
