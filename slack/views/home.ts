import type { Button, HomeView, KnownBlock } from '@slack/types';
import type { RecentTarget } from '../../core/access/approval/request-approval.ts';
import type { Business } from '../../core/access/request/identity/own-business.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import { type AccessRequest, askedApprovers } from '../../core/model/request.ts';
import { ACCESS_COMMAND, ACTIONS, actionIdFor } from '../actions.ts';
import { actions, button, context, fitsMessage, header, type MessageView, section } from '../blocks.ts';
import { LIMITS } from '../limits.ts';
import { peopleOf, requesterWords } from '../people.ts';
import { riskWords } from '../risk.ts';
import { sentenceFor } from '../words/sentences.ts';
import { count, oneLine, slackDate } from '../words/wording.ts';
import { approveButton } from './approving/approval-message.ts';
import {
  askedWords,
  cancelButton,
  doneButton,
  extendButton,
  portalButton,
  targetWords,
} from './asking/request-parts.ts';
import { slackIdWords } from './ephemerals.ts';
import { type StatusPeople, statusLines } from './status-lines.ts';

export interface HomeData extends Business {
  readonly portalUrl: string;
  /** Targets the person had before, the latest first; absent if they are unknown. */
  readonly before?: readonly RecentTarget[];
}

/** Requests shown in each list. Each takes two blocks, so four lists take 88 of the 100 of a view. */
const MOST_SHOWN = 10;

/** How many earlier targets are shown, at two blocks each; fewer below full lists. */
const MOST_BEFORE = 5;

/** The rest of the view, above all the values of the buttons of earlier targets, stays below 50,000 bytes. */
const MOST_BYTES = LIMITS.viewBytes - 50_000;

/** How many characters of a reason are shown; the request's own message has all of it. */
const REASON_LENGTH = 300;

/** The App Home: the person's access and requests, and what waits for them, with the buttons to act on it. */
export function homeView(data: HomeData): HomeView {
  const top = [
    header('AWS access'),
    ...row(button({ actionId: ACTIONS.newRequest, text: 'Request access', style: 'primary' })),
    ...listsOf(data, (blocks) => Buffer.byteLength(JSON.stringify(blocks)) <= MOST_BYTES),
  ];
  const closing = context(`The same form opens with \`${ACCESS_COMMAND}\`.`);
  // The heading of the list and the closing line take a block each.
  const room = Math.floor((LIMITS.viewBlocks - top.length - 2) / 2);
  const before = beforeList((data.before ?? []).slice(0, Math.min(room, MOST_BEFORE)));
  return { type: 'home', blocks: [...top, ...before, closing] };
}

/**
 * The same lists as a private answer to `/access status`, or if it is not clear which access a command means. A message
 * takes less than the App Home: more requests are only counted.
 */
export function accessListNotice(business: Business, portalUrl: string): MessageView {
  return {
    text: 'Your AWS access, and what waits for you.',
    blocks: listsOf({ ...business, portalUrl }, fitsMessage),
  };
}

interface RequestList {
  readonly title: string;
  readonly total: number;
  /** The blocks of each request that may be shown. */
  readonly rows: readonly (readonly KnownBlock[])[];
}

