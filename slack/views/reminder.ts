import type { AccessRequest } from '../../core/access/request.ts';
import { actions, blocks, type MessageView, section } from '../blocks.ts';
import { LIMITS } from '../limits.ts';
import { type People, peopleWords, requesterWords } from '../people.ts';
import { cut, durationWords, slackDate } from '../wording.ts';
import { doneButton, extendButton, targetWords } from './request-parts.ts';

/** Messages that make a phone ring once more: edits of a message notify nobody, so these are replies in its thread. */

/** Mentions the people whose vote can still count (principal ids) again. */
export function approvalReminder(data: {
  readonly request: AccessRequest;
  readonly approvers: readonly string[];
  readonly people?: People;
  /** True when these people are asked for the first time because the others did not answer. */
  readonly escalated?: boolean;
}): MessageView {
  const { request, approvers, people, escalated = false } = data;
  const asked = peopleWords(approvers, request, people);
  const expires = request.expiresAt === undefined ? '' : ` It expires ${slackDate(request.expiresAt)}.`;
  const what = `${requesterWords(request)} waits for ${targetWords(request)} for ${durationWords(request.durationSeconds)}, asked ${slackDate(request.requestedAt)}.`;
  const line = escalated
    ? `:bell: ${asked}: nobody has decided yet, so you are asked too. ${what}${expires}`
    : `:bell: ${asked}: still waiting for you. ${what}${expires}`;
  return { text: cut(line, LIMITS.messageText), blocks: blocks(section(line)) };
}

/**
 * Tells the person that access ends soon, with the buttons to end it now or to ask for more. Once it ends the buttons go: there is
 * nothing left to press.
 */
export function endWarning(request: AccessRequest): MessageView {
  if (request.state !== 'active') {
    const line = `:lock: ${requesterWords(request)}, your access to ${targetWords(request)} has ended or is ending.`;
    return { text: cut(line, LIMITS.messageText), blocks: blocks(section(line)) };
  }
  const line = `:warning: ${requesterWords(request)}, your access ends ${slackDate(request.endsAt)}: ${targetWords(request)}.`;
  return {
    text: cut(line, LIMITS.messageText),
    blocks: blocks(section(line), actions(doneButton(request), extendButton(request))),
  };
}

/** Mentions the people who owe a break-glass review. */
export function reviewReminder(request: AccessRequest, people?: People): MessageView {
  const owing = peopleWords(request.review?.approvers ?? [], request, people, 'or');
  const line = `:bell: ${owing}: the review of ${requesterWords(request)}'s break-glass access is still owed (${targetWords(request)}).`;
  return { text: cut(line, LIMITS.messageText), blocks: blocks(section(line)) };
}
