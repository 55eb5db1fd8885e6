/** What a pass over many items is told and tells. */
export interface PassServices {
  /** False when the function is about to run out of time; the rest is left to the next pass. */
  hasTimeLeft(): boolean;
  /** Told of each item that failed; the pass goes on. */
  onFailure(error: unknown, what: { readonly requestId?: string }): void;
}

/** What came of a pass; counted while it goes on. */
export interface PassCounts {
  failures: number;
  complete: boolean;
}

/** Does one item's work, if there is time for it. It never throws: one item that fails must not stop the rest. */
export type Attempt = (work: () => Promise<void>, what: { readonly requestId?: string }) => Promise<void>;

/** @param counts where failures and what was left for lack of time are counted */
export function attemptsOf({ hasTimeLeft, onFailure }: PassServices, counts: PassCounts): Attempt {
  return async (work, what) => {
    if (!hasTimeLeft()) {
      counts.complete = false;
      return;
    }
    try {
      await work();
    } catch (error) {
      counts.failures += 1;
      onFailure(error, what);
    }
  };
}
