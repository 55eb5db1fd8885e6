import type { Decision } from '../../model/decision.ts';
import { enter } from '../../model/events.ts';
import type { Refusal, RefusalReason } from '../../model/refusal.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { RequestStore } from '../ports.ts';
import { isOfStranger } from './refused-action.ts';

/** Under which ids an ask is written. */
export interface AskIds {
  readonly requestId: string;
  /**
   * The id of what is written where a stranger asks: equal for all they ask within an hour. A colleague whom Slack did not tell from a
   * stranger has this id as well, so that `requestId` stays free for the same ask again.
   */
  readonly strangersRequestId?: string;
  /**
   * The id of what is written where something could not be read, so that `requestId` stays free for the same ask again. Absent: that,
   * too, is written under `requestId`.
   */
  readonly unreadRequestId?: string;
}

export type RefusedAsk =
  | {
      readonly outcome: 'refused';
      readonly request: AccessRequest;
      readonly refusal: Refusal;
      readonly decision?: Decision;
      /** What was refused under this id before, and is kept. */
      readonly first?: AccessRequest;
    }
  | { readonly outcome: 'duplicate'; readonly request: AccessRequest };

/** What could not be read may be readable in a minute. */
const PASSING: readonly RefusalReason[] = ['policy-unreadable', 'directory-unreadable'];

/** Writes down that an ask is refused, and why; where it was not refused the first time, that is what came of it. */
export async function refuseAsk(
  draft: AccessRequest,
  why: Refusal,
  ids: AskIds,
  services: { readonly requests: Pick<RequestStore, 'create' | 'get'> },
  decision?: Decision,
): Promise<RefusedAsk> {
  const request: AccessRequest = {
    ...draft,
    id: idFor(why, ids),
    state: 'refused',
    refusal: why,
    events: [
      ...draft.events,
      enter('refused', draft.requestedAt, {
        note: why.detail === undefined ? why.reason : `${why.reason}: ${why.detail}`,
      }),
    ],
  };
  const written = await services.requests.create(request);
  const first = written.created ? undefined : await services.requests.get(written.exists);
  if (first !== undefined && first.state !== 'refused') return { outcome: 'duplicate', request: first };
  return {
    outcome: 'refused',
    request,
    refusal: why,
    decision,
    first,
  };
}

function idFor(why: Refusal, { requestId, strangersRequestId, unreadRequestId }: AskIds): string {
  // However often a stranger presses, or somebody of whom Slack does not tell: one refused request an hour says it.
  if (isOfStranger(why)) return strangersRequestId ?? requestId;
  return PASSING.includes(why.reason) ? (unreadRequestId ?? requestId) : requestId;
}
