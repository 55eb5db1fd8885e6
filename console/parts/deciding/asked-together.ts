import type { RequestView } from '../../../lambdas/api/document/schemas.ts';

/** Requests that are decided together: those of one ask, or one alone. */
export interface AskedTogether {
  readonly id: string;
  readonly requests: readonly [RequestView, ...RequestView[]];
}

/**
 * Requests of one ask together, in the order in which the first of each comes. Only what is the same but for the account is: whoever
 * asks chooses the id of their ask, and nobody may slip something else in under it.
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

/** Was a start of its own chosen? What starts with its approval is stamped with the moment it was asked. */
function isLater({ startsAt, requestedAt }: RequestView): boolean {
  return startsAt !== null && startsAt > requestedAt;
}
