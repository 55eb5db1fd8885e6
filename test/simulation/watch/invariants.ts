/** What must hold in every history, with any faults. The mutations and docs/simulation.md refer to the numbers. */
export const INVARIANTS = {
  1: 'No assignment of ours outlives its last lease by more than the sweep interval plus the outage.',
  2: 'Nothing standing is ever removed, and nothing that others made.',
  3: 'No assignment of ours is made without a granted decision that the policies of that time allow.',
  4: 'Every transition is in the history exactly once, in order, and allowed by the life cycle.',
  5: 'Every ended request is reported once all can be read, or says why not.',
  6: 'Terminal states never change.',
  7: 'Nobody is told that access is granted or ended before it is true.',
  8: 'Every request comes to an end.',
  9: 'Access that somebody was told to have is there until its end.',
  10: 'What others change is noticed: who loses access is told within a minute, and what the drift rules remove is removed.',
  11: 'No access lasts longer without a break than its policy allows, and what joined it has its time inside it.',
  12: 'No call succeeds with credentials issued for an ended request later than the margin, where there is a session guard.',
} as const;

export type Invariant = keyof typeof INVARIANTS;

/** An invariant is broken. The message holds the facts; playing stops here. */
export class BrokenInvariantError extends Error {
  override readonly name = 'BrokenInvariantError';
  readonly invariant: Invariant;

  constructor(invariant: Invariant, facts: string) {
    super(facts);
    this.invariant = invariant;
  }
}

/** Called for a broken invariant. Throws, unless the invariant is one that is not checked in this run. */
export type ReportViolation = (invariant: Invariant, facts: string) => void;

/** @param only the invariants that are checked; absent: all are */
export function createViolationReporter(only?: readonly Invariant[]): ReportViolation {
  return (invariant, facts) => {
    if (only === undefined || only.includes(invariant)) throw new BrokenInvariantError(invariant, facts);
  };
}
