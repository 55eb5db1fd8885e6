import { isExtended } from '../../../core/model/access.ts';
import { durationWords } from '../../../core/model/duration.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { actions, blocks, type MessageView, section } from '../../blocks.ts';
import { LIMITS } from '../../limits.ts';
import { type People, peopleWords, personWords, requesterWords } from '../../people.ts';
import { sentenceFor } from '../../sentences.ts';
import { cut, slackDate } from '../../wording.ts';
import { accessWords, doneButton, extendButton, keptWords, noteWords, targetWords } from '../asking/request-parts.ts';
import { lastEvent, voteLines } from '../status-lines.ts';
import { decideButtons } from './approval-message.ts';

/** Messages that make a phone ring once more: edits of a message notify nobody, so these are replies in its thread. */

/**
 * Mentions the people whose vote can still count (principal ids) again. Nobody edits it when the request is decided or expires, so it
 * says nothing that would be wrong then, and whoever presses its buttons then reads by whom and how it was decided.
 */
export function approvalReminder(data: {
  readonly request: AccessRequest;
  readonly approvers: readonly string[];
  readonly people?: People;
  /** True when these people are asked for the first time because the others did not answer. */
  readonly escalated?: boolean;
}): MessageView {
  const { request, approvers, people, escalated = false } = data;
  const asked = peopleWords(approvers, request, people);
  const until = request.expiresAt === undefined ? '' : ` It can be decided until ${slackDate(request.expiresAt)}.`;
  const what = `${requesterWords(request)} asked ${slackDate(request.requestedAt)} for ${targetWords(request)} for ${durationWords(request.durationSeconds)}.`;
  const line = escalated
    ? `:bell: ${asked}: you are asked too, because nobody had decided. ${what}${until}`
    : `:bell: A reminder for ${asked}: ${what}${until}`;
  return { text: cut(line, LIMITS.messageText), blocks: blocks(section(line), decideButtons(request)) };
}

/** Tells an approver that another one left it to them. @param to principal id */
export function handedOnNotice(
  request: AccessRequest,
  { by, to, note }: { readonly by: string; readonly to: string; readonly note: string },
  people?: People,
): MessageView {
  const wrote = noteWords(note);
  const line = `:point_right: ${personWords(to, request, people)}: ${personWords(by, request, people)} hands this on to you${wrote === '' ? '.' : `: ${wrote}`}`;
  const what = `${requesterWords(request)} asked ${slackDate(request.requestedAt)} for ${targetWords(request)} for ${durationWords(request.durationSeconds)}.`;
  return { text: cut(line, LIMITS.messageText), blocks: blocks(section(line, what), decideButtons(request)) };
}

/**
 * Tells the person that access ends soon, with the buttons to end it now or to ask for more. Once it ends the buttons go: there is
 * nothing left to press. Nobody is told that access is gone which they keep by other means.
 */
export function endWarning(request: AccessRequest): MessageView {
  const who = requesterWords(request);
  if (request.state !== 'active') {
    const line = `:lock: ${who}, ${overWords(request)}`;
    return { text: cut(line, LIMITS.messageText), blocks: blocks(section(line)) };
  }
  if (isExtended(request)) {
    const line = `:heavy_plus_sign: ${who}, this ${accessWords(request)} was extended.`;
    return { text: cut(line, LIMITS.messageText), blocks: blocks(section(line)) };
  }
  const line = `:warning: ${who}, this ${accessWords(request)} ends ${slackDate(request.endsAt)}.${besidesWords(request)}`;
  return {
    text: cut(line, LIMITS.messageText),
    blocks: blocks(section(line), actions(doneButton(request), extendButton(request))),
  };
}

function overWords(request: AccessRequest): string {
  const what = accessWords(request);
  if (request.state === 'ending') {
    // Whether another request holds the same is only known once this one has let go.
    const besides = besidesWords(request) || ' If another request gives you the same, that one stays.';
    return `this ${what} is ending.${besides}`;
  }
  const kept = lastEvent(request, 'ended')?.note;
  if (kept?.startsWith('kept: ') !== true) return `this ${what} has ended.`;
  const besides = kept.includes('another request')
    ? ' Another request gives you the same, and its own message says until when.'
    : besidesWords(request);
  return `this request has ended, but you keep the ${what}.${besides}`;
}

/** What gives the person the same, and is not this request. Empty when nothing is known to. */
function besidesWords(request: AccessRequest): string {
  if (request.grant?.standing === true)
    return ' You had the same before, and Glasshammer does not take that away with this request.';
  if (lastEvent(request, 'made-standing') === undefined) return '';
  return ' Somebody else gave you the same, and Glasshammer does not take that away with this request.';
}

/** Mentions the people who owe a break-glass review. */
export function reviewReminder(request: AccessRequest, people?: People): MessageView {
  const owing = peopleWords(request.review?.approvers ?? [], request, people, 'or');
  const line = `:bell: ${owing}: the review of ${requesterWords(request)}'s break-glass access is still owed (${targetWords(request)}).`;
  return { text: cut(line, LIMITS.messageText), blocks: blocks(section(line)) };
}

/** Tells the person what has become of the request they waited for. Said once, in the state it is about. */
export function outcomeNotice(request: AccessRequest, people?: People): MessageView {
  const lines = outcomeLines(request, people).filter((line) => line !== '');
  return { text: cut(lines[0] ?? '', LIMITS.messageText), blocks: blocks(section(...lines)) };
}

function outcomeLines(request: AccessRequest, people?: People): string[] {
  const who = requesterWords(request);
  const what = targetWords(request);
  const by = (type: 'denied' | 'cancelled') => personWords(lastEvent(request, type)?.by ?? '', request, people);
  const note = (type: 'denied' | 'cancelled') => noteWords(lastEvent(request, type)?.note);
  const why = request.refusal === undefined ? noteWords(request.failure) : sentenceFor(request.refusal);
  switch (request.state) {
    case 'active':
      return [
        `:unlock: ${who}, your access is there: ${what} until ${slackDate(request.endsAt)}.`,
        ...voteLines(request, people),
      ];
    case 'scheduled':
      return [
        `:calendar: ${who}, it is approved: you get ${what} from ${slackDate(request.startsAt)} until ${slackDate(request.endsAt)}.`,
        ...voteLines(request, people),
      ];
    case 'joined':
      return [
        `:heavy_plus_sign: ${who}, it is approved: your access to ${what} was extended, until ${slackDate(request.endsAt)}.`,
        ...voteLines(request, people),
      ];
    case 'ended': {
      const end = request.events.findLast((event) => event.state === 'ending');
      const kept = keptWords(request);
      return [
        `:lock: ${who}, ${personWords(end?.by ?? '', request, people)} ended your access to ${what} before its time.${kept === '' ? '' : ` You keep it, ${kept}.`}`,
        noteWords(end?.note),
      ];
    }
    case 'denied':
      return [`:x: ${who}, ${by('denied')} denied your request for ${what}.`, note('denied')];
    case 'expired':
      return [`:x: ${who}, nobody decided in time whether you get ${what}. You can ask again.`];
    case 'cancelled':
      return [`:x: ${who}, your request for ${what} was cancelled by ${by('cancelled')}.`, note('cancelled')];
    default:
      return [`:no_entry: ${who}, you did not get ${what}.`, why];
  }
}
