import { endWith, lengthOf } from '../../model/access.ts';
import { durationWords } from '../../model/duration.ts';
import type { Refusal } from '../../model/refusal.ts';
import type { AccessRequest } from '../../model/request.ts';
import { isGroupTarget } from '../../model/target.ts';
import { oneLine } from '../../model/text.ts';
import { mailHand, minute, span, whatWords, whoAsked } from './mail-hand.ts';
import { isToRequester, type MailKind } from './mail-people.ts';
import { askedWords, type Hand, isKeptByRequest, keptWords, lastEvent, outcomeLines } from './outcome-words.ts';
import { requestPage } from './request-page.ts';
import { riskSentence } from './risk.ts';

/** The content of a mail to one person, for its text and its HTML. Plain text throughout, not yet escaped. */
export interface PersonMail {
  readonly subject: string;
  readonly title: string;
  /** One line per entry. */
  readonly said: readonly string[];
  /** Selects the colour. */
  readonly tone: 'plain' | 'good' | 'warn' | 'bad';
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** What the reader can do: a page to open or a command to type. A mail itself decides nothing. */
  readonly action: { readonly words: string; readonly href?: string; readonly command?: string };
  readonly notes: readonly string[];
}

/** What a mail needs besides the request. */
export interface MailPlaces {
  /** Without a trailing slash; absent where there is no console. */
  readonly consoleUrl?: string | undefined;
  readonly portalUrl: string;
  /** The text of a refusal, without mention of Slack. */
  readonly refusalWords: (refusal: Refusal) => string;
}

const LINE = 200;
const QUOTE = 1000;

/** The content of a mail to one person. */
export function personMail(
  request: AccessRequest,
  kind: MailKind,
  { consoleUrl, portalUrl, refusalWords }: MailPlaces,
): PersonMail {
  const page = consoleUrl === undefined ? {} : { href: requestPage(consoleUrl, request.id) };
  const command = (words: string) => (consoleUrl === undefined ? { command: `glasshammer ${words}` } : {});
  const isTheirs = isToRequester(kind);
  const hand = mailHand(request, { isTheirs, refusalWords });
  const who = whoAsked(request);
  const { what } = hand;
  const asked = request.extends === undefined ? what : askedWords(request, hand, { isTold: true });
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
  const look = { words: 'Look at it', ...page, ...command(isTheirs ? 'mine' : 'reviews') };
  const review = { words: 'Read and review', ...page, ...command(`review ${request.id}`) };
  switch (kind) {
    case 'approval':
      return {
        ...decide,
        subject: `${who} asks for ${asked}`,
        title: `${who} asks for ${asked}`,
        tone: 'plain',
        said: ['You are one of those who can decide.'],
      };
    case 'reminder':
      return {
        ...decide,
        subject: `Still waiting: ${who} asks for ${asked}`,
        title: `${who} still waits for ${asked}`,
        tone: 'warn',
        said: [`Asked ${minute(request.requestedAt)}. Nobody has decided yet, and you are one of those who can.`],
      };
    case 'glass': {
      const more = request.extends !== undefined;
      return {
        ...about,
        subject: `Break glass${more ? ' for more time' : ''}: ${who}, ${asked}`,
        title: more ? `${who} has broken the glass for more time` : `${who} has broken the glass`,
        tone: 'bad',
        said: [`${asked}, at once and without approval. The review is asked for when the report is there.`],
        action: {
          words: consoleUrl === undefined ? 'End it' : 'Look at it, or end it',
          ...page,
          ...command(`end ${request.id} --note "…"`),
        },
      };
    }
    case 'review':
      return {
        ...about,
        subject: `To be reviewed: break glass of ${who}, ${what}`,
        title: `The break-glass access of ${who} is to be reviewed`,
        tone: 'warn',
        said: [...reportedLines(request, hand), 'Acknowledge it, or ask what is doubtful.'],
        action: review,
      };
    case 'review-reminder':
      return {
        ...about,
        subject: `Review still owed: break glass of ${who}, ${what}`,
        title: 'A review is still owed',
        tone: 'warn',
        said: [
          `The break-glass access of ${who} to ${what} has not been reviewed.`,
          ...reportedLines(request, hand),
          'Acknowledge it, or ask what is doubtful.',
        ],
        action: review,
      };
    case 'answer': {
      const { note = '', answer = '' } = request.review ?? {};
      return {
        ...about,
        subject: `An answer to your question: ${who}, ${what}`,
        title: `${who} answers your question`,
        tone: 'plain',
        said: [`You asked: “${oneLine(note, QUOTE)}”`, `Answer: “${oneLine(answer, QUOTE)}”`],
        action: look,
      };
    }
    case 'question':
      return {
        ...about,
        subject: `A question about your access: ${what}`,
        title: 'The reviewer of your access asks',
        tone: 'warn',
        said: [
          `${hand.person(request.review?.by ?? '')}: ${oneLine(request.review?.note ?? 'Say what it was for.', QUOTE)}`,
        ],
        action: { words: 'Answer', ...page, ...command(`answer ${request.id} "…"`) },
      };
    case 'warning':
      return {
        ...about,
        subject: `Your access ends soon: ${what}`,
        title: 'Your access ends soon',
        tone: 'warn',
        said: [`Your ${hand.access} ends ${minute(request.endsAt)}, unless it is extended.`, ...keptLines(request)],
        action: {
          words: consoleUrl === undefined ? 'End it now' : 'End it now, or ask for more',
          ...page,
          ...command(`end ${request.id}`),
        },
        notes: [
          ...(consoleUrl === undefined ? [`To ask for more: glasshammer extend ${request.id} 30m`] : []),
          ...about.notes,
        ],
      };
    case 'outcome': {
      const said = outcomeOf(request, hand);
      if (request.state !== 'active') return { ...about, subject: `${said.title}: ${what}`, ...said, action: look };
      const end = page.href ?? `glasshammer end ${request.id}, or glasshammer extend ${request.id} 30m`;
      return {
        ...about,
        subject: `${said.title}: ${what}`,
        ...said,
        action: { words: 'Open the access portal', href: portalUrl },
        notes: [`When you are done, or need more time: ${end}`, ...about.notes],
      };
    }
  }
}

