import { collectReport } from '../../../../core/activity/report/collect-report.ts';
import { noteUnsent, sendReport } from '../../../../core/activity/report/editions/send-report.ts';
import { startReport } from '../../../../core/activity/report/editions/start-report.ts';
import { ActivityUnreadableError, RequestChangedError, RequestNotFoundError } from '../../../../core/model/errors.ts';
import type { AccessRequest } from '../../../../core/model/request.ts';
import {
  type Answer,
  fakeAdviser,
  fakeArchive,
  fakeHolds,
  fakeLooks,
  fakeMail,
  fakeReports,
  fakeRequests,
  fakeSource,
  fakeThread,
  named,
  pagesOf,
} from '../fakes.ts';
import { aRecord, endedRequest, PLAN_SETTINGS, READ_AT } from '../records.ts';

const ID = 'request-1';

function world(
  answer: Answer = pagesOf({ 'eu-west-1': [aRecord(), aRecord(), aRecord()] }),
  change: Partial<AccessRequest> = {},
) {
  return {
    requests: fakeRequests(endedRequest(change)),
    reports: fakeReports(),
    looks: fakeLooks(),
    holds: fakeHolds(),
    sha256: (text: string) => `sha-of-${text.length}`,
    source: fakeSource(answer),
    mail: fakeMail(),
    thread: fakeThread(),
    archive: fakeArchive(),
    adviser: fakeAdviser(),
    settings: PLAN_SETTINGS,
    now: () => READ_AT,
  };
}

async function collect(services: ReturnType<typeof world>): Promise<'more' | 'done'> {
  return (await collectReport(ID, services)).next;
}

async function collectAll(services: ReturnType<typeof world>): Promise<void> {
  for (let round = 0; round < 50; round += 1) if ((await collect(services)) === 'done') return;
  throw new Error('never done');
}

describe('start', () => {
  test('starting twice keeps the first plan', async () => {
    const services = world();
    const first = await startReport(ID, services);
    const later = await startReport(ID, { ...services, now: () => new Date('2026-01-06T00:00:00Z') });
    expect(later.plan).toEqual(first.plan);
  });

  test('access that still runs is not reported', async () => {
    await expect(startReport(ID, world(undefined, { state: 'active' }))).rejects.toThrow(RequestChangedError);
  });

  test('an unknown request is a RequestNotFoundError', async () => {
    await expect(startReport('request-2', world())).rejects.toThrow(RequestNotFoundError);
  });

  test('the window of a request ended early is the time it really had', async () => {
    const { plan } = await startReport(
      ID,
      world(undefined, { endingAt: '2026-01-05T09:20:00Z', endedAt: '2026-01-05T09:20:05Z' }),
    );
    expect(plan).toMatchObject({
      from: '2026-01-05T09:00:00Z',
      accessEnded: '2026-01-05T09:20:00Z',
      credentialsUntil: '2026-01-05T10:20:05Z',
      to: '2026-01-05T10:21:05Z',
    });
  });

  test('a removal that took days keeps the window open until it was done', async () => {
    const services = {
      ...world(undefined, { endedAt: '2026-01-07T10:00:00Z' }),
      now: () => new Date('2026-01-07T11:20:00Z'),
    };
    const { plan } = await startReport(ID, services);
    expect(plan).toMatchObject({
      accessEnded: '2026-01-05T10:00:00Z',
      to: '2026-01-07T11:01:00Z',
      readUntil: '2026-01-07T11:20:00Z',
    });
  });
});

