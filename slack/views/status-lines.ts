import { KEPT } from '../../core/access/lease/revoke/end-notes.ts';
import { LEFT_OUT } from '../../core/access/lease/revoke/removable.ts';
import {
  endCause,
  isKeptByRequest,
  lastEvent,
  outOfUseWords,
  voteLines,
} from '../../core/access/notify/outcome-words.ts';
import { reasonOf } from '../../core/access/notify/repeated-events.ts';
import { isWarned } from '../../core/model/access.ts';
import type { AccessRequest, EventType } from '../../core/model/request.ts';
import { type People, peopleWords, personWords, requesterWords, untoldWords } from '../people.ts';
import { sentenceFor } from '../words/sentences.ts';
import { slackDate } from '../words/wording.ts';
import { askedWords, noteWords, slackHand, targetWords, voteCount, whyWords } from './asking/request-parts.ts';
import { comingWords, unsentWords } from './reporting/report-time.ts';
import { failedOutliveWords, outliveWords } from './session-words.ts';

/** The status of a request in words: a headline, and notes that a person must know as well. Escaped for Slack. */
export interface StatusLines {
  /** An emoji by name, which shows the status at a glance. */
  readonly sign: string;
  readonly headline: string;
  readonly notes: readonly string[];
}

export interface StatusPeople {
  readonly people?: People | undefined;
  /** Principal ids of the approvers who were asked, while the request waits. */
  readonly approvers?: readonly string[] | undefined;
  /** How long CloudTrail may take, in seconds; absent if the time of the report is not shown. */
  readonly reportDelaySeconds?: number | undefined;
}

/** The status of a request in every state. Access is not called given or ended before the request's state says so. */
export function statusLines(
  request: AccessRequest,
  { people, approvers = [], reportDelaySeconds }: StatusPeople,
): StatusLines {
  const who = requesterWords(request);
  const what = targetWords(request);
  const asked = askedWords(request, { isTold: true });
  const by = (type: EventType) => personWords(lastEvent(request, type)?.by ?? '', request, people);
  const note = (type: EventType) => noteWords(lastEvent(request, type)?.note);
  const askedOnes = approvers.filter((id) => request.asked?.untold?.includes(id) !== true);

  switch (request.state) {
    case 'requested':
      return status(':hourglass_flowing_sand:', `${who} asks for ${asked}.`);
    case 'refused':
      return status(':no_entry:', `*Refused:* ${who} asked for ${asked}.`, refusalWords(request));
    case 'pending':
      return status(
        ':hourglass_flowing_sand:',
        `*Waiting for approval:* ${who} asks for ${asked}.`,
        heldWords(request),
        askedOnes.length === 0 ? '' : `Asked: ${peopleWords(askedOnes, request, people)}.`,
        untoldWords(request, people),
        voteCount(request),
        claimWords(request, people),
        request.expiresAt === undefined ? '' : `Expires ${slackDate(request.expiresAt)} if nobody decides.`,
      );
    case 'denied':
      return status(':x:', `*Denied* by ${by('denied')}: ${who} asked for ${asked}.`, note('denied'));
    case 'expired':
      return status(
        ':x:',
        `*Expired:* nobody decided in time whether ${who} gets ${asked}.`,
        'It can be asked for again.',
      );
    case 'cancelled':
      return status(
        ':x:',
        `*Cancelled* by ${by('cancelled')}: ${who} asked for ${asked}.`,
        whyWords(lastEvent(request, 'cancelled')?.note),
        request.extends === undefined ? 'No access was given.' : 'No time was added.',
      );
    case 'approved':
      return status(
        ':hourglass_flowing_sand:',
        `*Approved:* ${who} gets ${what}.`,
        ...decisionLines(request, people),
        'It is being made.',
      );
    case 'scheduled':
      return status(
        ':calendar:',
        `*Scheduled:* ${who} gets ${what} from ${slackDate(request.startsAt)} until ${slackDate(request.endsAt)}.`,
        ...decisionLines(request, people),
      );
    case 'joined':
      return status(
        ':heavy_plus_sign:',
        `*Added:* ${who} asked for ${asked}, and its time became part of the access they had already, from then on until ${slackDate(request.endsAt)}.`,
        ...decisionLines(request, people),
        placeWords(request),
      );
    case 'granting':
      return status(
        ':hourglass_flowing_sand:',
        `*Being made:* ${who} gets ${what}.`,
        ...decisionLines(request, people),
        'This message changes as soon as it works.',
      );
    case 'active':
      return status(
        ':unlock:',
        `*Active:* ${who} has ${what} until ${slackDate(request.endsAt)}.`,
        warningWords(request),
        extendedWords(request),
        ...grantNotes(request, people),
      );
    case 'ending':
      return status(
        ':hourglass_flowing_sand:',
        `*Ending:* ${what} is being taken back from ${who}.`,
        endCause(request, slackHand(request, people)),
        removedWords(request),
        retryWords(request),
      );
    case 'ended':
    case 'reported':
      return status(
        ':lock:',
        `*Ended* ${slackDate(request.endedAt ?? '')}: ${who} had ${what}.`,
        endCause(request, slackHand(request, people)),
        keptByRequest(request),
        outOfUseWords(request),
        outliveWords(request),
        ...grantNotes(request, people),
        reportWords(request, reportDelaySeconds),
      );
    case 'failed':
      return status(
        ':x:',
        `*Failed:* ${who} did not get ${what}.`,
        refusalWords(request) || noteWords(request.failure) || 'Whatever was half done is cleaned up.',
        failedOutliveWords(request),
      );
  }
}

/** The approver who said that they are looking at it. */
function claimWords(request: AccessRequest, people?: People): string {
  const { claim } = request;
  return claim === undefined ? '' : `:eyes: ${personWords(claim.principalId, request, people)} is looking at it.`;
}

