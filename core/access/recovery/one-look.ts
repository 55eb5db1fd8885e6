import type { AccessRequest, RequestState } from '../../model/request.ts';
import type { RequestListing } from '../listing.ts';
import type { ExecutionWatch, RequestStore } from '../ports.ts';

/** A watch that lists the running executions once, when it is first asked to; for one pass over the requests. */
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
 * So many characters of requests, as JSON, are kept in memory for a second look: thousands as the program writes them, and of those that
 * somebody has filled as many as leave the function room to work.
 */
const MOST_KEPT = 20_000_000;

/**
 * Requests of which each state is listed once, when it is first asked for; for one pass that goes over them several times. What
 * moves during the pass is still told as it was, which is no different from a list read a moment too early: every write says what
 * it expects to find. A list that could not be read to its end, or is too large to be kept, is read again.
 */
export function listedOnce<T extends Pick<RequestStore, 'inStates'>>(requests: T): T {
  const listed = new Map<RequestState, readonly AccessRequest[]>();
  let room = MOST_KEPT;
  return {
    ...requests,
    async *inStates(states: readonly RequestState[], how?: RequestListing) {
      // A part of a list is no list that another pass could go over.
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
