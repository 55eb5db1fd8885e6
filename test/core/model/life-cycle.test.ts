import {
  ALL_STATES,
  canMove,
  isOver,
  mayHoldAccess,
  statesBefore,
  TRANSITIONS,
} from '../../../core/model/life-cycle.ts';
import type { RequestState } from '../../../core/model/request.ts';

/** The allowed steps, written a second time by hand: a step added to the code by mistake is missing here. */
const ALLOWED: readonly string[] = [
  'requested refused',
  'requested pending',
  'requested approved',
  'pending approved',
  'pending denied',
  'pending expired',
  'pending cancelled',
  'pending refused',
  'approved scheduled',
  'approved granting',
  'approved joined',
  'approved expired',
  'approved cancelled',
  'approved refused',
  'approved ending',
  'scheduled granting',
  'scheduled joined',
  'scheduled expired',
  'scheduled cancelled',
  'scheduled refused',
  'scheduled ending',
  'granting active',
  'granting ending',
  'granting refused',
  'active ending',
  'ending ended',
  'ending failed',
  'ended reported',
];

const TERMINAL: readonly RequestState[] = ['joined', 'refused', 'denied', 'expired', 'cancelled', 'failed', 'reported'];
const pairs = ALL_STATES.flatMap((from) => ALL_STATES.map((to) => [from, to] as const));

describe('the life of a request', () => {
  it.each(pairs)('goes from %s to %s only if the life cycle has that step', (from, to) => {
    expect(canMove(from, to)).toBe(ALLOWED.includes(`${from} ${to}`));
  });

  it.each(ALL_STATES)('lists the states before %s as those that lead to it', (to) => {
    expect(statesBefore(to).map((from) => `${from} ${to}`)).toEqual(ALLOWED.filter((step) => step.endsWith(` ${to}`)));
  });

  it('has exactly these final states', () => {
    expect(ALL_STATES.filter((state) => TRANSITIONS[state].length === 0)).toEqual(TERMINAL);
  });

  it('counts a request as over exactly when its access can no longer change', () => {
    expect(new Set(ALL_STATES.filter(isOver))).toEqual(new Set([...TERMINAL, 'ended']));
  });

  it('can end only by way of the revoke once access may have been given', () => {
    for (const state of ALL_STATES.filter(mayHoldAccess)) {
      const exits = TRANSITIONS[state].filter((to) => !mayHoldAccess(to));
      // `granting -> refused` is the way out before the lease was taken.
      const allowed = state === 'ending' ? ['ended', 'failed'] : state === 'granting' ? ['refused'] : [];
      expect({ state, exits }).toEqual({ state, exits: allowed });
    }
  });
});
