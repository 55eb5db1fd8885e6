import { type ActionOutcome, accessConcerning } from '../../access/lease/revoke/end-access.ts';
import type { RequestStore } from '../../access/ports.ts';
import type { Caller, IdentifyServices } from '../../access/request/identity/identify.ts';
import { type Refusal, refusal } from '../../model/refusal.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { Done } from './done.ts';

/* Apart from the reading, which is much code that the function answering Slack would load for nothing. */

/** What was done with one access is read this often at most: CloudTrail answers two look-ups a second for the whole account. Seconds. */
export const SO_FAR_PAUSE_SECONDS = 60;

/** What was read before a report, for whoever asks for it by another way than it was asked. */
export interface KeptSoFar {
  /** ISO 8601. */
  readonly readAt: string;
  readonly done: Done;
}

/** The last answers to what was done so far, one for each access. */
export interface SoFarAnswers {
  /** Keeps an answer in place of the one before. */
  keep(requestId: string, kept: KeptSoFar): Promise<void>;
  /** When somebody was let through to ask last, ISO 8601, and what that came to; without `kept` it is being read, or was not readable. */
  last(requestId: string): Promise<{ readonly askedAt: string; readonly kept?: KeptSoFar } | undefined>;
}

/** Why there is nothing to say of this request, whoever asks; `undefined` while its access is there or its report is not out. */
export function whyNotSoFar({ state }: Pick<AccessRequest, 'state'>): Refusal | undefined {
  if (state === 'active' || state === 'ending' || state === 'ended') return undefined;
  return refusal(state === 'reported' ? 'already-reported' : 'not-begun');
}

/** May this person see what was done so far: whoever has the access, or approved it, or was asked to? Nobody else, from Slack. */
export async function maySeeSoFar(
  requestId: string,
  caller: Caller,
  services: IdentifyServices & { readonly requests: Pick<RequestStore, 'get'> },
): Promise<ActionOutcome> {
  const concerned = await accessConcerning(requestId, caller, services);
  const why = concerned.done ? whyNotSoFar(concerned.request) : undefined;
  return why === undefined ? concerned : { done: false, refusal: why };
}
