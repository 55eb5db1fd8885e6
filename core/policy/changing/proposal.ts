import type { Sha256 } from '../../access/ports.ts';
import type { AccessItem } from '../../model/access-item.ts';
import { compareText } from '../../model/text.ts';
import { canonicalText, policyOfItem } from '../authoring/plan.ts';
import type { AccessAudit, AccessChange } from '../authoring/ports.ts';

/** A change of the policies that one operator has proposed and another has to accept. */
export interface Proposal {
  readonly id: string;
  /** The operator who proposed it; their identity was proven at that time. */
  readonly principalId: string;
  readonly userName: string;
  /** ISO 8601. From `expiresAt` on, the proposal cannot be accepted. */
  readonly at: string;
  readonly expiresAt: string;
  /** The complete wanted policies, as a policy file. */
  readonly text: string;
  /** `policiesHash` of the policies that the proposal was based on. */
  readonly base: string;
  readonly note: string;
  /** How many policies may be removed; absent: a few, none of which denies or requires. */
  readonly allowRemoving?: number;
  readonly state: 'proposed' | 'accepted' | 'withdrawn';
  /** The operator who accepted or withdrew it, and when (ISO 8601). */
  readonly decided?: { readonly principalId: string; readonly userName: string; readonly at: string };
}

/** Stores proposals, each with its audit facts. Only the function that changes policies writes them. */
export interface ProposalStore {
  get(id: string): Promise<Proposal | undefined>;
  /** The proposals that can be accepted at this instant (ISO 8601). */
  open(at: string): Promise<readonly Proposal[]>;
  /** @param note for the audit @returns false where a proposal with this id exists */
  put(proposal: Proposal, note: string): Promise<boolean>;
  /** @returns false where the proposal is already accepted or withdrawn */
  withdraw(id: string, decided: NonNullable<Proposal['decided']>, note: string): Promise<boolean>;
  /**
   * Writes the policies, a new version of the table, the audit fact and the state of the proposal in one transaction.
   * Nothing is written where a record is not as expected (`changed`), or where the proposal is already accepted or
   * withdrawn (`over`).
   */
  accept(
    id: string,
    decided: NonNullable<Proposal['decided']>,
    changes: readonly AccessChange[],
    audit: AccessAudit & { readonly note: string },
  ): Promise<'accepted' | 'changed' | 'over'>;
}

/** A hash that is equal for tables with the same policies, in any order. */
export function policiesHash(stored: readonly AccessItem[], sha256: Sha256): string {
  const texts = stored.map((item) => canonicalText(policyOfItem(item)));
  return sha256(texts.sort(compareText).join('\n'));
}
