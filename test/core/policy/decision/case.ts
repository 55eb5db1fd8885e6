import type { Outcome } from '../../../../core/model/decision.ts';
import type { Held } from '../world.ts';

/** One decision: the policies and records, the request, and what is expected of the decision. */
export interface DecisionCase extends Held {
  /** The name of the test: what a person gets, or would have lost. */
  readonly it: string;
  readonly outcome: Outcome;
  readonly path?: string;
  /** Code of the refusal. */
  readonly refusal?: string;
  /** Part of the decision's reason in words. */
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
