import { type AccessEvent, type EventType, type RequestState, SYSTEM_ACTOR } from './request.ts';

/** The longest note that is stored, in characters: an event stays small even if people or AWS write long texts. */
const LONGEST_NOTE = 2000;

/** What an event may record beyond actor, time and note, so that the history alone answers an auditor. */
type EventFacts = Pick<AccessEvent, 'byName' | 'startsAt' | 'endsAt' | 'durationSeconds' | 'approvers' | 'policy'>;

interface EventOptions extends EventFacts {
  readonly by?: string;
  readonly note?: string;
}

/** An event that enters a state; the event and the new state are written together. */
export function enter(
  state: RequestState,
  at: string,
  options: EventOptions & { readonly type?: EventType } = {},
): AccessEvent {
  const { by = SYSTEM_ACTOR, note, type = state, ...facts } = options;
  return { type, at, by, state, ...noteField(note), ...presentFacts(facts) };
}

/** An event that changes no state. */
export function happen(type: EventType, at: string, options: EventOptions = {}): AccessEvent {
  const { by = SYSTEM_ACTOR, note, ...facts } = options;
  return { type, at, by, ...noteField(note), ...presentFacts(facts) };
}

/** The most approvers that an event names, so that the event stays small. */
const MOST_APPROVERS = 100;

function presentFacts({ approvers = [], ...facts }: EventFacts): EventFacts {
  const given = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== ''));
  return approvers.length === 0 ? given : { ...given, approvers: approvers.slice(0, MOST_APPROVERS) };
}

function noteField(note: string | undefined): { readonly note?: string } {
  if (note === undefined || note === '') return {};
  return { note: note.length <= LONGEST_NOTE ? note : `${note.slice(0, LONGEST_NOTE - 1)}…` };
}

/** The id that events use for a person: the principal id, or the Slack user id where no principal is known. */
export function actorOf(person: { readonly principalId: string; readonly slackId: string }): string {
  return person.principalId === '' ? person.slackId : person.principalId;
}

/** The clocks of any two functions, or of a function and Step Functions, differ by less than this. Seconds. */
export const CLOCK_SKEW_SECONDS = 60;

/** An instant some seconds after another, both ISO 8601. */
export function after(at: string | Date, seconds: number): string {
  return new Date(new Date(at).getTime() + seconds * 1000).toISOString();
}

/** Is this an instant in the stored form: ISO 8601 in UTC, so that instants sort as text? */
export function isInstant(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}
