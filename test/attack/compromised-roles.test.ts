import { FUNCTION_NAMES, type FunctionName, OPTIONAL_FUNCTIONS } from '../../lambdas/shared/environment-names.ts';
import { REQUEST_TABLE_WRITES } from '../../lib/rights/tables/request-table-writes.ts';
import { stateMachineArn } from '../../sandbox/server/environment.ts';
import { ADMIN, BREAK_GLASS, Driver, POWER, PRODUCTION, READ_ONLY, STAGING } from '../scenarios/support/driver.ts';
import type { State } from '../scenarios/support/state.ts';
import { deployedRole, Intruder } from './intruder.ts';

/*
 * An attacker holds the role of one function and writes whatever that role allows. All the same, nothing may be granted
 * that the policies do not give, granted access must end, and no access may be left without an end.
 */

const FAR = '2036-01-01T00:00:00.000Z';
const YEAR_SECONDS = 365 * 24 * 3600;

/** What people hold when the attack begins; the attacker tampers with each in another way. */
const HELD = {
  prolonged: { user: 'U0ANA', principalId: 'user-ana', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS },
  closed: { user: 'U0ANA', principalId: 'user-ana', accountId: STAGING, permissionSetArn: READ_ONLY },
  bewitched: { user: 'U0BEN', principalId: 'user-ben', accountId: STAGING, permissionSetArn: POWER },
  moved: { user: 'U0CLEO', principalId: 'user-cleo', accountId: STAGING, permissionSetArn: POWER },
  disowned: { user: 'U0DAN', principalId: 'user-dan', accountId: STAGING, permissionSetArn: POWER },
} as const;

type How = keyof typeof HELD;

/** An assignment that an administrator made; no item of the tables mentions it. */
const STANDING = { principalId: 'user-dan', accountId: PRODUCTION, permissionSetArn: READ_ONLY };

const WRITERS = Object.entries(REQUEST_TABLE_WRITES)
  .filter(([, writes]) => Object.values(writes).flat().includes('request'))
  .map(([name]) => name as FunctionName);
/** The functions that write no requests. The function that writes policies is tested in policy-changes.test.ts. */
const OTHERS = FUNCTION_NAMES.filter((name) => !WRITERS.includes(name) && name !== OPTIONAL_FUNCTIONS.policyChanges);
const mayDropLeases = (name: FunctionName) => REQUEST_TABLE_WRITES[name]?.DeleteItem?.includes('lease') === true;

/** Roles that may do the same attack one sandbox together; the roles that may delete lease items attack another one. */
const GANGS: readonly (readonly [string, readonly FunctionName[]])[] = [
  ['an attacker with the roles that may write requests', WRITERS.filter((name) => !mayDropLeases(name))],
  ['an attacker with the roles that may also delete leases', WRITERS.filter(mayDropLeases)],
];

