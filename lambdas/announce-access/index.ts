import * as z from 'zod/mini';
import { mailedAbout, mailRequester } from '../../core/access/notify/mail-people.ts';
import { notifyApprovers } from '../../core/access/notify/notify-approvers.ts';
import {
  notifyOutcome,
  postBelowCards,
  updateStatusMessages,
  updateStatusOnNews,
  warnOfEnd,
} from '../../core/access/notify/status-messages.ts';
import { noteHold } from '../../core/access/request/held.ts';
import { oweReview } from '../../core/access/review/review-reminders.ts';
import { isReviewable } from '../../core/access/review/reviewable.ts';
import { STATES } from '../../core/model/life-cycle.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import { readEnvironment } from '../shared/environment.ts';
import { log, logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { once } from '../shared/once.ts';
import { systemNow } from '../shared/services/clock.ts';
import { peopleMailer } from '../shared/services/mail.ts';
import { chatIfAny } from '../shared/services/slack.ts';
import { holdStore, requestStore, reviewStore, usageStore } from '../shared/services/tables.ts';
import { statusRenderer } from '../shared/status-renderer.ts';
import { taskInput } from '../shared/task-input.ts';

const services = once(() => {
  const environment = readEnvironment('announce-access');
  return {
    requests: requestStore(environment),
    chat: chatIfAny(environment, 5_000),
    usage: usageStore(environment),
    holds: holdStore(environment),
    now: systemNow,
    reviews: reviewStore(environment),
    mails: peopleMailer(environment),
    ...statusRenderer(environment.settings, environment.consoleUrl),
  };
});

/** Brings the messages about a request up to date, and warns before the end. The truth is in the request; this only shows it. */
export async function handler(event: unknown): Promise<void> {
  const { requestId, warn, news, endsAt } = z.parse(taskInput.announce, event);
  try {
    if (warn === true) await warnPerson(requestId, endsAt);
    else {
      const told = await (news === true ? updateStatusOnNews : updateStatusMessages)(requestId, services());
      if (told !== undefined) await showRequest(told);
    }
    log('access.announced', { requestId, warn: warn === true });
  } catch (error) {
    logFailure('access.announce-failed', error, { requestId });
    count(METRICS.slackFailed);
    throw error;
  }
}

/** What goes with the story: who waited is notified, access is counted, a broken glass is shown to the approvers it skipped, its review is owed. */
async function showRequest(request: AccessRequest): Promise<void> {
  const all = services();
  if (request.state === 'active') await all.usage.note(request);
  if (STATES[request.state].reviewable) await noteHold(request, all);
  await notifyOutcome(request, all);
  await mailRequester(request, { mails: all.mails, hasChat: all.chat !== undefined });
  if (request.breakGlass) await tellPassedOver(request);
  if (request.state === 'reported' || isReviewable(request)) await postBelowCards(request, 'report', all);
  if (isReviewable(request)) await all.mails.once(request, 'review', mailedAbout(request, 'glass'));
  await oweReview(request, all);
}

async function warnPerson(requestId: string, endsAt: string | undefined): Promise<void> {
  const all = services();
  const warned = await warnOfEnd(requestId, endsAt, all);
  const hasSlack = all.chat !== undefined && warned?.requester.slackId !== '';
  if (warned !== undefined && !hasSlack)
    await all.mails.once(warned, 'warning', [warned.requester.principalId], warned.endsAt);
}

/** The approvers whom breaking the glass has passed over, in Slack and, where that does not reach them, by mail. */
async function tellPassedOver(request: AccessRequest): Promise<void> {
  const all = services();
  const { unreached, failure } = await notifyApprovers(request, request.review?.approvers ?? [], all);
  await all.mails.once(request, 'glass', unreached);
  if (failure !== undefined) throw failure;
}
