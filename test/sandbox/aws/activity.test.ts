import {
  CloudTrailClient,
  LookupEventsCommand,
  type LookupEventsCommandInput,
  paginateLookupEvents,
} from '@aws-sdk/client-cloudtrail';
import { ListInstancesCommand, SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { InvalidTrailRecordError, recordActivity } from '../../../sandbox/aws/trail/trail.ts';
import { ACCOUNT, errorName, type Harness, startHarness } from './harness.ts';

describe('the emulated CloudTrail', () => {
  let harness: Harness;
  let sts: STSClient;
  const clients: { destroy(): void }[] = [];
  const role = (accountId: string) => `arn:aws:iam::${accountId}:role/GlasshammerActivityReader`;
  const assume = async (accountId: string, DurationSeconds?: number) => {
    const input = { RoleArn: role(accountId), RoleSessionName: 'report', DurationSeconds };
    const { Credentials } = await sts.send(new AssumeRoleCommand(input));
    return Credentials?.AccessKeyId ?? '';
  };
  const reader = async (accountId = ACCOUNT, region = 'eu-central-1') => {
    const client = new CloudTrailClient(harness.overHttp(await assume(accountId), region));
    clients.push(client);
    return client;
  };
  const happened = (minutesAgo: number, fields: object = {}) => {
    const at = new Date(harness.clock.nowMs() - minutesAgo * 60_000).toISOString();
    const base = {
      eventTime: at,
      eventName: 'DescribeInstances',
      eventSource: 'ec2.amazonaws.com',
      awsRegion: 'eu-central-1',
      recipientAccountId: ACCOUNT,
      readOnly: true,
      userIdentity: { type: 'AssumedRole', principalId: 'AROAEXAMPLE:ana@example.com', accessKeyId: 'ASIAANA' },
    };
    return recordActivity(harness.world, { ...base, ...fields }, () => `event-${minutesAgo}-${Math.abs(hash(fields))}`);
  };
  const lookup = async (client: CloudTrailClient, input: LookupEventsCommandInput = {}) => {
    harness.clock.advance(1);
    return (await client.send(new LookupEventsCommand(input))).Events ?? [];
  };

  beforeEach(async () => {
    harness = await startHarness({ cloudTrail: { rolesMissing: ['234567890123'] } });
    sts = new STSClient(harness.overHttp());
    clients.push(sts);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await harness.close();
  });

  test('events come newest first, from the account of the assumed role and the Region of the call', async () => {
    happened(30, { eventName: 'RunInstances', readOnly: false });
    happened(10);
    happened(20, { awsRegion: 'us-east-1', eventName: 'CreateUser' });
    happened(20, { recipientAccountId: '345678901234', eventName: 'Elsewhere' });
    const events = await lookup(await reader());
    expect(events.map(({ EventName }) => EventName)).toEqual(['DescribeInstances', 'RunInstances']);
    expect(events[1]).toMatchObject({
      ReadOnly: 'false',
      Username: 'ana@example.com',
      AccessKeyId: 'ASIAANA',
      EventTime: expect.any(Date),
    });
    expect(JSON.parse(events[1]?.CloudTrailEvent ?? '')).toMatchObject({ userIdentity: { type: 'AssumedRole' } });
    expect((await lookup(await reader(ACCOUNT, 'us-east-1'))).map(({ EventName }) => EventName)).toEqual([
      'CreateUser',
    ]);
    expect((await lookup(await reader('345678901234'))).map(({ EventName }) => EventName)).toEqual(['Elsewhere']);
  });

  test('each lookup attribute matches exactly, and only one may be given', async () => {
    happened(10, {
      eventName: 'PutObject',
      readOnly: false,
      resources: [{ type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::logs' }],
    });
    happened(11, { userIdentity: { type: 'IAMUser', userName: 'ana@example.com.evil', accessKeyId: 'AKIAEVIL' } });
    const client = await reader();
    const by = async (
      AttributeKey:
        | 'Username'
        | 'EventName'
        | 'AccessKeyId'
        | 'ReadOnly'
        | 'ResourceName'
        | 'ResourceType'
        | 'EventSource',
      AttributeValue: string,
    ) =>
      (await lookup(client, { LookupAttributes: [{ AttributeKey, AttributeValue }] })).map(
        ({ EventName }) => EventName,
      );
    expect(await by('Username', 'ana@example.com')).toEqual(['PutObject']);
    expect(await by('EventName', 'DescribeInstances')).toEqual(['DescribeInstances']);
    expect(await by('AccessKeyId', 'AKIAEVIL')).toEqual(['DescribeInstances']);
    expect(await by('ReadOnly', 'false')).toEqual(['PutObject']);
    expect(await by('ResourceName', 'arn:aws:s3:::logs')).toEqual(['PutObject']);
    expect(await by('ResourceType', 'AWS::S3::Bucket')).toEqual(['PutObject']);
    expect(await by('EventSource', 'iam.amazonaws.com')).toEqual([]);
    const two = [
      { AttributeKey: 'EventName' as const, AttributeValue: 'a' },
      { AttributeKey: 'Username' as const, AttributeValue: 'b' },
    ];
    expect(await errorName(lookup(client, { LookupAttributes: two }))).toBe('InvalidLookupAttributesException');
  });

  test('the window includes both ends, events are kept for 90 days, and new events appear after a delay', async () => {
    const old = happened(91 * 24 * 60, { eventName: 'Forgotten' });
    const first = happened(60, { eventName: 'First' });
    happened(59, { eventName: 'Inside' });
    const fresh = happened(1, { eventName: 'Fresh' });
    const client = await reader();
    const window = { StartTime: new Date(first.eventTime), EndTime: new Date(Date.parse(first.eventTime) + 60_000) };
    expect((await lookup(client, window)).map(({ EventName }) => EventName)).toEqual(['Inside', 'First']);
    expect((await lookup(client)).map(({ EventId }) => EventId)).not.toContain(old.eventID);
    expect((await lookup(client)).map(({ EventId }) => EventId)).not.toContain(fresh.eventID);
    harness.clock.advance(300);
    expect((await lookup(client)).map(({ EventId }) => EventId)).toContain(fresh.eventID);
    const backwards = { StartTime: window.EndTime, EndTime: window.StartTime };
    expect(await errorName(lookup(client, backwards))).toBe('InvalidTimeRangeException');
  });

  test('pages of 50 stay the same although new events arrive, and a token works only for its query', async () => {
    for (let index = 0; index < 120; index += 1) happened(10 + index, { eventName: `Event${index}` });
    const client = await reader();
    const seen: string[] = [];
    const sizes: number[] = [];
    for await (const { Events = [] } of paginateLookupEvents({ client }, {})) {
      sizes.push(Events.length);
      seen.push(...Events.map(({ EventName = '' }) => EventName));
      happened(9, { eventName: `Late${sizes.length}` });
      harness.clock.advance(1);
    }
    expect(sizes).toEqual([50, 50, 20]);
    expect(new Set(seen).size).toBe(120);
    const { NextToken } = await client.send(new LookupEventsCommand({ MaxResults: 10 }));
    harness.clock.advance(1);
    const other = client.send(new LookupEventsCommand({ NextToken, StartTime: new Date(0) }));
    expect(await errorName(other)).toBe('InvalidNextTokenException');
    expect(await errorName(client.send(new LookupEventsCommand({ MaxResults: 51 })))).toBe(
      'InvalidMaxResultsException',
    );
  });

  test('the third lookup within a second is throttled, but not one in another Region', async () => {
    const [client, elsewhere] = [await reader(), await reader(ACCOUNT, 'us-east-1')];
    const ask = (asked: CloudTrailClient) => errorName(asked.send(new LookupEventsCommand({})));
    expect([await ask(client), await ask(client), await ask(client)]).toEqual(['none', 'none', 'ThrottlingException']);
    expect(await ask(elsewhere)).toBe('none');
    harness.clock.advance(1);
    expect(await ask(client)).toBe('none');
  });

  test('AssumeRole fails for a missing role, an unknown account or a session that is too long', async () => {
    expect(await errorName(assume('234567890123'))).toBe('AccessDenied');
    expect(await errorName(assume('111111111111'))).toBe('AccessDenied');
    expect(await errorName(assume(ACCOUNT, 7200))).toBe('ValidationError');
  });

  test('credentials of an assumed role name that role, expire, cannot be invented, and allow no other service', async () => {
    const key = await assume(ACCOUNT);
    const mine = new STSClient(harness.overHttp(key));
    const invented = new STSClient(harness.overHttp(`ASIA${ACCOUNT}ZZZZ`));
    const sso = new SSOAdminClient(harness.overHttp(key));
    clients.push(mine, invented, sso);
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '456789012345' });
    expect(await mine.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: ACCOUNT,
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/GlasshammerActivityReader/report`,
    });
    expect(await errorName(invented.send(new GetCallerIdentityCommand({})))).toBe('UnrecognizedClientException');
    expect(await errorName(sso.send(new ListInstancesCommand({})))).toBe('AccessDeniedException');
    harness.clock.advance(3600);
    expect(await errorName(mine.send(new GetCallerIdentityCommand({})))).toMatch(/ExpiredToken/);
  });

  test('a malformed CloudTrail record is refused with the name of the field', () => {
    expect(() => happened(1, { eventName: undefined })).toThrow(new InvalidTrailRecordError('eventName is missing'));
    expect(() => happened(1, { eventTime: 'yesterday' })).toThrow(/eventTime "yesterday"/);
    expect(() => happened(1, { recipientAccountId: '111111111111' })).toThrow(/no account 111111111111/);
  });
});

function hash(value: object): number {
  return [...JSON.stringify(value)].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) | 0, 7);
}
