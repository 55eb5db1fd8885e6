import { isPartOfAnother, isWarned } from '../../model/access.ts';
import type { ChatMessage } from '../../model/chat-message.ts';
import { PlaceGoneError, RequestChangedError, RequestNotFoundError } from '../../model/errors.ts';
import { happen } from '../../model/events.ts';
import { ALL_STATES, STATES } from '../../model/life-cycle.ts';
import { type AccessRequest, type RequestState, type SentMessage, SYSTEM_ACTOR } from '../../model/request.ts';
import type { Now, RequestStore } from '../ports.ts';
import { type PlaceChat, postInPlace } from './post-in-place.ts';
import { hasNews, tellableEvents } from './repeated-events.ts';

/** Posts messages and edits them. */
interface StatusChat extends PlaceChat {
  update(channel: string, ts: string, message: ChatMessage): Promise<void>;
}

/** Where stories are told. */
export interface StatusMessageServices {
  readonly requests: RequestStore;
  readonly now: Now;
  /** `undefined` where there is no Slack: nothing is shown there, and what is written down besides is written all the same. */
  readonly chat: StatusChat | undefined;
  /** The request as a message, for people in the thread or for approvers. */
  render(request: AccessRequest, role: SentMessage['role']): ChatMessage;
  /** Where what was asked about a message is told where the app is no member of the message's channel. */
  readonly approvalChannel: string;
}

/** Somewhere to tell it. */
type Told = StatusMessageServices & { readonly chat: StatusChat };

function hasChat(services: StatusMessageServices): services is Told {
  return services.chat !== undefined;
}

/**
 * Brings every message about a request up to what the request is now, and posts the story if there is none yet: in the thread
 * of the alert it came from, otherwise directly to the person. Running it again only edits.
 *
 * @param shown what the caller has just shown people: a message posted since shows that, and is edited only if more has happened
 * @throws RequestNotFoundError; whatever the chat throws, after every message was tried
 */
export async function updateStatusMessages(
  requestId: string,
  services: StatusMessageServices,
  shown?: AccessRequest,
): Promise<AccessRequest> {
  const request = await services.requests.get(requestId);
  if (request === undefined) throw new RequestNotFoundError(`no request ${requestId}`);
  await showStatus(request, services, shown);
  return request;
}

