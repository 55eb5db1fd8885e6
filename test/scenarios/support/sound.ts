import { canMove, isOver, mayHoldAccess } from '../../../core/model/life-cycle.ts';
import type { RequestState } from '../../../core/model/request.ts';
import type { Driver } from './driver.ts';
import type { State } from './state.ts';

type Assignment = Pick<State['assignments'][number], 'principalId' | 'accountId' | 'permissionSetArn'>;

/** Assignments that no lease claims: made before Glasshammer, or made outside of it. */
export interface Allowed {
  readonly standing?: readonly Assignment[];
}

/** Expects that every request's history is possible, and that nobody has access without an open request. */
export function expectSound(state: State, { standing = [] }: Allowed = {}): void {
  for (const request of state.requests) expect(problemsOf(request)).toEqual([]);

  const held = state.assignments.map(keyOf);
  const open = state.requests.filter(({ state: now }) => mayHoldAccess(now as RequestState));
  const accounted = [...standing.map(keyOf), ...open.map(keyOfRequest)];
  expect(held.filter((assignment) => !accounted.includes(assignment))).toEqual([]);

  const active = state.requests.filter((request) => request.state === 'active' && !request.target.groupId);
  const removed = (request: State['requests'][number]) => request.events.some((e) => e.type === 'removed-by-others');
  const missing = active.filter((request) => !removed(request) && !held.includes(keyOfRequest(request)));
  expect(missing.map(({ id }) => id)).toEqual([]);
}

/** Seconds after the last end: twice what a workflow on time needs. */
const AFTER_THE_END_SECONDS = 90;

/**
 * Lets time pass until every access must be over, then expects that no assignment of Glasshammer is left.
 *
 * @param options.wait ISO 8601; how long to wait, by default until shortly after the last access was to end
 * @returns the state at the end
 */
export async function expectAllOver(
  driver: Driver,
  options: Allowed & { readonly wait?: string } = {},
): Promise<State> {
  const { wait = untilTheEnd(await driver.state()), standing = [] } = options;
  await driver.advance(wait);
  const state = await driver.state();
  expectSound(state, { standing });
  expect(new Set(state.assignments.map(keyOf))).toEqual(new Set(standing.map(keyOf)));
  expect(state.requests.filter((request) => !isOver(request.state as RequestState))).toEqual([]);
  return state;
}

function untilTheEnd({ now, requests }: State): string {
  const ends = requests
    .filter((request) => !isOver(request.state as RequestState))
    .map(({ endsAt }) => Math.ceil((Date.parse(endsAt || now) - Date.parse(now)) / 1000));
  return `PT${Math.max(0, ...ends) + AFTER_THE_END_SECONDS}S`;
}

/** What is wrong with a request's history; empty when nothing is. */
function problemsOf(request: State['requests'][number]): string[] {
  const problems: string[] = [];
  const { events } = request;
  if (events[0]?.type !== 'requested') problems.push('it does not begin with the ask');
  let now: RequestState | undefined;
  for (const [index, event] of events.entries()) {
    const before = events[index - 1];
    if (before !== undefined && event.at < before.at) problems.push(`${event.type} is earlier than ${before.type}`);
    if (event.by === '') problems.push(`nobody did ${event.type}`);
    if (event.state === undefined) continue;
    const next = event.state as RequestState;
    if (now !== undefined && !canMove(now, next)) problems.push(`${now} became ${next}`);
    if (next === 'active' && event.type !== 'granted') problems.push('it became active without a grant');
    now = next;
  }
  // A request that joined an access shows the state of that access; its own history ends where it joined.
  if (now !== request.state && now !== 'joined') problems.push(`its history ends in ${now} and it is ${request.state}`);
  if (request.state === 'refused' && request.refusal === undefined) problems.push('it is refused for no reason');
  if (request.state === 'failed' && !request.failure) problems.push('it failed for no reason');
  const ended = request.state === 'ended' || request.state === 'reported';
  if (ended && request.endedAt === undefined) problems.push('it ended at no time');
  return problems.map((problem) => `${request.id}: ${problem} (${events.map(({ type }) => type).join(', ')})`);
}

function keyOfRequest({ requester, target }: State['requests'][number]): string {
  return keyOf({
    principalId: requester.principalId,
    accountId: target.accountId ?? '',
    permissionSetArn: target.permissionSetArn ?? '',
  });
}

function keyOf({ principalId, accountId, permissionSetArn }: Assignment): string {
  return `${principalId} ${accountId} ${permissionSetArn}`;
}
