import { createHash } from 'node:crypto';
import { browserCaller } from '../support/browser-caller.ts';
import { BREAK_GLASS, Driver, POWER, PRODUCTION, STAGING } from '../support/driver.ts';
import type { State } from '../support/state.ts';

const ANAS = { principalId: 'user-ana', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS };

describe('the editions of a report', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start({ cloudTrail: { rolesMissing: [STAGING] } });
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.fresh());

  /** Five minutes of access in which Ana makes one call, and a minute after them. @returns her credentials */
  async function fiveMinutes(action = 's3:CreateBucket'): Promise<unknown> {
    await driver.ask('U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '5m' });
    await driver.advance('PT1M');
    const { credentials } = await driver.must('POST', '/sandbox/portal/use', { ...ANAS, action });
    await driver.advance('PT5M');
    return credentials;
  }

  /** Lets a day pass without the sweep and the watch, which have nothing to do until then. */
  async function aDayLater(): Promise<void> {
    for (const name of ['sweep-access', 'watch-assignments'])
      await driver.fault({ operation: `schedule:${name}`, error: 'Missed', times: 'forever' });
    await driver.advance('P1D');
    await driver.clearFaults();
    await driver.advance('PT11M');
  }

  const replies = ({ messages }: State) => messages.filter(({ text }) => /Report:/.test(text));

  it('come within minutes, when all can be read, and when CloudTrail delivers late, in one thread of mails and of Slack', async () => {
    const credentials = await fiveMinutes();
    await driver.advance('PT6M');
    let state = await driver.state();
    expect(state.requests[0]?.state).toBe('ended');
    expect(state.emails.map(({ subject }) => subject)).toEqual([expect.stringMatching(/1 write \(first edition\)$/)]);
    expect(await toldByTheApi()).toMatchObject({ edition: 'first', headline: expect.stringContaining('1 write') });

    // Credentials outlive the access.
    await driver.must('POST', '/sandbox/portal/use', { credentials, action: 's3:DeleteBucket' });
    await driver.advance('PT1H15M');
    state = await driver.state();
    expect(state.requests[0]?.state).toBe('reported');
    expect(state.emails[1]?.text).toMatch(/Not enough: ReadOnlyAccess does not allow s3:CreateBucket and 1 more\./);
    expect(state.emails[1]?.text).toMatch(/SINCE THE FIRST EDITION.*New: s3:DeleteBucket\./s);

    expect(await toldByTheApi()).toMatchObject({ edition: 'final', coverage: { regionsRead: expect.any(Array) } });

    await late();
    await aDayLater();
    state = await driver.state();
    expect(state.emails).toHaveLength(3);
    const addendum = await toldByTheApi();
    expect(addendum).toMatchObject({
      edition: 'addendum-1',
      news: { lines: expect.arrayContaining(['New: iam:CreateUser.']) },
    });
    expect(state.emails[2]?.text).toContain(addendum.list.files[0].key);
    expect(state.emails[2]?.text).toMatch(/SINCE THE FINAL EDITION.*New: iam:CreateUser\./s);
    await listsAreArchived(state);
    const threads = state.emails.map(({ headers }) => headers.References?.split(' ') ?? []);
    expect(new Set(threads.map(([root]) => root)).size).toBe(1);
    const follows = state.emails.map(({ headers }) => headers['In-Reply-To']);
    expect(follows.slice(1)).toEqual(state.emails.slice(0, 2).map(({ headers }) => headers['Message-ID']));
    expect(new Set(replies(state).map(({ threadTs }) => threadTs)).size).toBe(1);
    expect(replies(state).map(({ text }) => /First edition|Final edition|Addendum/.exec(text)?.[0])).toEqual([
      'First edition',
      'Final edition',
      'Addendum',
    ]);
    // The status message of the access says so to later readers.
    expect(JSON.stringify(state.messages.filter(({ edits }) => edits > 0))).toMatch(/Addendum: \d writes/);
    expect(new Set(state.executions.map(({ status }) => status))).toEqual(new Set(['SUCCEEDED']));
    expect(state.requests[0]?.events.slice(-3).map(({ type }) => type)).toEqual([
      'first-report',
      'reported',
      'report-addendum',
    ]);
  });

  /** The report as the API returns it to Ana. */
  async function toldByTheApi() {
    const ana = await browserCaller(driver, 'user-ana');
    const { json } = await ana('GET', `/people/user-ana/requests/${(await driver.request()).id}/report`);
    return json.report;
  }

  /** Expects that each mail and reply links to a list of its own in the archive, with the hash that the mail names. */
  async function listsAreArchived({ emails, messages }: State): Promise<void> {
    const objects = driver.running.current().world.buckets['glasshammer-archive'] ?? {};
    for (const [place, { text }] of emails.entries()) {
      const [, csv = '', sha256 = ''] = /CSV: https:\S+\?prefix=(reports\S+)\s+SHA-256 (\w{64})/.exec(text) ?? [];
      const body = objects[csv]?.body ?? Buffer.alloc(0);
      expect(createHash('sha256').update(body).digest('hex')).toBe(sha256);
      expect(body.toString()).toContain('"s3:CreateBucket"');
      expect(messages.filter((message) => /Report:/.test(message.text))[place]?.text).toContain(csv);
    }
    expect(Object.keys(objects).filter((key) => key.startsWith('reports/'))).toHaveLength(2 * emails.length);
  }

  /** A call that was made during the access and is delivered only now. */
  async function late(): Promise<void> {
    const { endedAt = '' } = await driver.request();
    const role = 'AWSReservedSSO_BreakGlassAdmin_0123456789abcdef';
    await driver.must('POST', '/sandbox/activity', [
      {
        eventTime: `${new Date(Date.parse(endedAt) - 60_000).toISOString().slice(0, 19)}Z`,
        eventSource: 'iam.amazonaws.com',
        eventName: 'CreateUser',
        awsRegion: 'us-east-1',
        readOnly: false,
        recipientAccountId: PRODUCTION,
        userIdentity: {
          type: 'AssumedRole',
          arn: `arn:aws:sts::${PRODUCTION}:assumed-role/${role}/ana@example.com`,
          principalId: 'AROAX:ana@example.com',
          accountId: PRODUCTION,
          sessionContext: { sessionIssuer: { type: 'Role', userName: role, accountId: PRODUCTION } },
          onBehalfOf: { userId: 'user-ana' },
        },
      },
    ]);
  }

  it('name the smallest permission set that the person may ask for and that would have been enough', async () => {
    await fiveMinutes('ec2:DescribeInstances');
    await driver.advance('PT1H30M');
    const { emails } = await driver.state();
    const final = emails.at(-1);
    expect(emails[0]?.text).toContain('Which permission set would have been enough is not said');
    expect(final?.text).toMatch(
      /ReadOnlyAccess would have covered the calls listed here, the smallest permission set that may be asked for in Production: it allows [\d,]+ actions of AWS, BreakGlassAdmin \d\d,\d{3}\./,
    );
    // Ana may not ask for PowerUserAccess in Production, so the report does not suggest it.
    expect(final?.text).not.toContain('PowerUserAccess');
  });

  it('say when credentials were fetched, even if the account in which they were used cannot be read', async () => {
    await driver.ask('U0BEN', { account: STAGING, permissionSet: POWER, duration: '5m' });
    await driver.advance('PT1M');
    await driver.must('POST', '/sandbox/portal/use', {
      principalId: 'user-ben',
      accountId: STAGING,
      permissionSetArn: POWER,
      action: 's3:CreateBucket',
    });
    await driver.advance('PT1H30M');
    const state = await driver.state();
    expect(state.requests[0]?.state).toBe('reported');
    for (const words of [state.emails.at(-1)?.subject, replies(state).at(-1)?.text])
      expect(words).toMatch(/redentials were fetched at .* UTC, activity could not be read/);
  });

  it('say what was done as soon as the reader role is back in the account, even if the workflow was killed', async () => {
    await fiveMinutes();
    const running = (await driver.state()).executions.find(({ status }) => status === 'RUNNING');
    await driver.kill(running?.name ?? '');
    await driver.fault({ operation: 'sts:AssumeRole', error: 'AccessDenied', times: 'forever' });
    await driver.advance('PT2H');
    let state = await driver.state();
    expect(state.requests[0]?.state).toBe('reported');
    expect(state.emails.map(({ subject }) => /could not be read \((\w+) edition\)/.exec(subject)?.[1])).toEqual([
      'first',
      'final',
    ]);
    await driver.clearFaults();
    await aDayLater();
    state = await driver.state();
    expect(state.emails).toHaveLength(3);
    expect(state.emails[2]?.text).toMatch(/Read now, and not before/);
    expect(state.emails[2]?.text).toContain('s3:CreateBucket');
  });
});
