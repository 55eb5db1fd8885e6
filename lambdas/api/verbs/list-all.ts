import { findRequests, type ListPosition, type RequestFilter } from '../../../core/access/request/find-requests.ts';
import { isState } from '../../../core/model/life-cycle.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { ACCOUNT_ID } from '../../../core/model/target.ts';
import { csvOf } from '../csv.ts';
import { type ApiAnswer, answerJson, answerText } from '../http.ts';
import { readCursor, sizeOf, toCursor } from '../pages.ts';
import { callProblem } from '../problems.ts';
import type { Services } from '../services.ts';
import { requestView } from '../views.ts';
import type { Call } from './act.ts';

type Query = Readonly<Record<string, string | undefined>>;
type ReadFilter =
  | { readonly ok: true; readonly filter: RequestFilter }
  | { readonly ok: false; readonly message: string };

/** All requests that match the query, a page at a time. */
export async function listAll(call: Call, all: Services): Promise<ApiAnswer> {
  return found(call, all, (requests, nextCursor) =>
    answerJson(200, { requests: requests.map(requestView), nextCursor }),
  );
}

/** The same as CSV with a header line; the next cursor is in the response header `next-cursor`. */
export async function exportAll(call: Call, all: Services): Promise<ApiAnswer> {
  return found(call, all, (requests, nextCursor) =>
    answerText(
      200,
      csvOf(requests),
      'text/csv; charset=utf-8',
      nextCursor === null ? {} : { 'next-cursor': nextCursor },
    ),
  );
}

async function found(
  { event }: Call,
  all: Services,
  answer: (requests: readonly AccessRequest[], nextCursor: string | null) => ApiAnswer,
): Promise<ApiAnswer> {
  const query = event.queryStringParameters ?? {};
  const read = readFilter(query);
  const size = sizeOf(query.limit);
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor);
  const wrong = (message: string) => callProblem('malformed-query', `Correct the query: ${message}.`);
  if (!read.ok) return wrong(read.message);
  if (size === undefined) return wrong('limit is a whole number from 1 to 100');
  if (query.cursor !== undefined && after === undefined) return wrong('cursor is the nextCursor of a page');
  const page = await findRequests(
    read.filter,
    { size, ...(after === undefined ? {} : { after: positionOf(after) }) },
    { list: all.list, now: all.now },
  );
  return answer(page.requests, page.next === undefined ? null : toCursor(page.next));
}

function positionOf(key: string): ListPosition {
  const [requestedAt = '', id = ''] = key.split(' ');
  return { id, requestedAt };
}

function readFilter(query: Query): ReadFilter {
  const { person, account, set, state, text } = query;
  const states = state?.split(',');
  const no = (message: string): ReadFilter => ({ ok: false, message });
  if (states !== undefined && !states.every(isState)) return no('state has states of requests, with commas between');
  if (account !== undefined && !ACCOUNT_ID.test(account)) return no('account is 12 digits');
  const [from, to] = [instantOf(query.from), instantOf(query.to)];
  if (from === 'wrong' || to === 'wrong') return no('from and to are instants such as 2026-01-05T09:00:00Z');
  if (from !== undefined && to !== undefined && from >= to) return no('from is before to');
  const [breakGlass, reviewed] = [booleanOf(query.breakGlass), booleanOf(query.reviewed)];
  if (breakGlass === 'wrong' || reviewed === 'wrong') return no('breakGlass and reviewed are true or false');
  const filter = {
    ...(person ? { person } : {}),
    ...(account === undefined ? {} : { accountId: account }),
    ...(set ? { set } : {}),
    ...(states === undefined ? {} : { states: states.filter(isState) }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(breakGlass === undefined ? {} : { breakGlass }),
    ...(reviewed === undefined ? {} : { reviewed }),
    ...(text ? { text } : {}),
  };
  return { ok: true, filter };
}

function instantOf(written: string | undefined): string | 'wrong' | undefined {
  if (written === undefined) return undefined;
  const at = new Date(written);
  return /^\d{4}-\d\d-\d\d/.test(written) && !Number.isNaN(at.getTime()) ? at.toISOString() : 'wrong';
}

function booleanOf(written: string | undefined): boolean | 'wrong' | undefined {
  if (written === undefined) return undefined;
  return written === 'true' ? true : written === 'false' ? false : 'wrong';
}
