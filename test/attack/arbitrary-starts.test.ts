import { FUNCTION_NAMES } from '../../lambdas/shared/environment-names.ts';
import { stateMachineArn } from '../../sandbox/server/environment.ts';
import { ADMIN, Driver, POWER, PRODUCTION, READ_ONLY, STAGING } from '../scenarios/support/driver.ts';
import { runGuardCommand } from '../scenarios/support/guard-commands.ts';
import { ALL_GUARDED } from '../scenarios/support/guarded-sets.ts';
import type { State } from '../scenarios/support/state.ts';
import { deployedRole, Intruder } from './intruder.ts';

/*
 * An attacker may start executions of the workflow, as every function may that answers people, and chooses the input.
 * These tests list every input that the workflow acts on, and what comes of it: the right to start executions allows
 * nothing else.
 */

/** An assignment that an administrator made; no item of the tables mentions it. */
const STANDING = { principalId: 'user-dan', accountId: PRODUCTION, permissionSetArn: READ_ONLY };
const HELD = { principalId: 'user-ben', accountId: STAGING, permissionSetArn: POWER };

const madeOf = ({ principalId, ...target }: typeof STANDING) => ({ principalId, target });
const nameOf = (one: Omit<typeof STANDING, 'user'>) => [one.principalId, one.accountId, one.permissionSetArn].join(' ');

type Requests = { readonly held: string; readonly over: string; readonly now: string };

/** Inputs that must change nothing. Each key says what the input is; @returns the input. */
const HARMLESS: Readonly<Record<string, (known: Requests) => unknown>> = {
  'an empty input': () => ({}),
  'a request that does not exist': () => ({ requestId: 'nobody' }),
  'an id that is not a string': () => ({ requestId: 5, cleanup: true }),
  'an id that is too long': () => ({ requestId: 'x'.repeat(81), cleanup: true }),
  'a request that holds access': ({ held }) => ({ requestId: held }),
  'a request that is over': ({ over }) => ({ requestId: over }),
  'a clean-up of a request that does not exist': () => ({ requestId: 'nobody', cleanup: true }),
  'a clean-up of a request that is over': ({ over }) => ({ requestId: over, cleanup: true }),
  'a clean-up that names an assignment of an administrator': () => ({
    requestId: 'nobody',
    cleanup: true,
    made: madeOf(STANDING),
  }),
  'a clean-up of a closed request that names what another request holds': ({ over }) => ({
    requestId: over,
    cleanup: true,
    made: madeOf(HELD),
  }),
  'a clean-up that cuts the sessions of an assignment of an administrator': ({ now: cutSince }) => ({
    ...{ requestId: 'nobody', cleanup: true, made: madeOf(STANDING), cutSince },
  }),
  'a clean-up that cuts the sessions of what a request holds': ({ now: cutSince }) => ({
    ...{ requestId: 'nobody', cleanup: true, made: madeOf(HELD), cutSince },
  }),
  'a cut since an empty instant': () => ({ requestId: 'nobody', cleanup: true, made: madeOf(STANDING), cutSince: '' }),
  'a cut since a text that is no instant': () => ({
    requestId: 'nobody',
    cleanup: true,
    made: madeOf(STANDING),
    cutSince: 'ever',
  }),
  'a cut since an instant in the future': () => ({
    ...{ requestId: 'nobody', cleanup: true, made: madeOf(STANDING), cutSince: '2036-01-01T00:00:00.000Z' },
  }),
  'a report of access that lasts': ({ held }) => ({ requestId: held, report: true }),
  'a report of access that is over': ({ over }) => ({ requestId: over, report: true }),
  'a report of a request that does not exist': () => ({ requestId: 'nobody', report: true }),
};

