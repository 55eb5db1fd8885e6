import { WAS_THERE } from '../../../core/access/lease/grant/check-creation.ts';
import { monthOf, type SearchTerms, searchTermsOf } from '../../../core/access/request/find-requests.ts';
import { MalformedItemError } from '../../../core/model/errors.ts';
import { isInstant } from '../../../core/model/events.ts';
import { ALL_STATES, isState } from '../../../core/model/life-cycle.ts';
import type { AccessEvent, AccessRequest, RequestState, SentMessage } from '../../../core/model/request.ts';
import { LONGEST_SESSION_SECONDS } from '../../../core/sessions/live-sessions.ts';
import type { Item, Update } from '../conditional.ts';

/** Name of the index that lists requests (and lease items) by state, oldest end first. */
export const BY_STATE_INDEX = 'by-state';

/** Name of the index that lists every request, by the month it was asked in. */
export const BY_MONTH_INDEX = 'by-month';

/**
 * The stored form of a request. Messages are a map, so that one role in one channel has one entry even if two functions
 * write it; an empty `endsAt` is left out, because an index key may not be empty.
 */
export function toItem(request: AccessRequest): Item {
  const { messages, endsAt, mailed, ...rest } = request;
  return {
    ...rest,
    ...(endsAt === '' ? {} : { endsAt }),
    // DynamoDB has no empty set.
    ...(mailed === undefined || mailed.length === 0 ? {} : { mailed: new Set(mailed) }),
    ...listedAs(request),
    messages: Object.fromEntries(messages.map((message) => [messageKey(message), message])),
  };
}

/** The attributes by which the list of all requests finds a request. */
export function listedAs(request: AccessRequest): { readonly askedIn: string; readonly find: SearchTerms } {
  return { askedIn: monthOf(request.requestedAt), find: searchTermsOf(request) };
}

/** The key of a message within its request. */
export function messageKey(message: SentMessage): string {
  return `${message.role}:${message.channel}`;
}

/**
 * Reads a stored request. A request in an unknown state counts as `ending`: access that it may have is taken back, and
 * nothing more is given.
 *
 * @throws MalformedItemError when the item is not a request this version wrote
 */
export function fromItem(item: Item): AccessRequest {
  const request = item as unknown as AccessRequest & {
    messages?: Record<string, SentMessage>;
    mailed?: Iterable<string>;
    voters?: unknown;
    joiners?: unknown;
    askedIn?: unknown;
    find?: unknown;
  };
  const { id, state, events, requester, target } = request;
  if (typeof id !== 'string' || typeof state !== 'string' || !Array.isArray(events)) {
    throw new MalformedItemError(`request item ${String(item.id)} has no state or no events`);
  }
  if (!isMap(requester) || typeof requester.principalId !== 'string' || !isMap(target)) {
    throw new MalformedItemError(`request item ${id} does not say who asks for what`);
  }
  if (!isWhole(item)) throw new MalformedItemError(`request item ${id} has parts that cannot be read`);
  const { voters: _voters, joiners: _joiners, askedIn: _askedIn, find: _find, ...rest } = request;
  return {
    ...rest,
    events: events.map(readableEvent),
    ...endFrom(request),
    ...grantFrom(request),
    ...(isText(request.failure) ? {} : { failure: undefined }),
    ...(request.sessionsCutAt === undefined || isInstant(request.sessionsCutAt) ? {} : { sessionsCutAt: undefined }),
    sessionSeconds: sessionSecondsFrom(request),
    ...(isState(state) ? {} : endingFrom(request)),
    endsAt: request.endsAt ?? '',
    // The functions that end access read them; without tokens there is no waiting workflow to wake.
    tokens: request.tokens ?? {},
    votes: request.votes ?? [],
    messages: Object.values(request.messages ?? {}),
    ...(request.mailed === undefined ? {} : { mailed: [...request.mailed] }),
  };
}

/**
 * When access ended, by the event that ended it: sessions are cut and reports are planned by this instant, so an
 * altered or unreadable attribute must not put them off. Without such an event the attribute counts, and the planned end
 * if that cannot be read.
 */
function endFrom({ events, endedAt, endsAt }: AccessRequest): Pick<AccessRequest, 'endedAt'> {
  const ended = events.findLast(({ state, at }) => (state === 'ended' || state === 'failed') && isInstant(at));
  if (ended !== undefined) return { endedAt: ended.at };
  if (endedAt === undefined || isInstant(endedAt)) return {};
  return isInstant(endsAt) ? { endedAt: endsAt } : {};
}

/**
 * What was granted, by the event of the grant: an altered record could say that the person had the assignment before,
 * and then it would be kept, or its sessions. Without such an event the record counts.
 */
function grantFrom({ events, grant }: AccessRequest): Pick<AccessRequest, 'grant'> {
  const granted = events.find(({ type }) => type === 'granted');
  if (granted === undefined) return {};
  return { grant: { askedAt: granted.at, ...grant, standing: granted.note === WAS_THERE } };
}

/** A number of seconds that Identity Center could allow. One that cannot be read counts as the longest. */
function sessionSecondsFrom({ sessionSeconds }: { readonly sessionSeconds?: unknown }): number {
  if (typeof sessionSeconds !== 'number' || !(sessionSeconds <= LONGEST_SESSION_SECONDS))
    return LONGEST_SESSION_SECONDS;
  return Math.max(0, sessionSeconds);
}

/** @returns the fields with which a request in an unknown state is read */
function endingFrom({ state, startsAt, endingAt, failure }: AccessRequest) {
  const why = `its state was "${state}", which is none`;
  return { state: 'ending' as const, endingAt: endingAt ?? startsAt, failure: failure ?? why };
}

/** The condition on the stored state for a change from these states; `ending` includes every unknown state. */
export function storedStateIn(update: Update, states: readonly RequestState[]): string {
  const stateIn = (some: readonly RequestState[]) =>
    `${update.name('state')} IN (${some.map((one) => update.value(one)).join(', ')})`;
  if (!states.includes('ending')) return stateIn(states);
  const others = ALL_STATES.filter((one) => !states.includes(one));
  return others.length === 0 ? 'attribute_exists(id)' : `NOT ${stateIn(others)}`;
}

/**
 * The attributes that every function which ends access reads. An attacker who may write requests could stop a whole
 * pass by one attribute of another type.
 */
function isWhole({ events, tokens = {}, grant = {}, joins = [], mailed = new Set() }: Item): boolean {
  const areEvents = Array.isArray(events) && events.every((event) => isMap(event) && typeof event.type === 'string');
  const areJoins = Array.isArray(joins) && joins.every((join) => isMap(join) && typeof join.requestId === 'string');
  return areEvents && areJoins && isMap(tokens) && isMap(grant) && mailed instanceof Set;
}

/** When an event happened that does not say when. ISO 8601. */
const NO_INSTANT = '1970-01-01T00:00:00.000Z';

/**
 * An event without the parts that no code can read. None is left out, because changes are conditional on the number of
 * events.
 */
function readableEvent(event: AccessEvent): AccessEvent {
  const { note, state, by, byName, ...rest } = event;
  if (isInstant(event.at) && typeof by === 'string' && [note, state, byName].every(isText)) return event;
  return {
    ...rest,
    by: typeof by === 'string' ? by : 'unknown',
    ...(isText(byName) ? { byName } : {}),
    at: isInstant(event.at) ? event.at : NO_INSTANT,
    ...(isText(note) ? { note } : {}),
    ...(isText(state) ? { state } : {}),
  };
}

function isText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isMap(value: unknown): value is Item {
  return typeof value === 'object' && value !== null;
}
