import type { Button, SectionBlock } from '@slack/types';
import {
  type Hand,
  keptWords,
  askedWords as sayAsked,
  whyWords as sayWhy,
} from '../../../core/access/notify/outcome-words.ts';
import { lengthOf } from '../../../core/model/access.ts';
import { durationWords } from '../../../core/model/duration.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { isGroupTarget } from '../../../core/model/target.ts';
import { ACTIONS, actionIdFor } from '../../actions.ts';
import { button, confirmation, fields } from '../../blocks.ts';
import { LIMITS } from '../../limits.ts';
import { type People, personWords } from '../../people.ts';
import { sentenceFor } from '../../words/sentences.ts';
import { bold, code, count, oneLine, portalLink, quote, slackDate } from '../../words/wording.ts';

/** Parts of a request that several views show, so that they look the same everywhere. */

/** How many characters of a reason a message shows. */
const REASON_LENGTH = 1500;
const ABOUT_LENGTH = 500;

/** The target in a sentence: `*AdministratorAccess* in *Production* (123456789012)`, or membership in a group. */
export function targetWords({ target, names }: Pick<AccessRequest, 'target' | 'names'>): string {
  if (isGroupTarget(target))
    return `membership in ${nameAndId(names.groupName, target.groupId) || 'a group that is unknown'}`;
  const set = bold(names.permissionSetName ?? '') || code(target.permissionSetArn) || 'an unknown permission set';
  return `${set} in ${nameAndId(names.accountName, target.accountId) || 'an unknown account'}`;
}

/** What is asked for, after `asks for`. @param options.isTold true if another line tells the duration */
export function askedWords(request: AccessRequest, options: { readonly isTold: boolean }): string {
  return sayAsked(request, slackHand(request), options);
}

/**
 * The target as something a person holds, after `this` or `your`: `access to *AdministratorAccess* in …`, or
 * `membership in …`.
 */
export function accessWords(request: Pick<AccessRequest, 'target' | 'names'>): string {
  return isGroupTarget(request.target) ? targetWords(request) : `access to ${targetWords(request)}`;
}

/** The target in plain text, for buttons and dialogs: `AdministratorAccess in Production`. Not escaped. */
export function plainTarget({ target, names }: AccessRequest): string {
  if (isGroupTarget(target)) return `membership in ${names.groupName ?? target.groupId}`;
  const set = names.permissionSetName ?? target.permissionSetArn;
  return `${set} in ${names.accountName ?? target.accountId}`;
}

/** Target by name and id, duration and ticket, in two columns. */
export function requestFields(
  request: AccessRequest,
  extra: readonly (readonly [string, string])[] = [],
): SectionBlock | undefined {
  const { target, names, ticket, durationSeconds } = request;
  const what: (readonly [string, string])[] = isGroupTarget(target)
    ? [['Group', lines(oneLine(names.groupName ?? '', 100), code(target.groupId))]]
    : [
        ['Account', lines(oneLine(names.accountName ?? '', 100), code(target.accountId))],
        ['Permission set', lines(oneLine(names.permissionSetName ?? '', 100), code(target.permissionSetArn))],
      ];
  return fields([...what, ['For', durationWords(durationSeconds)], ['Ticket', oneLine(ticket, 100)], ...extra]);
}

/** Duration, ticket and ids in small print, because people rarely need them. */
export function smallPrint(request: AccessRequest): string[] {
  const { target, ticket, durationSeconds, joins = [] } = request;
  const length = durationWords(joins.length === 0 ? durationSeconds : lengthOf(request));
  return [
    // An extension's first line already has its duration.
    [request.extends === undefined ? length : '', oneLine(ticket, 100)].filter((part) => part !== '').join(' · '),
    isGroupTarget(target) ? '' : code(target.permissionSetArn),
    traceLine(request),
  ];
}

/** The reason as it was given, as a quotation. */
export function reasonLines({ reason }: AccessRequest): string {
  return reason.trim() === '' ? '*Reason*\n_none given_' : `*Reason*\n${quote(reason, REASON_LENGTH)}`;
}

/** The message that the request is about, quoted and linked. Empty if there is none. */
export function aboutLines({ about }: AccessRequest): string {
  if (about === undefined || about.text.trim() === '') return '';
  return `*About* ${isMessageLink(about.link) ? `<${about.link}|this message>` : 'this message'}\n${quote(about.text, ABOUT_LENGTH)}`;
}

/** Whether a link is the address of a message in Slack. */
export function isMessageLink(link: string | undefined): link is string {
  return link !== undefined && /^https:\/\/[a-z0-9.-]+\/archives\/\w+\/p\d+$/i.test(link);
}

