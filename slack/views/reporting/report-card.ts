import type { ModalView } from '@slack/types';
import { isReviewable } from '../../../core/access/review/reviewable.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { ACTIONS, FIELDS, MODALS } from '../../actions.ts';
import { actions, blocks, button, context, type MessageView, section } from '../../blocks.ts';
import type { CallView } from '../../call.ts';
import { LIMITS } from '../../limits.ts';
import { type People, peopleWords, personWords, requesterWords } from '../../people.ts';
import { cut, quote, slackDate } from '../../wording.ts';
import { accessWords, noteWords, targetWords, traceLine } from '../asking/request-parts.ts';
import { type FormReading, modal, noteInput, readText } from '../modal-parts.ts';
import { lastEvent, reviewWords } from '../status-lines.ts';

/** Fresh messages about a report: an edit of the card notifies nobody. */

/** Below the approvers' card: what was done, and, where a review is owed, the buttons that give it. */
export function reportCard(request: AccessRequest, people?: People): MessageView {
  const owed = isReviewable(request);
  const reviewers = owed ? `${peopleWords(request.review?.approvers ?? [], request, people, 'or')}: ` : '';
  const line = `:memo: ${reviewers}the report is there. ${requesterWords(request)} had ${targetWords(request)}.`;
  return {
    text: cut(line, LIMITS.messageText),
    blocks: blocks(
      section(line, verdict(request), owed ? 'Acknowledge it, or ask what is doubtful.' : reviewWords(request, people)),
      owed
        ? actions(
            button({ actionId: ACTIONS.acknowledgeReview, text: 'Acknowledge', value: request.id, style: 'primary' }),
            button({ actionId: ACTIONS.questionReview, text: 'Question…', value: request.id }),
          )
        : undefined,
      context('The full report went by e-mail.'),
    ),
  };
}

function verdict(request: AccessRequest): string {
  const reported = noteWords(lastEvent(request, 'reported')?.note);
  if (reported !== '') return `*Verdict:* ${reported}`;
  const unreadable = noteWords(lastEvent(request, 'activity-unreadable')?.note);
  return `:warning: What was done could not be read${unreadable === '' ? '.' : `: ${unreadable}`}`;
}

/** To the person whose access a reviewer doubts, with the button to answer. Once answered, it shows the answer. */
export function questionMessage(request: AccessRequest, people?: People): MessageView {
  const { review } = request;
  const by = personWords(review?.by ?? '', request, people);
  const line = `:question: ${requesterWords(request)}, ${by} asks about your ${accessWords(request)}:`;
  const answered = review?.answer;
  return {
    text: cut(line, LIMITS.messageText),
    blocks: blocks(
      section(line, quote(review?.note ?? '', 1000)),
      answered === undefined
        ? actions(button({ actionId: ACTIONS.answerReview, text: 'Answer…', value: request.id, style: 'primary' }))
        : section(`Answered ${slackDate(review?.answeredAt ?? '')}:`, quote(answered, 1000)),
      context(traceLine(request)),
    ),
  };
}

/** Below the approvers' card, to the reviewer who asked. */
export function answerMessage(request: AccessRequest, people?: People): MessageView {
  const { review } = request;
  const line = `:speech_balloon: ${personWords(review?.by ?? '', request, people)}, ${requesterWords(request)} answers your question:`;
  return {
    text: cut(line, LIMITS.messageText),
    blocks: blocks(
      section(line, quote(review?.note ?? '', 500), '*Answer*', quote(review?.answer ?? '', 1000)),
      context(traceLine(request)),
    ),
  };
}

/** Asks the person for the answer. */
export function answerModal(request: AccessRequest): ModalView {
  return modal({
    name: MODALS.answerReview,
    title: 'Answer',
    submit: 'Send',
    data: { requestId: request.id },
    blocks: [
      section('You are asked:', quote(request.review?.note ?? '', 1000)),
      noteInput('Your answer', { optional: false, hint: 'The reviewer reads it, and it is kept in the audit.' }),
    ],
  });
}

/** Reads the submission. */
export function readAnswerModal({ values }: CallView): FormReading<{ readonly note: string }> {
  const note = readText(values, FIELDS.note);
  return note === '' ? { ok: false, errors: { [FIELDS.note]: 'Write an answer.' } } : { ok: true, note };
}
