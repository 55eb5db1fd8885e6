import { after, happen } from '../../model/events.ts';
import { REVIEWABLE_STATES } from '../../model/life-cycle.ts';
import type { AccessRequest } from '../../model/request.ts';
import { mailedAbout, type PeopleMailer } from '../notify/mail-people.ts';
import { mayRepeat } from '../notify/repeated-events.ts';
import type { Now, RequestStore } from '../ports.ts';
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

const REMIND_EVERY_SECONDS = 24 * 3600;

/** Notes the review break-glass access requires, once its report is out or will never be. */
export async function oweReview(
  request: AccessRequest,
  services: { readonly reviews: ReviewStore; readonly now: Now },
): Promise<void> {
  if (!isReviewable(request)) return;
  await services.reviews.owe(request.id, after(services.now(), REMIND_EVERY_SECONDS));
}

/**
 * Mentions, once a day, those who still owe a review. One that fails does not keep the others from theirs.
 *
 * @returns how many reviews are still owed
 */
export async function remindReviewers<Message>(services: {
  readonly requests: RequestStore;
  readonly reviews: ReviewStore;
  readonly now: Now;
  /** `undefined` where there is no Slack. */
  readonly chat: { post(channel: string, message: Message, threadTs?: string): Promise<unknown> } | undefined;
  /** Writes to those whom Slack does not reach. */
  readonly mails: Pick<PeopleMailer, 'once'>;
  renderReviewReminder(request: AccessRequest): Message;
  onFailure(error: unknown, requestId: string): void;
}): Promise<number> {
  const now = services.now().toISOString();
  let owed = 0;
  for await (const { requestId, remindAt } of services.reviews.owed()) {
    try {
      const request = await services.requests.get(requestId);
      if (request?.review?.status !== 'owed') {
        if (request?.review?.status === 'questioned') await askToAnswer(request, services);
        await services.reviews.settle(requestId);
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

/** A question that was asked without Slack, or of somebody who is not there, comes by mail. */
async function askToAnswer(
  request: AccessRequest,
  { chat, mails }: { readonly chat: unknown; readonly mails: Pick<PeopleMailer, 'once'> },
): Promise<void> {
  const { slackId, principalId } = request.requester;
  if (request.review?.answer !== undefined || (chat !== undefined && slackId !== '')) return;
  await mails.once(request, 'question', [principalId]);
}
