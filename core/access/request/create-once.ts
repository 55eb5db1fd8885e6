import { RequestChangedError } from '../../model/errors.ts';
import { isOver } from '../../model/life-cycle.ts';
import type { AccessRequest } from '../../model/request.ts';
import { readableRequest } from '../lease/readable-request.ts';
import type { PointerKey, RequestStore } from '../ports.ts';
import { isInPlace, placeOf } from './target/places.ts';

const MOST_ATTEMPTS = 4;

/**
 * Writes the request, or returns the request that was there first: the same request, the open one of the same button,
 * or, as `holderOfPlace`, the one that has the place of this request. An earlier request of the button or the place
 * that is lost or cannot be read is replaced: else the button would stay blocked for good.
 *
 * @throws RequestChangedError when other requests took the button or the place at each attempt; nothing is written
 */
export async function createOnce(
  request: AccessRequest,
  clickKey: string | undefined,
  services: { readonly requests: Pick<RequestStore, 'create' | 'get'> },
): Promise<AccessRequest | { readonly holderOfPlace: AccessRequest } | undefined> {
  const placeKey = placeOf(request);
  let idempotencyKey: PointerKey | undefined = clickKey === undefined ? undefined : { key: clickKey };
  let place: PointerKey | undefined = placeKey === undefined ? undefined : { key: placeKey };
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const written = await services.requests.create(request, idempotencyKey, place);
    if (written.created) return undefined;
    const first = await readableRequest(written.exists, services.requests);
    if (first?.id === request.id) return first;
    if (written.inPlace === true) {
      if (first !== undefined && isInPlace(first)) return { holderOfPlace: first };
      place = { ...(place as PointerKey), replaces: written.exists };
      continue;
    }
    if (first !== undefined && !isOver(first.state)) return first;
    // The earlier request of this button is over, so pressing the button again makes a new request.
    if (idempotencyKey !== undefined) idempotencyKey = { ...idempotencyKey, replaces: written.exists };
  }
  throw new RequestChangedError(`other requests took the place of ${request.id} at each of ${MOST_ATTEMPTS} attempts`);
}