/**
 * The end of the access to be extended, as it was when the request was made. It may have ended or been extended since.
 */
function heldWords({ extends: extended, held }: AccessRequest): string {
  return extended === undefined || held === undefined
    ? ''
    : `It is for the access they have since ${slackDate(held.startedAt)}, which was to end ${slackDate(held.endsAt)} when they asked.`;
}

/** Where the status message of the access is that a request has joined. */
function placeWords({ accessStory }: AccessRequest): string {
  if (accessStory === undefined) return '';
  const where = accessStory.channel.startsWith('C') ? ` in <#${accessStory.channel}>` : '';
  return `The message of that access${where} says how it stands.`;
}

/** Who approved, by the counted votes. Empty if no approval was needed. */
function approvedBy(request: AccessRequest, people?: People): string {
  const approvals = request.votes.filter((vote) => vote.vote === 'approve').map((vote) => vote.principalId);
  return approvals.length === 0 ? '' : `Approved by ${peopleWords(approvals, request, people)}.`;
}

/** Who approved, whether they shortened it, and their notes. */
function decisionLines(request: AccessRequest, people?: People): string[] {
  return [approvedBy(request, people), ...voteLines(request, slackHand(request, people))];
}

function status(sign: string, headline: string, ...notes: readonly string[]): StatusLines {
  return { sign, headline, notes: notes.filter((note) => note !== '') };
}

function refusalWords({ refusal }: AccessRequest): string {
  return refusal === undefined ? '' : sentenceFor(refusal);
}

function warningWords(request: AccessRequest): string {
  if (!isWarned(request)) return '';
  return ':warning: Ends soon, unless it is extended.';
}

/** How often and when the access was extended. */
function extendedWords({ joins = [], startsAt }: AccessRequest): string {
  const [last] = joins.slice(-1);
  if (last === undefined) return '';
  const times = joins.length === 1 ? '' : `, ${joins.length} times`;
  return `Extended${times}, last ${slackDate(last.at)}; held since ${slackDate(startsAt)}.`;
}

function grantNotes(request: AccessRequest, people?: People): string[] {
  const standing = lastEvent(request, 'made-standing');
  const kept = lastEvent(request, 'ended')?.note?.startsWith(KEPT) === true;
  const keeps = kept ? ` ${requesterWords(request)} keeps it.` : '';
  return [
    ...(request.breakGlass
      ? [':rotating_light: *Break glass:* nobody approved this.']
      : decisionLines(request, people)),
    reviewWords(request, people),
    request.breakGlass ? untoldWords(request, people) : '',
    request.grant?.standing === true
      ? `The same access was there before: Glasshammer does not take it away with this request.${keeps}`
      : '',
    standing === undefined
      ? ''
      : `Somebody else gave the same access ${slackDate(standing.at)}: Glasshammer does not take it away with this request.${keeps}`,
    removedWords(request),
  ];
}

function removedWords(request: AccessRequest): string {
  const removed = lastEvent(request, 'removed-by-others');
  return removed === undefined ? '' : `:warning: Somebody else removed this access, seen ${slackDate(removed.at)}.`;
}

/** The review of break-glass access: owed, given or questioned. Empty for other access. */
export function reviewWords(request: AccessRequest, people?: People): string {
  const { review } = request;
  if (review === undefined) return '';
  if (review.status === 'owed') return `A review is owed by ${peopleWords(review.approvers, request, people, 'or')}.`;
  const reviewer = personWords(review.by ?? '', request, people);
  const note = noteWords(review.note);
  const done = review.status === 'acknowledged' ? 'Reviewed and acknowledged by' : ':warning: Questioned in review by';
  const answer = noteWords(review.answer);
  return `${done} ${reviewer}${note === '' ? '.' : `: ${note}`}${answer === '' ? '' : ` Answer: ${answer}`}`;
}

/**
 * That the requester keeps the access by another request. That they had it before, or got it from somebody else, is
 * told in `grantNotes`.
 */
function keptByRequest(request: AccessRequest): string {
  return isKeptByRequest(request)
    ? `${requesterWords(request)} keeps it: another request gives the same, and its own message says until when.`
    : '';
}

function retryWords(request: AccessRequest): string {
  const first = request.events.find((event) => event.type === 'removal-retried');
  const last = lastEvent(request, 'removal-retried');
  if (first === undefined || last === undefined) return 'It may work for a moment longer.';
  const reason = reasonOf(last);
  const why = noteWords(reason);
  if (reason.startsWith(LEFT_OUT))
    return `:warning: It cannot be taken back, so it still works: it was ${why}. Removal is being retried since ${slackDate(first.at)}, until it is gone.`;
  return `:warning: AWS does not remove it, so it may still work. Removal is being retried since ${slackDate(first.at)}, until it is gone.${why === '' ? '' : ` AWS says: ${why}`}`;
}

function reportWords(request: AccessRequest, delaySeconds: number | undefined): string {
  const reported = lastEvent(request, 'reported');
  if (reported !== undefined) {
    const note = noteWords(reported.note);
    const addendum = noteWords(lastEvent(request, 'report-addendum')?.note);
    return `${note === '' ? ':memo: The report is sent.' : `:memo: Report: ${note}`}${addendum === '' ? '' : ` Addendum: ${addendum}`}`;
  }
  const unsent = lastEvent(request, 'report-unsent');
  if (unsent !== undefined) return unsentWords(unsent);
  const unreadable = lastEvent(request, 'activity-unreadable');
  if (unreadable === undefined) return comingWords(request, delaySeconds);
  const note = noteWords(unreadable.note);
  return `:warning: What was done could not be read${note === '' ? '.' : `: ${note}`}`;
}
