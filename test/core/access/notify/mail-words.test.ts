import type { MailKind } from '../../../../core/access/notify/mail-people.ts';
import { renderPersonMail } from '../../../../core/access/notify/render-mail.ts';
import { enter, happen } from '../../../../core/model/events.ts';
import type { AccessRequest, RequestState } from '../../../../core/model/request.ts';
import { plainSentence } from '../../../../lambdas/shared/plain-sentence.ts';
import { aRequest, NOON } from '../requests.ts';

const PLACES = {
  consoleUrl: 'https://access.example.com',
  portalUrl: 'https://d-1234567890.awsapps.com/start',
  refusalWords: plainSentence,
};
const HELD = { accessId: 'r0', startedAt: '2026-01-05T11:15:00.000Z', endsAt: '2026-01-05T12:30:00.000Z' };
const WAITED = [enter('requested', NOON), enter('pending', NOON)];

const mailOf = (kind: MailKind, state: RequestState, overrides: Partial<AccessRequest>) =>
  renderPersonMail(aRequest(state, overrides), kind, PLACES);
const outcome = (state: RequestState, overrides: Partial<AccessRequest>) => mailOf('outcome', state, overrides);

describe('a mail about more time', () => {
  it('says which access it extends, how long that has lasted, and when it would end then', () => {
    const { subject, text } = mailOf('approval', 'pending', { extends: 'r0', held: HELD, events: WAITED });
    expect(subject).toBe('Ana Alvarez asks for 1 hour more of BreakGlassAdmin in Production');
    for (const said of [
      /Had already: +since 2026-01-05 11:15 UTC, for 45 minutes when this was asked/,
      /Asked for: +1 hour more/,
      /Old end: +2026-01-05 12:30 UTC/,
      /New end: +2026-01-05 13:30 UTC/,
    ])
      expect(text).toMatch(said);
    expect(text).not.toContain('from the approval on');
  });

  it('says that the time was added and until when, or that it was denied', () => {
    const joined = { extends: 'r0', held: HELD, endsAt: '2026-01-05T13:30:00.000Z', events: WAITED };
    const { subject, text } = outcome('joined', joined);
    expect(subject).toBe('Your access was extended: BreakGlassAdmin in Production');
    expect(text).toContain('your access to BreakGlassAdmin in Production was extended, until 2026-01-05 13:30 UTC.');
    expect(
      outcome('denied', {
        ...joined,
        events: [...WAITED, enter('denied', NOON, { by: 'user-cleo', note: 'not today' })],
      }).text,
    ).toMatch(
      /^Your extension was denied\n\n\S+ denied your request for 1 hour more of BreakGlassAdmin in Production\.\n“not today”/,
    );
  });
});

describe('a mail about an end', () => {
  const ended = (...events: AccessRequest['events']) =>
    outcome('ended', { events: [...aRequest('active').events, ...events], endedAt: '2026-01-05T12:20:00.000Z' }).text;
  const kept = (note: string) => enter('ended', NOON, { note });

  it.each([
    ['its time', enter('ending', NOON, { note: 'time is up' }), 'Its time was up.'],
    [
      'its policy',
      enter('ending', NOON, { note: 'policy "prod-admin" no longer allows this' }),
      'It was taken back because of this: policy "prod-admin" no longer allows this',
    ],
    [
      'a workflow that stopped',
      enter('ending', NOON, { note: 'its workflow stopped, so it was taken back before its time' }),
      'It was taken back before its time, because the workflow behind it stopped.',
    ],
    [
      'an operator at a terminal',
      enter('ending', NOON, {
        by: 'cli:arn:aws:sts::111122223333:assumed-role/Ops/dan',
        note: 'ended by an operator: key leaked',
      }),
      'The operator dan ended your access to BreakGlassAdmin in Production before its time.\n“key leaked”',
    ],
    [
      'an approver',
      enter('ending', NOON, { by: 'user-cleo', byName: 'cleo', note: 'ended by an approver: not now' }),
      'cleo ended your access to BreakGlassAdmin in Production before its time.\n“not now”',
    ],
    [
      'themselves',
      enter('ending', NOON, { by: 'user-ana', note: 'done early' }),
      'You ended your access to BreakGlassAdmin in Production before its time.',
    ],
    [
      'somebody outside of Glasshammer',
      enter('ending', NOON, { type: 'removed-by-others', by: 'arn:aws:iam::111122223333:user/mallory' }),
      'mallory removed your access to BreakGlassAdmin in Production outside of Glasshammer, before its time.',
    ],
  ])('by %s says so in words', (_by, event, said) => {
    const text = ended(event, enter('ended', NOON));
    expect(text).toContain(said);
    expect(text).not.toMatch(/time is up|done early|ended by an (?:operator|approver)|its workflow stopped/);
    expect(text).toMatch(/When: +2026-01-05 12:00 to 12:20 UTC \(20 minutes\)/);
  });

  it.each([
    ['it was there before', { grant: { askedAt: NOON, standing: true } }, 'because it was there before Glasshammer'],
    ['somebody else gave it', { events: [happen('made-standing', NOON)] }, 'because somebody else has given it too'],
    [
      'another request gives it',
      { events: [kept('kept: another request holds the same assignment')] },
      'Another request gives you the same',
    ],
  ])('says that the person keeps it because %s', (_why, overrides: Partial<AccessRequest>, said) => {
    const { subject, text } = outcome('ended', overrides);
    expect(subject).toContain('you keep the access');
    expect(text).toContain(said);
  });
});

