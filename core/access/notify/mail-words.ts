import { instant, range } from '../../activity/report/render/wording.ts';
import { durationWords } from '../../model/duration.ts';
import type { AccessRequest } from '../../model/request.ts';
import { isGroupTarget } from '../../model/target.ts';
import { oneLine } from '../../model/text.ts';
import { isToRequester, type MailKind } from './mail-people.ts';
import { requestPage } from './request-page.ts';
import { riskSentence } from './risk.ts';

/** A mail to one person, as text and as HTML show it. Plain text throughout, not yet escaped. */
export interface PersonMail {
  readonly subject: string;
  readonly title: string;
  readonly sentence: string;
  /** How it is coloured. */
  readonly tone: 'plain' | 'good' | 'warn' | 'bad';
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** What to do, with a page to go to or a command to type; a mail decides nothing by itself. */
  readonly action: { readonly words: string; readonly href?: string; readonly command?: string };
  readonly notes: readonly string[];
}

const LINE = 200;

function whoAsked({ requester }: AccessRequest): string {
  return oneLine(requester.displayName || requester.userName || requester.principalId, 80);
}

/** `ReadOnlyAccess in Production`, `the group On-call`. */
function whatWords({ target, names }: Pick<AccessRequest, 'target' | 'names'>): string {
  if (isGroupTarget(target)) return `the group ${oneLine(names.groupName || target.groupId, 80)}`;
  const set = oneLine(names.permissionSetName || target.permissionSetArn, 80);
  return `${set} in ${oneLine(names.accountName || target.accountId, 80)}`;
}

/** What a mail to one person says. @param consoleUrl without a slash at the end; absent where there is no console */
export function personMail(
  request: AccessRequest,
  kind: MailKind,
  { consoleUrl, portalUrl }: { readonly consoleUrl?: string | undefined; readonly portalUrl: string },
): PersonMail {
  const page = consoleUrl === undefined ? {} : { href: requestPage(consoleUrl, request.id) };
  const command = (words: string) => (consoleUrl === undefined ? { command: `glasshammer ${words}` } : {});
  const mine = isToRequester(kind);
  const who = whoAsked(request);
  const what = whatWords(request);
  const about = { facts: factsOf(request, kind), notes: [`Request ${request.id}.`] };
  const decide = {
    ...about,
    action: { words: 'Look at it and decide', ...page, ...command(`approve ${request.id}`) },
    notes: [
      'This mail decides nothing: you sign in, look at the request and decide there.',
      ...(consoleUrl === undefined ? [`To say no: glasshammer deny ${request.id}`] : []),
      ...about.notes,
    ],
  };
  const look = { words: 'Look at it', ...page, ...command(mine ? 'mine' : 'reviews') };
  switch (kind) {
    case 'approval':
      return {
        ...decide,
        subject: `${who} asks for ${what}`,
        title: `${who} asks for ${what}`,
        tone: 'plain',
        sentence: 'You are one of those who can decide.',
      };
    case 'reminder':
      return {
        ...decide,
        subject: `Still waiting: ${who} asks for ${what}`,
        title: `${who} still waits for ${what}`,
        tone: 'warn',
        sentence: 'Nobody has decided yet, and you are one of those who can.',
      };
    case 'glass':
      return {
        ...about,
        subject: `Break glass: ${who}, ${what}`,
        title: `${who} has broken the glass`,
        tone: 'bad',
        sentence: `${what}, at once and without approval. The review is asked for when the report is there.`,
        action: look,
      };
    case 'review':
      return {
        ...about,
        subject: `To be reviewed: break glass of ${who}, ${what}`,
        title: `The break-glass access of ${who} is to be reviewed`,
        tone: 'warn',
        sentence: 'Its report is there: read what was done, then acknowledge it or ask.',
        action: { words: 'Read and review', ...page, ...command(`review ${request.id}`) },
      };
    case 'review-reminder':
      return {
        ...about,
        subject: `Review still owed: break glass of ${who}, ${what}`,
        title: `A review is still owed`,
        tone: 'warn',
        sentence: `The break-glass access of ${who} to ${what} has not been reviewed.`,
        action: { words: 'Read and review', ...page, ...command(`review ${request.id}`) },
      };
    case 'question':
      return {
        ...about,
        subject: `A question about your access: ${what}`,
        title: 'The reviewer of your access asks',
        tone: 'warn',
        sentence: oneLine(request.review?.note ?? 'Say what it was for.', 1000),
        action: { words: 'Answer', ...page, ...command(`answer ${request.id} "…"`) },
      };
    case 'warning':
      return {
        ...about,
        subject: `Your access ends soon: ${what}`,
        title: 'Your access ends soon',
        tone: 'warn',
        sentence: `${what}, until ${instant(request.endsAt)}.`,
        action: { words: 'End it now, or ask for more', ...page, ...command(`end ${request.id}`) },
      };
    case 'outcome': {
      const said = outcomeOf(request, what);
      const open = request.state === 'active' ? { words: 'Open the access portal', href: portalUrl } : look;
      return { ...about, subject: `${said.title}: ${what}`, ...said, action: open };
    }
  }
}

