import { WAS_THERE } from '../../../core/access/lease/grant/check-creation.ts';
import { HELD_BY_ANOTHER } from '../../../core/access/lease/revoke/end-notes.ts';
import { enter, happen } from '../../../core/model/events.ts';
import { ALL_STATES } from '../../../core/model/life-cycle.ts';
import type { AccessRequest, RequestState } from '../../../core/model/request.ts';
import type { Assignment } from '../../../core/model/target.ts';

export const NOON = '2026-01-05T12:00:00.000Z';
export const PRODUCTION = '123456789012';
export const BREAK_GLASS = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-12345';
export const ANAS_TARGET = { accountId: PRODUCTION, permissionSetArn: BREAK_GLASS };
export const ANAS_ASSIGNMENT: Assignment = { principalId: 'user-ana', target: ANAS_TARGET };

/** Ana's request for an hour in Production, asked for at noon, in this state and with the events that led there. */
export function aRequest(state: RequestState, overrides: Partial<AccessRequest> = {}): AccessRequest {
  const granted = ['active', 'ending', 'ended', 'reported'].includes(state);
  const wasThere = overrides.grant?.standing === true;
  return {
    id: 'r1',
    state,
    requester: {
      slackId: 'U0ANA',
      principalId: 'user-ana',
      userName: 'ana@example.com',
      displayName: 'Ana Alvarez',
      email: 'ana@example.com',
    },
    target: ANAS_TARGET,
    names: { accountName: 'Production', permissionSetName: 'BreakGlassAdmin' },
    reason: 'the checkout is down',
    ticket: '',
    durationSeconds: 3600,
    requestedAt: NOON,
    startsAt: NOON,
    endsAt: '2026-01-05T13:00:00.000Z',
    sessionSeconds: 3600,
    origin: { kind: 'alert', channel: 'C0ALERTS', messageTs: '1767614400.000100' },
    events: [
      { type: 'requested', at: NOON, by: 'user-ana', state: 'requested' },
      ...(granted ? [enter('active', NOON, { type: 'granted', ...(wasThere ? { note: WAS_THERE } : {}) })] : []),
      ...(granted || state === 'failed' ? settling(overrides) : []),
    ],
    votes: [],
    messages: [],
    tokens: {},
    breakGlass: false,
    ...overrides,
  };
}

/** Every state but these. */
export function statesExcept(...states: RequestState[]): RequestState[] {
  return ALL_STATES.filter((state) => !states.includes(state));
}

/** The event that says what has become of the sessions, if they were cut, left or kept. */
function settling({ endedAt = NOON, sessionsCutAt, sessionsLeft }: Partial<AccessRequest>): AccessRequest['events'] {
  if (sessionsCutAt !== undefined) return [happen('sessions-cut', sessionsCutAt)];
  if (sessionsLeft === 'unguarded') return [happen('sessions-left', endedAt)];
  return sessionsLeft === 'kept' ? [enter('ended', endedAt, { note: HELD_BY_ANOTHER })] : [];
}
