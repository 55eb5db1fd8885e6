import type { AccessEvent, AccessRequest, EventType, RequestState } from '../../core/model/request.ts';

/** The requests on the page of all messages, and their common parts. */

const ANA = {
  slackId: 'U0ANA',
  principalId: 'user-ana',
  userName: 'ana@example.com',
  displayName: 'Ana',
  email: 'ana@example.com',
};

export const PEOPLE: ReadonlyMap<string, string> = new Map([
  ['user-cleo', 'U0CLEO'],
  ['user-dan', 'U0DAN'],
]);

const WAITING_PATHS = [
  {
    path: 'developers-production',
    approvals: [{ policy: 'developers-production', count: 1, approvers: ['user-cleo', 'user-dan'] }],
  },
];

/** A time on the day of all examples. */
export function at(time: string): string {
  return `2026-01-05T${time}:00.000Z`;
}

export function event(type: EventType, time: string, more: Partial<AccessEvent> = {}): AccessEvent {
  return { type, at: at(time), by: 'glasshammer', ...more };
}

export function entered(state: RequestState, time: string, more: Partial<AccessEvent> = {}): AccessEvent {
  return event(state, time, { state, ...more });
}

export function request(state: RequestState, more: Partial<AccessRequest> = {}): AccessRequest {
  return {
    id: 'req-1',
    state,
    requester: ANA,
    target: { accountId: '123456789012', permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-admin' },
    names: { accountName: 'Production', permissionSetName: 'AdministratorAccess' },
    reason: 'Checkout is down: rebuild the index',
    ticket: 'INC-7',
    durationSeconds: 3600,
    requestedAt: at('09:00'),
    startsAt: at('09:00'),
    endsAt: at('10:00'),
    sessionSeconds: 3600,
    origin: { kind: 'command', channel: 'C0ALERTS' },
    events: [entered('requested', '09:00', { by: 'user-ana' })],
    votes: [],
    messages: [],
    tokens: {},
    breakGlass: false,
    path: 'developers-production',
    expiresAt: at('17:00'),
    asked: {
      waitingPaths: WAITING_PATHS,
      slackIds: { 'user-cleo': 'U0CLEO', 'user-dan': 'U0DAN' },
      allows: 'Everything in the account',
      usedBefore: { times: 2, lastAt: '2025-12-01T09:00:00.000Z' },
    },
    ...more,
  };
}

export const WAITED = [entered('requested', '09:00', { by: 'user-ana' }), entered('pending', '09:00')];
export const APPROVED = [...WAITED, entered('approved', '09:05', { by: 'user-cleo' })];
export const VOTE = {
  principalId: 'user-cleo',
  slackId: 'U0CLEO',
  vote: 'approve',
  at: at('09:05'),
  note: 'Good luck',
} as const;
export const HELD = { accessId: 'req-0', startedAt: at('08:30'), endsAt: at('09:30') };

export function over(cause: Partial<AccessEvent>, more: Partial<AccessRequest> = {}, kept?: string): AccessRequest {
  const events = [
    ...APPROVED,
    entered('active', '09:05'),
    entered('ending', '09:40', cause),
    entered('ended', '09:41', kept === undefined ? {} : { note: kept }),
  ];
  const endsAt = cause.note === 'time is up' ? at('09:40') : at('10:00');
  return request('ended', { votes: [VOTE], endsAt, endedAt: at('09:41'), events, ...more });
}

export function broken(state: RequestState, more: Partial<AccessRequest> = {}): AccessRequest {
  return request(state, {
    breakGlass: true,
    origin: { kind: 'alert', channel: 'C0ALERTS', messageTs: '1767603600.000100' },
    about: {
      text: 'Checkout error rate above 5 %',
      channel: 'C0ALERTS',
      ts: '1767603600.000100',
      link: 'https://home.slack.com/archives/C0ALERTS/p1767603600000100',
    },
    review: { status: 'owed', approvers: ['user-cleo', 'user-dan'] },
    ...more,
  });
}

export const REPORTED = {
  endedAt: at('09:41'),
  events: [...over({ note: 'time is up' }).events, entered('reported', '10:56', { note: '3 writes, 1 refused' })],
  reportLines: [
    'To look at: opening to others.',
    'Writes: s3:PutBucketPolicy on checkout-index; s3:PutObject 2 times on checkout-index.',
    'The full report went by e-mail to security@example.com.',
  ],
};
/** An operator in the history: the identity that AWS reports for the operator's credentials. */
export const OPERATOR =
  'cli:arn:aws:sts::444455556666:assumed-role/AWSReservedSSO_GlasshammerOperator_0123456789abcdef/olga@example.com';
