import type { AccessRequest, RequestState } from '../../model/request.ts';
import type { RequestListing } from '../listing.ts';
import type { ExecutionWatch, RequestStore } from '../ports.ts';

/** An execution watch that lists the running executions once, when first asked; for one pass over the requests. */
export function oneLook(executions: ExecutionWatch): ExecutionWatch {
  let running: Promise<ReadonlySet<string>> | undefined;
  return {
    runningFor() {
      running ??= executions.runningFor();
      return running;
    },
    stateOf: (requestId) => executions.stateOf(requestId),
  };
}

/**
 * How many characters of requests, as JSON, are kept in memory for a second reading. This is enough for thousands of
 * requests as the program writes them; of requests that an attacker has filled up, it keeps as many as leave the
 * function room to work.
 */
const MOST_KEPT = 20_000_000;

/**
 * A request store that lists each state once, when it is first asked; for one pass that reads the lists several times.
 * A request that changes during the pass is returned as it was, like from a list read a moment earlier: every write
 * says what it expects to find. A list that was not read to its end, or is too large to keep, is read again.
 */
export function listedOnce<T extends Pick<RequestStore, 'inStates'>>(requests: T): T {
  const listed = new Map<RequestState, readonly AccessRequest[]>();
  let room = MOST_KEPT;
  return {
    ...requests,
    async *inStates(states: readonly RequestState[], how?: RequestListing) {
      // A part of a list must not be kept as the whole list.
      if (how?.endsFrom !== undefined) {
        yield* requests.inStates(states, how);
        return;
      }
      for (const state of states) {
        const known = listed.get(state);
        if (known !== undefined) {
          yield* known;
          continue;
        }
        const found: AccessRequest[] = [];
        let left = room;
        for await (const request of requests.inStates([state], how)) {
          if (left >= 0) left -= JSON.stringify(request).length;
          if (left >= 0) found.push(request);
          else found.length = 0;
          yield request;
        }
        if (left < 0) continue;
        room = left;
        listed.set(state, found);
      }
    },
  };
}
