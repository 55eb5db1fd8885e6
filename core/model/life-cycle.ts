import type { RequestState } from './request.ts';

/**
 * The allowed steps of a request. Every write names the state it expects, so no other step can be written, however many
 * workers race.
 *
 * `approved | scheduled -> joined`: the person holds the target already, so the request adds its time to that access
 * and is over. From then on only the access, which is stored on its root request, goes on.
 *
 * `approved | scheduled -> ending` is the clean-up of a grant that failed before it could enter `granting`: the
 * workflow always ends in the revoke, and the revoke always closes the request.
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

/** What is defined for every state. */
export interface StateFacts {
  /**
   * Where the request stands: `asking` before any decision, `waiting` for approvers or for its start, `holding` while
   * access may exist, `over` when nothing more will happen to access (`ended` still owes its report).
   */
  readonly phase: 'asking' | 'waiting' | 'holding' | 'over';
  /** How it was decided; absent while it is undecided. */
  readonly decided?: 'yes' | 'no';
  /** Reconcile has something left to do for a request whose workflow died in this state. */
  readonly recoverable: boolean;
  /** A person who waited for the request gets a message when it enters this state. */
  readonly told: boolean;
  /** Access existed and is gone: it can be reported on and reviewed. */
  readonly reviewable: boolean;
}

const over = { phase: 'over', recoverable: false, told: false, reviewable: false } as const;

/**
 * One row per state, so that a new state does not compile until every field is filled in. Every set of states is
 * derived from here.
 */
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

export const ALL_STATES = Object.keys(TRANSITIONS) as readonly RequestState[];

/** The states for which the condition is true, in the order of a request's life. */
export function statesWhere(is: (facts: StateFacts) => boolean): readonly RequestState[] {
  return ALL_STATES.filter((state) => is(STATES[state]));
}

/** Before the grant and not over: Identity Center has not been called. */
export const WAITING_STATES = statesWhere(({ phase }) => phase === 'waiting');

/** A lease may exist in these states. `active` comes first, because access certainly exists there. */
export const HOLDING_STATES: readonly RequestState[] = ['active', 'granting', 'ending'];

/** Open requests, those that may hold access first. */
export const OPEN_STATES: readonly RequestState[] = [...HOLDING_STATES, ...WAITING_STATES];

/** Access exists or is about to, so another request may join it. In `ending` it is too late. */
export const JOINABLE_STATES: readonly RequestState[] = ['granting', 'active'];

/** Nothing more will happen to access; `ended` still owes its report. */
export const OVER_STATES = statesWhere(({ phase }) => phase === 'over');

/** Access existed and is gone. */
export const REVIEWABLE_STATES = statesWhere(({ reviewable }) => reviewable);

/** May a request go from one state to the other? */
export function canMove(from: RequestState, to: RequestState): boolean {
  return TRANSITIONS[from].includes(to);
}

/** The states a request may be in just before it enters `to`. */
export function statesBefore(to: RequestState): RequestState[] {
  return ALL_STATES.filter((from) => canMove(from, to));
}

/** Nothing more will happen to a request in this state. False for a text that is no state. */
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