/** The lists with as many requests as fit. The others are counted. */
function listsOf(
  { active, pending, toDecide, reviews, portalUrl }: HomeData,
  fits: (blocks: readonly KnownBlock[]) => boolean,
): KnownBlock[] {
  const lists = [
    ...list('Your access now', active, (request) =>
      request.state === 'active'
        ? [
            portalButton(request, portalUrl, request.id),
            doneButton(request, request.id),
            extendButton(request, request.id),
          ]
        : [],
    ),
    ...list('Your open requests', pending, (request) =>
      request.state === 'pending' || request.state === 'scheduled' ? [cancelButton(request, request.id)] : [],
    ),
    ...list('Waiting for your vote', toDecide, decideButtonsFor, decideLines),
    ...list('Reviews owed', reviews, (request) => [
      button({ actionId: actionIdFor(ACTIONS.acknowledgeReview, request.id), text: 'Acknowledge', value: request.id }),
      button({ actionId: actionIdFor(ACTIONS.questionReview, request.id), text: 'Question', value: request.id }),
    ]),
  ];
  if (lists.length === 0) return [section('You have no access through Glasshammer now, and nothing waits for you.')];
  const shown: KnownBlock[] = [];
  for (const [index, { title, total, rows }] of lists.entries()) {
    // Whatever is shown of this list, the others need room for their headings and numbers at least.
    const after = lists.slice(index + 1).flatMap((other) => [header(other.title), moreLine(other.total)]);
    shown.push(header(title));
    let left = total;
    for (const blocks of rows) {
      if (!fits([...shown, ...blocks, moreLine(total), ...after])) break;
      shown.push(...blocks);
      left -= 1;
    }
    if (left > 0) shown.push(moreLine(left));
  }
  return shown;
}

function moreLine(left: number): KnownBlock {
  return context(`and ${count(left, 'more request')}`);
}

function decideButtonsFor(request: AccessRequest): Button[] {
  return [
    approveButton(request, request.asked?.allows, request.id),
    button({ actionId: actionIdFor(ACTIONS.deny, request.id), text: 'Deny', value: request.id, style: 'danger' }),
    button({ actionId: actionIdFor(ACTIONS.approveWithNote, request.id), text: 'Shorten…', value: request.id }),
  ];
}

/** What an approver needs for a decision, as in the approval message. */
function decideLines(request: AccessRequest): string[] {
  const { notes } = statusLines(request, statusPeople(request));
  return [
    `:raising_hand: ${requesterWords(request)} asks for ${askedWords(request, { isTold: false })}.`,
    ...notes,
    `*Risk* ${riskWords(request, request.asked?.allows)}`,
  ];
}

/** The status of the person's own request, as in its status message. */
function standLines(request: AccessRequest): string[] {
  const { sign, headline, notes } = statusLines(request, statusPeople(request));
  return [`${sign} ${headline}`, ...notes];
}

function statusPeople(request: AccessRequest): StatusPeople {
  return { people: peopleOf(request), approvers: askedApprovers(request) };
}

/** Targets the person had before, each with a button that opens the form for it. */
function beforeList(before: readonly RecentTarget[]): KnownBlock[] {
  if (before.length === 0) return [];
  return [
    header('You had before'),
    ...before.flatMap(({ target, names, times, lastAt }, index) => [
      section(`${targetWords({ target, names })}: ${count(times, 'time')}, last ${slackDate(lastAt)}`),
      ...row(
        button({
          actionId: actionIdFor(ACTIONS.askAgain, String(index)),
          text: 'Ask again',
          value: JSON.stringify({ target, names }),
        }),
      ),
    ]),
  ];
}

/** The App Home of a person who may not use Glasshammer: the reason, and what to do about it. */
export function refusedHomeView(refusal: Refusal, slackId: string): HomeView {
  return {
    type: 'home',
    blocks: [header('AWS access'), section(`:no_entry: ${sentenceFor(refusal)}`, slackIdWords(slackId))],
  };
}

function list(
  title: string,
  requests: readonly AccessRequest[],
  buttonsFor: (request: AccessRequest) => readonly (Button | undefined)[],
  linesOf: (request: AccessRequest) => readonly string[] = standLines,
): RequestList[] {
  if (requests.length === 0) return [];
  const rows = requests.slice(0, MOST_SHOWN).map((request) => {
    const reason = oneLine(request.reason, REASON_LENGTH);
    const ticket = oneLine(request.ticket, 100);
    return [
      section(
        ...linesOf(request),
        reason === '' ? '' : `_Reason:_ ${reason}`,
        ticket === '' ? '' : `_Ticket:_ ${ticket}`,
      ),
      ...row(...buttonsFor(request)),
    ];
  });
  return [{ title, total: requests.length, rows }];
}

function row(...buttons: readonly (Button | undefined)[]): KnownBlock[] {
  const block = actions(...buttons);
  return block === undefined ? [] : [block];
}
