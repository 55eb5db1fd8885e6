import type { Outcome } from '../../../../core/model/decision.ts';
import type { Held } from '../world.ts';

/** One decision, as facts: what is written down, who asks for what, and what they are told. */
export interface DecisionCase extends Held {
  /** Says what a person gets, or would have lost. */
  readonly it: string;
  readonly outcome: Outcome;
  readonly path?: string;
  /** Code of the refusal. */
  readonly refusal?: string;
  /** Part of the sentence. */
  readonly says?: string;
  readonly nearest?: string;
  /** What is still needed, `policy: count of approver, approver`. */
  readonly needs?: readonly string[];
  /** Everyone whose vote can still count, on any path. */
  readonly approvers?: readonly string[];
  readonly maxHours?: number;
  /** Votes that do not count, `who: reason`. */
  readonly refusedVotes?: readonly string[];
  readonly breakGlass?: boolean;
  /** Approvers that a break-glass grant passes over. */
  readonly told?: readonly string[];
}
