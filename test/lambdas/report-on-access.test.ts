import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { AccessRequest } from '../../core/model/request.ts';
import { createAthenaSource } from '../../gateways/cloudtrail/athena-source.ts';
import { createLogsSource } from '../../gateways/cloudtrail/logs.ts';
import { createLookup } from '../../gateways/cloudtrail/lookup.ts';
import { createReportStore } from '../../gateways/dynamodb/reports/report-store.ts';
import { createMailer } from '../../gateways/ses.ts';
import { type ReportServices, runReportStep } from '../../lambdas/report-on-access/handle.ts';
import { TRAIL_TABLE } from '../../sandbox/aws/trail/athena.ts';
import { TRAIL_LOG_GROUP } from '../../sandbox/aws/trail/cloudwatch-logs.ts';
import { recordActivity } from '../../sandbox/aws/trail/trail.ts';
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
} from '../core/activity/fakes.ts';
import { aCall, aChainedRole, aRecord, endedRequest, PLAN_SETTINGS, READ_AT } from '../core/activity/records.ts';
import { type Harness, startHarness } from '../sandbox/aws/harness.ts';

function world(
  answer: Answer = pagesOf({ 'eu-west-1': [aRecord(), aRecord(), aRecord()] }),
  change: Partial<AccessRequest> = {},
) {
  let failures = 0;
  const services = {
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
    countFailure: () => {
      failures += 1;
    },
  } satisfies ReportServices;
  return {
    services,
    failures: () => failures,
    step: (input: object) => runReportStep({ requestId: 'request-1', ...input }, services),
  };
}