function outcomeOf(request: AccessRequest, what: string): Pick<PersonMail, 'title' | 'sentence' | 'tone'> {
  const last = (state: AccessRequest['state']) => request.events.findLast((event) => event.state === state);
  const note = (text = '') => (text === '' ? '' : ` “${oneLine(text, 500)}”`);
  const ending = (state: AccessRequest['state']) => {
    const { note: text, byName } = last(state) ?? {};
    return `${note(text)}${byName === undefined || byName === request.requester.userName ? '' : ` By ${oneLine(byName, 80)}.`}`;
  };
  switch (request.state) {
    case 'active':
      return { title: 'Your access is there', sentence: `${what}, until ${instant(request.endsAt)}.`, tone: 'good' };
    case 'scheduled':
      return {
        title: 'Your access is approved',
        sentence: `You get ${what} ${range(request.startsAt, request.endsAt)}.`,
        tone: 'good',
      };
    case 'joined':
      return {
        title: 'Your access was extended',
        sentence: `${what}, until ${instant(request.endsAt)}.`,
        tone: 'good',
      };
    case 'denied':
      return {
        title: 'Your request was denied',
        sentence: `You do not get ${what}.${note(last('denied')?.note)}`,
        tone: 'bad',
      };
    case 'expired':
      return {
        title: 'Your request has expired',
        sentence: `Nobody decided in time whether you get ${what}. You can ask again.`,
        tone: 'bad',
      };
    case 'cancelled':
      return {
        title: 'Your request was cancelled',
        sentence: `You do not get ${what}.${ending('cancelled')}`,
        tone: 'bad',
      };
    case 'ended':
      return last('ended')?.note?.startsWith('kept: ') === true
        ? {
            title: 'Your request has ended',
            sentence: `You keep ${what}, because something else gives it to you as well.`,
            tone: 'plain',
          }
        : {
            title: 'Your access has ended',
            sentence: `${what}.${ending('ending')} A report of what was done follows to those who read reports.`,
            tone: 'plain',
          };
    default:
      return {
        title: 'You did not get access',
        sentence: `${what}.${note(request.refusal?.detail ?? request.failure)}`,
        tone: 'bad',
      };
  }
}

function factsOf(request: AccessRequest, kind: MailKind): PersonMail['facts'] {
  const { requester, reason, ticket, durationSeconds, startsAt, endsAt, asked } = request;
  const starts = startsAt === '' || (request.windowFrom === undefined && request.state === 'pending');
  const when = starts
    ? `${durationWords(durationSeconds)}, from the approval on`
    : `${range(startsAt, endsAt)} (${durationWords(durationSeconds)})`;
  const email = requester.email === '' ? '' : ` (${oneLine(requester.email, LINE)})`;
  const decides = kind === 'approval' || kind === 'reminder';
  return [
    { label: 'Who', value: `${whoAsked(request)}${email}` },
    { label: 'What', value: whatWords(request) },
    ...(isGroupTarget(request.target) ? [] : [{ label: 'Account', value: request.target.accountId }]),
    { label: 'When', value: when },
    { label: 'Why', value: oneLine(reason, 1000) || 'No reason was given.' },
    ...(ticket === '' ? [] : [{ label: 'Ticket', value: oneLine(ticket, LINE) }]),
    ...(request.about === undefined ? [] : [{ label: 'About', value: oneLine(request.about.text, 500) }]),
    ...(decides || kind === 'glass' ? [{ label: 'Risk', value: riskSentence(request, asked?.allows) }] : []),
    ...(decides && asked !== undefined && asked.allows !== ''
      ? [{ label: 'Allows', value: oneLine(asked.allows, 500) }]
      : []),
    ...(decides && request.expiresAt !== undefined ? [{ label: 'Decide by', value: instant(request.expiresAt) }] : []),
  ];
}
