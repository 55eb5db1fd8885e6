import type { VotedRequest } from '../../../core/access/ports.ts';
import { concernsAccess } from '../../../core/access/request/identity/concerns.ts';
import type { IdentifiedPerson } from '../../../core/access/request/identity/identify.ts';
import { seesAll } from '../../../core/access/request/identity/personas.ts';
import { isRequestId } from '../../shared/request-id.ts';
import type { Services } from '../services.ts';

/** Whose path is called, with what it says. */
interface Naming {
  readonly person: IdentifiedPerson;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The request a path names, if it concerns the caller. Every verb asks this before anything else, and answers `unknown-request` where
 * there is none: whoever a request does not concern cannot tell it from one that was never made. To auditors and operators all are there
 * to be seen; what may be done with one is judged after this.
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

/** The request a path names; `undefined` for what cannot be the id of one, for other things are kept under other ids. */
export function requestIdIn({ parameters: { requestId = '' } }: Pick<Naming, 'parameters'>): string | undefined {
  return isRequestId(requestId) ? requestId : undefined;
}
