import { durationWords } from '../../model/duration.ts';
import type { Refusal } from '../../model/refusal.ts';
import { type AccessEvent, type AccessRequest, type EventType, SYSTEM_ACTOR } from '../../model/request.ts';
import { HELD_BY_ANOTHER, OUT_OF_USE, TIME_IS_UP, WORKFLOW_STOPPED } from '../lease/revoke/end-notes.ts';

/*
 * Sentences about what became of a request, shared by Slack and mails. The notes of events are for programs; what
 * people read is made of them here.
 */

/** How a channel writes parts of sentences: Slack with mentions and local times, mail with names and UTC. */
export interface Hand {
  /** A person, by their id in an event. */
  person(id: string): string;
  /** @param iso ISO 8601 */
  date(iso: string): string;
  /** Text of people or of AWS, on one line; empty when there is none. */
  words(text: string | undefined): string;
  /** A note that a person wrote, on a line of its own; empty when there is none. */
  note(text: string): string;
  refusal(refusal: Refusal): string;
  /** `ReadOnlyAccess in Production`, `membership in On-call`. */
  readonly what: string;
  /** The same as something the requester holds, to follow `your`. */
  readonly access: string;
}

/** The most notes shown on a card. */
const MOST_NOTES = 5;

/** The last event of a type. */
export function lastEvent({ events }: Pick<AccessRequest, 'events'>, type: EventType): AccessEvent | undefined {
  return events.findLast((event) => event.type === type);
}

/**
 * What is asked for, to follow `asks for`: more time of the access held already, or a chosen window, or a duration.
 *
 * @param isTold the duration is shown elsewhere
 */
export function askedWords(request: AccessRequest, hand: Hand, { isTold }: { readonly isTold: boolean }): string {
  const { windowFrom, durationSeconds, endsAt } = request;
  const length = durationWords(durationSeconds);
  if (request.extends !== undefined) return `${length} more of ${hand.what}`;
  if (windowFrom === undefined) return isTold ? hand.what : `${hand.what} for ${length}`;
  return `${hand.what} from ${hand.date(windowFrom)} until ${hand.date(endsAt)}${isTold ? '' : ` (${length})`}`;
}

/** What a person wrote when they ended or cancelled it, without the prefix, which is for programs. */
export function whyWords(note: string | undefined, hand: Pick<Hand, 'words'>): string {
  return hand.words(withoutPrefix(note));
}

function withoutPrefix(note = ''): string {
  return note.trim().replace(/^(?:done early|(?:ended|cancelled) by an (?:operator|approver))(?:: )?/, '');
}

/** Why the person keeps access that Glasshammer ends, to follow `you keep it,`. Empty when they do not keep it. */
export function keptWords({ grant, events }: Pick<AccessRequest, 'grant' | 'events'>): string {
  if (grant?.standing === true) return 'because it was there before Glasshammer gave it';
  return events.some(({ type }) => type === 'made-standing') ? 'because somebody else has given it too' : '';
}

/** Did only this request end, because another request gives the same access? */
export function isKeptByRequest(request: Pick<AccessRequest, 'events'>): boolean {
  return lastEvent(request, 'ended')?.note === HELD_BY_ANOTHER;
}

/** Says that access ended without being removed, because nobody can use it. Empty where it was removed or kept. */
export function outOfUseWords(request: Pick<AccessRequest, 'events'>): string {
  const { note = '' } = lastEvent(request, 'ended') ?? {};
  if (!note.startsWith(OUT_OF_USE)) return '';
  const why = note.slice(OUT_OF_USE.length);
  return `${why.charAt(0).toUpperCase()}${why.slice(1)}, so nobody can use it. Identity Center could not take it back, and it is taken back should the account return.`;
}

/**
 * Why the access ends, and by whom. Empty where no event says so; a removal outside of Glasshammer is told elsewhere.
 */
export function endCause(request: AccessRequest, hand: Pick<Hand, 'person' | 'words'>): string {
  const end = request.events.findLast(({ state }) => state === 'ending');
  if (end === undefined || end.type === 'removed-by-others') return '';
  const note = (end.note ?? '').trim();
  if (end.by === SYSTEM_ACTOR) return systemCause(note, hand);
  const why = whyWords(note, hand);
  return `Ended early by ${hand.person(end.by)}${why === '' ? '.' : `: ${why}`}`;
}

