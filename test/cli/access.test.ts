import { constants } from 'node:os';
import type { ApiAnswer } from '../../cli/access/api-client.ts';
import type { EndingSignal } from '../../cli/access/signals.ts';
import { needsLeads } from '../core/access/services.ts';
import { NOON, PRODUCTION } from '../lambdas/api/calling.ts';
import { listenToStdout } from '../lambdas/stdout.ts';
import { CONFIG, EXEC, terminal, unreachable } from './terminal.ts';

listenToStdout();

test('a requester names account and permission set in part, waits for an approval, and reads how to use the access', async () => {
  const at = terminal();
  const asked = await at.run('ben', 'request prod glass 1h "the checkout is down" --wait', [
    () => at.showApprovers(),
    async () => expect((await at.run('cleo', `approve ${at.only().id.slice(0, 12)} --note fine`)).code).toBe(0),
    () => at.enterState('granting'),
    () => at.enterState('active'),
  ]);
  expect(asked.code).toBe(0);
  expect(asked.err).toMatch(/waits for an approval, until .*\naccess is being given\naccess is there, until .*\n/);
  expect(asked.out).toContain(`/#/console?account_id=${PRODUCTION}&role_name=BreakGlassAdmin`);
  expect(asked.out).toContain('[profile Production-BreakGlassAdmin]\nsso_session = company\n');
  expect((await at.run('ben', 'mine')).out).toContain('BreakGlassAdmin in Production');
  const ended = await at.run('ben', 'end --json');
  expect(JSON.parse(ended.out)).toMatchObject({ id: at.only().id, state: 'ending' });
});

test('one command asks for the same permission set in several accounts: one request and one result line per account', async () => {
  const at = terminal();
  const stages = ['111111111111', '222222222222'].map((id, place) => ({ id, name: `Stage ${place + 1}` }));
  at.world.directory.accounts.push(...stages.map((stage) => ({ ...stage, active: true })));
  at.services.accounts = async () => at.world.directory.accounts.map(({ id, name }) => ({ id, name }));
  at.world.policyStore.write(needsLeads({ accounts: [PRODUCTION, ...stages.map(({ id }) => id)] }));
  const requests = () => [...at.world.requests.requests.values()].filter(({ state }) => state === 'pending');
  const both = `request --account prod --account ${PRODUCTION} --account 111111111111 glass 1h "compare them"`;
  const asked = await at.run('ben', both);
  expect([asked.code, asked.err]).toEqual([0, '']);
  expect(asked.out).toMatch(/ in Production .*\n.* in Stage 1 .*\n$/);
  // A refusal in one account does not stop the ask in another, and a repetition with its key makes no second request.
  const keyed = 'request prod glass 1h "again" --account 222222222222 --key once --json';
  const answers = [await at.run('ben', keyed), await at.run('ben', keyed)];
  for (const { code, out, err } of answers) {
    const said = out
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect([code, said.map(({ state, reason }) => state ?? reason)]).toEqual([4, ['already-waiting', 'pending']]);
    expect(said[0].accountId).toBe(PRODUCTION);
    expect(err).toMatch(new RegExp(`^${PRODUCTION}: .*\n$`));
  }
  expect(requests().map(({ target }) => target)).toMatchObject(
    [PRODUCTION, '111111111111', '222222222222'].map((accountId) => ({ accountId })),
  );
  // One unknown account among several stops the whole command: nothing is asked for.
  expect((await at.run('ben', 'request --account 222222222222 --account nowhere glass 1h "why"')).code).toBe(2);
  expect((await at.run('ben', 'request prod glass 1h')).err).toContain('say why');
  expect(requests()).toHaveLength(3);

  const { approval: _nobody, ...free } = needsLeads({ accounts: stages.map(({ id }) => id), who: ['user:user-ana'] });
  at.world.policyStore.write({ ...free, id: 'policy#free' });
  const given = () => {
    for (const request of at.world.requests.requests.values())
      if (request.state === 'approved') at.world.requests.put({ ...request, state: 'active' });
  };
  const waited = await at.run('ana', 'request --account 111111111111 --account 222222222222 glass 1h "both" --wait', [
    given,
    given,
  ]);
  expect([waited.code, waited.out.match(/account_id=\d+/g)]).toEqual([
    0,
    ['account_id=111111111111', 'account_id=222222222222'],
  ]);
});

test('exec runs a program with the access and ends the access when the program exits, even with an error code', async () => {
  const at = terminal();
  const line = 'exec prod glass 30m -- aws s3 ls --recursive';
  const keys = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x', AWS_SESSION_TOKEN: 'y' };
  const { code, err } = await at.run('ana', line, [() => at.enterState('active')], keys);
  expect(code).toBe(3);
  expect(at.ran).toEqual([
    {
      command: ['aws', 's3', 'ls', '--recursive'],
      profile: `glasshammer-${at.only().id}`,
      config: expect.stringMatching(/^\[default\][\s\S]*sso_role_name = BreakGlassAdmin\n$/),
    },
  ]);
  expect([at.only().state, at.only().reason]).toEqual(['ending', 'to run aws']);
  expect(err).toContain('access is ended');
});

