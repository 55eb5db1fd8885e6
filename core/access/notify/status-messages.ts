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

/** What is needed to post and edit status messages. */
export interface StatusMessageServices {
  readonly requests: RequestStore;
  readonly now: Now;
  /** `undefined` where there is no Slack: nothing is shown there, but everything is stored as usual. */
  readonly chat: StatusChat | undefined;
  /** Renders the request as a message, for the thread or for approvers. */
  render(request: AccessRequest, role: SentMessage['role']): ChatMessage;
  /** Where a request about a message is shown if the app is not a member of the message's channel. */
  readonly approvalChannel: string;
}

/** Services with Slack. */
type Told = StatusMessageServices & { readonly chat: StatusChat };

function hasChat(services: StatusMessageServices): services is Told {
  return services.chat !== undefined;
}

/**
 * Edits every message about a request to show its current state, and posts the status message if there is none yet: in
 * the thread of the alert it came from, otherwise directly to the requester. Running it again only edits.
 *
 * @param shown the request as the caller has just shown it: a message posted since then is edited only if more has
 * happened
 * @throws RequestNotFoundError; any error of Slack, after every message was tried
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

/** As `updateStatusMessages`, for a request just read. @throws any error of Slack, after every message was tried */
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

/** A request that joined an existing access is shown in the status message of that access. */
function hasStory(request: AccessRequest): boolean {
  return isPartOfAnother(request) || request.messages.some((sent) => sent.role === 'story');
}

/** An outcome message is about one instant and is never edited; every other message shows the current state. */
function isStale(sent: SentMessage, request: AccessRequest, shown: AccessRequest | undefined): boolean {
  if (sent.role === 'outcome') return false;
  const isNew =
    shown !== undefined && !shown.messages.some(({ channel, ts }) => channel === sent.channel && ts === sent.ts);
  return !isNew || tellableEvents(request) > tellableEvents(shown);
}

/**
 * Edits the messages while a problem lasts: only when there is news, so that a problem of hours does not cause an edit
 * every few minutes.
 *
 * @returns the request as it was shown; `undefined` when there was no news
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

/** Notes that the messages show every event the request had when it was read. */
export async function noteTold(
  { id, events }: AccessRequest,
  services: Pick<StatusMessageServices, 'requests'>,
): Promise<void> {
  await services.requests.change(id, { from: ALL_STATES, set: { told: events.length } });
}

/**
 * Warns the requester once that access ends soon, and updates the status message. Running it again after any failure
 * continues there.
 *
 * @param endsAt the end that the workflow waits for, ISO 8601
 * @returns the request, if its requester is now warned of its end
 * @throws RequestChangedError when the request changed in the same instant; any error of Slack
 */
export async function warnOfEnd(
  requestId: string,
  endsAt: string | undefined,
  services: StatusMessageServices,
): Promise<AccessRequest | undefined> {
  const known = await services.requests.get(requestId);
  if (known?.state !== 'active') return undefined;
  // The end was moved and the workflow does not know yet: the new end is not near.
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

/** The event is written before the message is sent: the next run sends a failed message, and writes no second event. */
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

/** A warning of an earlier end does not count. Old versions stored no end with it: there was only one end then. */
function isOfEnd(sent: SentMessage, request: AccessRequest): boolean {
  return sent.endsAt === undefined || sent.endsAt === request.endsAt;
}

/**
 * Tells the requester the outcome of a request they had to wait for, once for each outcome: an edit of the status
 * message notifies nobody, and they were promised an answer. A requester who did not wait gets the status message; one
 * who ended it themselves knows.
 *
 * @throws any error of Slack
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
 * Asks the requester a reviewer's question: in the thread of the request, where the report is, and directly, because
 * people stop watching threads. Each message is sent once; running it again after any failure continues there.
 *
 * @throws any error of Slack
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
  // If the status message was sent directly, its thread is in the direct channel already.
  const direct = await chat.directChannel(slackId);
  if (!told.has(direct)) await note(await chat.post(direct, message));
}

/**
 * Posts a message once in each place where approvers have a card of the request, because an edit of the card notifies
 * nobody. A report to be reviewed is a message of its own; anything else is a reply to that report or to the card.
 *
 * @throws any error of Slack, after every place was tried
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

/** Does the request's current state end a wait of the requester? */
export function isOutcome({ state, events, requester }: AccessRequest): boolean {
  const waitedFor = (waiting: RequestState) => events.some((event) => event.state === waiting);
  if (state === 'scheduled') return waitedFor('pending');
  if (endedByOther({ state, events, requester })) return true;
  if (state === 'cancelled' && events.findLast((event) => event.state === state)?.by === requester.principalId)
    return false;
  return STATES[state].told && (waitedFor('pending') || waitedFor('scheduled'));
}

/** Did somebody else end the access before its time? Then the requester is told who did, and why. */
function endedByOther({ state, events, requester }: Pick<AccessRequest, 'state' | 'events' | 'requester'>): boolean {
  if (state !== 'ended') return false;
  const by = events.findLast((event) => event.state === 'ending')?.by;
  return by !== undefined && by !== SYSTEM_ACTOR && by !== requester.principalId;
}

/** A message that somebody deleted is not edited any more. */
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