/** The summary of the report. A reviewer without Slack may get it only by this mail. */
function reportedLines(request: AccessRequest, { words }: Hand): string[] {
  const reported = words(lastEvent(request, 'reported')?.note);
  const addendum = words(lastEvent(request, 'report-addendum')?.note);
  if (reported === '') {
    const unreadable = words(lastEvent(request, 'activity-unreadable')?.note);
    return [`What was done could not be read${unreadable === '' ? '.' : `: ${unreadable}`}`];
  }
  return [
    `What was done: ${reported}${addendum === '' ? '' : `. Addendum: ${addendum}`}`,
    ...(request.reportLines ?? []).map((line) => oneLine(line, QUOTE)),
  ];
}

function keptLines(request: AccessRequest): string[] {
  const kept = keptWords(request);
  return kept === '' ? [] : [`You keep it all the same, ${kept}.`];
}

/** The lines that are also sent in Slack, under a title. */
function outcomeOf(request: AccessRequest, hand: Hand): Pick<PersonMail, 'title' | 'said' | 'tone'> {
  const { title, tone } = titleOf(request);
  const lines = outcomeLines(request, hand).map((line) => {
    const sentence = line.replace(
      /^(?:your?|it|the|nobody)\b/,
      (word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`,
    );
    return sentence.startsWith(`${title}: `) ? sentence.slice(title.length + 2) : sentence;
  });
  const report = request.state === 'ended' ? ['A report of what was done goes to those who read reports.'] : [];
  return { title, tone, said: [...lines, ...report] };
}

function titleOf(request: AccessRequest): Pick<PersonMail, 'title' | 'tone'> {
  const more = request.extends !== undefined;
  const thing = more ? 'Your extension' : 'Your request';
  switch (request.state) {
    case 'active':
      return { title: 'Your access is there', tone: 'good' };
    case 'scheduled':
      return { title: 'Your access is approved', tone: 'good' };
    case 'joined':
      return { title: more ? 'Your access was extended' : 'Your access lasts longer now', tone: 'good' };
    case 'denied':
      return { title: `${thing} was denied`, tone: 'bad' };
    case 'expired':
      return { title: `${thing} has expired`, tone: 'bad' };
    case 'cancelled':
      return { title: `${thing} was cancelled`, tone: 'bad' };
    case 'ended':
      return keptWords(request) === '' && !isKeptByRequest(request)
        ? { title: 'Your access has ended', tone: 'plain' }
        : { title: 'Your request has ended, and you keep the access', tone: 'plain' };
    default:
      return { title: more ? 'You did not get more time' : 'You did not get access', tone: 'bad' };
  }
}

function factsOf(request: AccessRequest, kind: MailKind): PersonMail['facts'] {
  const { requester, reason, ticket, asked } = request;
  const email = requester.email === '' ? '' : ` (${oneLine(requester.email, LINE)})`;
  const decides = kind === 'approval' || kind === 'reminder';
  return [
    ...(isToRequester(kind) ? [] : [{ label: 'Who', value: `${whoAsked(request)}${email}` }]),
    { label: 'What', value: whatWords(request) },
    ...(isGroupTarget(request.target) ? [] : [{ label: 'Account', value: request.target.accountId }]),
    ...whenFacts(request),
    { label: 'Why', value: oneLine(reason, 1000) || 'No reason was given.' },
    ...(ticket === '' ? [] : [{ label: 'Ticket', value: oneLine(ticket, LINE) }]),
    ...(request.about === undefined ? [] : [{ label: 'About', value: oneLine(request.about.text, 500) }]),
    ...(decides || kind === 'glass' ? [{ label: 'Risk', value: riskSentence(request, asked?.allows) }] : []),
    ...(decides && asked !== undefined && asked.allows !== ''
      ? [{ label: 'Allows', value: oneLine(asked.allows, 500) }]
      : []),
    ...(decides && request.expiresAt !== undefined ? [{ label: 'Decide by', value: minute(request.expiresAt) }] : []),
  ];
}

/** When and how long: as asked for, or as it was; for more time, the access that it is added to. */
function whenFacts(request: AccessRequest): PersonMail['facts'] {
  const { state, durationSeconds, startsAt, endsAt, endedAt, windowFrom, held } = request;
  const length = durationWords(durationSeconds);
  if (state === 'active' || state === 'ending' || state === 'ended' || state === 'reported') {
    const last = endedAt ?? endsAt;
    return [
      { label: 'When', value: `${span(startsAt, last)} (${durationWords(lengthOf({ startsAt, endsAt: last }))})` },
    ];
  }
  if (held !== undefined) return heldFacts(request, held);
  if (windowFrom !== undefined || state === 'scheduled')
    return [{ label: 'When', value: `${span(windowFrom ?? startsAt, endsAt)} (${length})` }];
  return [{ label: 'When', value: state === 'pending' ? `${length}, from the approval on` : `for ${length}` }];
}

function heldFacts(request: AccessRequest, held: NonNullable<AccessRequest['held']>): PersonMail['facts'] {
  const { requestedAt, state, windowFrom } = request;
  const lasted = Math.max(60, lengthOf({ startsAt: held.startedAt, endsAt: requestedAt }));
  const end = state === 'joined' ? request.endsAt : endWith(request, held, windowFrom ?? requestedAt);
  const length = durationWords(request.durationSeconds);
  const ifApproved = state === 'pending' ? ', if it is approved before the old one' : '';
  return [
    {
      label: 'Had already',
      value: `since ${minute(held.startedAt)}, for ${durationWords(lasted)} when this was asked`,
    },
    { label: 'Asked for', value: request.extends === undefined ? length : `${length} more` },
    ...(state === 'pending' || state === 'joined'
      ? [
          { label: 'Old end', value: minute(held.endsAt) },
          { label: 'New end', value: end > held.endsAt ? `${minute(end)}${ifApproved}` : 'as before' },
        ]
      : [{ label: 'Ends', value: `${minute(held.endsAt)}, as when this was asked` }]),
  ];
}
