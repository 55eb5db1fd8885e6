import { STSClient } from '@aws-sdk/client-sts';
import type { ActivityQuery } from '../../../core/activity/ports.ts';
import { ActivityUnreadableError } from '../../../core/model/errors.ts';
import { createLookup } from '../../../gateways/cloudtrail/lookup.ts';

interface Asked {
  readonly service: string;
  readonly host: string;
  readonly body: string;
  readonly credential: string;
}

interface Answer {
  readonly status?: number;
  readonly body: string;
}

const QUERY: ActivityQuery = {
  requestId: 'request-1',
  accountId: '123456789012',
  region: 'eu-west-1',
  by: { userName: 'ana@example.com' },
  from: '2026-01-05T08:00:00Z',
  until: '2026-01-05T11:20:00Z',
};

function stsAnswer(expiration = '2026-01-05T12:20:00Z'): Answer {
  return {
    body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIAREADER</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  };
}

function stsError(code: string): Answer {
  return {
    status: 403,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
  };
}

function trailError(type: string): Answer {
  return { status: 400, body: JSON.stringify({ __type: type, message: 'no' }) };
}

function noEvents(): Answer {
  return { body: '{"Events":[]}' };
}

/** The real SDK clients over a fake connection that answers at once. */
function lookup(options: { sts?: () => Answer; trail?: () => Answer; now?: () => Date } = {}) {
  const asked: Asked[] = [];
  const requestHandler = {
    handle(request: { hostname: string; body: string | Uint8Array; headers: { authorization: string } }) {
      const service = request.hostname.split('.')[0] ?? '';
      const credential = /Credential=([^/]+)/.exec(request.headers.authorization)?.[1] ?? '';
      const body = typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body);
      asked.push({ service, host: request.hostname, body, credential });
      const answer = service === 'sts' ? (options.sts ?? stsAnswer)() : (options.trail ?? noEvents)();
      const response = { statusCode: answer.status ?? 200, headers: {}, body: Buffer.from(answer.body) };
      return Promise.resolve({ response });
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
  const client = { requestHandler, maxAttempts: 1 };
  const credentials = { accessKeyId: 'AKIAFUNCTION', secretAccessKey: 's' };
  const source = createLookup({
    sts: new STSClient({ ...client, region: 'eu-central-1', credentials }),
    roleName: 'glasshammer-activity-reader',
    now: options.now ?? (() => new Date('2026-01-05T11:20:00Z')),
    client,
  });
  return { source, asked };
}

describe('looking up CloudTrail events', () => {
  test("the events of one person in one Region are looked up with the credentials of the account's own role", async () => {
    const { source, asked } = lookup({
      trail: () => ({
        body: JSON.stringify({
          Events: [{ EventId: '1', CloudTrailEvent: '{"eventID":"1"}' }, { EventId: '2' }],
          NextToken: 'n',
        }),
      }),
    });
    expect(await source.page(QUERY)).toEqual({ records: ['{"eventID":"1"}', ''], next: 'n' });
    expect(asked.map(({ service }) => service)).toEqual(['sts', 'cloudtrail']);
    expect(asked[0]).toMatchObject({ credential: 'AKIAFUNCTION' });
    expect(new URLSearchParams(asked[0]?.body).get('RoleArn')).toBe(
      'arn:aws:iam::123456789012:role/glasshammer-activity-reader',
    );
    expect(new URLSearchParams(asked[0]?.body).get('RoleSessionName')).toBe('glasshammer-request-1');
    expect(asked[1]).toMatchObject({ host: 'cloudtrail.eu-west-1.amazonaws.com', credential: 'ASIAREADER' });
    expect(JSON.parse(asked[1]?.body ?? '')).toEqual({
      LookupAttributes: [{ AttributeKey: 'Username', AttributeValue: 'ana@example.com' }],
      StartTime: Date.parse('2026-01-05T08:00:00Z') / 1000,
      EndTime: Date.parse('2026-01-05T11:20:00Z') / 1000,
      MaxResults: 50,
    });
  });

  test('a followed session is looked up by its access key, and a page token is sent back as it came', async () => {
    const { source, asked } = lookup();
    expect(await source.page({ ...QUERY, by: { accessKeyId: 'ASIAHOP' }, token: 'n' })).toEqual({ records: [] });
    expect(JSON.parse(asked[1]?.body ?? '')).toMatchObject({
      LookupAttributes: [{ AttributeKey: 'AccessKeyId', AttributeValue: 'ASIAHOP' }],
      NextToken: 'n',
    });
  });

  test('a long request id does not make a session name that STS refuses', async () => {
    const { source, asked } = lookup();
    await source.page({ ...QUERY, requestId: `alert/${'x'.repeat(80)}` });
    const name = new URLSearchParams(asked[0]?.body).get('RoleSessionName') ?? '';
    expect(name).toMatch(/^glasshammer-alert-x+$/);
    expect(name).toHaveLength(64);
  });

  test('all Regions share one session of the role until it is about to expire', async () => {
    let now = new Date('2026-01-05T11:20:00Z');
    const { source, asked } = lookup({ now: () => now });
    await Promise.all([source.page(QUERY), source.page({ ...QUERY, region: 'us-east-1' })]);
    await source.page({ ...QUERY, region: 'us-east-1' });
    expect(asked.filter(({ service }) => service === 'sts')).toHaveLength(1);
    now = new Date('2026-01-05T12:16:00Z');
    await source.page(QUERY);
    expect(asked.filter(({ service }) => service === 'sts')).toHaveLength(2);
  });

  test('another account or another request has a session of its own', async () => {
    const { source, asked } = lookup();
    await source.page(QUERY);
    await source.page({ ...QUERY, accountId: '210987654321' });
    await source.page({ ...QUERY, requestId: 'request-2' });
    expect(asked.filter(({ service }) => service === 'sts')).toHaveLength(3);
  });

  test('a role that cannot be assumed is an error that names it, and is not retried', async () => {
    const { source } = lookup({ sts: () => stsError('AccessDenied') });
    const failure = source.page(QUERY);
    await expect(failure).rejects.toBeInstanceOf(ActivityUnreadableError);
    await expect(failure).rejects.toThrow(
      'arn:aws:iam::123456789012:role/glasshammer-activity-reader could not be assumed (AccessDenied)',
    );
  });

  test('a role that can be assumed again is assumed again', async () => {
    const answers = [stsError('AccessDenied'), stsAnswer()];
    const { source } = lookup({ sts: () => answers.shift() ?? stsError('AccessDenied') });
    await expect(source.page(QUERY)).rejects.toThrow(ActivityUnreadableError);
    expect(await source.page(QUERY)).toEqual({ records: [] });
  });

  test.each([
    ['AccessDeniedException'],
    ['UnrecognizedClientException'],
    ['InvalidTimeRangeException'],
    ['OptInRequired'],
  ])('%s from CloudTrail means a Region that cannot be read', async (type) => {
    const { source } = lookup({ trail: () => trailError(type) });
    await expect(source.page(QUERY)).rejects.toBeInstanceOf(ActivityUnreadableError);
  });

  test('an invalid page token ends the Region, so that nothing is counted twice', async () => {
    const { source } = lookup({ trail: () => trailError('InvalidNextTokenException') });
    await expect(source.page({ ...QUERY, token: 'old' })).rejects.toBeInstanceOf(ActivityUnreadableError);
  });

  test.each([
    ['ThrottlingException', 'trail'],
    ['RequestLimitExceeded', 'trail'],
    ['Throttling', 'sts'],
  ])('%s from %s becomes ThrottlingException, which the workflow retries', async (code, where) => {
    const { source } = lookup(where === 'sts' ? { sts: () => stsError(code) } : { trail: () => trailError(code) });
    await expect(source.page(QUERY)).rejects.toMatchObject({ name: 'ThrottlingException' });
  });

  test('an unknown error is passed on as it is, because it may pass', async () => {
    const { source } = lookup({ trail: () => ({ ...trailError('InternalServerException'), status: 500 }) });
    await expect(source.page(QUERY)).rejects.toMatchObject({ name: 'InternalServerException' });
  });
});

describe('the Regions of an account', () => {
  const regions = (...names: readonly string[]) => ({
    body: JSON.stringify({ Regions: names.map((RegionName) => ({ RegionName, RegionOptStatus: 'ENABLED' })) }),
  });

  test('are read from the account itself, with the credentials of its own role', async () => {
    const { source, asked } = lookup({ trail: () => regions('us-east-1', 'ap-east-1') });
    expect(await source.enabledRegions('123456789012', 'request-1')).toEqual(['ap-east-1', 'us-east-1']);
    expect(asked.at(-1)).toMatchObject({ host: 'account.us-east-1.amazonaws.com', credential: 'ASIAREADER' });
  });

  test.each(['AccessDeniedException', 'SomethingNobodyListed'])(
    'are unknown if the account cannot be read (%s), and the report then reads the configured ones',
    async (type) => {
      const { source } = lookup({ trail: () => trailError(type) });
      expect(await source.enabledRegions('123456789012', 'request-1')).toBeUndefined();
    },
  );

  test('are read again by the caller after throttling', async () => {
    const { source } = lookup({ trail: () => trailError('TooManyRequestsException') });
    await expect(source.enabledRegions('123456789012', 'request-1')).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
  });

  test.each([
    [{ userName: 'ana' }, { AttributeKey: 'Username', AttributeValue: 'ana' }],
    [{ accessKeyId: 'ASIA1' }, { AttributeKey: 'AccessKeyId', AttributeValue: 'ASIA1' }],
    [{ eventName: 'GetSecretValue' }, { AttributeKey: 'EventName', AttributeValue: 'GetSecretValue' }],
    [{ readOnly: false as const }, { AttributeKey: 'ReadOnly', AttributeValue: 'false' }],
  ])('%j becomes one attribute of a lookup', async (by, attribute) => {
    const { source, asked } = lookup();
    await source.page({ ...QUERY, by });
    expect(JSON.parse(asked.at(-1)?.body ?? '')).toMatchObject({ LookupAttributes: [attribute] });
  });
});
