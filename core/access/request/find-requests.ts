import type { AccessRequest, RequestState } from '../../model/request.ts';
import { isGroupTarget } from '../../model/target.ts';
import type { Now } from '../ports.ts';

/** A filter over all requests; every field narrows the result. */
export interface RequestFilter {
  /** Id, user name or e-mail of the requester. */
  readonly person?: string;
  readonly accountId?: string;
  /** Name or ARN of the permission set, or name or id of the group. */
  readonly set?: string;
  readonly states?: readonly RequestState[];
  /** ISO 8601; requests made at this instant or later. */
  readonly from?: string;
  /** ISO 8601; requests made before this instant. */
  readonly to?: string;
  readonly breakGlass?: boolean;
  /** Of requests with a review (break-glass): whether the review was acknowledged. */
  readonly reviewed?: boolean;
  /** Text that must occur in the reason, the ticket, a name or an id. */
  readonly text?: string;
}

/** A position in the list: the last request that was looked at. */
export type ListPosition = Pick<AccessRequest, 'id' | 'requestedAt'>;

/** All requests in any state, listed by the month they were made in. */
export interface RequestList {
  /**
   * The requests of one month that may match the filter, newest first. The caller reads the requests to see whether
   * they do match.
   *
   * @param month `2026-01`
   * @param range ISO 8601, `from` inclusive and `to` exclusive; starts behind `after`; looks at `limit` requests at
   * most
   * @returns `looked`: how many requests were looked at; `goesOn`: where to go on in this month; absent: the month is
   * finished
   */
  askedIn(
    month: string,
    filter: RequestFilter,
    range: { readonly from: string; readonly to: string; readonly after?: ListPosition; readonly limit: number },
  ): Promise<{ readonly requests: readonly ListPosition[]; readonly looked: number; readonly goesOn?: ListPosition }>;
  /** Reads requests by id, strongly consistent. Ids without a request are left out. */
  read(ids: readonly string[]): Promise<readonly AccessRequest[]>;
}

/** The terms a request is found by, lower-cased except for ids. None of them changes after the request is made. */
export interface SearchTerms {
  readonly people: readonly string[];
  readonly account: string;
  readonly sets: readonly string[];
  /** All text that a text search looks through, one term per line. */
  readonly text: string;
}

/** The terms this request is found by. */
export function searchTermsOf({ id, requester, target, names, reason, ticket }: AccessRequest): SearchTerms {
  const { principalId, userName, email, displayName } = requester;
  const account = isGroupTarget(target) ? '' : target.accountId;
  const set = isGroupTarget(target) ? target.groupId : target.permissionSetArn;
  const { accountName = '', permissionSetName = '', groupName = '' } = names;
  const texts = [id, reason, ticket, userName, email, displayName, account, accountName, permissionSetName, groupName];
  return {
    people: given([principalId, userName.toLowerCase(), email.toLowerCase()]),
    account,
    sets: given([set, permissionSetName.toLowerCase(), groupName.toLowerCase()]),
    text: given(texts).join('\n').toLowerCase(),
  };
}

function given(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text) => text !== ''))];
}

/** A page of requests, and where the next page starts; `next` absent: this is the last page. */
export interface FoundRequests {
  readonly requests: readonly AccessRequest[];
  readonly next?: ListPosition;
}

/** At most this many requests are looked at for one page. This bounds the cost of a page, which may be empty. */
const LOOKED_AT = 1_000;

/** At most this many months are queried for one page, because most months of a long past are empty. */
const MOST_MONTHS = 24;

/** How far back from the end a search goes without a `from`: 13 whole months and the started one. */
const DEFAULT_MONTHS = 13;

/**
 * The requests that match a filter, newest first: found by an index that may lag a moment, and read as they are now.
 */
export async function findRequests(
  filter: RequestFilter,
  page: { readonly size: number; readonly after?: ListPosition },
  { list, now }: { readonly list: RequestList; readonly now: Now },
): Promise<FoundRequests> {
  const to = filter.to ?? END_OF_TIME;
  const until = earlier(to, now().toISOString());
  const from = filter.from ?? firstOf(monthBefore(monthOf(until), DEFAULT_MONTHS));
  // An empty range contains no request, and DynamoDB rejects a BETWEEN whose bounds are reversed.
  if (from >= to) return { requests: [] };
  const found: ListPosition[] = [];
  // Without a filter besides time, every request looked at is shown, so a page needs no more of them.
  const { from: _from, to: _to, ...narrowed } = filter;
  const most = Object.keys(narrowed).length === 0 ? page.size : LOOKED_AT;
  let after = page.after;
  let looked = 0;
  let month = monthOf(after?.requestedAt ?? until);
  for (let months = 0; month >= monthOf(from); ) {
    const limit = Math.max(1, most - looked);
    const part = await list.askedIn(month, filter, { from, to, limit, after });
    looked += Math.max(1, part.looked);
    for (const request of part.requests) {
      after = { id: request.id, requestedAt: request.requestedAt };
      found.push(after);
      if (found.length === page.size) return shown(found, filter, after, list);
    }
    if (part.goesOn !== undefined) {
      after = part.goesOn;
      if (looked >= most) return shown(found, filter, after, list);
      continue;
    }
    month = monthBefore(month, 1);
    months += 1;
    if (months === MOST_MONTHS && month >= monthOf(from))
      return shown(found, filter, { id: '', requestedAt: lastOf(month) }, list);
    after = undefined;
  }
  return shown(found, filter, undefined, list);
}

/** The month of an instant (ISO 8601), as the list names it. */
export function monthOf(at: string): string {
  return at.slice(0, 7);
}

/** Does the request match the filter? Words compare case-insensitively, ids exactly. */
function isMeant(request: AccessRequest, filter: RequestFilter): boolean {
  const { person, accountId, set, states, breakGlass, reviewed, text } = filter;
  const terms = searchTermsOf(request);
  const has = (words: readonly string[], word: string) => words.includes(word) || words.includes(word.toLowerCase());
  return (
    (person === undefined || has(terms.people, person)) &&
    (accountId === undefined || terms.account === accountId) &&
    (set === undefined || has(terms.sets, set)) &&
    (states === undefined || states.includes(request.state)) &&
    (breakGlass === undefined || request.breakGlass === breakGlass) &&
    (reviewed === undefined ||
      (request.review !== undefined && (request.review.status === 'acknowledged') === reviewed)) &&
    (text === undefined || terms.text.includes(text.toLowerCase()))
  );
}

/** Reads the found requests as they are now, in the same order, and drops those that no longer match the filter. */
async function shown(
  found: readonly ListPosition[],
  filter: RequestFilter,
  next: ListPosition | undefined,
  list: RequestList,
): Promise<FoundRequests> {
  const read = new Map((await list.read(found.map(({ id }) => id))).map((request) => [request.id, request]));
  const requests = found.flatMap(({ id }) => {
    const request = read.get(id);
    return request !== undefined && isMeant(request, filter) ? [request] : [];
  });
  return { requests, next };
}

/** Later than any stored instant. */
const END_OF_TIME = '9999-12-31T23:59:59.999Z';

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}

function firstOf(month: string): string {
  return `${month}-01T00:00:00.000Z`;
}

/** An instant after every request of the month. `-31` is fine in any month, because instants compare as text. */
function lastOf(month: string): string {
  return `${month}-31T23:59:59.999Z`;
}

function monthBefore(month: string, months: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const index = year * 12 + (number - 1) - months;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}
