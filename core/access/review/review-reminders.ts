import { after, happen } from '../../model/events.ts';
import { REVIEWABLE_STATES } from '../../model/life-cycle.ts';
import type { AccessRequest } from '../../model/request.ts';
import { mailedAbout, type PeopleMailer } from '../notify/mail-people.ts';
import { mayRepeat } from '../notify/repeated-events.ts';
import {
  askPerson,
  postBelowCards,
  type StatusMessageServices,
  updateStatusMessages,
} from '../notify/status-messages.ts';
import type { Now } from '../ports.ts';
import { isReviewable } from './reviewable.ts';

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

/** What reminding of reviews, and telling of those that were given, takes. */
export interface RemindReviewersServices<Message> extends StatusMessageServices<Message> {
  readonly reviews: ReviewStore;
  /** Writes to those whom Slack does not reach. */
  readonly mails: Pick<PeopleMailer, 'once'>;
  renderReviewReminder(request: AccessRequest): Message;
  onFailure(error: unknown, requestId: string): void;
}

const REMIND_EVERY_SECONDS = 24 * 3600;

/** Whoever has not answered by then is not waited for: what is answered later is in the request and in its messages. Seconds. */
const ANSWERED_WITHIN_SECONDS = 30 * 24 * 3600;

/** Notes the review break-glass access requires, once its report is out or will never be. */
export async function oweReview(
  request: AccessRequest,
  services: { readonly reviews: ReviewStore; readonly now: Now },
): Promise<void> {
  if (!isReviewable(request)) return;
  await services.reviews.owe(request.id, after(services.now(), REMIND_EVERY_SECONDS));
}

/**
 * Mentions, once a day, those who still owe a review, and tells of reviews that were given elsewhere than in Slack. One that fails does not
 * keep the others from theirs.
 *
 * @returns how many reviews are still owed
 */
export async function remindReviewers<Message>(services: RemindReviewersServices<Message>): Promise<number> {
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
      if (remindAt > now) continue;
      for (const sent of request.messages.filter(({ role }) => role === 'approval')) {
        await services.chat?.post(sent.channel, services.renderReviewReminder(request), sent.ts);
      }
      await services.mails.once(request, 'review-reminder', mailedAbout(request, 'glass'), now.slice(0, 10));
      // A review may be owed for years.
      if (mayRepeat(request, 'reminded', now)) {
        await services.requests.change(requestId, {
          from: REVIEWABLE_STATES,
          event: happen('reminded', now, { note: 'review owed' }),
        });
      }
      await services.reviews.postpone(requestId, after(now, REMIND_EVERY_SECONDS));
    } catch (error) {
      services.onFailure(error, requestId);
    }
  }
  return owed;
}

/**
 * Tells of a review that was given: the person what they are asked, the reviewer what they are answered. Where it was given in Slack,
 * all is told by then; by the API or the console, nothing is.
 *
 * @returns whether nothing is left to tell
 * @throws whatever the chat or the mail service throws
 */
async function isToldOf<Message>(request: AccessRequest, services: RemindReviewersServices<Message>): Promise<boolean> {
  const { review } = request;
  if (review?.status !== 'questioned') {
    await updateStatusMessages(request.id, services);
    return true;
  }
  if (review.answer === undefined) {
    const isAsked = request.messages.some(({ role }) => role === 'question');
    await askPerson(request, services);
    await askByMail(request, services);
    if (!isAsked) await updateStatusMessages(request.id, services);
    return after(review.at ?? request.endsAt, ANSWERED_WITHIN_SECONDS) <= services.now().toISOString();
  }
  await postBelowCards(request, 'answer', services);
  await updateStatusMessages(request.id, services);
  return true;
}

/** Whom Slack does not reach is asked by mail. */
async function askByMail(
  request: AccessRequest,
  { chat, mails }: { readonly chat: unknown; readonly mails: Pick<PeopleMailer, 'once'> },
): Promise<void> {
  const { slackId, principalId } = request.requester;
  if (chat === undefined || slackId === '') await mails.once(request, 'question', [principalId]);
}
