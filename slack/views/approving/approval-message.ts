import { endWith } from '../../../core/model/access.ts';
import type { Decision } from '../../../core/model/decision.ts';
import { durationWords } from '../../../core/model/duration.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { ACTIONS, actionIdFor } from '../../actions.ts';
import { actions, blocks, button, confirmation, context, type MessageView, section } from '../../blocks.ts';
import { LIMITS } from '../../limits.ts';
import { type People, peopleWords, personWords, requesterWords, untoldWords } from '../../people.ts';
import { isAdministratorLike, riskWords } from '../../risk.ts';
import { code, count, cut, oneLine, secondsAfter, slackDate } from '../../words/wording.ts';
import {
  aboutLines,
  askedWords,
  endButton,
  noteWords,
  plainTarget,
  reasonLines,
  requestFields,
  soFarButton,
  traceLine,
} from '../asking/request-parts.ts';
import { statusLines } from '../status-lines.ts';

export interface ApprovalMessageData {
  readonly request: AccessRequest;
  /** Every path that waits for votes by today's policies; one of them is enough. */
  readonly waitingPaths?: Decision['waitingPaths'];
  readonly people?: People;
  /** The permission set's description. */
  readonly allows?: string;
  /** How often the requester had this target before, and when last (ISO 8601). Absent: unknown. */
  readonly usedBefore?: { readonly times: number; readonly lastAt?: string };
}

/** How many paths are listed; further ones are counted. */
const MOST_PATHS = 5;

/**
 * The message in which approvers decide. Once the request is decided, the same message says who decided and has no
 * buttons. A press in an outdated copy changes nothing, because the request is read again at every press.
 */
export function approvalMessage(data: ApprovalMessageData): MessageView {
  return data.request.state === 'pending' ? openMessage(data) : decidedMessage(data);
}

function openMessage({
  request,
  waitingPaths = [],
  people,
  allows = '',
  usedBefore,
}: ApprovalMessageData): MessageView {
  const headline = `${requesterWords(request)} asks for ${askedWords(request, { isTold: false })}.`;
  return {
    text: cut(`:raising_hand: ${headline}`, LIMITS.messageText),
    blocks: blocks(
      section(`:raising_hand: *Approval needed:* ${headline}`),
      request.held === undefined ? undefined : section(heldWords(request)),
      requestFields(request, [...whenFields(request), ['Used before', usedWords(request, usedBefore)]]),
      section(`*Risk* ${riskWords(request, allows)}`),
      section(reasonLines(request), aboutLines(request)),
      allows.trim() === '' ? undefined : section(`*What it allows*\n${oneLine(allows, 700)}`),
      section(...pathLines(request, waitingPaths, people), untoldWords(request, people)),
      votesSection(request, people),
      claimSection(request, people),
      decideButtons(request, allows),
      context(
        request.expiresAt === undefined ? '' : `Expires ${slackDate(request.expiresAt)} if nobody decides.`,
        request.ask === undefined
          ? ''
          : `One of ${request.ask.size} that were asked for at once; each is decided by itself here.`,
        traceLine(request),
      ),
    ),
  };
}

/** The buttons with which an approver decides, on the approval message and on every reminder. */
export function decideButtons(request: AccessRequest, allows = request.asked?.allows ?? '') {
  return actions(
    approveButton(request, allows),
    button({ actionId: ACTIONS.deny, text: 'Deny', value: request.id, style: 'danger' }),
    button({ actionId: ACTIONS.approveWithNote, text: 'Shorten…', value: request.id }),
    button({ actionId: ACTIONS.claim, text: "I'm looking", value: request.id }),
    button({ actionId: ACTIONS.handOn, text: 'Hand on…', value: request.id }),
  );
}

/** The button that approves. For access like an administrator's, it asks for confirmation. */
export function approveButton(request: AccessRequest, allows = '', suffix?: string) {
  const confirm = confirmation({
    title: 'Approve administrator access?',
    text: `${plainTarget(request)} for ${durationWords(request.durationSeconds)}: anybody who has it can change and delete anything there.`,
    yes: 'Approve',
    no: 'Not now',
  });
  return button({
    actionId: actionIdFor(ACTIONS.approve, suffix),
    text: 'Approve',
    value: request.id,
    style: 'primary',
    ...(isAdministratorLike(request, allows) ? { confirm } : {}),
  });
}

/**
 * From when to when. Access without a planned start begins with the approval, so only its latest possible end is known.
 */
