import type { AccessEvent, AccessRequest } from '../../core/model/request.ts';

/** A request of Ana for AdministratorAccess in Production, active by default. */
export function aRequest(overrides: Partial<AccessRequest> = {}): AccessRequest {
  return {
    id: 'req-1',
    state: 'active',
    requester: {
      slackId: 'U0ANA',
      principalId: 'user-ana',
      userName: 'ana',
      displayName: 'Ana',
      email: 'ana@example.com',
    },
    target: { accountId: '123456789012', permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-admin' },
    names: { accountName: 'Production', permissionSetName: 'AdministratorAccess' },
    reason: 'Checkout is down',
    ticket: 'INC-7',
    durationSeconds: 3600,
    requestedAt: '2026-01-05T09:00:00.000Z',
    startsAt: '2026-01-05T09:00:10.000Z',
    endsAt: '2026-01-05T10:00:10.000Z',
    sessionSeconds: 3600,
    origin: { kind: 'alert', channel: 'C0ALERTS', messageTs: '1767603600.000100' },
    events: [],
    votes: [],
    messages: [],
    tokens: {},
    breakGlass: false,
    ...overrides,
  };
}

export function anEvent(type: AccessEvent['type'], overrides: Partial<AccessEvent> = {}): AccessEvent {
  return { type, at: '2026-01-05T09:30:00.000Z', by: 'glasshammer', ...overrides };
}
