import type { AccessRequest } from '../../core/model/request.ts';
import {
  APPROVED,
  at,
  broken,
  entered,
  event,
  HELD,
  OPERATOR,
  over,
  REPORTED,
  request,
  VOTE,
  WAITED,
} from './example-requests.ts';

/** Every situation with its own messages, in the order of a request's life. */
export const SITUATIONS: readonly { readonly title: string; readonly request: AccessRequest }[] = [
  {
    title: 'Refused',
    request: request('refused', {
      refusal: { reason: 'denied-by-policy', detail: 'change-freeze, until Fri 2026-01-09 18:00 Europe/Berlin' },
    }),
  },
  { title: 'Waiting for approval', request: request('pending', { events: WAITED }) },
  {
    title: 'Waiting, and an approver is looking',
    request: request('pending', {
      events: [...WAITED, event('claimed', '09:03', { by: 'user-dan' })],
      claim: { principalId: 'user-dan', slackId: 'U0DAN', at: at('09:03') },
    }),
  },
  {
    title: 'Waiting for more of access that lasts',
    request: request('pending', { events: WAITED, extends: 'req-0', held: HELD }),
  },
  {
    title: 'Waiting for access that begins later',
    request: request('pending', {
      events: WAITED,
      windowFrom: at('20:00'),
      startsAt: at('20:00'),
      endsAt: at('21:00'),
    }),
  },
  {
    title: 'Denied',
    request: request('denied', {
      events: [...WAITED, entered('denied', '09:06', { by: 'user-dan', note: 'Use ReadOnlyAccess' })],
      votes: [{ ...VOTE, principalId: 'user-dan', slackId: 'U0DAN', vote: 'deny', note: 'Use ReadOnlyAccess' }],
    }),
  },
  {
    title: 'Denied, of access that lasts',
    request: request('denied', {
      events: [...WAITED, entered('denied', '09:06', { by: 'user-dan', note: 'Hand over to the day shift' })],
      votes: [{ ...VOTE, principalId: 'user-dan', slackId: 'U0DAN', vote: 'deny', note: 'Hand over to the day shift' }],
      extends: 'req-0',
      held: HELD,
    }),
  },
  {
    title: 'Nobody decided in time',
    request: request('expired', { events: [...WAITED, entered('expired', '17:00')] }),
  },
  {
    title: 'Cancelled',
    request: request('cancelled', { events: [...WAITED, entered('cancelled', '09:04', { by: 'user-ana' })] }),
  },
  {
    title: 'Planned, and cancelled by an operator',
    request: request('cancelled', {
      events: [
        ...APPROVED,
        entered('scheduled', '09:05'),
        entered('cancelled', '12:00', { by: OPERATOR, note: 'cancelled by an operator: The change is off' }),
      ],
      votes: [VOTE],
      startsAt: at('20:00'),
      endsAt: at('21:00'),
      windowFrom: at('20:00'),
    }),
  },
  {
    title: 'Approved, and begins later',
    request: request('scheduled', {
      events: [...APPROVED, entered('scheduled', '09:05')],
      votes: [VOTE],
      startsAt: at('20:00'),
      endsAt: at('21:00'),
      windowFrom: at('20:00'),
    }),
  },
  {
    title: 'Being made',
    request: request('granting', { events: [...APPROVED, entered('granting', '09:05')], votes: [VOTE] }),
  },
  { title: 'Active', request: request('active', { events: [...APPROVED, entered('active', '09:05')], votes: [VOTE] }) },
  {
    title: 'Active, shortened by the approver',
    request: request('active', {
      events: [
        ...WAITED,
        event('duration-shortened', '09:05', { by: 'user-cleo', note: 'from 1h to 15m' }),
        entered('approved', '09:05', { by: 'user-cleo' }),
        entered('active', '09:05'),
      ],
      votes: [{ ...VOTE, durationSeconds: 900 }],
      durationSeconds: 900,
      endsAt: at('09:20'),
    }),
  },
  {
    title: 'Active, and ends soon',
    request: request('active', {
      events: [...APPROVED, entered('active', '09:05'), event('warned', '09:50')],
      votes: [VOTE],
    }),
  },
  {
    title: 'Active, extended',
    request: request('active', {
      events: [...APPROVED, entered('active', '09:05'), event('extended', '09:50')],
      votes: [VOTE],
      endsAt: at('11:00'),
      joins: [{ requestId: 'req-2', at: at('09:50'), endsAt: at('11:00') }],
    }),
  },
  {
    title: 'Added to access that lasts',
    request: request('joined', {
      events: [...APPROVED, entered('joined', '09:05')],
      votes: [VOTE],
      accessId: 'req-0',
      accessStory: { channel: 'C0ALERTS', ts: '1' },
      extends: 'req-0',
      held: HELD,
      endsAt: at('10:30'),
    }),
  },
  {
    title: 'Ending',
    request: request('ending', {
      events: [...APPROVED, entered('active', '09:05'), entered('ending', '10:00', { note: 'time is up' })],
      votes: [VOTE],
    }),
  },
  {
    title: 'Ending, and AWS does not remove it',
    request: request('ending', {
      events: [
        ...APPROVED,
        entered('ending', '10:00', { note: 'time is up' }),
        event('removal-retried', '10:05', { note: 'ConflictException' }),
      ],
      votes: [VOTE],
    }),
  },
  { title: 'Ended: its time was up', request: over({ note: 'time is up' }) },
  { title: 'Ended early by its person', request: over({ by: 'user-ana', note: 'done early' }) },
  {
    title: 'Ended early by an approver',
    request: over({ by: 'user-cleo', note: 'ended by an approver: The index is whole' }),
  },
  {
    title: 'Ended early by an operator',
    request: over({ by: OPERATOR, note: 'ended by an operator: The laptop is lost' }),
  },
  {
    title: 'Ended, and another request keeps it',
    request: over({ note: 'time is up' }, {}, 'kept: another request holds the same assignment'),
  },
  {
    title: 'Ended, and it was there before',
    request: over(
      { note: 'time is up' },
      { grant: { askedAt: at('09:05'), standing: true } },
      'kept: the assignment was there before us',
    ),
  },
  { title: 'Reported', request: request('reported', { votes: [VOTE], ...REPORTED }) },
  {
    title: 'Failed',
    request: request('failed', {
      refusal: { reason: 'grant-failed', detail: 'role quota exceeded' },
      failure: 'role quota exceeded',
    }),
  },
  { title: 'Break glass: active', request: broken('active', { events: [entered('active', '09:00')] }) },
  {
    title: 'Break glass: reported, and a review is owed',
    request: broken('reported', REPORTED),
  },
  {
    title: 'Break glass: questioned',
    request: broken('reported', {
      ...REPORTED,
      review: {
        status: 'questioned',
        approvers: ['user-cleo', 'user-dan'],
        by: 'user-cleo',
        at: at('11:00'),
        note: 'Why the bucket policy?',
      },
    }),
  },
  {
    title: 'Break glass: answered',
    request: broken('reported', {
      ...REPORTED,
      review: {
        status: 'questioned',
        approvers: ['user-cleo', 'user-dan'],
        by: 'user-cleo',
        at: at('11:00'),
        note: 'Why the bucket policy?',
        answer: 'The exporter could not write',
        answeredAt: at('11:05'),
      },
    }),
  },
];
