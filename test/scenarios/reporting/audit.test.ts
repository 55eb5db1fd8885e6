import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { main } from '../../../cli/main.ts';
import { nodeIo } from '../../../cli/terminal/node-io.ts';
import { AUDIT_TYPES } from '../../../core/audit/event-types.ts';
import { Driver, POWER, PRODUCTION, READ_ONLY, STAGING } from '../support/driver.ts';

interface Line {
  id: string;
  type: string;
  at: string;
  by: string;
  requestId?: string;
  note?: string;
  [field: string]: unknown;
}

const documentation = readFileSync(resolve(import.meta.dirname, '../../../docs/audit.md'), 'utf8');
const documented = /```json\n(\{[\s\S]*?\n\})\n```/.exec(documentation)?.[1] ?? '';
const schema = z.fromJSONSchema(JSON.parse(documented));

let driver: Driver;
beforeAll(async () => {
  driver = await Driver.start();
});
afterAll(() => driver.stop());
beforeEach(() => driver.reset());

const archive = async () => ((await driver.state()) as unknown as { archive: Line[] }).archive;
const bus = () => driver.running.current().world.events.map(({ detail }) => detail as unknown as Line);

const byText = (a: string, b: string) => (a < b ? -1 : 1);

/** Expects that the archive has every request's history once and in order, and no other event of a request. */
async function expectWhole(): Promise<void> {
  const { requests } = await driver.state();
  const lines = await archive();
  for (const { id, events } of requests) {
    const told = lines.filter(({ requestId }) => requestId === id);
    expect(told.map(({ id: eventId, type, at, by }) => ({ eventId, type, at, by }))).toEqual(
      events.map(({ type, at, by }, index) => ({ eventId: `${id}#${index}`, type, at, by })),
    );
  }
  const count = requests.reduce((sum, { events }) => sum + events.length, 0);
  expect(lines.filter(({ requestId }) => requestId !== undefined)).toHaveLength(count);
}

/** Runs the command line against the sandbox, as an operator would. */
async function glasshammer(...argv: string[]): Promise<string> {
  const { awsUrl } = driver.running.current().options;
  const before = process.env;
  process.env = {
    ...before,
    AWS_ENDPOINT_URL: awsUrl,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIAOPERATOR',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
  };
  let out = '';
  try {
    const io = {
      ...nodeIo(),
      stdout: (text: string) => {
        out += text;
      },
      stderr: (text: string) => {
        out += text;
      },
      now: () => driver.running.current().clock.now(),
      env: {
        REQUEST_TABLE: 'glasshammer-requests',
        ACCESS_TABLE: 'glasshammer-access',
        AUDIT_BUCKET: 'glasshammer-archive',
        USER: 'somebody-else',
      },
    };
    const code = await main(argv, io);
    return `${out}${code}`;
  } finally {
    process.env = before;
  }
}

/** The operator, as AWS names the owner of the credentials. */
const OPERATOR =
  'cli:arn:aws:sts::456789012345:assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/administrator';

