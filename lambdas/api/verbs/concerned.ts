import type { VotedRequest } from '../../../core/access/ports.ts';
import { concernsAccess } from '../../../core/access/request/identity/concerns.ts';
import type { IdentifiedPerson } from '../../../core/access/request/identity/identify.ts';
import { seesAll } from '../../../core/access/request/identity/personas.ts';
import { isRequestId } from '../../shared/request-id.ts';
import type { Services } from '../services.ts';

/** The caller, and the parameters of the path. */
interface Naming {
  readonly person: IdentifiedPerson;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The request that a path names, if it concerns the caller. Every verb calls this first and answers `unknown-request`
 * where it returns `undefined`, so that a caller cannot tell a request that does not concern them from one that does
 * not exist. Auditors and operators see all requests; whether they may act on one is checked afterwards.
 */
export async function concernedRequest(
  { person, parameters }: Naming,
  all: Services,
): Promise<VotedRequest | undefined> {
  const requestId = requestIdIn({ parameters });
  const found = requestId === undefined ? undefined : await all.requests.getWithVotes(requestId);
  if (found === undefined || seesAll(person, all.personas)) return found;
  return (await concernsAccess(person.principalId, found.request, all)) ? found : undefined;
}

/** The request id in a path; `undefined` if it cannot be one. The table has other items under other ids. */
export function requestIdIn({ parameters: { requestId = '' } }: Pick<Naming, 'parameters'>): string | undefined {
  return isRequestId(requestId) ? requestId : undefined;
}
