import { KEPT } from '../../../core/access/lease/revoke/end-notes.ts';
import { isKeptByRequest, lastEvent, outcomeLines } from '../../../core/access/notify/outcome-words.ts';
import { isExtended } from '../../../core/model/access.ts';
import type { AccessRequest, RequestState } from '../../../core/model/request.ts';
import { actions, blocks, type MessageView, section } from '../../blocks.ts';
import { LIMITS } from '../../limits.ts';
import { type People, peopleWords, personWords, requesterWords } from '../../people.ts';
import { cut, slackDate } from '../../words/wording.ts';
import {
  accessWords,
  askedWords,
  doneButton,
  extendButton,
  noteWords,
  slackHand,
  targetWords,
} from '../asking/request-parts.ts';
import { decideButtons } from './approval-message.ts';

/** Messages that notify people once more: editing a message notifies nobody, so these are replies in its thread. */

/**
 * Mentions again the people whose vote can still count (principal ids). The reminder is not edited when the request is
 * decided or expires, so it says nothing that would be wrong then. A person who presses its buttons afterwards reads
 * who decided the request, and how.
 */
export function approvalReminder(data: {
  readonly request: AccessRequest;
  readonly approvers: readonly string[];
  readonly people?: People;
  /** True if these people are asked for the first time, because the first approvers did not decide. */
  readonly escalated?: boolean;
}): MessageView {
  const { request, approvers, people, escalated = false } = data;
  const asked = peopleWords(approvers, request, people);
  const until = request.expiresAt === undefined ? '' : ` It can be decided until ${slackDate(request.expiresAt)}.`;
  const what = wishLine(request);
  const line = escalated
    ? `:bell: ${asked}: you are asked too, because nobody had decided. ${what}${until}`
    : `:bell: A reminder for ${asked}: ${what}${until}`;
  return { text: cut(line, LIMITS.messageText), blocks: blocks(section(line), decideButtons(request)) };
}

/** Tells an approver that another one has handed the request on to them. @param to principal id */
export function handedOnNotice(
  request: AccessRequest,
  { by, to, note }: { readonly by: string; readonly to: string; readonly note: string },
  people?: People,
): MessageView {
  const wrote = noteWords(note);
  const line = `:point_right: ${personWords(to, request, people)}: ${personWords(by, request, people)} hands this on to you${wrote === '' ? '.' : `: ${wrote}`}`;
  return {
    text: cut(line, LIMITS.messageText),
    blocks: blocks(section(line, wishLine(request)), decideButtons(request)),
  };
}

/** Who asked for what, and when. */
function wishLine(request: AccessRequest): string {
  return `${requesterWords(request)} asked ${slackDate(request.requestedAt)} for ${askedWords(request, { isTold: false })}.`;
}

/**
 * Warns the requester that access ends soon, with the buttons to end it now or to extend it. After the end the message
 * has no buttons. If the requester keeps the access in another way, it does not say that the access is gone.
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
    // Whether another request holds the same access is only known once this request's lease is gone.
    const besides = besidesWords(request) || ' If another request gives you the same, that one stays.';
    return `this ${what} is ending.${besides}`;
  }
  const kept = lastEvent(request, 'ended')?.note;
  if (kept?.startsWith(KEPT) !== true) return `this ${what} has ended.`;
  const besides = isKeptByRequest(request)
    ? ' Another request gives you the same, and its own message says until when.'
    : besidesWords(request);
  return `this request has ended, but you keep the ${what}.${besides}`;
}

/** Who else gives the requester the same access. Empty if nothing is known. */
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

const SIGNS: Readonly<Partial<Record<RequestState, string>>> = {
  active: ':unlock:',
  scheduled: ':calendar:',
  joined: ':heavy_plus_sign:',
  ended: ':lock:',
  denied: ':x:',
  expired: ':x:',
  cancelled: ':x:',
};

/**
 * Tells the requester the outcome of the request they waited for. It is posted once and describes the state at that
 * time.
 */
export function outcomeNotice(request: AccessRequest, people?: People): MessageView {
  const [first = '', ...more] = outcomeLines(request, slackHand(request, people));
  const line = `${SIGNS[request.state] ?? ':no_entry:'} ${requesterWords(request)}, ${first}`;
  return { text: cut(line, LIMITS.messageText), blocks: blocks(section(line, ...more)) };
}