describe('a mail about a request that came to nothing', () => {
  it.each([
    ['refused', { refusal: { reason: 'no-longer-allowed' } }, 'this is not allowed any more'],
    ['refused', { refusal: { reason: 'frozen', detail: 'incident 7' } }, 'All new access is stopped by an operator'],
    [
      'failed',
      { refusal: { reason: 'grant-failed', detail: 'ConflictException' } },
      'AWS did not give the access (ConflictException).',
    ],
    ['refused', { refusal: { reason: 'cooldown', detail: '2026-01-05T18:00:00.000Z' } }, 'until 2026-01-05 18:00 UTC'],
    ['expired', {}, 'nobody decided in time'],
    ['cancelled', { events: [enter('cancelled', NOON, { note: 'its workflow stopped' })] }, 'cancelled by Glasshammer'],
  ] as [RequestState, Partial<AccessRequest>, string][])(
    '(%s) says why, in the same sentence as everywhere else',
    (state, overrides, said) => {
      const { text } = outcome(state, { events: WAITED, ...overrides });
      expect(text.toLowerCase()).toContain(said.toLowerCase());
      expect(text).not.toMatch(/no-longer-allowed|grant-failed| \/access|`|<!date/);
      // Access that never began has a duration, and no times.
      expect(text).toMatch(/When: +for 1 hour/);
    },
  );
});

describe('a mail about break-glass access', () => {
  it('says that it is an extension, and how to end it', () => {
    const { subject, text } = mailOf('glass', 'joined', { extends: 'r0', held: HELD, breakGlass: true });
    expect(subject).toBe('Break glass for more time: Ana Alvarez, 1 hour more of BreakGlassAdmin in Production');
    expect(text).toContain('Look at it, or end it: https://access.example.com/#/requests/r1');
  });

  it.each(['review', 'review-reminder'] as const)('(%s) says what was done: its reader may get no report', (kind) => {
    const reported = enter('reported', NOON, { note: '3 writes, 1 refused' });
    const { text } = mailOf(kind, 'reported', { events: [reported], reportLines: ['To look at: trail stopped.'] });
    expect(text).toContain('What was done: 3 writes, 1 refused\nTo look at: trail stopped.\n');
    const unread = mailOf(kind, 'ended', { events: [happen('activity-unreadable', NOON, { note: 'AccessDenied' })] });
    expect(unread.text).toContain('What was done could not be read: AccessDenied');
  });

  it('gives the answer to the reviewer who asked', () => {
    const review = { status: 'questioned' as const, approvers: [], by: 'user-cleo', note: 'why?', answer: 'the index' };
    const { subject, text } = mailOf('answer', 'reported', { review });
    expect(subject).toBe('An answer to your question: Ana Alvarez, BreakGlassAdmin in Production');
    expect(text).toContain('You asked: “why?”\nAnswer: “the index”');
  });
});