describe('collect', () => {
  test('a step that is run again after it was stored goes on where it was', async () => {
    const services = world();
    await collectAll(services);
    expect(await collect(services)).toBe('done');
    expect((await services.reports.get(ID))?.digest.counts.write).toBe(3);
  });

  test('of two steps at once only one counts', async () => {
    const services = world();
    await startReport(ID, services);
    await Promise.all([collect(services), collect(services)]);
    await collectAll(services);
    expect((await services.reports.get(ID))?.digest.counts.write).toBe(3);
  });

  test('throttling is passed on by name for the workflow to wait, once the other Regions are read', async () => {
    const services = world((query) =>
      query.region === 'eu-west-1' ? named('ThrottlingException') : { records: [aRecord()] },
    );
    expect(await collect(services)).toBe('more');
    expect((await services.reports.get(ID))?.digest.counts.write).toBe(1);
    await expect(collect(services)).rejects.toMatchObject({ name: 'ThrottlingException' });
  });

  test('throttling is reported before another Region’s failure, because waiting helps against it', async () => {
    const services = world((query) => named(query.region === 'eu-west-1' ? 'ENOTFOUND' : 'ThrottlingException'));
    await expect(collect(services)).rejects.toMatchObject({ name: 'ThrottlingException' });
  });

  test('an error of an unknown name makes the workflow wait, not give up the calls', async () => {
    const services = world(() => named('CloudTrailInvalidClientTokenIdException'));
    await expect(collect(services)).rejects.toMatchObject({ name: 'ServiceUnavailableException' });
  });

  test('when every Region is given up, the report goes out and says so', async () => {
    const services = world(() => named('InternalSurprise'));
    const answers: string[] = [];
    for (let round = 0; round < 20 && !answers.includes('done'); round += 1)
      answers.push(await collect(services).catch(() => 'waits'));
    expect(answers.at(-1)).toBe('done');
    expect(await sendReport(ID, undefined, services)).toBe('unreadable');
  });

  test('a report that was not started is started', async () => {
    const services = world();
    expect(await collect(services)).toBe('more');
    expect((await services.reports.get(ID))?.plan.userName).toBe('ana@example.com');
  });

  test('nothing is added to a report that went out', async () => {
    const services = world();
    await sendReport(ID, 'ThrottlingException', services);
    expect(await collect(services)).toBe('done');
    expect(services.source.queries).toEqual([]);
  });

  test('CloudTrail is not read for a group membership', async () => {
    const services = world(undefined, { target: { groupId: 'group-oncall' }, names: { groupName: 'On-call' } });
    expect(await collect(services)).toBe('done');
    expect(services.source.queries).toEqual([]);
  });
});

