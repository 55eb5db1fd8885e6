import { after } from '../../model/events.ts';
import type { AccessRequest } from '../../model/request.ts';
import type { PeopleMailer } from '../notify/mail-people.ts';
import {
  askPerson,
  postBelowCards,
  type StatusMessageServices,
  updateStatusMessages,
} from '../notify/status-messages.ts';
import type { Now } from '../ports.ts';

/** An answer is awaited for this long; a later one is shown only in the request and its messages. Seconds. */
const ANSWERED_WITHIN_SECONDS = 30 * 24 * 3600;

/** What is needed to tell people of a review. */
export type TellReviewServices = StatusMessageServices & {
  readonly now: Now;
  /** Sends mails to people whom Slack does not reach. */
  readonly mails: Pick<PeopleMailer, 'once'>;
};

/**
 * Tells people of a review that was given: the requester the question, the reviewer the answer. A review given in Slack
 * was told there already; one given by the API or in the console was not.
 *
 * @returns whether nothing is left to tell
 * @throws any error of the chat or the mail service
 */
export async function tellReview(request: AccessRequest, services: TellReviewServices): Promise<boolean> {
  const { review } = request;
  if (review?.status !== 'questioned') {
    await updateStatusMessages(request.id, services);
    return true;
  }
  if (review.answer === undefined) {
    const isAsked = request.messages.some(({ role }) => role === 'question');
    await askPerson(request, services);
    await mailUnlessInSlack(request, 'question', request.requester.principalId, services);
    if (!isAsked) await updateStatusMessages(request.id, services);
    return (
      after(review.at ?? request.endedAt ?? request.endsAt, ANSWERED_WITHIN_SECONDS) <= services.now().toISOString()
    );
  }
  await postBelowCards(request, 'answer', services);
  await mailUnlessInSlack(request, 'answer', review.by, services);
  await updateStatusMessages(request.id, services);
  return true;
}

/** Writes to a person whom Slack does not reach. @param principalId `undefined`: nobody is written to */
async function mailUnlessInSlack(
  request: AccessRequest,
  kind: 'question' | 'answer',
  principalId: string | undefined,
  { chat, mails }: Pick<TellReviewServices, 'chat' | 'mails'>,
): Promise<void> {
  if (principalId === undefined) return;
  const { requester, asked } = request;
  const slackId = principalId === requester.principalId ? requester.slackId : asked?.slackIds[principalId];
  if (chat !== undefined && slackId !== undefined && slackId !== '') return;
  const { failure } = await mails.once(request, kind, [principalId]);
  if (failure !== undefined) throw failure;
}
