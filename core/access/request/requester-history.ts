import type { AccessRequest } from '../../model/request.ts';
import type { Now } from '../ports.ts';
import { findRequests, type RequestList } from './find-requests.ts';

/** So many of somebody's requests say what they usually ask for. */
const MOST = 10;

/** How far back is looked: what somebody did a quarter ago says little of today. Milliseconds. */
const LOOK_BACK_MS = 90 * 86_400_000;

/** What somebody asked for before. */
export interface RequesterHistory {
  /** The one asked for last first; as they are now. */
  readonly requests: readonly AccessRequest[];
  /** ISO 8601; whatever was asked before this was not looked at. */
  readonly since: string;
}

/**
 * What the person of a request asked for lately beside it: the ten last of ninety days. For whoever decides; no decision of the program
 * depends on it, and so it is looked for within the bound of one page of all requests: of a table in which others asked for more than a
 * thousand things meanwhile, `since` says how far back that went.
 */
export async function requesterHistory(
  { id, requester }: Pick<AccessRequest, 'id' | 'requester'>,
  { list, now }: { readonly list: RequestList; readonly now: Now },
): Promise<RequesterHistory> {
  const { principalId } = requester;
  const from = new Date(now().getTime() - LOOK_BACK_MS).toISOString();
  // Whoever is not known is nobody, and no history of a person.
  if (principalId === '') return { requests: [], since: from };
  const found = await findRequests({ person: principalId, from }, { size: MOST + 1 }, { list, now });
  const theirs = found.requests.filter((one) => one.id !== id && one.requester.principalId === principalId);
  const requests = theirs.slice(0, MOST);
  const oldest = requests.at(-1)?.requestedAt;
  // A page that is full ends with its oldest; one that ended before says where.
  const isFull = found.requests.length > MOST;
  return { requests, since: isFull && oldest !== undefined ? oldest : (found.next?.requestedAt ?? from) };
}
