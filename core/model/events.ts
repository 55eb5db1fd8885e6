import { type AccessEvent, type EventType, type RequestState, SYSTEM_ACTOR } from './request.ts';

/** The longest note that is kept, in characters: whatever people and AWS write, an event stays small. */
const LONGEST_NOTE = 2000;

/** What an event may say beyond who, when and why, so that its history alone answers an auditor. */
type EventFacts = Pick<AccessEvent, 'byName' | 'startsAt' | 'endsAt' | 'durationSeconds' | 'approvers' | 'policy'>;

interface EventOptions extends EventFacts {
  readonly by?: string;
  readonly note?: string;
}

/** An event that enters a state; both are written together. */
export function enter(
  state: RequestState,
  at: string,
  options: EventOptions & { readonly type?: EventType } = {},
): AccessEvent {
  const { by = SYSTEM_ACTOR, note, type = state, ...facts } = options;
  return { type, at, by, state, ...noted(note), ...told(facts) };
}

/** An event that changes no state. */
export function happen(type: EventType, at: string, options: EventOptions = {}): AccessEvent {
  const { by = SYSTEM_ACTOR, note, ...facts } = options;
  return { type, at, by, ...noted(note), ...told(facts) };
}

/** The most approvers that an event names: it stays small. */
const MOST_APPROVERS = 100;

function told({ approvers = [], ...facts }: EventFacts): EventFacts {
  const given = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== ''));
  return approvers.length === 0 ? given : { ...given, approvers: approvers.slice(0, MOST_APPROVERS) };
}

function noted(note: string | undefined): { readonly note?: string } {
  if (note === undefined || note === '') return {};
  return { note: note.length <= LONGEST_NOTE ? note : `${note.slice(0, LONGEST_NOTE - 1)}…` };
}

/** The id an event names a person by: the principal, or the Slack user where no principal is known. */
export function actorOf(person: { readonly principalId: string; readonly slackId: string }): string {
  return person.principalId === '' ? person.slackId : person.principalId;
}

/** An instant some seconds after another, both ISO 8601. */
export function after(at: string | Date, seconds: number): string {
  return new Date(new Date(at).getTime() + seconds * 1000).toISOString();
}

/** Is this an instant as it is stored: ISO 8601 in UTC, so that instants sort as text? */
export function isInstant(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}
