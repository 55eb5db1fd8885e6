import type { ModalView } from '@slack/types';
import { isReviewable } from '../../../core/access/review/reviewable.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { ACTIONS, FIELDS, MODALS } from '../../actions.ts';
import { actions, blocks, button, context, type MessageView, section } from '../../blocks.ts';
import type { CallView } from '../../call.ts';
import { LIMITS } from '../../limits.ts';
import { type People, peopleWords, requesterWords } from '../../people.ts';
import { cut } from '../../words/wording.ts';
import { aboutLines, endButton, reasonLines, requestFields, targetWords, traceLine } from '../asking/request-parts.ts';
import { type FormReading, modal, noteInput, readText } from '../modal-parts.ts';
import { statusLines } from '../status-lines.ts';

/**
 * Tells every approver who was passed over about break-glass access, and has the buttons for the review that one of
 * them owes. The buttons appear once the report is there or known to be missing, because live access cannot be
 * reviewed.
 */
export function reviewMessage(request: AccessRequest, people?: People): MessageView {
  const { sign, headline, notes } = statusLines(request, { people });
  const told = peopleWords(request.review?.approvers ?? [], request, people);
  const opening = `:rotating_light: *Break glass* by ${requesterWords(request)}: ${targetWords(request)}, without approval.`;
  const owed = request.review?.status === 'owed';
  const readable = isReviewable(request);
  return {
    text: cut(opening, LIMITS.messageText),
    blocks: blocks(
      section(opening, owed ? `For ${told}.` : ''),
      section(`${sign} ${headline}`, ...notes),
      requestFields(request),
      section(reasonLines(request), aboutLines(request)),
      readable ? reviewButtons(request) : undefined,
      request.state === 'active' ? actions(endButton(request)) : undefined,
      context(owed && !readable ? 'The review is asked for when the report is there.' : '', traceLine(request)),
    ),
  };
}

function reviewButtons(request: AccessRequest) {
  return actions(
    button({ actionId: ACTIONS.acknowledgeReview, text: 'Acknowledge', value: request.id, style: 'primary' }),
    button({ actionId: ACTIONS.questionReview, text: 'Question', value: request.id }),
  );
}

/** Asks a reviewer for their question about the access. */
export function questionReviewModal(request: AccessRequest): ModalView {
  return modal({
    name: MODALS.questionReview,
    title: 'Question this access',
    submit: 'Send',
    data: { requestId: request.id },
    blocks: [
      section(`${requesterWords(request)} had ${targetWords(request)}.`),
      noteInput('What is doubtful?', { optional: false, hint: 'It is shown in the thread and kept in the audit.' }),
    ],
  });
}

/** Reads the submission. */
export function readQuestionReviewModal({ values }: CallView): FormReading<{ readonly note: string }> {
  const note = readText(values, FIELDS.note);
  return note === '' ? { ok: false, errors: { [FIELDS.note]: 'Say what is doubtful.' } } : { ok: true, note };
}
