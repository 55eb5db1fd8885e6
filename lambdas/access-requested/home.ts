import { identifyPerson, type SlackCaller } from '../../core/access/request/identify.ts';
import { isReviewable } from '../../core/access/review/reviewable.ts';
import { OPEN_STATES, STATES } from '../../core/model/life-cycle.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import { type Business, homeView, refusedHomeView } from '../../slack/views/home.ts';
import { logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import type { Services } from './services.ts';

/** Shows a person what is their business now, with the buttons to act on it; or why they have none here. */
export async function showHome(caller: SlackCaller, all: Services): Promise<void> {
  const who = await identifyPerson(caller, all);
  if (!who.identified) {
    await all.chat.publishHome(caller.slackId, refusedHomeView(who.refusal, caller.slackId));
    return;
  }
  const business = await businessOf(who.person.principalId, all);
  await all.chat.publishHome(caller.slackId, homeView({ ...business, portalUrl: all.settings.portalUrl }));
}

/** What is a person's business now: what they have, what they wait for, and what waits for them. */
export async function businessOf(principalId: string, all: Services): Promise<Business> {
  const [open, reviews] = await Promise.all([openRequests(all), reviewsFor(principalId, all)]);
  const mine = open.filter((request) => request.requester.principalId === principalId);
  const waits = ({ state }: AccessRequest) => STATES[state].phase === 'waiting';
  return {
    active: mine.filter((request) => !waits(request)),
    pending: mine.filter(waits),
    toDecide: open.filter((request) => waitsFor(principalId, request)),
    reviews,
  };
}

/** Shows at once what a press in the Home has changed. What was done stays done when Slack does not take it. */
export async function refreshHome(caller: SlackCaller, all: Services): Promise<void> {
  try {
    await showHome(caller, all);
  } catch (error) {
    logFailure('slack.home-failed', error);
    count(METRICS.slackFailed);
  }
}

async function openRequests(all: Services): Promise<AccessRequest[]> {
  const open: AccessRequest[] = [];
  for await (const request of all.requests.inStates(OPEN_STATES)) open.push(request);
  return open;
}

async function reviewsFor(principalId: string, all: Services): Promise<AccessRequest[]> {
  const owed: string[] = [];
  for await (const { requestId } of all.reviews.owed()) owed.push(requestId);
  const requests = await Promise.all(owed.map((requestId) => all.requests.get(requestId)));
  return requests.filter(
    (request) =>
      request !== undefined && isReviewable(request) && request.review?.approvers.includes(principalId) === true,
  ) as AccessRequest[];
}

/** As approvers were last asked; a press is judged by today's records. */
function waitsFor(principalId: string, { state, asked, votes }: AccessRequest): boolean {
  return (
    state === 'pending' &&
    !votes.some((vote) => vote.principalId === principalId) &&
    asked?.waitingPaths.some(({ approvals }) => approvals.some(({ approvers }) => approvers.includes(principalId))) ===
      true
  );
}