/** A note of an approver, a reviewer or Glasshammer, for use in a sentence. Empty if there is none. */
export function noteWords(note: string | undefined, max = 300): string {
  return note === undefined ? '' : oneLine(note, max);
}

/** What a person wrote when they ended or cancelled something, without the prefix that programs read. */
export function whyWords(note: string | undefined): string {
  return sayWhy(note, { words: noteWords });
}

/** How Slack's messages write people, dates and targets in the shared sentences about a request. */
export function slackHand(request: AccessRequest, people?: People): Hand {
  return {
    person: (id) => personWords(id, request, people),
    date: slackDate,
    words: noteWords,
    note: noteWords,
    refusal: sentenceFor,
    what: targetWords(request),
    access: accessWords(request),
  };
}

/** The request's id and the path by which it was decided, for people who have to look it up. */
export function traceLine({ id, path }: AccessRequest): string {
  const by = path === undefined || path === '' ? '' : ` · by ${code(path, 200)}`;
  return `Request ${code(id)}${by}`;
}

/** How many approvals are counted so far. Empty without any. */
export function voteCount({ votes }: AccessRequest): string {
  const approvals = votes.filter((vote) => vote.vote === 'approve').length;
  return approvals === 0 ? '' : `${count(approvals, 'approval')} so far`;
}

/** Opens the access portal at the account. `undefined` if the configured address is not valid. */
export function portalButton(request: AccessRequest, portalUrl: string, suffix?: string): Button | undefined {
  const { target, names } = request;
  const link = isGroupTarget(target)
    ? portalLink(portalUrl, '', '')
    : portalLink(portalUrl, target.accountId, names.permissionSetName ?? '');
  const url = link.length <= LIMITS.url ? link : portalLink(portalUrl, '', '');
  if (!/^https?:\/\/[^\s]+$/.test(url) || !URL.canParse(url) || url.length > LIMITS.url) return undefined;
  return button({ actionId: actionIdFor(ACTIONS.openPortal, suffix), text: 'Open in AWS', url, style: 'primary' });
}

/** Ends the person's own access early, after a confirmation. */
export function doneButton(request: AccessRequest, suffix?: string): Button {
  return button({
    actionId: actionIdFor(ACTIONS.done, suffix),
    text: "I'm done",
    value: request.id,
    confirm: confirmation({
      title: 'End this access now?',
      text:
        keptWords(request) === ''
          ? `${plainTarget(request)} is taken back at once, all of it.`
          : `You keep ${plainTarget(request)}, ${keptWords(request)}. Only what Glasshammer gave ends.`,
      yes: 'End it now',
      no: 'Keep it',
    }),
  });
}

/** Ends another person's access; a form asks for the reason. */
export function endButton(request: AccessRequest): Button {
  return button({ actionId: ACTIONS.endAccess, text: 'End access…', value: request.id, style: 'danger' });
}

/** Opens the form for an extension. @param suffix needed if the message has several such buttons */
export function extendButton(request: AccessRequest, suffix?: string): Button {
  return button({ actionId: actionIdFor(ACTIONS.extend, suffix), text: 'Extend', value: request.id });
}

/** Asks what was done so far; for the requester and the approvers. */
export function soFarButton(request: AccessRequest): Button {
  return button({ actionId: ACTIONS.soFar, text: 'What was done so far', value: request.id });
}

/** Has the approvers mentioned once more. */
export function nudgeButton(request: AccessRequest): Button {
  return button({ actionId: ACTIONS.nudge, text: 'Nudge approvers', value: request.id });
}

/** Cancels a request that is not decided, or whose access has not started. */
export function cancelButton(request: AccessRequest, suffix?: string): Button {
  return button({
    actionId: actionIdFor(ACTIONS.cancel, suffix),
    text: 'Cancel request',
    value: request.id,
    confirm: confirmation({
      title: 'Cancel this request?',
      text: `It is taken back: ${withdrawnWords(request, plainTarget(request))}`,
      yes: 'Cancel it',
      no: 'Keep it',
    }),
  });
}

/** What follows from a cancellation: nobody has to decide any more, or the approved access is not given. */
export function withdrawnWords(request: AccessRequest, what = targetWords(request)): string {
  return request.events.some(({ state }) => state === 'approved')
    ? `${what} is not given.`
    : `nobody is asked for ${what} any more.`;
}

function nameAndId(name: string | undefined, id: string): string {
  const shown = bold(name ?? '');
  if (shown === '') return code(id);
  return id === '' ? shown : `${shown} (${code(id)})`;
}

function lines(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}