test('exec leaves access that the person already had, and does not report that it ended', async () => {
  const at = terminal();
  await at.run('ana', 'request prod glass 1h "for the morning"');
  at.enterState('active');
  const root = at.only();
  const join = () => at.world.requests.put({ ...at.only(), state: 'joined', accessId: root.id });
  const { code, err } = await at.run('ana', 'exec prod glass 30m -- true', [join]);
  expect([code, at.world.requests.now(root.id).state]).toEqual([3, 'active']);
  expect(err).toContain('you had this access before');
});

test('exec gives the program a profile whose name is not yet in the AWS config file of the person', async () => {
  const at = terminal();
  await at.run('ana', EXEC, [() => at.enterState('active')]);
  const names = [...(at.ran[0]?.config ?? '').matchAll(/^\[.*\]$/gm)].map(([heading]) => heading);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain(`[profile ${at.ran[0]?.profile}]`);
  expect(CONFIG).not.toContain(`[profile ${at.ran[0]?.profile}]`);
});

describe('while exec waits for the access', () => {
  it.each<[string, () => ApiAnswer]>([
    ['throttling by the API', () => ({ status: 429, json: { message: 'Too Many Requests' } })],
    ['a 503 from the API', () => ({ status: 503, json: { message: 'Service Unavailable' } })],
    ['an unreachable API', unreachable],
  ])('the wait survives %s, and one line says that it goes on', async (_what, fault) => {
    const at = terminal();
    const breakLooks = () => at.faults.push((method) => (method === 'GET' ? fault() : undefined));
    const { code, err } = await at.run('ana', EXEC, [
      breakLooks,
      () => {},
      () => {
        at.faults.length = 0;
        at.enterState('active');
      },
    ]);
    expect([code, at.only().state]).toEqual([3, 'ending']);
    expect(err.match(/goes on waiting/g)).toHaveLength(1);
  });

  it('a wait that fails takes the request back', async () => {
    const at = terminal();
    const expired = { status: 403, json: { message: 'The security token included in the request is expired' } };
    const errorType = 'ExpiredTokenException';
    const { code, err } = await at.run('ana', EXEC, [
      () =>
        at.faults.push(() => {
          at.faults.length = 0;
          return { ...expired, errorType };
        }),
    ]);
    expect([code, at.only().state, at.ran]).toEqual([5, 'cancelled', []]);
    expect(err).toMatch(/the request is taken back\nyour AWS session has expired: aws sso login\n$/);
  });

  it.each<EndingSignal>(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s takes the request back', async (name) => {
    const at = terminal();
    const { code, err } = await at.run('ana', EXEC, [() => at.signal(name)]);
    expect([code, at.only().state, at.ran]).toEqual([128 + constants.signals[name], 'cancelled', []]);
    expect(err).toContain('the request is taken back');
  });

  it('access that is granted while the person interrupts the wait is ended', async () => {
    const at = terminal();
    const { err } = await at.run('ana', EXEC, [
      () => {
        at.enterState('granting');
        at.signal('SIGINT');
      },
      () => at.enterState('active'),
    ]);
    expect([at.only().state, at.ran]).toEqual(['ending', []]);
    expect(err).toContain('access is ended');
  });
});

test('closing the terminal while the program runs still ends the access; if that fails, exec prints the command that ends it', async () => {
  const at = terminal();
  const closed = await at.run('ana', EXEC, [() => at.enterState('active')], {}, () => at.signal('SIGHUP'));
  expect([closed.code, at.only().state]).toEqual([3, 'ending']);
  const other = terminal();
  const active = () => {
    other.enterState('active');
    other.faults.push((method) => (method === 'POST' ? { status: 403, json: { message: 'no' } } : undefined));
  };
  const left = await other.run('ana', EXEC, [active]);
  expect([left.code, left.err]).toEqual([3, expect.stringContaining(`glasshammer end ${other.only().id}`)]);
});

test('access that a second request has joined stays active when the program of the first request exits', async () => {
  const at = terminal();
  const { code, err } = await at.run('ana', EXEC, [() => at.enterState('active')], {}, () => {
    const root = at.only();
    at.world.requests.put({ ...root, joins: [{ requestId: 'req-other', at: NOON, endsAt: root.endsAt }] });
  });
  expect([code, at.only().state]).toEqual([3, 'active']);
  expect(err).toContain(`another request of yours is part of it: it stays until ${at.only().endsAt}`);
});

test('exec asks for no access when the chosen AWS profile does not sign in through Identity Center', async () => {
  const at = terminal();
  const { code, err } = await at.run('ana', 'exec prod glass 30m -- aws s3 ls', [], { AWS_PROFILE: 'other' });
  expect([code, at.world.requests.requests.size]).toEqual([2, 0]);
  expect(err).toMatch(/^exec signs in as your profile does: .*\n$/);
});