describe('the report steps of the workflow', () => {
  test('start, collect until everything is read, and send give a reported request and one mail', async () => {
    const { services, step, failures } = world();
    expect(await step({ step: 'start' })).toMatchObject({ next: 'collect' });
    expect(await step({ step: 'collect' })).toMatchObject({ next: 'more' });
    expect(await step({ step: 'collect' })).toMatchObject({ next: 'done' });
    expect(await step({ step: 'send', unreadable: '' })).toMatchObject({ next: 'done' });
    expect(services.requests.current().state).toBe('reported');
    expect(services.mail.sent[0]?.subject).toContain('3 writes');
    expect(failures()).toBe(0);
  });

  test('after the first edition the workflow waits for the final one, and an addendum without news is not sent', async () => {
    const { services, step } = world();
    const early = { ...services, now: () => new Date('2026-01-05T10:05:09Z') };
    const first = (input: object) => runReportStep({ requestId: 'request-1', edition: 'first', ...input }, early);
    expect(await runReportStep({ requestId: 'request-1', step: 'start' }, early)).toMatchObject({ edition: 'first' });
    expect(await first({ step: 'send' })).toEqual({
      next: 'edition',
      waitSeconds: 0,
      reportAt: '2026-01-05T11:15:10.000Z',
      edition: 'final',
    });
    expect(await first({ step: 'unsent', error: 'MessageRejected' })).toMatchObject({ next: 'edition' });
    // Workflows that started with a version before editions name none.
    for (const input of [{ step: 'start' }, { step: 'collect' }, { step: 'collect' }]) await step(input);
    expect(await step({ step: 'send' })).toMatchObject({ next: 'done' });
    const nextDay = { ...services, now: () => new Date(READ_AT.getTime() + 24 * 3600_000) };
    expect(await runReportStep({ requestId: 'request-1', step: 'start' }, nextDay)).toMatchObject({
      edition: 'addendum-1',
    });
    for (let round = 0; round < 2; round += 1) await step({ step: 'collect', edition: 'addendum-1' });
    expect(await step({ step: 'send', edition: 'addendum-1' })).toMatchObject({ next: 'silent' });
  });

  test('a workflow that comes to a report which another one has sent does nothing, and leaves the look of the next day', async () => {
    const { services, step, failures } = world();
    const all = [{ step: 'start' }, { step: 'collect' }, { step: 'collect' }, { step: 'send' }];
    for (const input of all) await step(input);
    const [mails, planned] = [services.mail.sent.length, await services.looks.get('request-1')];
    expect(await step({ step: 'start' })).toMatchObject({ edition: 'final' });
    for (const input of all.slice(1)) expect(await step(input)).toMatchObject({ next: 'done' });
    expect([services.mail.sent.length, await services.looks.get('request-1')]).toEqual([mails, planned]);
    expect(planned).toMatchObject({ looks: 0, at: expect.any(String) });
    expect(failures()).toBe(0);
  });

  test('a workflow that could not plan the report sends no final edition before CloudTrail has everything, and waits for it', async () => {
    const { services } = world();
    const early = { ...services, now: () => new Date('2026-01-05T11:15:09Z') };
    const later = { next: 'edition', waitSeconds: 0, reportAt: '2026-01-05T11:15:10.000Z', edition: 'final' };
    const final = (input: object) => runReportStep({ requestId: 'request-1', edition: 'final', ...input }, early);
    expect(await final({ step: 'send', unreadable: 'Throttling' })).toEqual(later);
    expect(await final({ step: 'unsent', error: 'Throttling', unreadable: 'Throttling' })).toEqual(later);
    expect(services.mail.sent).toEqual([]);
    expect(services.thread.replies).toEqual([]);
    expect(services.requests.current().events.map(({ type }) => type)).not.toContain('report-unsent');
    expect(await services.reports.get('request-1', 'final')).toBeUndefined();
  });

  test.each(['', 'last', 'addendum-0', 'addendum-x'])('an unknown edition (%j) sends nothing', async (edition) => {
    const { services, step } = world();
    await step({ step: 'start' });
    await expect(step({ step: 'send', edition })).rejects.toThrow('no edition');
    expect(services.mail.sent).toEqual([]);
  });

  test('every step run twice still sends one mail', async () => {
    const { services, step } = world();
    for (const input of [{ step: 'start' }, { step: 'collect' }, { step: 'collect' }, { step: 'send' }]) {
      await step(input);
      await step(input);
    }
    expect(services.mail.sent).toHaveLength(1);
    expect(services.mail.sent[0]?.subject).toContain('3 writes');
    expect(services.requests.current().events.filter(({ type }) => type === 'reported')).toHaveLength(1);
  });

  test('activity that could not be read raises the alarm, and the mail still goes out', async () => {
    const { services, step, failures } = world(() => named('Unknown'));
    await step({ step: 'start' });
    await expect(step({ step: 'collect' })).rejects.toMatchObject({ name: 'ServiceUnavailableException' });
    expect(await step({ step: 'send', unreadable: 'Unknown' })).toMatchObject({ next: 'done' });
    expect(failures()).toBe(1);
    expect(services.mail.sent[0]?.subject).toContain('activity could not be read');
  });

  test('a group membership, whose activity cannot be attributed, raises no alarm', async () => {
    const { services, step, failures } = world(undefined, {
      target: { groupId: 'group-oncall' },
      names: { groupName: 'On-call' },
    });
    await step({ step: 'start' });
    expect(await step({ step: 'collect' })).toMatchObject({ next: 'done' });
    await step({ step: 'send' });
    expect(failures()).toBe(0);
    expect(services.mail.sent[0]?.subject).toBe(
      '[Glasshammer] Ana in the group On-call: activity cannot be attributed',
    );
  });

  test('a report that cannot be sent raises the alarm, leaves the reason in the request and is sent again', async () => {
    const { services, step, failures } = world();
    const again = { next: 'again', waitSeconds: 60 };
    expect(await step({ step: 'unsent', error: 'MessageRejected', unreadable: '' })).toMatchObject(again);
    expect(failures()).toBe(1);
    expect(services.requests.current().events.at(-1)).toMatchObject({ type: 'report-unsent', note: 'MessageRejected' });
  });

  test.each([
    [{ step: 'finish' }],
    [{}],
    [{ step: 'start', extra: 1 }],
    [{ step: 'start', requestId: '' }],
    [{ step: 'start', requestId: 'x'.repeat(81) }],
  ])('the malformed input %j throws', async (input) => {
    await expect(world().step(input)).rejects.toThrow();
  });
});

