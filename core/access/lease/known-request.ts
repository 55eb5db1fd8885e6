import { MalformedItemError } from '../../model/errors.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { RequestStore } from '../ports.ts';

/** A request as far as it can be read. For whoever ends access, one that somebody has spoiled says as much as one that is lost: nothing. */
export async function knownRequest(
  id: string,
  requests: Pick<RequestStore, 'get'>,
): Promise<AccessRequest | undefined> {
  return requests.get(id).catch((error: unknown) => {
    if (error instanceof MalformedItemError) return undefined;
    throw error;
  });
}
