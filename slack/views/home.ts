import type { Button, HomeView, KnownBlock } from '@slack/types';
import type { RecentTarget } from '../../core/access/approval/request-approval.ts';
import type { Business } from '../../core/access/request/identity/own-business.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import { ACCESS_COMMAND, ACTIONS, actionIdFor } from '../actions.ts';
import { actions, button, context, header, type MessageView, section } from '../blocks.ts';
import { LIMITS } from '../limits.ts';
import type { People } from '../people.ts';
import { sentenceFor } from '../sentences.ts';
import { count, oneLine, slackDate } from '../wording.ts';
import { approveButton } from './approving/approval-message.ts';
import { cancelButton, doneButton, extendButton, portalButton, targetWords } from './asking/request-parts.ts';
import { slackIdWords } from './ephemerals.ts';
import { statusLines } from './status-lines.ts';

export interface HomeData extends Business {
  readonly portalUrl: string;
  readonly people?: People;
  /** What this person had before, the latest first; absent where that is not known. */
  readonly before?: readonly RecentTarget[];
}

/** Requests shown per list; two blocks each, so that four lists stay under the limit of a view. */
const MOST_SHOWN = 10;

/** Of what a person had before, this much. */
const MOST_BEFORE = 5;

/** Longer reasons are read in the message of the request. */
const REASON_LENGTH = 300;

/** The App Home: everything that is this person's business now, with the buttons to act on it. */
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

/** The same as a private answer, to `/access status` and where it is not clear which access is meant. */
export function accessListNotice(business: Business, portalUrl: string): MessageView {
  return {
    text: 'Your AWS access, and what waits for you.',
    blocks: listsOf({ ...business, portalUrl }).slice(0, LIMITS.messageBlocks),
  };
}

function listsOf({ active, pending, toDecide, reviews, portalUrl, people }: HomeData): KnownBlock[] {
  const blocks = [
    ...list('Your access now', active, people, (request) =>
      request.state === 'active'
        ? [
            portalButton(request, portalUrl, request.id),
            doneButton(request, request.id),
            extendButton(request, request.id),
          ]
        : [],
    ),
    ...list('Your open requests', pending, people, (request) =>
      request.state === 'pending' || request.state === 'scheduled' ? [cancelButton(request, request.id)] : [],
    ),
    ...list('Waiting for your vote', toDecide, people, (request) => [
      approveButton(request, request.asked?.allows, request.id),
      button({ actionId: actionIdFor(ACTIONS.deny, request.id), text: 'Deny', value: request.id, style: 'danger' }),
    ]),
    ...list('Reviews owed', reviews, people, (request) => [
      button({ actionId: actionIdFor(ACTIONS.acknowledgeReview, request.id), text: 'Acknowledge', value: request.id }),
      button({ actionId: actionIdFor(ACTIONS.questionReview, request.id), text: 'Question', value: request.id }),
    ]),
  ];
  if (active.length + pending.length + toDecide.length + reviews.length === 0) {
    blocks.push(section('You have no access through Glasshammer now, and nothing waits for you.'));
  }
  return blocks;
}

/** What a person had before, each with a button that opens the form for it. */
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

/** The App Home of somebody who cannot have access: why, and what to do about it. */
export function refusedHomeView(refusal: Refusal, slackId: string): HomeView {
  return {
    type: 'home',
    blocks: [header('AWS access'), section(`:no_entry: ${sentenceFor(refusal)}`, slackIdWords(slackId))],
  };
}

function list(
  title: string,
  requests: readonly AccessRequest[],
  people: People | undefined,
  buttonsFor: (request: AccessRequest) => readonly (Button | undefined)[],
): KnownBlock[] {
  if (requests.length === 0) return [];
  const rest = requests.length - MOST_SHOWN;
  return [
    header(title),
    ...requests.slice(0, MOST_SHOWN).flatMap((request) => {
      const { sign, headline } = statusLines(request, { people });
      const reason = oneLine(request.reason, REASON_LENGTH);
      return [
        section(`${sign} ${headline}`, reason === '' ? '' : `_Reason:_ ${reason}`),
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
