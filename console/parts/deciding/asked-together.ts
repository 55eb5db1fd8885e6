import type { RequestView } from '../../../lambdas/api/document/schemas.ts';

/** Requests that are shown and decided together: those of one shared ask, or a single request. */
export interface AskedTogether {
  readonly id: string;
  readonly requests: readonly [RequestView, ...RequestView[]];
}

/**
 * Groups the requests of a shared ask, in the order in which the first of each group comes. The requester's client
 * chooses the id of the shared ask, so only requests that differ in nothing but the account are grouped: otherwise a
 * requester could slip a different request in under the same id.
 */
export function togetherOf(requests: readonly RequestView[]): readonly AskedTogether[] {
  const groups = new Map<string, [RequestView, ...RequestView[]]>();
  for (const request of requests) {
    const { ask, requester, target, reason, ticket, duration, id, startsAt, extends: root } = request;
    const same = [
      requester.userId,
      ask?.id,
      target.permissionSetArn,
      reason,
      ticket,
      duration,
      isLater(request) && startsAt,
    ];
    const isOne = ask === null || target.permissionSetArn === undefined || root !== null;
    const key = isOne ? id : JSON.stringify(same);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [request]);
    else known.push(request);
  }
  return [...groups.values()].map((group) => ({ id: group[0].id, requests: group }));
}

/** Did the requester choose a later start? Without one, `startsAt` is the instant of the request. */
function isLater({ startsAt, requestedAt }: RequestView): boolean {
  return startsAt !== null && startsAt > requestedAt;
}
