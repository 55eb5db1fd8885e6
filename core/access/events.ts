import { type AccessEvent, type EventType, type RequestState, SYSTEM_ACTOR } from './request.ts';

/** An event that enters a state; both are written together. */
export function enter(
  state: RequestState,
  at: string,
  options: { by?: string; note?: string; type?: EventType } = {},
): AccessEvent {
  const { by = SYSTEM_ACTOR, note, type = state } = options;
  return { type, at, by, state, ...(note === undefined || note === '' ? {} : { note }) };
}

/** An event that changes no state. */
export function happen(type: EventType, at: string, options: { by?: string; note?: string } = {}): AccessEvent {
  const { by = SYSTEM_ACTOR, note } = options;
  return { type, at, by, ...(note === undefined || note === '' ? {} : { note }) };
}

/** The id an event names a person by: the principal, or the Slack user where no principal is known. */
export function actorOf(person: { readonly principalId: string; readonly slackId: string }): string {
  return person.principalId === '' ? person.slackId : person.principalId;
}

/** An instant some seconds after another, both ISO 8601. */
export function after(at: string | Date, seconds: number): string {
  return new Date(new Date(at).getTime() + seconds * 1000).toISOString();
}
