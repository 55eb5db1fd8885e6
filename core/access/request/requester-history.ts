import type { AccessRequest } from '../../model/request.ts';
import type { Now } from '../ports.ts';
import { findRequests, type RequestList } from './find-requests.ts';

/** The most requests shown as a person's history. */
const MOST = 10;

/** How far back the history goes: requests older than a quarter say little about today. Milliseconds. */
const LOOK_BACK_MS = 90 * 86_400_000;

/** A person's earlier requests. */
export interface RequesterHistory {
  /** Newest first, in their current state. */
  readonly requests: readonly AccessRequest[];
  /** ISO 8601; requests made before this instant were not looked at. */
  readonly since: string;
}

/**
 * The requester's other requests of the last 90 days, ten at most, for approvers to see. No decision of the program
 * depends on them, so the search costs no more than one page of all requests: where more than a thousand requests were
 * made in that time, `since` says how far back the search went.
 */
export async function requesterHistory(
  { id, requester }: Pick<AccessRequest, 'id' | 'requester'>,
  { list, now }: { readonly list: RequestList; readonly now: Now },
): Promise<RequesterHistory> {
  const { principalId } = requester;
  const from = new Date(now().getTime() - LOOK_BACK_MS).toISOString();
  // A caller who was not identified has an empty principal id, shared by all such callers, and so no history.
  if (principalId === '') return { requests: [], since: from };
  const found = await findRequests({ person: principalId, from }, { size: MOST + 1 }, { list, now });
  const theirs = found.requests.filter((one) => one.id !== id && one.requester.principalId === principalId);
  const requests = theirs.slice(0, MOST);
  const oldest = requests.at(-1)?.requestedAt;
  // A full page was searched back to its oldest request; otherwise `next` says where the search stopped.
  const isFull = found.requests.length > MOST;
  return { requests, since: isFull && oldest !== undefined ? oldest : (found.next?.requestedAt ?? from) };
}
