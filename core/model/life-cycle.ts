import type { RequestState } from './request.ts';

/**
 * The allowed steps of a request, and no others. Every write names the state it expects, so a step that is not here cannot
 * be written, however many workers race.
 *
 * `approved | scheduled -> joined`: the person holds the target already, so the request brings its time to that access and is over;
 * from then on the access, which lives on its first request, is all there is.
 *
 * `approved | scheduled -> ending` is the clean-up of a grant that failed before it could say so: the workflow always ends in
 * the revoke, and the revoke always closes the request.
 */
export const TRANSITIONS: Readonly<Record<RequestState, readonly RequestState[]>> = {
  requested: ['refused', 'pending', 'approved'],
  pending: ['approved', 'denied', 'expired', 'cancelled', 'refused'],
  approved: ['scheduled', 'granting', 'joined', 'cancelled', 'refused', 'expired', 'ending'],
  scheduled: ['granting', 'joined', 'cancelled', 'refused', 'expired', 'ending'],
  granting: ['active', 'ending', 'refused'],
  active: ['ending'],
  ending: ['ended', 'failed'],
  ended: ['reported'],
  joined: [],
  refused: [],
  denied: [],
  expired: [],
  cancelled: [],
  failed: [],
  reported: [],
};

/** What every state must answer. */
export interface StateFacts {
  /**
   * Where the request stands: `asking` before any decision, `waiting` for people or for its start, `holding` while access may be
   * there, `over` when nothing more will happen to access (`ended` still owes its report).
   */
  readonly phase: 'asking' | 'waiting' | 'holding' | 'over';
  /** Which way it was decided; absent while nobody has. */
  readonly decided?: 'yes' | 'no';
  /** The clean-up of a workflow that died has something left to do. */
  readonly recoverable: boolean;
  /** A person who waited for the request is told when it comes here. */
  readonly told: boolean;
  /** Access was there and is gone: it can be reported on and reviewed. */
  readonly reviewable: boolean;
}

const over = { phase: 'over', recoverable: false, told: false, reviewable: false } as const;

/** One row per state: the compiler asks a new state for every answer. Every set of states is read from here. */
export const STATES: Readonly<Record<RequestState, StateFacts>> = {
  requested: { phase: 'asking', recoverable: false, told: false, reviewable: false },
  pending: { phase: 'waiting', recoverable: true, told: false, reviewable: false },
  approved: { phase: 'waiting', decided: 'yes', recoverable: true, told: false, reviewable: false },
  scheduled: { phase: 'waiting', decided: 'yes', recoverable: true, told: false, reviewable: false },
  granting: { phase: 'holding', decided: 'yes', recoverable: true, told: false, reviewable: false },
  active: { phase: 'holding', decided: 'yes', recoverable: true, told: true, reviewable: false },
  ending: { phase: 'holding', decided: 'yes', recoverable: true, told: false, reviewable: false },
  ended: { ...over, decided: 'yes', recoverable: true, reviewable: true },
  reported: { ...over, decided: 'yes', reviewable: true },
  joined: { ...over, decided: 'yes', told: true },
  refused: { ...over, decided: 'no', told: true },
  denied: { ...over, decided: 'no', told: true },
  expired: { ...over, decided: 'no', told: true },
  cancelled: { ...over, decided: 'no', told: true },
  failed: { ...over, told: true },
};

/** Every state there is. */
export const ALL_STATES = Object.keys(TRANSITIONS) as readonly RequestState[];

/** The states of which this is true, in the order of a request's life. */
export function statesWhere(is: (facts: StateFacts) => boolean): readonly RequestState[] {
  return ALL_STATES.filter((state) => is(STATES[state]));
}

/** Before the grant, and not over: nothing has been asked of Identity Center. */
export const WAITING_STATES = statesWhere(({ phase }) => phase === 'waiting');

/** A lease may exist in these; access that is there comes first. */
export const HOLDING_STATES: readonly RequestState[] = ['active', 'granting', 'ending'];

/** Open requests, those that may hold access first. */
export const OPEN_STATES: readonly RequestState[] = [...HOLDING_STATES, ...WAITING_STATES];

/** Access is there or about to be, so that a request may join it; `ending` is too late. */
export const JOINABLE_STATES: readonly RequestState[] = ['granting', 'active'];

/** Access was there and is gone. */
export const REVIEWABLE_STATES = statesWhere(({ reviewable }) => reviewable);

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
  return STATES[state].phase === 'over';
}

/** A lease may exist: the revoke must run before the request is over. */
export function mayHoldAccess(state: RequestState): boolean {
  return STATES[state].phase === 'holding';
}

/** Is this a state of a request at all? */
export function isState(value: unknown): value is RequestState {
  return typeof value === 'string' && Object.hasOwn(TRANSITIONS, value);
}