describe('send', () => {
  test('the mail goes out, the thread is told, and the request is reported, with the counts in its history', async () => {
    const services = world();
    await collectAll(services);
    expect(await sendReport(ID, undefined, services)).toBe('complete');
    expect(services.mail.sent).toHaveLength(1);
    expect(services.mail.sent[0]?.subject).toBe('[Glasshammer] Ana in Production as AdministratorAccess: 3 writes');
    expect(services.thread.replies).toEqual([
      [
        '3 writes. Nothing was flagged.',
        'Writes: ec2:StopInstances 3 times on instanceId i-0abc.',
        expect.stringMatching(
          /^Every call: https:\/\/archive\.example\.com\/reports\/request-1\/final\/sha-of-\d+\.csv$/,
        ),
        'The full report went by e-mail to security@example.com.',
      ],
    ]);
    expect(services.requests.current().state).toBe('reported');
    expect(services.requests.current().events.at(-1)).toMatchObject({
      type: 'reported',
      state: 'reported',
      by: 'glasshammer',
      note: '3 writes',
    });
  });

  test('a step that sends again sends nothing and changes nothing', async () => {
    const services = world();
    await collectAll(services);
    await sendReport(ID, undefined, services);
    expect(await sendReport(ID, undefined, services)).toBeUndefined();
    expect([services.mail.sent.length, services.thread.replies.length]).toEqual([1, 1]);
    expect(services.requests.current().events.filter(({ type }) => type === 'reported')).toHaveLength(1);
  });

  test('a crash after the mail does not send a second one', async () => {
    const services = world();
    await collectAll(services);
    const { change } = services.requests;
    services.requests.change = () => Promise.reject(named('TimeoutError'));
    await expect(sendReport(ID, undefined, services)).rejects.toThrow('TimeoutError');
    services.requests.change = change;
    await sendReport(ID, undefined, services);
    expect([services.mail.sent.length, services.thread.replies.length, services.requests.current().state]).toEqual([
      1,
      1,
      'reported',
    ]);
  });

  test('a mail service that is down leaves the request ended and tells nobody that it was sent', async () => {
    const services = world();
    await collectAll(services);
    services.mail.fail = named('TooManyRequestsException');
    await expect(sendReport(ID, undefined, services)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    expect([services.requests.current().state, services.thread.replies.length]).toEqual(['ended', 0]);
  });

  test('Slack being down costs neither the mail nor the report, and the history says so', async () => {
    const services = world();
    await collectAll(services);
    services.thread.fail = named('SlackFailedError');
    await sendReport(ID, undefined, services);
    expect([services.mail.sent.length, services.requests.current().state]).toEqual([1, 'reported']);
    expect(services.requests.current().events.at(-1)?.note).toBe(
      '3 writes; the thread could not be told (SlackFailedError)',
    );
  });

  test('an account without the role gets a mail that says what was not seen, and why', async () => {
    const services = world(() => new ActivityUnreadableError('The role could not be assumed (AccessDenied).'));
    await collectAll(services);
    expect(await sendReport(ID, undefined, services)).toBe('unreadable');
    expect(services.mail.sent[0]?.subject).toContain('activity could not be read');
    expect(services.mail.sent[0]?.text).toContain(
      '! Not seen, or not all of it: eu-west-1 and us-east-1. The role could not be assumed (AccessDenied).',
    );
    expect(services.requests.current().state).toBe('reported');
  });

  test('a report whose start failed is still sent, and names the error', async () => {
    const services = world();
    expect(await sendReport(ID, 'ActivityUnreadableError', services)).toBe('unreadable');
    expect(services.mail.sent[0]?.text).toContain('The activity of the account could not be read.');
  });

  test('what was read before reading was given up is in the mail', async () => {
    const services = world();
    await collect(services);
    expect(await sendReport(ID, 'ThrottlingException', services)).toBe('partly');
    expect(services.mail.sent[0]?.text).toContain(
      '! Reading the activity was given up after repeated errors (ThrottlingException).',
    );
    expect(services.mail.sent[0]?.subject).toContain('2 writes (incomplete)');
  });
});

describe('a report that cannot be sent', () => {
  const DAY = 24 * 3600_000;

  /** What was read, and a mail service that is away. */
  async function unsent() {
    const services = world();
    await collectAll(services);
    services.mail.fail = named('SendingPausedException');
    let now = READ_AT.getTime();
    const timed = { ...services, now: () => new Date(now) };
    return {
      services,
      pass: (ms: number) => {
        now += ms;
      },
      note: (error = 'SendingPausedException') => noteUnsent(ID, error, undefined, timed),
      events: () => services.requests.current().events.filter(({ type }) => type === 'report-unsent'),
    };
  }

  test('is posted in the thread once all the same, with what was done and that the mail is late', async () => {
    const { services, note } = await unsent();
    await note();
    await note();
    expect(services.thread.replies).toEqual([
      [
        '3 writes. Nothing was flagged.',
        'Writes: ec2:StopInstances 3 times on instanceId i-0abc.',
        expect.stringMatching(
          /^Every call: https:\/\/archive\.example\.com\/reports\/request-1\/final\/sha-of-\d+\.csv$/,
        ),
        'The e-mail to security@example.com could not be sent yet (SendingPausedException); it follows when it can be.',
      ],
    ]);
  });

  test('goes out when the mail service is back, and gets no second reply in the thread', async () => {
    const { services, note } = await unsent();
    await note();
    services.mail.fail = undefined;
    await sendReport(ID, undefined, services);
    expect([services.mail.sent.length, services.thread.replies.length]).toEqual([1, 1]);
    expect(services.requests.current().state).toBe('reported');
  });

  test('is tried for two weeks with growing pauses of an hour at most, and then given up in writing', async () => {
    const { note, pass, events } = await unsent();
    expect(await note()).toEqual({ next: 'again', waitSeconds: 60 });
    pass(3600_000);
    expect(await note()).toEqual({ next: 'again', waitSeconds: 600 });
    pass(13 * DAY);
    expect(await note()).toEqual({ next: 'again', waitSeconds: 3600 });
    pass(DAY);
    expect(await note()).toMatchObject({ next: 'over' });
    expect(events().at(-1)?.note).toBe('given up: SendingPausedException');
  });

  test('leaves a history that stays small, however often it is tried', async () => {
    const { note, pass, events } = await unsent();
    for (let hour = 0; hour < 14 * 24; hour += 1) {
      await note();
      pass(3600_000);
    }
    expect(events().length).toBeLessThan(60);
    pass(3600_000);
    await note();
    expect(events().at(-1)?.note).toBe('given up: SendingPausedException');
  });

  test('that was sent after all is not said to be missing', async () => {
    const services = world();
    await sendReport(ID, undefined, services);
    expect(await noteUnsent(ID, 'States.Timeout', undefined, services)).toMatchObject({ next: 'over' });
    expect(services.requests.current().events.some(({ type }) => type === 'report-unsent')).toBe(false);
  });
});
