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

/** The first item of a list, and the others for as long as there is time: whoever may write items can make a list as long as they like. */
export async function* whileTimeLasts<T>(
  list: AsyncIterable<T>,
  { hasTimeLeft }: Pick<PassServices, 'hasTimeLeft'>,
  counts: Pick<PassCounts, 'complete'>,
): AsyncIterable<T> {
  let isSpent = false;
  for await (const item of list) {
    if (isSpent) {
      counts.complete = false;
      return;
    }
    yield item;
    isSpent = !hasTimeLeft();
  }
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
