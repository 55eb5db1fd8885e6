import type { RequestState } from './request.ts';

/**
 * The allowed steps of a request, and no others. Every write names the state it expects, so a step that is not here cannot
 * be written, however many workers race.
 *
 * `approved | scheduled -> ending` is the clean-up of a grant that failed before it could say so: the workflow always ends in
 * the revoke, and the revoke always closes the request.
 */
export const TRANSITIONS: Readonly<Record<RequestState, readonly RequestState[]>> = {
  requested: ['refused', 'pending', 'approved'],
  pending: ['approved', 'denied', 'expired', 'cancelled', 'refused'],
  approved: ['scheduled', 'granting', 'cancelled', 'refused', 'ending'],
  scheduled: ['granting', 'cancelled', 'refused', 'ending'],
  granting: ['active', 'ending', 'refused'],
  active: ['ending'],
  ending: ['ended', 'failed'],
  ended: ['reported'],
  refused: [],
  denied: [],
  expired: [],
  cancelled: [],
  failed: [],
  reported: [],
};

/** Every state there is. */
export const ALL_STATES = Object.keys(TRANSITIONS) as readonly RequestState[];

/** May a request go from one state to the other? */
export function canMove(from: RequestState, to: RequestState): boolean {
  return TRANSITIONS[from].includes(to);
}

/** The states a request may be in just before it enters `to`. */
export function statesBefore(to: RequestState): RequestState[] {
  return ALL_STATES.filter((from) => canMove(from, to));
}

/** Nothing more will happen to a request in such a state. What is no state of a request at all is none. */
export function isLastState(state: string): boolean {
  return state in TRANSITIONS && TRANSITIONS[state as RequestState].length === 0;
}

/** Nothing more will happen to access in these states; `ended` still owes its report. */
export function isOver(state: RequestState): boolean {
  return state === 'ended' || TRANSITIONS[state].length === 0;
}

/** A lease may exist: the revoke must run before the request is over. */
export function mayHoldAccess(state: RequestState): boolean {
  return state === 'granting' || state === 'active' || state === 'ending';
}
