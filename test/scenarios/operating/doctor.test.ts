import { main } from '../../../cli/main.ts';
import { nodeIo } from '../../../cli/terminal/node-io.ts';
import { FUNCTION_NAMES } from '../../../lambdas/shared/environment-names.ts';
import { Driver } from '../support/driver.ts';

interface Diagnosis {
  readonly faults: number;
  readonly unseen: number;
  readonly findings: readonly { readonly check: string; readonly status: string; readonly what: string }[];
}

describe('glasshammer doctor', () => {
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

  async function glasshammer(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
    const said = { out: '', err: '' };
    const code = await main(argv, {
      ...nodeIo(),
      stdout: (text) => {
        said.out += text;
      },
      about: (text) => {
        said.out += text;
      },
      stderr: (text) => {
        said.err += text;
      },
      now: () => driver.running.current().clock.now(),
      env: { ...driver.running.environment(), USER: 'olga' },
    });
    return { code, ...said };
  }

  async function diagnosis(): Promise<Diagnosis & { readonly code: number }> {
    const { code, out } = await glasshammer('doctor', '--json');
    return { code, ...(JSON.parse(out) as Diagnosis) };
  }

  const wrong = ({ findings }: Diagnosis) =>
    findings
      .filter(({ status }) => status === 'fault' || status === 'unseen')
      .map(({ check, what }) => `${check}: ${what}`);

  it('finds no fault in a sandbox, at its start and after a grant, and notes that drift is only reported', async () => {
    const fresh = await diagnosis();
    expect(wrong(fresh)).toEqual([]);
    expect(fresh).toMatchObject({ code: 0, faults: 0, unseen: 0 });

    await driver.breakGlass('U0ANA');
    await driver.advance('PT20M');
    const { code, out } = await glasshammer('doctor');
    expect(out).toMatch(
      /^note +drift: drift is only reported\n +why: nothing .* is removed.*\n +fix: read glasshammer drift status/m,
    );
    // The event of the grant arrived: CloudTrail, the rule and the function that watches are connected.
    expect(out).toMatch(/last heard from here \d{4}-/);
    expect(out).toMatch(/^ok +sweep: the last sweep was at/m);
    expect(out).toMatch(/^0 faults, 0 not seen, 2 notes, \d+ right\n$/m);
    expect(code).toBe(0);
  });

  it('names every one of many faults at once', async () => {
    const { world } = driver.running.current();
    world.delegatedAdministrators['sso.amazonaws.com'] = [];
    world.trustedServices = [];
    world.trails = [];
    world.ses.productionAccess = false;
    world.ses.identities = ['glasshammer@example.com'];
    world.ses.configurationSets['glasshammer@example.com'] = 'feedback';
    for (const topic of Object.values(world.subscriptions)) for (const receiver of topic) receiver.confirmed = false;
    for (const group of world.groups.slice(0, 1)) group.externalIds = [{ issuer: 'https://scim.example.com', id: '7' }];
    world.instanceKey = { arn: 'arn:aws:kms:eu-central-1:456789012345:key/1', status: 'ENABLED' };
    world.rolesMissing.add('234567890123');
    world.concurrency = 10;
    world.functions = world.functions.filter(({ name }) => name !== 'glasshammer-revoke-access');
    world.assignments.push({
      principalType: 'USER',
      principalId: 'user-dan',
      accountId: '999999999999',
      permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-read',
      createdBy: 'an administrator',
      createdAt: '2024-01-15T00:00:00.000Z',
    });
    // A group's assignment in Glasshammer's own account is a fault, as every member has it; a user's own one is not.
    const [group] = world.groups;
    for (const [principalType, principalId] of [
      ['GROUP', group?.id ?? ''],
      ['USER', 'user-dan'],
    ] as const)
      world.assignments.push({
        principalType,
        principalId,
        accountId: world.homeAccountId,
        permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-read',
        createdBy: 'an administrator',
        createdAt: '2024-01-15T00:00:00.000Z',
      });
    for (const stack of world.stacks) stack.outputs.Version = '0.0.9';
    await driver.must('POST', '/sandbox/access-records', [
      { id: { S: 'Policy#no-production' }, effect: { S: 'deny' } },
      { id: { S: 'principal#U0GUS' }, ssoPrincipal: { S: 'user-ana' } },
    ]);
    await driver.fault({ operation: 'slack:auth.test', error: 'token_revoked', times: 1 });
    await glasshammer('freeze', '--reason', 'forgotten');

    const found = await diagnosis();
    expect(found.code).toBe(1);
    const said = wrong(found).join('\n');
    for (const words of [
      /^version: .*0\.0\.9/m,
      /^delegation: 456789012345 is not/m,
      /^stack-set: .*does not trust/m,
      /^key: .*arn:aws:kms/m,
      /^permission-sets: .*ReadOnlyAccess.*management account/m,
      /^groups: .*SCIM/m,
      new RegExp(`^groups-own-account: .*\\(${group?.id}\\) has ReadOnlyAccess in its own account 456789012345$`, 'm'),
      /^slack-token: .*token_revoked/m,
      /^mail: .*configuration set, feedback/m,
      /^mail: .*security@example.com is not verified/m,
      /^alarm-mail: oncall@example.com has not confirmed/m,
      /^functions: function glasshammer-revoke-access is not there/m,
      /^concurrency: .*10/m,
      /^frozen: .*forgotten/m,
      /^trail: no trail/m,
      /^records: .*Policy#no-production/m,
      /^principals: U0ANA and U0GUS/m,
      /^readers: activity in 234567890123 cannot be read/m,
    ])
      expect(said).toMatch(words);
    expect(said).not.toMatch(/xoxb|signing-secret/);
  });

  it('and other commands print an AWS refusal in words with exit code 5, and a missing stack with 2', async () => {
    await driver.reset();
    await driver.fault({ operation: 'dynamodb:Query', error: 'AccessDeniedException', times: 1 });
    expect(await glasshammer('requests')).toMatchObject({
      code: 5,
      out: '',
      err: expect.stringMatching(/eu-central-1/),
    });
    expect(await glasshammer('requests', '--request-table', 'nope')).toMatchObject({
      code: 5,
      err: expect.stringMatching(/^there is no table/),
    });
    expect(await glasshammer('requests', '--request-table', 'glasshammer-access')).toMatchObject({
      code: 5,
      err: expect.stringMatching(/swapped/),
    });
    expect(await glasshammer('requests', '--stack', 'Nope')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^there is no stack Nope in eu-central-1/),
    });
    // The names come from the stack's outputs alone.
    expect(await glasshammer('requests', '--stack', 'Glasshammer')).toMatchObject({
      code: 0,
      out: 'no open request\n',
    });
  });

  it('knows every function that is deployed', () => {
    const { world } = driver.running.current();
    expect(world.functions.map(({ name }) => name)).toEqual(FUNCTION_NAMES.map((name) => `glasshammer-${name}`));
  });
});
