import { type ActionOutcome, accessConcerning } from '../../access/lease/end-access.ts';
import type { RequestStore } from '../../access/ports.ts';
import type { Caller, IdentifyServices } from '../../access/request/identity/identify.ts';
import { type Refusal, refusal } from '../../model/refusal.ts';
import type { AccessRequest } from '../../model/request.ts';

/* Apart from the reading, which is much code that the function answering Slack would load for nothing. */

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