test('an approver lists and denies waiting requests; a requester cancels one and asks for an extension', async () => {
  const at = terminal();
  expect(await at.run('cleo', 'pending')).toEqual({ code: 0, out: 'nothing waits for you\n', err: '' });
  await at.run('ben', 'request prod glass 1h "the checkout is down"');
  at.showApprovers();
  expect((await at.run('dan', 'pending')).out).toContain(
    'ben@example.com\tBreakGlassAdmin in Production 123456789012\tPT1H',
  );
  const own = await at.run('ben', `approve ${at.only().id}`);
  expect([own.code, own.err]).toEqual([4, expect.stringMatching(/your own request.*\n$/)]);
  expect((await at.run('ben', 'end')).out).toContain('is cancelled');
  await at.run('ben', 'request prod glass 1h "once more"');
  at.showApprovers();
  expect((await at.run('dan', `deny ${at.only().id} "not today"`)).out).toContain('is denied');
  await at.run('ana', 'request prod glass 30m "mine alone"');
  at.enterState('active');
  const more = await at.run('ana', `extend ${at.only().id} 30m "not done" --json`);
  expect(JSON.parse(more.out)).toMatchObject({ duration: 'PT30M', reason: 'not done' });
});

test('a refusal is one line with the nearest ask that is allowed and exit code 4; --json prints the problem that the API sent', async () => {
  const at = terminal();
  const long = await at.run('ben', 'request prod glass 5h "the checkout is down"');
  expect([long.code, long.out]).toEqual([4, '']);
  expect(long.err).toMatch(/^You cannot have this for that long\..* Nearest: .*\n$/);
  const json = await at.run('ben', 'request prod glass 5h "the checkout is down" --json');
  expect(JSON.parse(json.out)).toMatchObject({ reason: 'too-long', status: 422 });
  const why = await at.run('ben', 'why-not prod glass 1h');
  expect([why.code, why.out]).toEqual([
    3,
    expect.stringMatching(/^would need an approval by cleo, dan, for PT2H at most\n$/),
  ]);
  const not = await at.run('cleo', `why-not ${PRODUCTION} BreakGlassAdmin`);
  expect([not.code, not.out]).toEqual([4, expect.stringContaining('would be refused: No policy lets you have this')]);
  // "prod" matches an account in which ben may ask for something, but not for the permission set Billing.
  const other = await at.run('ben', 'why-not prod Billing');
  expect([other.code, other.out]).toEqual([4, expect.stringContaining('There is no such permission set here')]);
  const elsewhere = await at.run('ben', 'why-not Nowhere Billing');
  expect([elsewhere.code, elsewhere.err]).toEqual([2, expect.stringContaining('name another by its id')]);
  expect((await at.run('ana', `why-not ${PRODUCTION} BreakGlassAdmin --json`)).code).toBe(0);
});

test('an ambiguous or unknown account, permission set, duration or request gives exit code 2, and nothing is asked for', async () => {
  const at = terminal();
  at.services.accounts = async () =>
    ['Production', 'Production EU'].map((name, at) => ({ id: `${PRODUCTION.slice(0, 11)}${2 + at}`, name }));
  at.world.policyStore.write(needsLeads({ accounts: ['*'] }));
  const said = async (line: string) => {
    const { code, err } = await at.run('ben', line);
    return [code, err];
  };
  expect(await said('request pro glass 1h why')).toEqual([
    2,
    'pro may be Production or Production EU: write more of the name, or the id\n',
  ]);
  expect(await said('request Nowhere glass 1h why')).toEqual([
    2,
    expect.stringContaining('there is no account Nowhere'),
  ]);
  expect(await said('request production billing 1h why')).toEqual([
    2,
    expect.stringContaining('there is no permission set billing'),
  ]);
  expect(await said('request production glass 60 why')).toEqual([
    2,
    expect.stringContaining('60 is no length of time'),
  ]);
  expect(await said('end')).toEqual([2, expect.stringContaining('there is no request of yours')]);
  expect(at.world.requests.requests.size).toBe(0);
});

test('an account beyond the 100 that the API lists can still be asked for by name', async () => {
  const at = terminal();
  const accounts = Array.from({ length: 150 }, (_, at) => ({ id: String(200000000000 + at), name: `Account ${at}.` }));
  at.services.accounts = async () => accounts;
  at.world.directory.accounts = accounts.map((account) => ({ ...account, active: true }));
  at.world.policyStore.write(needsLeads({ accounts: ['*'] }));
  expect((await at.run('ben', ['request', 'account 140.', 'glass', '1h', 'why'])).code).toBe(0);
  expect(at.only().target).toMatchObject({ accountId: '200000000140' });
  expect((await at.run('ben', 'why-not 140. glass 1h')).code).toBe(3);
  const nowhere = await at.run('ben', 'request Nowhere glass 1h why');
  expect(nowhere.err).toContain('you may ask for Account 0., Account 1.');
});

test('a caller who is no user of the directory, or who has not set GLASSHAMMER_API, reads what is wrong', async () => {
  const at = terminal();
  expect(await at.run('eve', 'mine')).toMatchObject({ code: 4, err: expect.stringMatching(/^[^\n]+\n$/) });
  expect(await at.run('ana', 'mine', [], { GLASSHAMMER_API: '' })).toMatchObject({
    code: 2,
    err: expect.stringContaining('GLASSHAMMER_API'),
  });
});
