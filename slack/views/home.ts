import type { Button, HomeView, KnownBlock } from '@slack/types';
import type { RecentTarget } from '../../core/access/approval/request-approval.ts';
import type { Business } from '../../core/access/request/identity/own-business.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import { type AccessRequest, askedApprovers } from '../../core/model/request.ts';
import { ACCESS_COMMAND, ACTIONS, actionIdFor } from '../actions.ts';
import { actions, button, context, header, type MessageView, section } from '../blocks.ts';
import { LIMITS } from '../limits.ts';
import { peopleOf, requesterWords } from '../people.ts';
import { riskWords } from '../risk.ts';
import { sentenceFor } from '../sentences.ts';
import { count, oneLine, slackDate } from '../wording.ts';
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

/** Requests shown in each list. Each takes two blocks, so four lists stay below the limit of a view. */
const MOST_SHOWN = 10;

/** How many earlier targets are shown. */
const MOST_BEFORE = 5;

/** How many characters of a reason are shown; the request's own message has all of it. */
const REASON_LENGTH = 300;

/** The App Home: the person's access and requests, and what waits for them, with the buttons to act on it. */
export function homeView(data: HomeData): HomeView {
  const blocks: KnownBlock[] = [
    header('AWS access'),
    ...row(button({ actionId: ACTIONS.newRequest, text: 'Request access', style: 'primary' })),
    ...listsOf(data),
    ...beforeList(data.before ?? []),
    context(`The same form opens with \`${ACCESS_COMMAND}\`.`),
  ];
  return { type: 'home', blocks: blocks.slice(0, LIMITS.viewBlocks) };
}

/** The same lists as a private answer to `/access status`, or if it is not clear which access a command means. */
export function accessListNotice(business: Business, portalUrl: string): MessageView {
  return {
    text: 'Your AWS access, and what waits for you.',
    blocks: listsOf({ ...business, portalUrl }).slice(0, LIMITS.messageBlocks),
  };
}

function listsOf({ active, pending, toDecide, reviews, portalUrl }: HomeData): KnownBlock[] {
  const blocks = [
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
  if (active.length + pending.length + toDecide.length + reviews.length === 0) {
    blocks.push(section('You have no access through Glasshammer now, and nothing waits for you.'));
  }
  return blocks;
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
    ...before.slice(0, MOST_BEFORE).flatMap(({ target, names, times, lastAt }, index) => [
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
): KnownBlock[] {
  if (requests.length === 0) return [];
  const rest = requests.length - MOST_SHOWN;
  return [
    header(title),
    ...requests.slice(0, MOST_SHOWN).flatMap((request) => {
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
    }),
    ...(rest > 0 ? [context(`and ${count(rest, 'more request')}`)] : []),
  ];
}

function row(...buttons: readonly (Button | undefined)[]): KnownBlock[] {
  const block = actions(...buttons);
  return block === undefined ? [] : [block];
}
