import type { ChatMessage } from '../../model/chat-message.ts';
import { after, happen } from '../../model/events.ts';
import { REVIEWABLE_STATES } from '../../model/life-cycle.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { PeopleMailer } from '../notify/mail-people.ts';
import { type ReachServices, ringApprovers } from '../notify/notify-approvers.ts';
import { mayRepeat } from '../notify/repeated-events.ts';
import type { StatusMessageServices } from '../notify/status-messages.ts';
import type { Now } from '../ports.ts';
import { isReviewable, reviewersOf } from './reviewable.ts';
import { tellReview } from './tell-review.ts';

/** The owed reviews, stored apart from the requests, so that they are found without reading all requests. */
export interface ReviewStore {
  /** Notes that a review is owed, once. @param remindAt ISO 8601 */
  owe(requestId: string, remindAt: string): Promise<void>;
  /** @param remindAt ISO 8601; the next reminder */
  postpone(requestId: string, remindAt: string): Promise<void>;
  settle(requestId: string): Promise<void>;
  /** Oldest reminder first. */
  owed(): AsyncIterable<{ readonly requestId: string; readonly remindAt: string }>;
}

const DAY_SECONDS = 24 * 3600;
/** Reminders come daily for this long, then weekly: more of them would not make a late reviewer answer. Seconds. */
const DAILY_FOR_SECONDS = 7 * DAY_SECONDS;
const WEEK_SECONDS = 7 * DAY_SECONDS;
/** After this long no more reminders are sent; the review stays owed, and is shown so, until it is given. Seconds. */
const REMINDED_FOR_SECONDS = 90 * DAY_SECONDS;
const NEVER = '9999-12-31T00:00:00.000Z';

/** The next reminder to the reviewers of an owed review. @param now ISO 8601 */
function nextReminder({ endedAt, endsAt }: AccessRequest, now: string): string {
  const age = (Date.parse(now) - Date.parse(endedAt ?? endsAt)) / 1000;
  const next = after(now, age < DAILY_FOR_SECONDS ? DAY_SECONDS : WEEK_SECONDS);
  return age + WEEK_SECONDS > REMINDED_FOR_SECONDS ? NEVER : next;
}

/** Notes that break-glass access needs a review, once its report is out or it is known that there will be none. */
export async function oweReview(
  request: AccessRequest,
  services: { readonly reviews: ReviewStore; readonly now: Now },
): Promise<void> {
  if (!isReviewable(request)) return;
  await services.reviews.owe(request.id, after(services.now(), DAY_SECONDS));
}

/** What is needed to remind reviewers, and to tell people of reviews that were given. */
export type RemindReviewersServices = StatusMessageServices &
  ReachServices & {
    readonly reviews: ReviewStore;
    /** Sends mails to people whom Slack does not reach. */
    readonly mails: Pick<PeopleMailer, 'once'>;
    renderReviewReminder(request: AccessRequest): ChatMessage;
    onFailure(error: unknown, requestId: string): void;
  };

/**
 * Reminds the reviewers of owed reviews: daily for a week, weekly until three months after the end, and then no more.
 * Each reviewer is reminded in one way: in Slack where that reached them, else by mail. Also tells people of reviews
 * that were not given in Slack. A review that fails does not affect the others.
 *
 * @returns how many reviews are still owed
 */
export async function remindReviewers(services: RemindReviewersServices): Promise<number> {
  const now = services.now().toISOString();
  let owed = 0;
  for await (const { requestId, remindAt } of services.reviews.owed()) {
    try {
      const request = await services.requests.get(requestId);
      if (request?.review?.status !== 'owed') {
        if (request === undefined || (await tellReview(request, services))) await services.reviews.settle(requestId);
        continue;
      }
      owed += 1;
      if (remindAt <= now) await remind(request, { remindAt, now }, services);
    } catch (error) {
      services.onFailure(error, requestId);
    }
  }
  return owed;
}

/**
 * Fails, for the next run to retry, only if nobody was reminded: no reviewer is reminded again for another's failure.
 */
async function remind(
  request: AccessRequest,
  { remindAt, now }: { readonly remindAt: string; readonly now: string },
  services: RemindReviewersServices,
): Promise<void> {
  const approvers = reviewersOf(request);
  const inSlack = await ringApprovers(request, approvers, services.renderReviewReminder(request), services);
  const byMail = await services.mails.once(request, 'review-reminder', inSlack.unreached, remindAt);
  const failure = inSlack.failure ?? byMail.failure;
  if (failure !== undefined && inSlack.unreached.length === approvers.length && byMail.mailed.length === 0)
    throw failure;
  if (mayRepeat(request, 'reminded', now)) {
    await services.requests.change(request.id, {
      from: REVIEWABLE_STATES,
      event: happen('reminded', now, { note: 'review owed' }),
    });
  }
  await services.reviews.postpone(request.id, nextReminder(request, now));
  if (failure !== undefined) services.onFailure(failure, request.id);
}
