import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answered } from '../../cli/guard/harmless-calls.ts';
import { openPortal, type Portal } from '../../cli/guard/portal-credentials.ts';
import { type ProofStep, prove } from '../../cli/guard/prove-cut.ts';

const ROLE = { accountId: '123456789012', permissionSet: 'BreakGlassAdmin' };
const CONFIG = `[default]
region = eu-west-1
[profile me]
sso_session = company # ours
sso_account_id = 111111111111
[sso-session company]
sso_start_url = https://company.awsapps.com/start
sso_region = eu-central-1
`;

describe('the credentials for guard prove', () => {
  const file = (name: string) => `/me/.aws/sso/cache/${createHash('sha1').update(name).digest('hex')}.json`;
  const open = (files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) =>
    openPortal({
      env: { HOME: '/me', AWS_PROFILE: 'me', ...env },
      readFile: async (path) => files[path] ?? Promise.reject(new Error(`no ${path}`)),
      now: () => new Date('2026-01-05T09:00:00Z'),
    });
  const cached = (expiresAt: string) => ({
    '/me/.aws/config': CONFIG,
    [file('company')]: JSON.stringify({ accessToken: 'token', expiresAt }),
  });
  const asked: string[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    asked.push(`${url} ${String(headers['x-amz-sso_bearer_token'])}`);
    const status = url.includes('Nothing') ? 403 : url.includes('Expired') ? 401 : 200;
    const roleCredentials = { accessKeyId: 'ASIA1', secretAccessKey: 's', sessionToken: 't', expiration: 1 };
    response.writeHead(status).end(JSON.stringify(status === 200 ? { roleCredentials } : { message: 'no' }));
  });
  let portalUrl = '';
  beforeAll(async () => {
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    portalUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  it('come from the access portal, with the token that aws sso login has cached', async () => {
    const portal = await open(cached('2026-01-05T10:00:00Z'), { AWS_ENDPOINT_URL_SSO: portalUrl });
    expect(portal.region).toBe('eu-central-1');
    expect(await portal.fetch(ROLE)).toEqual({ accessKeyId: 'ASIA1', secretAccessKey: 's', sessionToken: 't' });
    expect(asked).toEqual(['/federation/credentials?account_id=123456789012&role_name=BreakGlassAdmin token']);
    await expect(portal.fetch({ ...ROLE, permissionSet: 'Nothing' })).rejects.toMatchObject({
      name: 'PortalNotYetError',
    });
    await expect(portal.fetch({ ...ROLE, permissionSet: 'Expired' })).rejects.toThrow('aws sso login');
  });

  it.each([
    ['has expired', cached('2026-01-05T08:59:59Z'), {}, 'aws sso login'],
    ['was never started', { '/me/.aws/config': CONFIG }, {}, 'aws sso login'],
    ['is not one of Identity Center', cached('2026-01-05T10:00:00Z'), { AWS_PROFILE: 'other' }, 'aws configure sso'],
  ])('cannot be fetched with a session that %s, and the error says what to do', async (_what, files, env, hint) => {
    await expect(open(files, env)).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining(hint),
    });
  });
});

describe('guard prove', () => {
  const ALLOWED: Answered = { allowed: true };
  const deniedIn = (policy: string): Answered => ({
    allowed: false,
    why: `AccessDenied: … with an explicit deny in ${policy}`,
  });
  const GUARD = 'arn:aws:iam::123456789012:policy/glasshammer/SessionGuard';
  const REFUSED = deniedIn(`a permissions boundary: ${GUARD}`);
  const GONE: Answered = { allowed: false, why: 'InvalidClientTokenId: no longer valid' };

  /** @param answers to the calls, in order; the last one answers all further calls */
  async function proof(answers: readonly (Answered | Error)[], end: () => string = () => 'ending') {
    const steps: ProofStep[] = [];
    let [err, ms, calls, ended, state] = ['', 0, 0, 0, 'active'];
    const request = () => ({ id: 'req-1', state, endsAt: null, joins: [], accessId: null, target: {}, refusal: null });
    const portal: Portal = {
      region: 'eu-central-1',
      fetch: async () => ({ accessKeyId: 'ASIA1', secretAccessKey: 's', sessionToken: 't' }),
    };
    const doing = {
      session: {
        request: async () => request(),
        get: async () => request(),
        act: async () => {
          ended += 1;
          state = end();
          return request();
        },
      },
      services: {
        pause: async () => {
          ms += 2000;
        },
      },
      signals: { stopped: new AbortController().signal, first: () => undefined },
      io: {
        newId: () => 'key',
        now: () => new Date(ms),
        stderr: (text: string) => {
          err += text;
        },
      },
      portal,
      call: async () => {
        const answer = answers[Math.min(calls++, answers.length - 1)] ?? ALLOWED;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    };
    const tell = (step: ProofStep) => void steps.push(step);
    const proven = prove(
      { body: {}, role: ROLE, limitMs: 20_000, tell },
      doing as unknown as Parameters<typeof prove>[1],
    );
    const code = await proven.catch((error: Error) => error.message);
    return { code, err, ended, last: steps.at(-1) };
  }

  it('does not take one refused call for the end of a session, because an IAM change is not in force everywhere at once', async () => {
    const { code, last, ended } = await proof([ALLOWED, REFUSED, ALLOWED, new Error('away'), REFUSED]);
    expect([code, ended]).toEqual([0, 1]);
    expect(last).toMatchObject({ step: 'refused', secondsAfterEnd: 6, byGuard: true });
  });

  it.each([
    ['the guard, before more text', `a permissions boundary: ${GUARD}. The session began`, true],
    ['the attached form', `an identity-based policy: ${GUARD}Attached`, true],
    ['the guard of a deployment of another name', `a permissions boundary: ${GUARD.replace('S', 'east-S')}`, true],
    ['another boundary', 'a permissions boundary: arn:aws:iam::123456789012:policy/Developers', false],
    ['a policy of a like name', 'an identity-based policy: arn:aws:iam::123456789012:policy/SessionGuard', false],
    ['a policy of a longer name', `a permissions boundary: ${GUARD}s`, false],
    ['the guard of another account', `a permissions boundary: ${GUARD.replace('123', '321')}`, false],
    ['a service control policy', 'a service control policy: arn:aws:organizations::1:policy/o-1/p-1', false],
    ['a policy that AWS does not name', 'a permissions boundary', undefined],
  ])('goes by the policy that AWS names: %s', async (_what, policy, byGuard) => {
    const { code, last } = await proof([ALLOWED, deniedIn(policy)]);
    expect([code, last?.step, last?.byGuard]).toEqual([0, 'refused', byGuard]);
    expect(last?.words.includes('not by the guard')).toBe(byGuard === false);
    expect(last?.words.includes('AWS does not say by which policy')).toBe(byGuard === undefined);
  });

  it('says so when the credentials are refused for another reason than the guard', async () => {
    const { code, last } = await proof([ALLOWED, GONE]);
    expect([code, last?.byGuard, last?.words]).toEqual([0, false, expect.stringContaining('not by the guard')]);
  });

  it('proves nothing when the call was never allowed, and still ends the access', async () => {
    const { code, ended } = await proof([REFUSED]);
    expect([code, ended]).toEqual([expect.stringContaining('nothing can be proven'), 1]);
  });

  it('proves nothing when the access could not be ended, and prints the command that ends it', async () => {
    const { code, err, last } = await proof([ALLOWED], () => {
      throw new Error('the API said no');
    });
    expect([code, last?.step]).toEqual([1, 'allowed']);
    expect(err).toContain('glasshammer end req-1');
  });
});
