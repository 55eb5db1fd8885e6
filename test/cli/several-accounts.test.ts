import type { ApiAnswer } from '../../cli/access/api-client.ts';
import { PRODUCTION } from '../core/access/requests.ts';
import { needsLeads } from '../core/access/services.ts';
import { listenToStdout } from '../lambdas/stdout.ts';
import { terminal } from './terminal.ts';

listenToStdout();

const STAGE = '222222222222';
const BOTH = `request --account prod --account ${STAGE} glass 1h "compare them"`;

/** Two accounts that Ben may ask for, and what the API does instead of answering one ask, by default the first. */
function twoAccounts(instead: () => ApiAnswer, nth = 1) {
  const at = terminal();
  at.world.directory.accounts.push({ id: STAGE, name: 'Stage', active: true });
  at.services.accounts = async () => at.world.directory.accounts.map(({ id, name }) => ({ id, name }));
  at.world.policyStore.write(needsLeads({ accounts: [PRODUCTION, STAGE] }));
  let asks = 0;
  at.faults.push((method, path) =>
    method === 'POST' && path.endsWith('/requests') && ++asks === nth ? instead() : undefined,
  );
  const asked = () => [...at.world.requests.requests.values()].map(({ target }) => target);
  return { at, asked };
}

const FORBIDDEN: ApiAnswer = { status: 403, json: {}, errorType: 'AccessDeniedException' };

it('exits with the worst of what came of the accounts, in whatever order they came', async () => {
  const { at } = twoAccounts(() => FORBIDDEN, 2);
  // What waits already is refused.
  await at.run('ben', `request ${STAGE} glass 1h "before"`);
  const { code, err } = await at.run('ben', BOTH);
  expect(err).toMatch(new RegExp(`^${PRODUCTION}: this session may not call the API.*\n${STAGE}: .*\n$`));
  expect(code).toBe(5);
});

it.each([
  [
    'the credentials end for a moment',
    Object.assign(new Error('Could not load credentials from any providers'), { name: 'CredentialsProviderError' }),
    /no AWS credentials for profile me/,
  ],
  ['the command itself fails', new TypeError('no such thing'), /TypeError: no such thing/],
])('asks for the accounts after one for which %s, and says which one failed', async (_what, error, words) => {
  const { at, asked } = twoAccounts(() => {
    throw error;
  });
  const { code, out, err } = await at.run('ben', `${BOTH} --json`);
  expect(asked()).toMatchObject([{ accountId: STAGE }]);
  expect(err).toMatch(new RegExp(`^${PRODUCTION}: .*\n$`));
  expect(err).toMatch(words);
  const [failed, made] = out
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text));
  expect([failed.accountId, made.state, code]).toEqual([PRODUCTION, 'pending', 1]);
});

it('tells of a request that was made although another one cannot be waited for', async () => {
  const { at, asked } = twoAccounts(() => FORBIDDEN);
  at.faults.length = 0;
  let looks = 0;
  at.faults.push((method, path) =>
    method === 'GET' && path.includes('/requests/') && ++looks === 1 ? FORBIDDEN : undefined,
  );
  const refuse = () => {
    for (const request of at.world.requests.requests.values()) at.world.requests.put({ ...request, state: 'denied' });
  };
  const { code, out, err } = await at.run('ben', `${BOTH} --wait`, [() => {}, refuse]);
  expect(asked()).toHaveLength(2);
  expect(err).toContain(`${PRODUCTION}: this session may not call the API`);
  expect(out).toMatch(/ in Stage /);
  expect(code).toBe(5);
});