function systemCause(note: string, hand: Pick<Hand, 'words'>): string {
  if (note === '') return '';
  if (note === TIME_IS_UP) return 'Its time was up.';
  if (note.startsWith(WORKFLOW_STOPPED))
    return 'It was taken back before its time, because the workflow behind it stopped.';
  return `It was taken back because of this: ${hand.words(note)}`;
}

/** What the requester must know of the votes besides the outcome: a shortened duration, and the approvers' notes. */
export function voteLines(request: AccessRequest, hand: Pick<Hand, 'person' | 'note'>): string[] {
  const shortened = lastEvent(request, 'duration-shortened');
  const notes = request.votes.filter(({ vote, note }) => vote === 'approve' && (note ?? '').trim() !== '');
  return [
    shortened === undefined
      ? ''
      : `Shortened to ${durationWords(request.durationSeconds)} by ${hand.person(shortened.by)}.`,
    ...notes
      .slice(0, MOST_NOTES)
      .map(({ principalId, note }) => `${hand.person(principalId)}: ${hand.note(note ?? '')}`),
  ];
}

/** The outcome for the requester: a sentence such as `your access is there: …`, and further lines they must know. */
export function outcomeLines(request: AccessRequest, hand: Hand): string[] {
  const asked = askedWords(request, hand, { isTold: true });
  const by = (type: EventType) => hand.person(lastEvent(request, type)?.by ?? '');
  const lines = (...all: readonly string[]) => all.filter((line) => line !== '');
  switch (request.state) {
    case 'active':
      return lines(
        `your access is there: ${hand.what} until ${hand.date(request.endsAt)}.`,
        ...voteLines(request, hand),
      );
    case 'scheduled':
      return lines(
        `it is approved: you get ${hand.what} from ${hand.date(request.startsAt)} until ${hand.date(request.endsAt)}.`,
        ...voteLines(request, hand),
      );
    case 'joined':
      return lines(
        request.events.some(({ state }) => state === 'pending')
          ? `it is approved: your ${hand.access} was extended, until ${hand.date(request.endsAt)}.`
          : `the time you asked for has begun: you have ${hand.what} already, and now until ${hand.date(request.endsAt)}.`,
        ...voteLines(request, hand),
      );
    case 'ended':
      return lines(...endedLines(request, hand));
    case 'denied':
      return lines(
        `${by('denied')} denied your request for ${asked}.`,
        hand.note(lastEvent(request, 'denied')?.note ?? ''),
      );
    case 'expired':
      return request.events.some(({ state }) => state === 'approved')
        ? [`the time you asked for was over before you got ${asked}. You can ask again.`]
        : [`nobody decided in time whether you get ${asked}. You can ask again.`];
    case 'cancelled':
      return lines(
        `your request for ${asked} was cancelled by ${by('cancelled')}.`,
        hand.note(withoutPrefix(lastEvent(request, 'cancelled')?.note)),
      );
    default:
      return lines(
        `you did not get ${asked}.`,
        request.refusal === undefined ? hand.words(request.failure) : hand.refusal(request.refusal),
      );
  }
}

function endedLines(request: AccessRequest, hand: Hand): string[] {
  const end = request.events.findLast((event) => event.state === 'ending');
  const by = end?.by ?? SYSTEM_ACTOR;
  if (end?.type === 'removed-by-others')
    return [
      `${hand.person(by)} removed your ${hand.access} outside of Glasshammer, before its time.`,
      'Ask them about it, or ask for it again.',
    ];
  const why = keptWords(request);
  const kept = why === '' ? '' : ` You keep it, ${why}.`;
  const besides = isKeptByRequest(request) ? 'Another request gives you the same, and says until when.' : '';
  if (by !== SYSTEM_ACTOR)
    return [
      `${hand.person(by)} ended your ${hand.access} before its time.${kept}`,
      hand.note(withoutPrefix(end?.note)),
      besides,
      outOfUseWords(request),
    ];
  return [`your ${hand.access} has ended.${kept}`, endCause(request, hand), besides, outOfUseWords(request)];
}