/** The same of a request as it has just been read. @throws whatever the chat throws, after every message was tried */
export async function showStatus(
  request: AccessRequest,
  services: StatusMessageServices,
  shown?: AccessRequest,
): Promise<void> {
  if (!hasChat(services)) return;
  const results = await Promise.allSettled([
    ...request.messages.filter((sent) => isStale(sent, request, shown)).map((sent) => edit(request, sent, services)),
    hasStory(request) ? undefined : postStatusMessage(request, services),
  ]);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** What became part of an access the person had already is told in the story of that access. */
function hasStory(request: AccessRequest): boolean {
  return isPartOfAnother(request) || request.messages.some((sent) => sent.role === 'story');
}

/** An outcome is about its instant and stays as it was said; everything else shows how things stand. */
function isStale(sent: SentMessage, request: AccessRequest, shown: AccessRequest | undefined): boolean {
  if (sent.role === 'outcome') return false;
  const isNew =
    shown !== undefined && !shown.messages.some(({ channel, ts }) => channel === sent.channel && ts === sent.ts);
  return !isNew || tellableEvents(request) > tellableEvents(shown);
}

/**
 * Brings the messages up to date while something is wrong for long: only when there is news, so that a trouble of hours is not an
 * edit every few minutes.
 *
 * @returns the request as it was told; `undefined` when there was nothing new
 * @throws as `updateStatusMessages` does
 */
export async function updateStatusOnNews(
  requestId: string,
  services: StatusMessageServices,
): Promise<AccessRequest | undefined> {
  const known = await services.requests.get(requestId);
  if (known === undefined) throw new RequestNotFoundError(`no request ${requestId}`);
  if (!hasNews(known)) return undefined;
  const request = await updateStatusMessages(requestId, services);
  await noteTold(request, services);
  return request;
}

/** Writes down that the messages show everything that had happened when the request was read. */
export async function noteTold(
  { id, events }: AccessRequest,
  services: Pick<StatusMessageServices, 'requests'>,
): Promise<void> {
  await services.requests.change(id, { from: ALL_STATES, set: { told: events.length } });
}

/**
 * Says once that access ends soon, and marks the story with it. Run again after a failure at any point, it goes on from there.
 *
 * @param endsAt the end that the workflow waits for, ISO 8601
 * @returns the request, if it is warned of its end now
 * @throws RequestChangedError when something else happened to the request in the same instant; whatever the chat throws
 */
export async function warnOfEnd(
  requestId: string,
  endsAt: string | undefined,
  services: StatusMessageServices,
): Promise<AccessRequest | undefined> {
  const known = await services.requests.get(requestId);
  if (known?.state !== 'active') return undefined;
  // The end was moved, and the workflow does not know yet: it is not near any more.
  if (endsAt !== undefined && known.endsAt !== endsAt) return undefined;
  const request = await markWarned(known, services);
  if (request === undefined || !hasChat(services)) return request;
  if (!request.messages.some((sent) => sent.role === 'warning' && isOfEnd(sent, request))) {
    const sent = await postInPlace(request, services.render(request, 'warning'), services);
    await services.requests.change(requestId, {
      from: ALL_STATES,
      message: { role: 'warning', channel: sent.channel, ts: sent.ts, endsAt: request.endsAt },
    });
  }
  if (hasNews(request)) await noteTold(await updateStatusMessages(requestId, services, request), services);
  return request;
}

/** The event first, then the message: what was written and not said is said by the next run, and nothing is written twice. */
async function markWarned(known: AccessRequest, services: StatusMessageServices): Promise<AccessRequest | undefined> {
  if (isWarned(known)) return known;
  const { changed, request } = await services.requests.change(known.id, {
    from: ['active'],
    event: happen('warned', services.now().toISOString()),
    eventsSeen: known.events.length,
  });
  if (changed || request?.state !== 'active' || isWarned(request))
    return request?.state === 'active' ? request : undefined;
  throw new RequestChangedError(`request ${known.id} changed while its end was announced`);
}

/** A warning of an earlier end does not count; one of a version that did not write it down was of the only end. */
function isOfEnd(sent: SentMessage, request: AccessRequest): boolean {
  return sent.endsAt === undefined || sent.endsAt === request.endsAt;
}

/**
 * Says what has become of a request that its person had to wait for, once for each outcome: an edit of the story notifies nobody,
 * and they were told that they would hear. Who did not wait has the story itself; who did it themselves knows.
 *
 * @throws whatever the chat throws
 */
export async function notifyOutcome(request: AccessRequest, services: StatusMessageServices): Promise<void> {
  const { state, messages } = request;
  if (!isOutcome(request) || !hasChat(services)) return;
  if (messages.some((sent) => sent.role === 'outcome' && sent.state === state)) return;
  const sent = await postInPlace(request, services.render(request, 'outcome'), services);
  await services.requests.change(request.id, {
    from: ALL_STATES,
    message: { role: 'outcome', state, channel: sent.channel, ts: sent.ts },
  });
}

/**
 * Asks the person what a reviewer wants to know: in the thread of the request, where the report is, and directly, for nobody watches a thread
 * for good. Each once; run again after a failure at any point, it goes on from there.
 *
 * @throws whatever the chat throws
 */
export async function askPerson(
  request: AccessRequest,
  services: Pick<StatusMessageServices, 'requests' | 'chat' | 'render' | 'approvalChannel'>,
): Promise<void> {
  const { chat, requests } = services;
  if (chat === undefined) return;
  const told = new Set(request.messages.filter(({ role }) => role === 'question').map(({ channel }) => channel));
  const note = async (sent: { readonly channel: string; readonly ts: string }) => {
    told.add(sent.channel);
    await requests.change(request.id, { from: ALL_STATES, message: { role: 'question', ...sent } });
  };
  const message = services.render(request, 'question');
  if (told.size === 0) await note(await postInPlace(request, message, { ...services, chat }));
  const { slackId } = request.requester;
  if (slackId === '') return;
  // Where the story is told directly, that was the thread.
  const direct = await chat.directChannel(slackId);
  if (!told.has(direct)) await note(await chat.post(direct, message));
}

/**
 * Says something once in each place where approvers have a card of a request, for an edit of the card notifies nobody: a report to be
 * reviewed as a message of its own, anything else below that report or the card.
 *
 * @throws whatever the chat throws, after every place was tried
 */
export async function postBelowCards(
  request: AccessRequest,
  role: Extract<SentMessage['role'], 'report' | 'answer'>,
  services: Pick<StatusMessageServices, 'chat' | 'requests' | 'render'>,
): Promise<void> {
  const { chat } = services;
  if (chat === undefined) return;
  const told = (channel: string) => request.messages.some((sent) => sent.role === role && sent.channel === channel);
  const cards = request.messages.filter((sent) => sent.role === 'approval' && !told(sent.channel));
  const results = await Promise.allSettled(
    cards.map(async ({ channel, ts }) => {
      const report = request.messages.find((sent) => sent.role === 'report' && sent.channel === channel);
      const threadTs = role === 'report' && request.review?.status === 'owed' ? undefined : (report?.ts ?? ts);
      const sent = await chat.post(channel, services.render(request, role), threadTs);
      await services.requests.change(request.id, { from: ALL_STATES, message: { role, channel, ts: sent.ts } });
    }),
  );
  for (const result of results)
    if (result.status === 'rejected' && !(result.reason instanceof PlaceGoneError)) throw result.reason;
}

/** Has a wait of the person come to an end with the state that the request is in? */
export function isOutcome({ state, events, requester }: AccessRequest): boolean {
  const waitedFor = (waiting: RequestState) => events.some((event) => event.state === waiting);
  if (state === 'scheduled') return waitedFor('pending');
  if (endedByOther({ state, events, requester })) return true;
  if (state === 'cancelled' && events.findLast((event) => event.state === state)?.by === requester.principalId)
    return false;
  return STATES[state].told && (waitedFor('pending') || waitedFor('scheduled'));
}

/** Somebody else ended it before its time: the person is told by whom, and why. */
function endedByOther({ state, events, requester }: Pick<AccessRequest, 'state' | 'events' | 'requester'>): boolean {
  if (state !== 'ended') return false;
  const by = events.findLast((event) => event.state === 'ending')?.by;
  return by !== undefined && by !== SYSTEM_ACTOR && by !== requester.principalId;
}

/** A copy that somebody deleted needs no edit any more. */
async function edit(request: AccessRequest, sent: SentMessage, services: Told): Promise<void> {
  try {
    await services.chat.update(sent.channel, sent.ts, services.render(request, sent.role));
  } catch (error) {
    if (!(error instanceof PlaceGoneError)) throw error;
  }
}

async function postStatusMessage(request: AccessRequest, services: Told): Promise<void> {
  const sent = await postInPlace(request, services.render(request, 'story'), services);
  await services.requests.change(request.id, {
    from: ALL_STATES,
    message: { role: 'story', channel: sent.channel, ts: sent.ts },
  });
}
