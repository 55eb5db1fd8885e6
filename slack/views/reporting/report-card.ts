import type { ModalView } from '@slack/types';
import { lastEvent } from '../../../core/access/notify/outcome-words.ts';
import { isReviewable } from '../../../core/access/review/reviewable.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { ACTIONS, FIELDS, MODALS } from '../../actions.ts';
import { actions, blocks, button, context, type MessageView, section } from '../../blocks.ts';
import type { CallView } from '../../call.ts';
import { LIMITS } from '../../limits.ts';
import { type People, peopleWords, personWords, requesterWords } from '../../people.ts';
import { cut, oneLine, quote, slackDate } from '../../words/wording.ts';
import { accessWords, isMessageLink, noteWords, targetWords, traceLine } from '../asking/request-parts.ts';
import { type FormReading, modal, noteInput, readText } from '../modal-parts.ts';
import { reviewWords } from '../status-lines.ts';

/** New messages about a report: editing the approval message would notify nobody. */

/** How many characters of a line of the report are shown. */
const LINE_LENGTH = 400;

/** A reply below the approval message: what was done and, if a review is owed, the buttons to give it. */
export function reportCard(request: AccessRequest, people?: People): MessageView {
  const owed = isReviewable(request);
  const reviewers = owed ? `${peopleWords(request.review?.approvers ?? [], request, people, 'or')}: ` : '';
  const lines = (request.reportLines ?? []).map((each) => oneLine(each, LINE_LENGTH));
  const [shown, where] = [lines.slice(0, -1), lines.at(-1)];
  const line = `:memo: ${reviewers}the report is there. ${requesterWords(request)} had ${targetWords(request)}.`;
  return {
    text: cut(line, LIMITS.messageText),
    blocks: blocks(
      section(
        line,
        verdict(request),
        ...shown,
        owed ? 'Acknowledge it, or ask what is doubtful.' : reviewWords(request, people),
      ),
      owed
        ? actions(
            button({ actionId: ACTIONS.acknowledgeReview, text: 'Acknowledge', value: request.id, style: 'primary' }),
            button({ actionId: ACTIONS.questionReview, text: 'Question…', value: request.id }),
          )
        : undefined,
      context(where ?? 'The full report went by e-mail.', threadWords(request)),
    ),
  };
}

/** Where the status message is, which has a summary of the report; as a link if one is known. */
function threadWords({ about, messages, origin }: AccessRequest): string {
  const story = messages.find(({ role }) => role === 'story');
  if (about !== undefined && origin.messageTs === about.ts && isMessageLink(about.link))
    return `Its story is in the thread of <${about.link}|this message>.`;
  return story?.channel.startsWith('C') === true ? `Its story is in <#${story.channel}>.` : '';
}

function verdict(request: AccessRequest): string {
  const reported = noteWords(lastEvent(request, 'reported')?.note);
  const addendum = noteWords(lastEvent(request, 'report-addendum')?.note);
  if (reported !== '') return `*Verdict:* ${reported}${addendum === '' ? '' : `. Addendum: ${addendum}`}`;
  const unreadable = noteWords(lastEvent(request, 'activity-unreadable')?.note);
  return `:warning: What was done could not be read${unreadable === '' ? '.' : `: ${unreadable}`}`;
}

/** Asks the requester a reviewer's question, with a button to answer. Afterwards the message shows the answer. */
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

/** A reply below the approval message, for the reviewer who asked. */
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

/** The form for the requester's answer to a reviewer. */
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
