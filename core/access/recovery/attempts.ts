import { OutOfTimeError } from '../../model/errors.ts';
import type { Listing } from '../listing.ts';
import type { LeaseStore, RequestStore } from '../ports.ts';
import type { MadeList } from './made.ts';

/** What a pass over many items asks for and reports to. */
export interface PassServices {
  /** False when the function is about to run out of time; the rest is left to the next pass. */
  hasTimeLeft(): boolean;
  /** Called for each item that failed; the pass goes on. */
  onFailure(error: unknown, what: { readonly requestId?: string }): void;
}

/** The counts of a pass, updated while it goes on. */
export interface PassCounts {
  failures: number;
  complete: boolean;
}

/**
 * Yields the first item of a list, and the others for as long as there is time: an attacker who may write items can
 * make a list as long as they like.
 */
export async function* whileTimeLasts<T>(
  list: AsyncIterable<T>,
  { hasTimeLeft }: Pick<PassServices, 'hasTimeLeft'>,
  counts: Pick<PassCounts, 'complete'>,
): AsyncIterable<T> {
  let isSpent = false;
  try {
    for await (const item of list) {
      if (isSpent) {
        counts.complete = false;
        return;
      }
      yield item;
      isSpent = !hasTimeLeft();
    }
  } catch (error) {
    if (!(error instanceof OutOfTimeError)) throw error;
    counts.complete = false;
  }
}

/** The lists that a pass reads. */
export interface PassLists {
  readonly requests: Pick<RequestStore, 'inStates'>;
  readonly leases: Pick<LeaseStore, 'all'>;
  readonly looks: { due(now: string, how?: Listing): AsyncIterable<string> };
  readonly made: MadeList;
}

/**
 * The same services with lists that throw OutOfTimeError once time is up, including lists that are read for one item
 * only and lists that yield nothing.
 */
export function listingInTime<T extends PassLists & Pick<PassServices, 'hasTimeLeft'>>(services: T): T {
  const { requests, leases, looks, made } = services;
  const goOn = () => services.hasTimeLeft();
  return {
    ...services,
    requests: { ...requests, inStates: (states, how) => requests.inStates(states, { ...how, goOn }) },
    leases: { ...leases, all: () => leases.all({ goOn }) },
    looks: { ...looks, due: (now) => looks.due(now, { goOn }) },
    made: { ...made, all: () => made.all({ goOn }) },
  } satisfies PassLists;
}

/** Does one item's work, if there is time for it. It never throws, because one failing item must not stop the rest. */
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
      if (error instanceof OutOfTimeError) {
        counts.complete = false;
        return;
      }
      counts.failures += 1;
      onFailure(error, what);
    }
  };
}
