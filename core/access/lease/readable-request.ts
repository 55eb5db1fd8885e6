import { MalformedItemError } from '../../model/errors.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { RequestStore } from '../ports.ts';

/**
 * A request, or `undefined` where there is none or it cannot be read. Code that ends access treats a corrupted request
 * like a lost one: neither says anything.
 */
export async function readableRequest(
  id: string,
  requests: Pick<RequestStore, 'get'>,
): Promise<AccessRequest | undefined> {
  return requests.get(id).catch((error: unknown) => {
    if (error instanceof MalformedItemError) return undefined;
    throw error;
  });
}
