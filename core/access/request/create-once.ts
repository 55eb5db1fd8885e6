import { isOver } from '../../model/life-cycle.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { IdempotencyKey, RequestStore } from '../ports.ts';
import { isInPlace, placeOf } from './target/places.ts';

/**
 * Writes the request, or returns the request that was there first: the same request, the open one of the same button,
 * or, as `taken`, the one that has the place of this request.
 */
export async function createOnce(
  request: AccessRequest,
  clickKey: string | undefined,
  services: { readonly requests: Pick<RequestStore, 'create' | 'get'> },
): Promise<AccessRequest | { readonly taken: AccessRequest } | undefined> {
  const placeKey = placeOf(request);
  let idempotencyKey: IdempotencyKey | undefined = clickKey === undefined ? undefined : { key: clickKey };
  let place: IdempotencyKey | undefined = placeKey === undefined ? undefined : { key: placeKey };
  for (let attempt = 0; attempt < 4; attempt++) {
    const written = await services.requests.create(request, idempotencyKey, place);
    if (written.created) return undefined;
    const first = await services.requests.get(written.exists);
    if (first === undefined || first.id === request.id) return first ?? request;
    if (written.inPlace === true) {
      if (isInPlace(first)) return { taken: first };
      place = { ...(place as IdempotencyKey), replaces: first.id };
      continue;
    }
    if (!isOver(first.state)) return first;
    // The earlier request of this button is over, so pressing the button again makes a new request.
    idempotencyKey = { ...(idempotencyKey as IdempotencyKey), replaces: first.id };
  }
  return request;
}