describe('an attacker who starts executions of the workflow with an input of their choice', () => {
  let driver: Driver;
  let intruder: Intruder;
  beforeAll(async () => {
    for (const name of FUNCTION_NAMES) deployedRole(name);
    driver = await Driver.start({ permissionSets: ALL_GUARDED });
    driver.mayBeRefused = true;
  });
  afterAll(() => driver.stop());
  beforeEach(async () => {
    await driver.reset();
    await driver.must('POST', '/sandbox/assignments', STANDING);
    await driver.advance('PT5S');
    intruder = new Intruder('access-requested', driver.running.url);
  });
  afterEach(() => intruder.close());

  const start = (name: string, input: unknown) =>
    intruder.startWith(name, input, stateMachineArn(driver.running.current().world));
  const assigned = async () => (await driver.state()).assignments.map(nameOf);

  async function ask(user: string, duration: string): Promise<State['requests'][number]> {
    await driver.ask(user, { account: STAGING, permissionSet: POWER, duration, reason: 'for work' });
    await driver.advance('PT5S');
    return driver.request();
  }

  it('needs the role of a function that answers people or looks after access; no other role may start one', async () => {
    const may: string[] = [];
    for (const name of FUNCTION_NAMES) {
      const one = new Intruder(name, driver.running.url);
      if (await one.startWith(`by-${name}`, {}, stateMachineArn(driver.running.current().world))) may.push(name);
      one.close();
    }
    expect(new Set(may)).toEqual(
      new Set(['access-requested', 'api', 'try-access', 'revoke-access', 'sweep-access', 'watch-assignments']),
    );
  });

  it('can give, remove or prolong no access', async () => {
    await driver.putRecords({ id: { S: `access#${STAGING}#${POWER}#user-cleo` } });
    const { id: over } = await ask('U0CLEO', '5m');
    await driver.advance('PT10M');
    const { id: held } = await ask('U0BEN', '30m');
    const { now, requests } = await driver.state();
    expect(requests.map(({ state }) => state)).toEqual(['ended', 'active']);
    for (const [index, input] of Object.values(HARMLESS).entries())
      expect(await start(`any-${index}`, input({ held, over, now }))).toBe(true);
    await driver.advance('PT20M');
    expect(new Set(await assigned())).toEqual(new Set([nameOf(STANDING), nameOf(HELD)]));
    expect((await driver.state()).requests.map(({ state }) => state)).toEqual([
      expect.stringMatching(/^(?:ended|reported)$/),
      'active',
    ]);
    await driver.advance('PT17M');
    expect(await assigned()).toEqual([nameOf(STANDING)]);
    const { calls } = await driver.state();
    expect(calls['sso-admin:CreateAccountAssignment']).toBe(2);
  });

  it('cannot make the workflow remove an assignment of an administrator by reusing the name of an earlier execution', async () => {
    const { id } = await ask('U0BEN', '30m');
    expect(await start('evil', { requestId: id })).toBe(true);
    await driver.advance('PT32M');
    expect((await driver.request()).state).toMatch(/^(?:ended|reported)$/);
    expect(await assigned()).toEqual([nameOf(STANDING)]);
    await driver.must('POST', '/sandbox/assignments', HELD);
    await driver.advance('PT1M');
    expect(await start('evil-again', { requestId: 'evil', cleanup: true })).toBe(true);
    await driver.advance('PT10M');
    expect(new Set(await assigned())).toEqual(new Set([nameOf(STANDING), nameOf(HELD)]));
  });

  it('can neither lock a person out nor lift a lock: only operators can', async () => {
    await driver.must('POST', '/sandbox/assignments', { ...STANDING, permissionSetArn: ADMIN });
    const denied = async () => {
      const arn = `arn:aws:iam::${PRODUCTION}:policy/glasshammer/SessionGuard`;
      return driver.running.current().world.policies[arn]?.versions.at(-1)?.document ?? '';
    };
    expect(await runGuardCommand(driver, ['lock', '--user', 'user-dan', '--reason', 'a stolen laptop'])).toMatchObject({
      out: expect.stringContaining(`${PRODUCTION}\tevery session is denied`),
    });
    const before = await denied();
    expect(before).toMatch(/user-dan/);
    const asked = [
      { ask: 'lock', principalId: 'user-dan', locked: false },
      { ask: 'lock', principalId: 'user-dan', locked: 'no' },
      { ask: 'lock', principalId: 'user-ben', locked: true },
      { ask: 'lock', principalId: '*', locked: true },
      { ask: 'look' },
      { ask: 'lift', principalId: 'user-dan' },
    ];
    for (const [index, guard] of asked.entries())
      expect(await start(`guard-${index}`, { guard: { accountId: PRODUCTION, ...guard } })).toBe(true);
    await driver.advance('PT10M');
    expect(await denied()).toBe(before);
    expect(await runGuardCommand(driver, ['unlock', '--user', 'user-dan'])).toMatchObject({ code: 0 });
    expect(await denied()).not.toMatch(/user-dan/);
    await driver.advance('PT1M');
    const { archive } = (await driver.must('GET', '/sandbox/state')) as { archive: { type: string }[] };
    const turns = archive.map(({ type }) => type).filter((type) => type.includes('lock'));
    expect(turns).toEqual(['locked', 'unlocking', 'unlocked']);
  });

  it('can end an access early, and the early end is recorded like every other end', async () => {
    const { id } = await ask('U0BEN', '30m');
    await start('early', { requestId: id, cleanup: true });
    await driver.advance('PT1M');
    expect(await assigned()).toEqual([nameOf(STANDING)]);
    expect((await driver.request()).events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['ending', 'ended']),
    );
  });
});
