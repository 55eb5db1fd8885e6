import type { AccessRequest, RequestState } from '../../model/request.ts';
import { isGroupTarget } from '../../model/target.ts';
import type { Now } from '../ports.ts';

/** What somebody looks for among all requests; every part narrows. */
export interface RequestFilter {
  /** Id, user name or e-mail of who asked. */
  readonly person?: string;
  readonly accountId?: string;
  /** Name or ARN of the permission set, or name or id of the group. */
  readonly set?: string;
  readonly states?: readonly RequestState[];
  /** ISO 8601; asked then or later. */
  readonly from?: string;
  /** ISO 8601; asked before. */
  readonly to?: string;
  readonly breakGlass?: boolean;
  /** Of broken glass: a review was given without a question, or not. */
  readonly reviewed?: boolean;
  /** In the reason, the ticket, a name or an id. */
  readonly text?: string;
}

/** A place in the list: the request that was looked at last. */
export type ListPosition = Pick<AccessRequest, 'id' | 'requestedAt'>;

/** Every request there is, whatever became of it, by the month it was asked in. */
export interface RequestList {
  /**
   * Of one month, the one asked last first: those that may be meant. Whether they are is seen when they are read.
   *
   * @param month `2026-01`
   * @param range ISO 8601, `from` included and `to` not; behind `after`; so many at most are looked at
   * @returns how many were looked at; `goesOn`: where there may be others behind; absent: that was the month
   */
  askedIn(
    month: string,
    filter: RequestFilter,
    range: { readonly from: string; readonly to: string; readonly after?: ListPosition; readonly limit: number },
  ): Promise<{ readonly requests: readonly ListPosition[]; readonly looked: number; readonly goesOn?: ListPosition }>;
  /** By their ids, strongly consistent; what is not there is left out. */
  read(ids: readonly string[]): Promise<readonly AccessRequest[]>;
}

/** What a request is found by, in lower case but for ids; all of it stays as it was when the request was made. */
export interface SearchTerms {
  readonly people: readonly string[];
  readonly account: string;
  readonly sets: readonly string[];
  /** Everything that a text is looked for in, a line each. */
  readonly text: string;
}

/** What this request is found by. */
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

/** A page, and where the next one goes on; `next` absent: that was all. */
export interface FoundRequests {
  readonly requests: readonly AccessRequest[];
  readonly next?: ListPosition;
}

/** So many requests are looked at for one page, whatever is looked for: a page costs no more than this, and may be empty. */
const LOOKED_AT = 1_000;

/** So many months are looked into for one page; most of a long past is empty. */
const MOST_MONTHS = 24;

/** How far back from the end is looked where nobody says: 13 months, a year and what is of it. */
const DEFAULT_MONTHS = 13;

/**
 * The requests that a filter means, the one asked for last first. Found by an index that may be a moment behind, and shown as they
 * are now.
 */
export async function findRequests(
  filter: RequestFilter,
  page: { readonly size: number; readonly after?: ListPosition },
  { list, now }: { readonly list: RequestList; readonly now: Now },
): Promise<FoundRequests> {
  const to = filter.to ?? LAST;
  const until = earlier(to, now().toISOString());
  const from = filter.from ?? firstOf(monthBefore(monthOf(until), DEFAULT_MONTHS));
  // No request is asked in no time, and no table lets itself be asked for it.
  if (from >= to) return { requests: [] };
  const found: ListPosition[] = [];
  // Where nothing but time narrows, whatever is looked at is shown.
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

/** The month that an instant (ISO 8601) is in, as the list has it. */
export function monthOf(at: string): string {
  return at.slice(0, 7);
}

/** Does a filter mean this request? Words compare without regard to case, ids do. */
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

/** As they are now, in the order they were found; what has changed so that it is not meant any more is left out. */
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

/** Later than every instant that is written. */
const LAST = '9999-12-31T23:59:59.999Z';

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}

function firstOf(month: string): string {
  return `${month}-01T00:00:00.000Z`;
}

/** Behind everything that was asked in a month. */
function lastOf(month: string): string {
  return `${month}-31T23:59:59.999Z`;
}

function monthBefore(month: string, months: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const index = year * 12 + (number - 1) - months;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}
