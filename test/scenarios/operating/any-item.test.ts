import fc from 'fast-check';
import { main } from '../../../cli/main.ts';
import { nodeIo } from '../../../cli/terminal/node-io.ts';
import { ACCESS_TABLE, REQUEST_TABLE } from '../../../sandbox/server/environment.ts';
import { type AnyItem, anyItem, anyRecord } from '../support/any-item.ts';
import { BREAK_GLASS, Driver, POWER, PRODUCTION, STAGING } from '../support/driver.ts';
import { approvalFor, asks, clicks, now, privateWords } from '../support/people.ts';

describe('tables that hold arbitrary items', () => {
  const environment = process.env;
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
    process.env = { ...environment, ...driver.running.environment() };
  });
  afterAll(() => {
    process.env = environment;
    return driver.stop();
  });

  async function glasshammer(line: string): Promise<string> {
    let said = '';
    const add = (text: string) => {
      said += text;
    };
    await main(line.split(' '), {
      ...nodeIo(),
      stdout: add,
      about: add,
      stderr: add,
      now: () => driver.running.current().clock.now(),
      env: { ...driver.running.environment(), USER: 'olga' },
    });
    return said;
  }

  /** @returns how many of the items DynamoDB accepted */
  async function put(TableName: string, items: readonly AnyItem[]): Promise<number> {
    const { aws } = driver.running.current();
    let taken = 0;
    for (const Item of items) {
      await aws.byConsole('dynamodb:PutItem', { TableName, Item }).then(
        () => {
          taken += 1;
        },
        (error: Error) => expect(error.name).toBe('ValidationException'),
      );
    }
    return taken;
  }

  // A fixed seed gives the same items on every machine; test/contracts/any-item.test.ts tries other ones with the
  // lists.
  it('decide, list, explain, end and report as if the items were not there', async () => {
    const seed = 1;
    expect(await put(ACCESS_TABLE, fc.sample(anyRecord, { seed, numRuns: 60 }))).toBeGreaterThan(40);
    expect(await put(REQUEST_TABLE, fc.sample(anyItem, { seed, numRuns: 15 }))).toBeGreaterThan(8);

    const granted = await asks(driver, 'U0ANA', { account: PRODUCTION, permissionSet: BREAK_GLASS, duration: '20m' });
    const allowed = await asks(driver, 'U0BEN', { account: STAGING, permissionSet: POWER, duration: '20m' });
    const refused = await asks(driver, 'U0CLEO', { account: STAGING, permissionSet: POWER });
    const pending = await asks(driver, 'U0BEN', {
      account: PRODUCTION,
      permissionSet: 'ReadOnlyAccess',
      duration: '20m',
    });
    await clicks(driver, 'U0CLEO', await approvalFor(driver, pending), 'Approve');
    await driver.advance('PT6M');
    const all = [granted, allowed, refused, pending];
    const asNow = () => Promise.all(all.map((one) => now(driver, one)));
    expect((await asNow()).map(({ state, path, refusal }) => [state, path ?? refusal?.reason])).toEqual([
      ['active', `access#${PRODUCTION}#${BREAK_GLASS}#user-ana`],
      ['active', 'developers-staging'],
      ['refused', 'not-allowed'],
      ['active', 'developers-production'],
    ]);
    expect(privateWords(await driver.state(), 'U0CLEO').join()).toContain('No policy lets you have this');

    // A part of a request is deleted by hand; its access still ends.
    await driver.running.current().aws.byConsole('dynamodb:UpdateItem', {
      TableName: REQUEST_TABLE,
      Key: { id: { S: granted.id } },
      UpdateExpression: 'REMOVE tokens',
    });

    const listed = await glasshammer('requests --all');
    expect(all.map(({ id }) => listed.includes(id))).toEqual([true, true, false, true]);
    const asked = 'policy explain --aws --account Staging --permission-set PowerUserAccess --user';
    expect(await glasshammer(`${asked} ben@example.com`)).toMatch(/^granted: Policy "developers-staging" allows this/);
    expect(await glasshammer(`${asked} cleo@example.com`)).toMatch(/^refused: No policy and no access record lets/);
    expect(await glasshammer('principal list')).toMatch(/^U0ANA\tuser-ana$/m);
    expect(await glasshammer('drift status')).toContain('0 could not be\nnothing is known');
    const { findings } = JSON.parse(await glasshammer('doctor --json'));
    const told = ['records', 'principals', 'holders', 'policy-names'];
    const wrong = findings.filter(({ status }: Record<string, string>) => status === 'unseen' || status === 'fault');
    expect(wrong.filter(({ check }: { check: string }) => !told.includes(check))).toEqual([]);

    await driver.advance('PT40M');
    const ended = await asNow();
    expect(ended.map(({ state }) => state)).toEqual(['ended', 'ended', 'refused', 'ended']);
    const reported = ended.filter(({ events }) => events.some(({ type }) => type === 'first-report'));
    expect(reported).toHaveLength(3);
    const state = await driver.state();
    expect(state.assignments).toEqual([]);
    const audit = await glasshammer('audit ask who-had-what --json');
    expect(all.map(({ id }) => audit.includes(id))).toEqual([true, true, false, true]);
    expect(await glasshammer('audit verify --from 2020-01-01T00:00:00Z')).toMatch(/: the archive says the same\n$/);
    // Alarms tell of the written items, and for a request among them also that nobody works on it or reports it.
    const about = ['malformed-record', 'records-tampered', 'workflow-stopped', 'report-failed'];
    expect(state.alarms.map(({ id }) => id).filter((id) => !about.includes(id))).toEqual([]);
  });
});
