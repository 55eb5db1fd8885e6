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
import { isToldOf } from './tell-review.ts';

/** The reviews that are owed, apart from the requests so that nobody has to read all of history to find them. */
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
/** Every day for a week, then every week: what nobody has answered by then is not answered for being asked louder. Seconds. */
const DAILY_FOR_SECONDS = 7 * DAY_SECONDS;
const WEEK_SECONDS = 7 * DAY_SECONDS;
/** From then on nobody is reminded any more; the review is owed, and shown as such, for as long as it is not given. */
const REMINDED_FOR_SECONDS = 90 * DAY_SECONDS;
const NEVER = '9999-12-31T00:00:00.000Z';

/** When those who owe a review are reminded next. @param now ISO 8601 */
function nextReminder({ endedAt, endsAt }: AccessRequest, now: string): string {
  const age = (Date.parse(now) - Date.parse(endedAt ?? endsAt)) / 1000;
  const next = after(now, age < DAILY_FOR_SECONDS ? DAY_SECONDS : WEEK_SECONDS);
  return age + WEEK_SECONDS > REMINDED_FOR_SECONDS ? NEVER : next;
}

/** Notes the review break-glass access requires, once its report is out or will never be. */
export async function oweReview(
  request: AccessRequest,
  services: { readonly reviews: ReviewStore; readonly now: Now },
): Promise<void> {
  if (!isReviewable(request)) return;
  await services.reviews.owe(request.id, after(services.now(), DAY_SECONDS));
}

/** What reminding of reviews, and telling of those that were given, takes. */
export type RemindReviewersServices = StatusMessageServices &
  ReachServices & {
    readonly reviews: ReviewStore;
    /** Writes to those whom Slack does not reach. */
    readonly mails: Pick<PeopleMailer, 'once'>;
    renderReviewReminder(request: AccessRequest): ChatMessage;
    onFailure(error: unknown, requestId: string): void;
  };

/**
 * Reminds those who still owe a review: every day for a week, every week until three months after the end, and then no more. Each of
 * them in one way: in Slack, where that has just reached them, else by mail. Tells of reviews that were given elsewhere than in Slack, too.
 * One that fails does not keep the others from theirs.
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
        if (request === undefined || (await isToldOf(request, services))) await services.reviews.settle(requestId);
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

/** What fails is tried again with the next run only where nobody was reminded: nobody is reminded twice for the sake of another. */
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