describe('the report steps with AWS clients', () => {
  let harness: Harness;

  afterEach(() => harness.close());

  async function report(
    records: readonly Record<string, unknown>[],
    override: object = {},
    from: 'lookup' | 'logs' | 'athena' = 'lookup',
  ): Promise<string> {
    const table = {
      TableName: 'requests',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
    };
    harness = await startHarness(override, { tables: [table] });
    const now = () => new Date(harness.clock.nowMs());
    harness.clock.advance((READ_AT.getTime() - harness.clock.nowMs()) / 1000);
    for (const record of records) recordActivity(harness.world, record, () => 'no id');
    const config = harness.inProcess();
    const requests = fakeRequests(endedRequest());
    const lookup = createLookup({
      sts: new STSClient(config),
      roleName: 'GlasshammerActivityReader',
      now,
      client: config,
    });
    const { region, homeAccountId } = harness.world;
    const logGroupArn = `arn:aws:logs:${region}:${homeAccountId}:log-group:${TRAIL_LOG_GROUP}`;
    const pause = () => Promise.resolve();
    const services: ReportServices = {
      requests,
      holds: fakeHolds(),
      sha256: (text: string) => `sha-of-${text.length}`,
      reports: createReportStore({
        client: DynamoDBDocumentClient.from(new DynamoDBClient(config)),
        tableName: 'requests',
      }),
      looks: fakeLooks(),
      source: {
        lookup: () => lookup,
        logs: () => createLogsSource({ logGroupArn, client: config, regions: lookup, now, pause }),
        athena: () => createAthenaSource({ trail: { region, ...TRAIL_TABLE }, client: config, regions: lookup, pause }),
      }[from](),
      mail: createMailer({
        client: new SESv2Client(config),
        from: 'glasshammer@example.com',
        to: ['security@example.com'],
      }),
      thread: fakeThread(),
      archive: fakeArchive(),
      adviser: fakeAdviser(),
      settings: PLAN_SETTINGS,
      now,
      countFailure: () => undefined,
    };
    const step = (name: string) => runReportStep({ requestId: 'request-1', step: name }, services);
    await step('start');
    // As the workflow waits between pages; CloudTrail throttles faster calls.
    while ((await step('collect')).next === 'more') harness.clock.advance(1);
    await step('send');
    expect(requests.current().state).toBe('reported');
    expect(harness.world.emails).toHaveLength(1);
    return `${harness.world.emails[0]?.subject}\n${harness.world.emails[0]?.text}`;
  }

  test.each(['lookup', 'logs', 'athena'] as const)(
    'from %s, hundreds of calls in two Regions and with a chained role are all in the mail, and no calls of others',
    async (source) => {
      const records = [
        ...Array.from({ length: 230 }, () => aCall('ec2:DescribeInstances', { readOnly: true })),
        ...Array.from({ length: 60 }, () => aRecord({ awsRegion: 'us-east-1' })),
        ...Array.from({ length: 10 }, () => aRecord({ onBehalfOf: 'user-ben', session: 'ben@example.com' })),
        aChainedRole('arn:aws:iam::123456789012:role/Deploy', 'ASIAHOPHOPHOPHOP'),
        aRecord({
          role: 'Deploy',
          session: 'deploy',
          onBehalfOf: null,
          key: 'ASIAHOPHOPHOPHOP',
          eventName: 'TerminateInstances',
        }),
      ];
      const mail = await report(records, {}, source);
      expect(mail).toContain('61 writes, 231 reads');
      expect(mail).toContain('ec2:TerminateInstances');
      expect(mail).toContain('as arn:aws:iam::123456789012:role/Deploy');
      expect(mail).not.toMatch(/^! /m);
      const [csv, json] = harness.world.emails[0]?.attachments ?? [];
      expect(JSON.parse(json?.content ?? '').calls).toHaveLength(292);
      expect(csv?.content.split('\r\n')).toHaveLength(294);
      expect(mail).toContain(`${csv?.fileName}, SHA-256 sha-of-${csv?.content.length}`);
    },
  );

  test('an account without the reader role is still read if the trail of the organization is configured', async () => {
    const mail = await report([aRecord()], { cloudTrail: { rolesMissing: ['123456789012'] } }, 'logs');
    expect(mail).toContain('1 write');
    expect(mail).toContain('Read from CloudWatch Logs (the organization’s trail) of account 123456789012');
    expect(mail).toContain('! The account could not be asked which Regions are enabled');
  });

  test('an account without the reader role is reported as not readable', async () => {
    const mail = await report([aRecord()], { cloudTrail: { rolesMissing: ['123456789012'] } });
    expect(mail).toContain('activity could not be read');
    expect(mail).toContain('role/GlasshammerActivityReader could not be assumed (AccessDenied)');
  });
});