describe('an attacker who holds the roles of functions', () => {
  let driver: Driver;
  beforeAll(async () => {
    // Before the sandbox starts: reading the templates takes seconds, during which nothing else runs in this thread.
    for (const name of [...WRITERS, ...OTHERS]) deployedRole(name);
    driver = await Driver.start();
    driver.mayBeRefused = true;
  });
  afterAll(() => driver.stop());
  beforeEach(async () => {
    await driver.reset();
    const records = [HELD.closed, HELD.moved, HELD.disowned].map(({ accountId, permissionSetArn, principalId }) => ({
      id: { S: `access#${accountId}#${permissionSetArn}#${principalId}` },
    }));
    await driver.putRecords(...records);
    await driver.must('POST', '/sandbox/assignments', STANDING);
    await driver.advance('PT5S');
  });

  /** Every person asks and is granted what they asked for. */
  async function held(): Promise<Record<How, State['requests'][number]>> {
    const requests: Partial<Record<How, State['requests'][number]>> = {};
    for (const [how, { user, accountId, permissionSetArn }] of Object.entries(HELD)) {
      await driver.ask(user, {
        account: accountId,
        permissionSet: permissionSetArn,
        duration: '30m',
        reason: 'for work',
      });
      await driver.advance('PT5S');
      requests[how as How] = await driver.request();
    }
    expect((await driver.state()).requests.map(({ state }) => state)).toEqual(Object.keys(HELD).map(() => 'active'));
    return requests as Record<How, State['requests'][number]>;
  }

  const leaseOf = ({ principalId, accountId, permissionSetArn }: (typeof HELD)[How]) =>
    `assignment#${principalId}#${accountId}#${permissionSetArn}`;

  /** Requests that nobody made, each in a shape that an earlier version acted on. */
  async function forge(gang: readonly Intruder[], real: State['requests'][number]): Promise<void> {
    const now = (await driver.state()).now;
    const target = { accountId: PRODUCTION, permissionSetArn: ADMIN };
    const events = [
      { type: 'requested', at: now, by: 'user-ben', state: 'requested' },
      { type: 'approved', at: now, by: 'user-cleo', state: 'approved' },
    ];
    const vote = { principalId: 'user-cleo', slackId: 'U0CLEO', vote: 'approve', at: now };
    const approved = {
      state: 'approved',
      requester: { ...real.requester, principalId: 'user-ben', slackId: 'U0BEN' },
      target,
      names: { accountName: 'Production', permissionSetName: 'ReadOnlyAccess' },
      reason: 'a forged reason',
      ticket: '',
      durationSeconds: YEAR_SECONDS,
      requestedAt: now,
      startsAt: now,
      endsAt: FAR,
      sessionSeconds: 3600,
      origin: { kind: 'cli' },
      events,
      votes: [vote],
      messages: {},
      tokens: {},
      breakGlass: false,
      decidedAt: FAR,
      path: 'developers-production',
    };
    const forgeries = {
      approved,
      'for-an-hour': { ...approved, durationSeconds: 3600, decidedAt: now },
      'through-the-glass': { ...approved, breakGlass: true },
      begun: { ...approved, state: 'granting', grant: { askedAt: now, standing: false } },
      held: { ...approved, state: 'active', grant: { askedAt: now, standing: false } },
      // A second request for the break-glass access, which claims that the assignment is standing and so never ends.
      twin: {
        ...approved,
        requester: real.requester,
        target: real.target,
        state: 'active',
        grant: { askedAt: now, standing: true },
      },
      extending: { ...approved, extends: real.id },
      'in-a-window': { ...approved, requester: real.requester, target: real.target, windowFrom: FAR },
      unreadable: { ...approved, durationSeconds: 'for ever', startsAt: 'now' },
      broken: { state: 'active', endsAt: '0' },
    };
    const { world } = driver.running.current();
    for (const [index, [name, item]] of Object.entries(forgeries).entries()) {
      const intruder = gang[index % gang.length] as Intruder;
      const id = `req-forged-${name}`;
      expect(await intruder.write({ id, ...item })).toBe(true);
      await Promise.all(gang.map((one) => one.start(id, stateMachineArn(world))));
    }
    const subject = {
      principalId: 'user-ben',
      target,
      durationSeconds: YEAR_SECONDS,
      reason: 'a forged reason',
      ticket: '',
    };
    const lease = { leases: new Set(['req-forged-held']), standing: false, state: 'lease', endsAt: now };
    for (const intruder of gang) {
      await intruder.write({
        id: `assignment#user-ben#${PRODUCTION}#${ADMIN}`,
        ...lease,
        principalId: 'user-ben',
        target,
      });
      // Operators freeze and thaw through the API's function; a thaw alone gives nobody access.
      expect(await intruder.drop('control#freeze')).toBe(intruder.name === 'api');
      expect(await intruder.drop('control#drift')).toBe(false);
      // Slack's or AWS's signature proves who voted: only the functions that verify one may write votes.
      if (REQUEST_TABLE_WRITES[intruder.name]?.UpdateItem?.includes('vote') !== true)
        expect(await intruder.write({ id: 'vote#req-forged-approved', votes: [{ ...vote, subject }] })).toBe(false);
    }
  }

  /** Tries, in every way the role allows, to keep the granted access from ending. */
  async function tamper(intruder: Intruder, requests: Record<How, State['requests'][number]>): Promise<void> {
    await intruder.edit(requests.prolonged.id, { endsAt: FAR, durationSeconds: YEAR_SECONDS });
    // Only the grant says until when access was given. Its role can grant anew anyway, up to the longest access
    // allowed.
    const longer = { [`hold:${requests.prolonged.id}`]: { startedAt: requests.prolonged.startsAt, endsAt: FAR } };
    const given = `#assignment#${HELD.prolonged.principalId}#${PRODUCTION}#${BREAK_GLASS}`;
    if (intruder.name !== 'grant-access') expect(await intruder.edit(`usage${given}`, longer)).toBe(false);
    await intruder.edit(`lately${given}`, longer);
    await intruder.edit(requests.closed.id, { state: 'reported', endedAt: FAR });
    await intruder.edit(requests.bewitched.id, { state: 'for ever', endsAt: FAR });
    await intruder.edit(requests.moved.id, { target: { accountId: PRODUCTION, permissionSetArn: READ_ONLY } });
    const events = [
      ...requests.disowned.events,
      { type: 'made-standing', at: requests.disowned.startsAt, by: 'olga', note: 'by olga' },
    ];
    await intruder.edit(requests.disowned.id, { grant: { askedAt: FAR, standing: true }, events });
    await intruder.edit(leaseOf(HELD.disowned), { standing: true });
    await intruder.edit(leaseOf(HELD.moved), { leases: new Set(['req-forged-twin']), standing: true });
    // A role that may delete lease items deletes them; any other marks the assignments as standing.
    for (const target of [HELD.closed, HELD.prolonged, HELD.bewitched])
      if (!(await intruder.drop(leaseOf(target)))) await intruder.edit(leaseOf(target), { standing: true });
    // Only the watch records what Glasshammer's roles have made, and only from what CloudTrail reports.
    for (const target of intruder.name === 'watch-assignments' ? [] : Object.values(HELD)) {
      expect(await intruder.drop(`made#${leaseOf(target)}`)).toBe(false);
      expect(await intruder.edit(`made#${leaseOf(target)}`, { theirsAt: FAR })).toBe(false);
    }
  }

  it.each(GANGS)('%s is granted nothing and can keep no access from ending', async (_who, names) => {
    const requests = await held();
    const gang = names.map((name) => new Intruder(name, driver.running.url));
    await forge(gang, requests.prolonged);
    for (const intruder of gang) await tamper(intruder, requests);
    for (const intruder of gang) intruder.close();
    expect(gang.map(({ done }) => done.length > 4)).toEqual(names.map(() => true));

    const given = [STANDING, ...Object.values(HELD)].map(nameOf);
    const assigned = async () => (await driver.state()).assignments.map(nameOf);
    await driver.advance('PT10M');
    expect((await assigned()).filter((one) => !given.includes(one))).toEqual([]);
    // The half hour of every request is over, and the sweep has run a few times since.
    await driver.advance('PT45M');
    expect(await assigned()).toEqual([nameOf(STANDING)]);
    const { calls, alarms } = await driver.state();
    expect(calls['sso-admin:CreateAccountAssignment']).toBe(Object.keys(HELD).length);
    expect(alarms.map(({ id }) => id)).toContain('records-tampered');
  });

  // In doubt access ends: docs/decisions/0034-a-forged-history-may-end-access-and-never-keeps-it.md.
  it.each<[FunctionName, string]>([
    ['check-assignment', 'lease-past-end'],
    ['hold-access', 'records-tampered'],
  ])('can end standing access with the role of %s, but the alarm %s wakes the operator', async (name, alarm) => {
    const { principalId, ...target } = STANDING;
    const at = (await driver.state()).now;
    const intruder = new Intruder(name, driver.running.url);
    const lease = { state: 'lease', leases: new Set(['req-forged']), standing: false, endsAt: at, principalId, target };
    const request = {
      state: 'active',
      requester: { slackId: 'U0DAN', principalId, userName: 'dan', displayName: 'Dan', email: 'dan@example.com' },
      target,
      names: { accountName: 'Production', permissionSetName: 'ReadOnlyAccess' },
      reason: 'a forged reason',
      ticket: '',
      durationSeconds: 60,
      ...{ requestedAt: at, startsAt: at, endsAt: at, sessionSeconds: 3600 },
      origin: { kind: 'cli' },
      events: [{ type: 'granted', at, state: 'active' }],
      ...{ votes: [], messages: {}, tokens: {}, breakGlass: false, grant: { askedAt: at, standing: false } },
    };
    const mayLease = REQUEST_TABLE_WRITES[name]?.UpdateItem?.includes('lease') === true;
    const id = `assignment#${principalId}#${target.accountId}#${target.permissionSetArn}`;
    expect(await intruder.write(mayLease ? { id, ...lease } : { id: 'req-forged', ...request })).toBe(true);
    intruder.close();
    await driver.advance('PT20M');
    const { assignments, alarms } = await driver.state();
    expect(assignments).toEqual([]);
    expect(alarms.map(({ id }) => id)).toContain(alarm);
  });

  it('cannot write, change or delete an item of a request or its access with any other role', async () => {
    const requests = await held();
    const lease = leaseOf(HELD.prolonged);
    const kinds = ['vote#', 'made#', 'usage#', 'lately#', 'removed#', 'report#', 'review#'].map(
      (kind) => `${kind}${lease}`,
    );
    const items = [requests.prolonged.id, 'req-forged', lease, ...kinds, 'control#freeze', 'control#drift'];
    for (const name of OTHERS) {
      const intruder = new Intruder(name, driver.running.url);
      for (const id of items) {
        expect([name, id, await intruder.write({ id, endsAt: FAR })]).toEqual([name, id, false]);
        expect([name, id, await intruder.drop(id)]).toEqual([name, id, false]);
      }
      intruder.close();
    }
    await driver.advance('PT55M');
    expect((await driver.state()).assignments.map(nameOf)).toEqual([nameOf(STANDING)]);
  });
});

it("every function's role is attacked by one of the tests above", () => {
  const played = [...GANGS.flatMap(([, names]) => names), ...OTHERS, OPTIONAL_FUNCTIONS.policyChanges];
  expect(new Set(played)).toEqual(new Set(FUNCTION_NAMES));
});

const nameOf = (one: { principalId: string; accountId: string; permissionSetArn: string }) =>
  [one.principalId, one.accountId, one.permissionSetArn].join(' ');
