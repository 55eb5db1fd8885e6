import { isWarned } from '../../model/access.ts';
import { RequestNotFoundError } from '../../model/errors.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { UsageStore } from '../approval/request-approval.ts';
import { oweReview, type ReviewStore } from '../review/review-reminders.ts';
import { isReviewable, reviewersOf } from '../review/reviewable.ts';
import { mailRequester, type PeopleMailer } from './mail-people.ts';
import { type ApproverChat, keepUntold, notifyApprovers } from './notify-approvers.ts';
import { hasNews } from './repeated-events.ts';
import {
  noteTold,
  notifyOutcome,
  postBelowCards,
  type StatusMessageServices,
  showStatus,
  updateStatusMessages,
  updateStatusOnNews,
  warnOfEnd,
} from './status-messages.ts';

export interface AnnounceServices extends Omit<StatusMessageServices, 'chat'> {
  readonly chat: (NonNullable<StatusMessageServices['chat']> & ApproverChat) | undefined;
  readonly usage: Pick<UsageStore, 'note'>;
  readonly reviews: ReviewStore;
  readonly mails: Pick<PeopleMailer, 'once'>;
}

/**
 * Tells people the current state of a request: first everything in Slack, then by mail the people Slack does not reach.
 * Tries each part even if another failed. Running it again continues there; a failed mail does not repeat anything in
 * Slack.
 *
 * @throws RequestNotFoundError; any error of Slack or the table, or else of the mail service, after everything was
 * tried
 */
export async function announceAccess(requestId: string, services: AnnounceServices): Promise<void> {
  const request = await services.requests.get(requestId);
  if (request === undefined) throw new RequestNotFoundError(`no request ${requestId}`);
  const isShown = request.told !== undefined && !hasNews(request);
  const [story] = await Promise.allSettled([isShown ? undefined : showStatus(request, services)]);
  await notifyAndCount(request, services, story.status === 'rejected' ? [story.reason] : []);
}

/** As `announceAccess`, for a problem that lasts: tells only what is news. @throws as `announceAccess` does */
export async function announceNews(requestId: string, services: AnnounceServices): Promise<void> {
  const told = await updateStatusOnNews(requestId, services);
  if (told !== undefined) await notifyAndCount(told, services);
}

/** Warns the requester of the end that the workflow waits for (ISO 8601). @throws as `announceAccess` does */
export async function announceEnd(
  requestId: string,
  endsAt: string | undefined,
  services: AnnounceServices,
): Promise<void> {
  const [inSlack] = await Promise.allSettled([warnOfEnd(requestId, endsAt, services)]);
  const warned = inSlack.status === 'fulfilled' ? inSlack.value : await services.requests.get(requestId);
  const isMailed = services.chat === undefined || warned?.requester.slackId === '';
  if (isMailed && warned?.state === 'active' && isWarned(warned)) {
    const { failure } = await services.mails.once(warned, 'warning', [warned.requester.principalId], warned.endsAt);
    if (inSlack.status === 'fulfilled' && failure !== undefined) throw failure;
  }
  if (inSlack.status === 'rejected') throw inSlack.reason;
}

/**
 * Does what goes with the status message: notifies a requester who waited, counts the use of the target, shows
 * break-glass access to the skipped approvers, and notes that its review is owed.
 *
 * @param failures errors so far; the first of them is thrown in the end
 */
async function notifyAndCount(
  request: AccessRequest,
  services: AnnounceServices,
  failures: unknown[] = [],
): Promise<void> {
  const trying = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      failures.push(error);
      return undefined;
    }
  };
  const reviewers = request.breakGlass ? reviewersOf(request) : [];
  const mayReview = isReviewable(request);
  if (request.state === 'active') await trying(() => services.usage.note(request));
  await trying(() => notifyOutcome(request, services));
  const passed = reviewers.length === 0 ? undefined : await notifyApprovers(request, reviewers, services);
  if (passed?.failure !== undefined) failures.push(passed.failure);
  if (request.state === 'reported' || mayReview) await trying(() => postBelowCards(request, 'report', services));
  await trying(() => oweReview(request, services));

  const { mails } = services;
  const { failure: unmailed } = await mailRequester(request, { mails, hasChat: services.chat !== undefined });
  const toReviewers = await mails.once(request, mayReview ? 'review' : 'glass', passed?.unreached ?? []);
  const untold = (passed?.unreached ?? []).filter((id) => !toReviewers.mailed.includes(id));
  if (await trying(() => keepUntold(request, untold, services.requests)))
    await trying(() => updateStatusMessages(request.id, services));
  if (failures.length > 0) throw failures[0];
  const failure = unmailed ?? toReviewers.failure;
  if (failure === undefined) return;
  await noteTold(request, services);
  throw failure;
}
