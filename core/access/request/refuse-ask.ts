import type { Decision } from '../../model/decision.ts';
import { enter } from '../../model/events.ts';
import type { Refusal, RefusalReason } from '../../model/refusal.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { RequestStore } from '../ports.ts';
import { isStrangerRefusal } from './refused-action.ts';

/** The ids under which a request may be stored. */
export interface AskIds {
  readonly requestId: string;
  /**
   * The id for a refusal of a stranger, equal for all calls of that stranger within an hour. It is used too when Slack
   * could not say who the caller is; `requestId` then stays free for a colleague's second try.
   */
  readonly strangersRequestId?: string;
  /**
   * The id for a refusal because policies or directory could not be read, so that `requestId` stays free for another
   * try. Absent: this refusal is stored under `requestId` as well.
   */
  readonly unreadRequestId?: string;
}

export type RefusedAsk =
  | {
      readonly outcome: 'refused';
      readonly request: AccessRequest;
      readonly refusal: Refusal;
      readonly decision?: Decision;
      /** The refused request that was stored under this id before, which is kept. */
      readonly first?: AccessRequest;
    }
  | { readonly outcome: 'duplicate'; readonly request: AccessRequest };

/** Temporary reasons: what cannot be read now may be readable in a minute. */
const PASSING: readonly RefusalReason[] = ['policy-unreadable', 'directory-unreadable'];

/**
 * Stores the refused request. If its id is stored already with another outcome, returns that request as a duplicate.
 */
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
  // A stranger, or a caller whom Slack does not identify, leaves one refused request an hour, however often they press.
  if (isStrangerRefusal(why)) return strangersRequestId ?? requestId;
  return PASSING.includes(why.reason) ? (unreadRequestId ?? requestId) : requestId;
}