function whenFields({ windowFrom, endsAt, durationSeconds, expiresAt, held }: AccessRequest): [string, string][] {
  if (windowFrom !== undefined) {
    return [
      ['From', slackDate(windowFrom)],
      ['Until', slackDate(endsAt)],
    ];
  }
  if (held !== undefined || expiresAt === undefined) return [];
  const latest = slackDate(secondsAfter(expiresAt, durationSeconds));
  return [
    ['From', 'when it is approved'],
    ['Until', `${durationWords(durationSeconds)} later, ${latest} at the latest`],
  ];
}

function claimSection(request: AccessRequest, people?: People) {
  const { claim } = request;
  if (claim === undefined) return undefined;
  const who = personWords(claim.principalId, request, people);
  return section(`:eyes: ${who} is looking at it, since ${slackDate(claim.at)}. Others may decide it all the same.`);
}

/** That the requester has this access already, since when, and when it would end with this request. */
function heldWords(request: AccessRequest): string {
  const { held } = request;
  if (held === undefined) return '';
  const lasted = durationWords(Math.max(60, secondsBetween(held.startedAt, request.requestedAt)));
  const end = endWith(request, held, request.windowFrom ?? request.requestedAt);
  const kind = request.extends === undefined ? 'They had this already' : '*This is an extension* of access they had';
  const change =
    end > held.endsAt
      ? `Approved before that is over, its end moves from ${slackDate(held.endsAt)} to ${slackDate(end)}.`
      : `It ends ${slackDate(held.endsAt)} as before.`;
  return `${kind} when they asked, since ${slackDate(held.startedAt)} (${lasted}). ${change}`;
}

function secondsBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 1000);
}

function decidedMessage({ request, people }: ApprovalMessageData): MessageView {
  const { sign, headline, notes } = statusLines(request, { people });
  return {
    text: cut(`${sign} ${headline}`, LIMITS.messageText),
    blocks: blocks(
      section(`${sign} ${headline}`, ...notes),
      requestFields(request),
      section(reasonLines(request)),
      votesSection(request, people),
      // An access that a request has joined has no other card on which an approver could end it.
      ['active', 'joined'].includes(request.state) ? actions(soFarButton(request), endButton(request)) : undefined,
      context(traceLine(request)),
    ),
  };
}

/** Who may decide, and how many approvals are needed. */
function pathLines(request: AccessRequest, paths: Decision['waitingPaths'], people?: People): string[] {
  const shown = paths.slice(0, MOST_PATHS).map(({ path, approvals }) => {
    const needs = approvals.map(
      (need) => `${count(need.count, 'more approval')} from ${peopleWords(need.approvers, request, people, 'or')}`,
    );
    return `${needs.join(', and ') || 'nothing more'} (${code(path, 100)})`;
  });
  if (shown.length === 0) return ['*Needs* an approval.'];
  if (shown.length === 1) return [`*Needs* ${shown[0]}`];
  const rest = paths.length - shown.length;
  return [
    '*Any one of these is enough*',
    ...shown.map((line) => `• ${line}`),
    rest > 0 ? `• and ${rest} more ways` : '',
  ];
}

function votesSection(request: AccessRequest, people?: People) {
  if (request.votes.length === 0) return undefined;
  const lines = request.votes.slice(0, 10).map((vote) => {
    const note = noteWords(vote.note, 150);
    const shorter = vote.durationSeconds === undefined ? '' : `, for ${durationWords(vote.durationSeconds)}`;
    const did = vote.vote === 'approve' ? ':white_check_mark: approved' : ':x: denied';
    return `${did}${shorter} by ${personWords(vote.principalId, request, people)}${note === '' ? '' : `: ${note}`}`;
  });
  const rest = request.votes.length - lines.length;
  return section('*Votes*', ...lines, rest > 0 ? `and ${count(rest, 'more vote')}` : '');
}

function usedWords({ held }: AccessRequest, used: ApprovalMessageData['usedBefore']): string {
  if (used === undefined) return '';
  if (used.times === 0) return 'never';
  // The access that the requester holds now is counted too, and another line shows it already.
  if (held !== undefined && held.startedAt === used.lastAt)
    return used.times === 1 ? 'never before this' : `${count(used.times - 1, 'time')} before this`;
  return used.lastAt === undefined
    ? count(used.times, 'time')
    : `${count(used.times, 'time')}, last ${slackDate(used.lastAt)}`;
}