describe('the audit', () => {
  it('has every kind of ending once and in order, on EventBridge and in the archive, as documented', async () => {
    await driver.breakGlass('U0ANA');
    await driver.breakGlass('U0GUS');
    await driver.ask('U0BEN', { account: PRODUCTION, permissionSet: READ_ONLY, duration: '30m' });
    await driver.ask('U0BEN', { account: STAGING, permissionSet: POWER, duration: '1h' });
    await driver.advance('PT10S');
    const pending = (await driver.state()).requests.find(({ state }) => state === 'pending');
    await driver.press('U0CLEO', { actionId: 'request.approve', value: pending?.id ?? '' });
    await driver.advance('PT3H');

    await expectWhole();
    const lines = await archive();
    const types = new Set(lines.map(({ type }) => type));
    for (const type of [
      'requested',
      'refused',
      'pending',
      'vote',
      'approved',
      'granting',
      'granted',
      'ended',
      'reported',
    ])
      expect([type, types.has(type)]).toEqual([type, true]);
    for (const line of lines) expect([line.id, schema.safeParse(line).success]).toEqual([line.id, true]);
    expect([...bus()].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
      [...lines].sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
  });

  it('documents every type of event, and no type that can no longer happen', () => {
    const rows = [...documentation.matchAll(/^\| `([a-z-]+)` \| (.+) \|$/gm)]
      .map(([, type = '', what = '']) => [type, what] as const)
      .filter(([type]) => type in AUDIT_TYPES);
    expect(rows).toEqual(Object.entries(AUDIT_TYPES));
  });

  it('records who was refused and why, even if nobody knows who they are', async () => {
    await driver.breakGlass('U0GUS');
    await driver.advance('PT10S');
    const refused = (await archive()).find(({ type }) => type === 'refused');
    expect(refused).toMatchObject({ by: 'glasshammer', note: 'unknown-user', requester: { slackId: 'U0GUS' } });
  });

  it('records each freeze and thaw once, by command or by hand', async () => {
    await glasshammer('freeze', '--reason', 'an incident');
    await driver.breakGlass('U0ANA');
    await glasshammer('thaw', '--reason', 'it is over');
    await driver.advance('PT10S');
    const { aws } = driver.running.current();
    const item = { id: { S: 'control#freeze' }, by: { S: 'dan' }, at: { S: '2026-01-05T09:00:00Z' } };
    await aws.byConsole('dynamodb:PutItem', { TableName: 'glasshammer-requests', Item: item });
    await aws.byConsole('dynamodb:DeleteItem', { TableName: 'glasshammer-requests', Key: { id: item.id } });
    await driver.advance('PT10S');
    const facts = (await archive()).filter(({ requestId }) => requestId === undefined);
    expect(facts.map(({ type, by, note }) => [type, by, note])).toEqual([
      ['frozen', OPERATOR, 'an incident'],
      ['thawed', OPERATOR, 'it is over'],
      ['frozen', 'dan', 'by hand'],
      ['thawed', 'unknown', 'by hand'],
    ]);
    for (const fact of facts) expect(schema.safeParse(fact).success).toBe(true);
    await expectWhole();
  });

  it('records a sweep that had to end something, and none that found nothing', async () => {
    await driver.advance('PT20M');
    expect(await archive()).toEqual([]);
    await driver.breakGlass('U0ANA');
    await driver.advance('PT10S');
    const { id = '' } = await driver.request();
    await driver.fault({ operation: 'lambda:revoke-access', error: 'Crash', times: 'forever' });
    await driver.must('POST', `/sandbox/executions/${id}/kill`);
    await driver.advance('PT15M');
    const swept = (await archive()).filter(({ type }) => type === 'swept');
    expect(swept.length).toBeGreaterThan(0);
    expect(swept[0]).toMatchObject({
      by: 'glasshammer',
      note: expect.stringContaining('1 whose workflow had stopped'),
      subjects: expect.arrayContaining([id]),
    });
    await expectWhole();
  });

  it('answers every question of an auditor from the archive alone', async () => {
    const { aws } = driver.running.current();
    const policy = { id: { S: 'policy#auditors' }, effect: { S: 'allow' }, who: { L: [{ S: 'group:Directors' }] } };
    const scope = { accounts: { L: [{ S: '222222222222' }] }, permissionSets: { L: [{ S: 'ReadOnlyAccess' }] } };
    for (const hours of ['1h', '2h']) {
      const Item = { ...policy, ...scope, maxDuration: { S: hours } };
      await aws.byConsole('dynamodb:PutItem', { TableName: 'glasshammer-access', Item });
      await driver.advance('PT10S');
    }
    await glasshammer('principal', 'set', 'U0GUS', 'user-gus');
    await driver.breakGlass('U0ANA');
    await driver.ask('U0BEN', { account: PRODUCTION, permissionSet: READ_ONLY, duration: '30m' });
    await driver.advance('PT10S');
    const pending = (await driver.state()).requests.find(({ state }) => state === 'pending');
    await driver.press('U0CLEO', { actionId: 'request.approve', value: pending?.id ?? '' });
    await driver.advance('PT1H');

    const ask = async (...argv: string[]): Promise<Record<string, string>[]> => {
      const told = await glasshammer('audit', 'ask', ...argv, '--json');
      const lines = told.split('\n');
      expect([argv, lines.pop()]).toEqual([argv, '0']);
      return lines.map((line) => JSON.parse(line));
    };
    const ben = pending?.id ?? '';
    // An hour later may be another day, so the day is that of the request's start.
    const day = (await driver.state()).requests.find(({ id }) => id === ben)?.startsAt.slice(0, 10) ?? '';
    const had = await ask('who-had-what', '--day', day);
    expect(had.map(({ person, access, how }) => [person, access, how])).toEqual([
      ['ana@example.com', 'BreakGlassAdmin', expect.any(String)],
      ['ben@example.com', 'ReadOnlyAccess', 'removed'],
    ]);
    expect(await ask('who-approved')).toMatchObject([
      { request: ben, person: 'ben@example.com', approver_name: 'cleo@example.com', vote: 'approve' },
    ]);
    expect(await ask('granted-alone')).toMatchObject([{ person: 'ana@example.com', why: 'no approval asked for' }]);
    const [late] = await ask('ended-on-time', '--request', ben);
    expect(Number(late?.seconds_late)).toBeLessThan(60);
    expect(await ask('policy-history', '--policy', 'auditors')).toMatchObject([
      { author: 'unknown', change: 'new' },
      { author: 'unknown', change: 'maxDuration: "1h" -> "2h"' },
    ]);
    const [said] = await ask('policy-when-granted', '--request', ben);
    expect(said).toMatchObject({
      record: 'policy#developers-production',
      text: expect.stringContaining('group:Leads'),
    });
    const could = await ask('could-have-approved', '--request', ben);
    expect(could.map(({ approver, voted }) => [approver, voted])).toEqual([
      ['user-cleo', 'approve'],
      ['user-dan', ''],
    ]);
    expect(await ask('unreviewed')).toMatchObject([{ person: 'ana@example.com', by_policy: 'button, no review owed' }]);
    const mappings = await ask('mappings');
    expect(mappings).toContainEqual(
      expect.objectContaining({ slack_user: 'U0GUS', principal: 'user-gus', source: 'record', author: OPERATOR }),
    );
    expect(await ask('reports-missing')).toEqual([]);
    for (const line of await archive()) expect([line.id, schema.safeParse(line).success]).toEqual([line.id, true]);
  });

  it('shows that somebody deleted or rewrote the history of a request', async () => {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT10S');
    const { id } = await driver.request();
    const { aws } = driver.running.current();
    const Key = { id: { S: id } };
    await aws.byConsole('dynamodb:UpdateItem', {
      TableName: 'glasshammer-requests',
      Key,
      UpdateExpression: 'REMOVE events[1]',
    });
    await aws.byConsole('dynamodb:DeleteItem', { TableName: 'glasshammer-requests', Key });
    await driver.advance('PT10S');
    const lines = await archive();
    expect(lines.slice(-2).map(({ type, requestId }) => [type, requestId])).toEqual([
      ['history-rewritten', id],
      ['history-removed', id],
    ]);
    expect(lines.filter(({ type }) => type === 'granted')).toHaveLength(1);
  });
});

describe('EventBridge or the archive is down', () => {
  it.each(['s3:PutObject', 'eventbridge:PutEvents'])(
    'an hour of refused %s loses no event and delays no grant and no removal',
    async (operation) => {
      const start = new Date((await driver.state()).now).getTime();
      const until = new Date(start + 3600_000).toISOString();
      await driver.fault({ operation, error: 'AccessDenied', times: 'forever', until });
      await driver.ask('U0BEN', { account: STAGING, permissionSet: POWER, duration: '20m' });
      await driver.advance('PT10S');
      expect((await driver.request()).state).toBe('active');
      await driver.advance('PT20M');
      const request = await driver.request();
      expect(request.state).toBe('ended');
      const removed = request.events.find(({ type }) => type === 'ended')?.at ?? '';
      expect(Date.parse(removed) - Date.parse(request.endsAt)).toBeLessThan(15_000);
      const [down, other] = operation.startsWith('s3') ? [await archive(), bus()] : [bus(), await archive()];
      expect(down).toEqual([]);
      expect(other.filter(({ type }) => type === 'ended')).toHaveLength(1);
      await driver.advance('PT10M');
      expect((await driver.state()).alarms).toContainEqual(
        expect.objectContaining({ id: 'audit-failed', state: 'ALARM' }),
      );

      await driver.advance('PT45M');
      await expectWhole();
      const archived = (await archive()).map(({ id }) => id);
      expect(
        bus()
          .map(({ id }) => id)
          .toSorted(byText),
      ).toEqual(archived.toSorted(byText));
      expect((await driver.state()).alarms).toContainEqual(
        expect.objectContaining({ id: 'audit-failed', state: 'OK' }),
      );
    },
  );

  it('lost answers leave no second event in the archive, and no gap anywhere', async () => {
    for (const operation of [
      's3:PutObject',
      'eventbridge:PutEvents',
      'lambda:audit-to-archive',
      'lambda:audit-to-bus',
    ]) {
      const error = operation.startsWith('lambda') ? 'Crash' : 'InternalError';
      await driver.fault({ operation, error, times: 4, when: 'after' });
    }
    await driver.ask('U0BEN', { account: STAGING, permissionSet: POWER, duration: '20m' });
    await driver.advance('PT30M');
    await expectWhole();
    const told = new Set(bus().map(({ id }) => id));
    for (const { id } of await archive()) expect([id, told.has(id)]).toEqual([id, true]);
  });

  it('events that the stream has lost are archived from the request items by "audit replay"', async () => {
    const from = new Date(Date.parse((await driver.state()).now) - 60_000).toISOString();
    await driver.breakGlass('U0ANA');
    await glasshammer('freeze', '--reason', 'an incident');
    await driver.advance('PT10M');
    const { buckets } = driver.running.current().world;
    const complete = await archive();
    // As after an outage of more than a day: the stream is empty, and only the beginning had been archived.
    const kept = Object.entries({ ...buckets['glasshammer-archive'] }).slice(0, 2);
    buckets['glasshammer-archive'] = Object.fromEntries(kept);

    const replayed = await glasshammer('audit', 'replay', '--from', from);
    expect(replayed).toContain(`${complete.length - 2} were missing and are archived now\n0`);
    expect(await archive()).toEqual(complete);
    expect(await glasshammer('audit', 'replay', '--from', from)).toContain('0 were missing and are archived now\n0');
    const { now } = await driver.state();
    expect(await glasshammer('audit', 'verify', '--from', from, '--to', now)).toMatch(
      /: the archive says the same\n0$/,
    );
    await expectWhole();
  });
});

it('the metrics for operators count what happened', async () => {
  await driver.breakGlass('U0ANA');
  await driver.breakGlass('U0GUS');
  await driver.advance('PT1H10M');
  const figures = (await driver.logs())
    .split('\n')
    .filter((line) => line.includes('"_aws"'))
    .map((line) => JSON.parse(line) as Record<string, number>);
  const valuesOf = (name: string) => figures.flatMap((figure) => (figure[name] === undefined ? [] : [figure[name]]));
  expect(valuesOf('Requests')).toEqual([1, 1]);
  expect(valuesOf('RequestsGranted')).toEqual([1]);
  expect(valuesOf('RequestsRefused')).toEqual([1]);
  const [access = -1] = valuesOf('TimeToAccess');
  expect(access).toBeGreaterThan(0);
  expect(access).toBeLessThan(30);
  expect(valuesOf('TimeFromEndToRemoved')[0]).toBeLessThan(30);
  expect(new Set(valuesOf('SweepLag'))).toEqual(new Set([0]));
});

it('a failure of a request is logged with the id of the request', async () => {
  await driver.breakGlass('U0ANA');
  await driver.advance('PT10S');
  const { id } = await driver.request();
  await driver.fault({ operation: 'sso-admin:DeleteAccountAssignment', error: 'AccessDeniedException', times: 2 });
  await driver.advance('PT1H5M');
  const failures = (await driver.logs()).split('\n').filter((line) => line.includes('access.revoke-failed'));
  expect(failures.length).toBeGreaterThan(0);
  for (const line of failures)
    expect(JSON.parse(line)).toMatchObject({ requestId: id, error: 'AccessDeniedException' });
});
