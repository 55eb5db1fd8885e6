import type { KnownBlock } from '@slack/types';
import { requestPage } from '../../core/access/notify/request-page.ts';
import { isReviewable } from '../../core/access/review/reviewable.ts';
import { STATES } from '../../core/model/life-cycle.ts';
import { REFUSAL_REASONS } from '../../core/model/refusal.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import { withPageLink } from '../../slack/page-link.ts';
import { approvalMessage } from '../../slack/views/approving/approval-message.ts';
import { lostRaceNotice } from '../../slack/views/approving/approver-notices.ts';
import { approvalReminder, endWarning, outcomeNotice, reviewReminder } from '../../slack/views/approving/reminder.ts';
import { answerMessage, questionMessage, reportCard } from '../../slack/views/reporting/report-card.ts';
import { reviewMessage } from '../../slack/views/reporting/review-message.ts';
import { statusMessage } from '../../slack/views/status-message.ts';
import { sentenceFor } from '../../slack/words/sentences.ts';
import { PEOPLE } from './example-requests.ts';
import { SITUATIONS } from './situations.ts';

const PORTAL = 'https://d-1234567890.awsapps.com/start';
const CONSOLE = 'https://access.example.com';
const APPROVERS = ['user-cleo', 'user-dan'];

/** The content of `docs/messages.md`: every message of every situation, rendered by the program itself. */
export function messagesPage(): string {
  const situations = SITUATIONS.map(({ title, request }) => {
    const messages = messagesOf(request).map(
      ([name, blocks]) => `**${name}**\n\n${blocks.map(blockText).join('\n>\n')}`,
    );
    return `## ${title}\n\n${messages.join('\n\n')}`;
  });
  const refusals = REFUSAL_REASONS.map((reason) => `| \`${reason}\` | ${inTable(sentenceFor({ reason }))} |`);
  return `${HEAD}\n\n${situations.join('\n\n')}\n\n## Refusals\n\n| reason | sentence |\n| --- | --- |\n${refusals.join('\n')}\n`;
}

const HEAD = `# Every message

What people read in Slack, in every situation of a request. This page is written by \`npm run messages\` from the program's own views, and a
test fails when it is not current. Times are shown here in UTC; Slack shows them in the reader's own zone. Buttons are in square brackets.`;

const TOO_LATE = 'To an approver who comes too late';

/** The messages that exist or are sent in a situation, each with its reader. */
function messagesOf(request: AccessRequest): [string, KnownBlock[]][] {
  const { state, asked, review } = request;
  const all: [string, KnownBlock[]][] = [
    [
      'The status message, for everybody',
      statusMessage({ request, portalUrl: PORTAL, people: PEOPLE, approvers: APPROVERS, reportDelaySeconds: 900 })
        .blocks,
    ],
  ];
  const waited = request.events.some((event) => event.state === 'pending');
  if (request.breakGlass)
    all.push(['The card, for those who would have approved', reviewMessage(request, PEOPLE).blocks]);
  else if (waited && asked !== undefined)
    all.push(['The card, for approvers', approvalMessage({ request, people: PEOPLE, ...asked }).blocks]);
  if (state === 'pending') {
    all.push(['The reminder', approvalReminder({ request, approvers: APPROVERS, people: PEOPLE }).blocks]);
  }
  if (waited && state !== 'pending')
    all.push([TOO_LATE, lostRaceNotice({ reason: 'already-decided' }, request, PEOPLE).blocks]);
  const told = STATES[state].told || state === 'scheduled' || state === 'joined';
  const byOther = request.events.some(
    ({ state: next, by }) => next === 'ending' && !['user-ana', 'glasshammer'].includes(by),
  );
  const byThemselves = request.events.at(-1)?.state === 'cancelled' && request.events.at(-1)?.by === 'user-ana';
  if ((told && waited && !byThemselves && !['ended', 'reported'].includes(state)) || byOther)
    all.push(['To the person who waited', outcomeNotice(request, PEOPLE).blocks]);
  if (state === 'active' || state === 'ending' || state === 'ended')
    all.push(['The warning, and what becomes of it', endWarning(request).blocks]);
  if (state === 'reported') all.push(['The report, for approvers', reportCard(request, PEOPLE).blocks]);
  if (isReviewable(request)) all.push(['The reminder of the review', reviewReminder(request, PEOPLE).blocks]);
  if (review?.status === 'questioned')
    all.push(['The question, for the person', questionMessage(request, PEOPLE).blocks]);
  if (review?.answer !== undefined) all.push(['The answer, for the reviewer', answerMessage(request, PEOPLE).blocks]);
  // Every message has a link to the request's page, except the ephemeral one.
  return all.map(([title, shown]) => [
    title,
    title === TOO_LATE ? shown : withPageLink({ text: '', blocks: shown }, requestPage(CONSOLE, request.id)).blocks,
  ]);
}

/** One block as a Markdown quotation that looks nearly as in Slack. */
function blockText(block: KnownBlock): string {
  return plainOf(block)
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

function plainOf(block: KnownBlock): string {
  switch (block.type) {
    case 'section':
      return [block.text, ...(block.fields ?? [])]
        .map((text) => readable(text?.text ?? ''))
        .filter(Boolean)
        .join('\n\n');
    case 'context':
      return block.elements.map((element) => ('text' in element ? readable(element.text) : '')).join(' — ');
    case 'actions':
      return block.elements.map((element) => ('text' in element ? `\\[${element.text.text}\\]` : '')).join(' ');
    default:
      return '';
  }
}

/** Slack's markup as Markdown: dates in UTC, mentions as names. */
function readable(text: string): string {
  return text
    .replace(/<!date\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<@U0([A-Z]+)>/g, (_, name: string) => `@${name.slice(0, 1)}${name.slice(1).toLowerCase()}`)
    .replace(/<#(\w+)>/g, '#$1')
    .replace(/<(https:[^|>]+)\|([^>]+)>/g, '[$2]($1)')
    .replace(/\*([^*\n]+)\*/g, '**$1**')
    .replace(/^&gt; |^> /gm, '“ ')
    .replace(/\n(?!\n)/g, '  \n');
}

function inTable(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
