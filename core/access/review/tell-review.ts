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

/** Whoever has not answered by then is not waited for: what is answered later is in the request and in its messages. Seconds. */
const ANSWERED_WITHIN_SECONDS = 30 * 24 * 3600;

/** Where people are told of a review. */
export type TellReviewServices = StatusMessageServices & {
  readonly now: Now;
  /** Writes to those whom Slack does not reach. */
  readonly mails: Pick<PeopleMailer, 'once'>;
};

/**
 * Tells of a review that was given: the person what they are asked, the reviewer what they are answered. Where it was given in Slack,
 * all is told by then; by the API or the console, nothing is.
 *
 * @returns whether nothing is left to tell
 * @throws whatever the chat or the mail service throws
 */
export async function isToldOf(request: AccessRequest, services: TellReviewServices): Promise<boolean> {
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

/** Whom Slack does not reach is told by mail. @param principalId of whom; nobody where it is not known */
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
