import { type ActionOutcome, accessConcerning } from '../../../access/lease/revoke/end-access.ts';
import type { RequestStore } from '../../../access/ports.ts';
import type { Caller, IdentifyServices } from '../../../access/request/identity/identify.ts';
import { type Refusal, refusal } from '../../../model/refusal.ts';
import type { AccessRequest } from '../../../model/request.ts';
import type { ActivityView } from '../activity-view.ts';

/* Apart from the reading, whose code is large: the function that answers Slack would load it for nothing. */

/**
 * The least time between two readings of one access, because everybody in an account shares CloudTrail's two look-ups a
 * second per Region. Seconds.
 */
export const SO_FAR_PAUSE_SECONDS = 60;

/** The stored answer of a reading before the report. The API returns it, also if Slack or the CLI asked. */
export interface KeptSoFar {
  /** ISO 8601. */
  readonly readAt: string;
  readonly done: ActivityView;
}

/** The last answer to "what was done so far?", one for each access. */
export interface SoFarAnswers {
  /** Replaces the stored answer. */
  keep(requestId: string, kept: KeptSoFar): Promise<void>;
  /** When a question was last admitted, ISO 8601, and its answer. Without `kept` the reading still runs or failed. */
  last(requestId: string): Promise<{ readonly askedAt: string; readonly kept?: KeptSoFar } | undefined>;
}

/** Why nothing can be read for this request, for any caller; `undefined` from the grant until the report is out. */
export function whyNotSoFar({ state }: Pick<AccessRequest, 'state'>): Refusal | undefined {
  if (state === 'active' || state === 'ending' || state === 'ended') return undefined;
  return refusal(state === 'reported' ? 'already-reported' : 'not-begun');
}

/**
 * May this Slack user see what was done so far? The requester may, and those who were asked to approve the access,
 * voted on it or may review it; nobody else.
 */
export async function maySeeSoFar(
  requestId: string,
  caller: Caller,
  services: IdentifyServices & { readonly requests: Pick<RequestStore, 'get'> },
): Promise<ActionOutcome> {
  const concerned = await accessConcerning(requestId, caller, services);
  const why = concerned.done ? whyNotSoFar(concerned.request) : undefined;
  return why === undefined ? concerned : { done: false, refusal: why };
}
