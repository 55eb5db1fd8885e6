import { createHash, generateKeyPairSync } from 'node:crypto';
import { readToken, signToken } from '../../../sandbox/server/doors/sign-in.ts';
import { Driver, PRODUCTION } from '../support/driver.ts';
import { SHORT_ACCESS } from '../support/short-access.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are JSON, and each expectation says what of
type Json = any;

const VERIFIER = 'a-verifier-that-only-the-console-knows-0123456789';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

describe('the API through its endpoint for browsers', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(SHORT_ACCESS);
  });
  afterAll(() => driver.stop());

  const signIn = () => `${driver.running.url}/console/sign-in`;

  function authorize(as: string | undefined, changed: Readonly<Record<string, string>> = {}): Promise<Response> {
    const query = new URLSearchParams({
      client_id: 'sandboxconsole',
      redirect_uri: `${driver.running.url}/console/`,
      response_type: 'code',
      scope: 'openid',
      code_challenge_method: 'S256',
      code_challenge: CHALLENGE,
      state: 'where-i-was',
      ...(as === undefined ? {} : { as }),
      ...changed,
    });
    return fetch(`${signIn()}/oauth2/authorize?${query}`, { redirect: 'manual' });
  }

  async function token(form: Readonly<Record<string, string>>): Promise<{ status: number; json: Json }> {
    const answer = await fetch(`${signIn()}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'sandboxconsole',
        redirect_uri: `${driver.running.url}/console/`,
        code_verifier: VERIFIER,
        ...form,
      }),
    });
    return { status: answer.status, json: await answer.json() };
  }

  async function tokensOf(userId: string): Promise<Json> {
    const back = new URL((await authorize(userId)).headers.get('location') ?? '');
    expect(back.searchParams.get('state')).toBe('where-i-was');
    return (await token({ code: back.searchParams.get('code') ?? '' })).json;
  }

  async function call(bearer: string | undefined, method: string, path: string, body?: unknown) {
    const answer = await fetch(`${driver.running.url}/v1${path}`, {
      method,
      headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, json: (await answer.json()) as Json };
  }

  const OWN = '/people/user-ben/requests';

  it('carries a person from the sign-in to access that another person approved, and to its early end', async () => {
    const [ben, cleo] = [(await tokensOf('user-ben')).id_token, (await tokensOf('user-cleo')).id_token];
    expect(await call(ben, 'GET', '/whoami')).toMatchObject({
      status: 200,
      json: { userId: 'user-ben', userName: 'ben@example.com' },
    });
    const asked = {
      accountId: PRODUCTION,
      permissionSet: 'ReadOnlyAccess',
      duration: 'PT15M',
      reason: 'to look at it',
    };
    const made = await call(ben, 'POST', OWN, asked);
    expect(made).toMatchObject({ status: 201, json: { state: 'pending' } });
    const { id } = made.json;
    expect((await driver.request()).origin).toEqual({ kind: 'console' });
    await driver.advance('PT5S');
    const voted = await call(cleo, 'POST', `/people/user-cleo/requests/${id}/votes`, { vote: 'approve' });
    expect(voted).toMatchObject({ status: 200, json: { state: 'approved' } });
    await driver.advance('PT1M');
    expect((await call(ben, 'GET', `${OWN}/${id}`)).json.state).toBe('active');
    expect((await call(ben, 'POST', `${OWN}/${id}/end`)).status).toBe(200);
    await driver.advance('PT1M');
    expect((await call(ben, 'GET', `${OWN}/${id}`)).json.state).toBe('ended');
  });

  it('gives no tokens for a used code, a wrong verifier, another client or another redirect address', async () => {
    const code = async () =>
      new URL((await authorize('user-ben')).headers.get('location') ?? '').searchParams.get('code') ?? '';
    const used = await code();
    expect((await token({ code: used })).status).toBe(200);
    expect(await token({ code: used })).toEqual({ status: 400, json: { error: 'invalid_grant' } });
    const forToken = { code_verifier: 'guessed', redirect_uri: 'https://evil.example', client_id: 'other' };
    for (const [name, value] of Object.entries(forToken))
      expect([name, (await token({ code: await code(), [name]: value })).status]).toEqual([name, 400]);
    const forCode = {
      redirect_uri: 'https://evil.example/',
      client_id: 'other',
      code_challenge_method: 'plain',
      response_type: 'token',
      scope: 'openid aws.cognito.signin.user.admin',
    };
    for (const [name, value] of Object.entries(forCode))
      expect([name, (await authorize('user-ben', { [name]: value })).status]).toEqual([name, 400]);
    // Hal is disabled in Identity Center.
    expect((await authorize('user-hal')).status).toBe(400);
    expect(await (await authorize(undefined)).text()).not.toContain('hal@example.com');
  });

  describe('a caller who is not who they claim to be', () => {
    it('is denied without a valid token of this sign-in, for this console, that is not expired', async () => {
      const { id_token: real } = await tokensOf('user-ben');
      const claims = readToken(real) ?? {};
      const [, body, signature] = real.split('.');
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const forged: readonly [string, string | undefined][] = [
        ['no token', undefined],
        ['three letters in place of a token', 'x.y.z'],
        ['unsigned', `${part({ alg: 'none' })}.${body}.`],
        ['unsigned, with a signature', `${part({ alg: 'none', kid: 'sandbox' })}.${body}.${signature}`],
        ['another algorithm', `${part({ alg: 'HS256', kid: 'sandbox' })}.${body}.${signature}`],
        ['another key', signToken(claims, privateKey)],
        [
          'the id of another person under the same signature',
          `${real.split('.')[0]}.${part({ ...claims, 'custom:userId': 'user-ana' })}.${signature}`,
        ],
        ['another issuer', signToken({ ...claims, iss: 'https://evil.example' })],
        ['another audience', signToken({ ...claims, aud: 'another' })],
        ['not valid yet', signToken({ ...claims, nbf: Number(claims.exp) - 1 })],
        ['expired', signToken({ ...claims, exp: Number(claims.iat) - 1 })],
      ];
      for (const [how, bearer] of forged) expect([how, (await call(bearer, 'GET', OWN)).status]).toEqual([how, 401]);
      expect((await call(real, 'GET', OWN)).status).toBe(200);
    });

    it('is denied with a valid token that does not prove who they are', async () => {
      const { id_token: real, access_token: access } = await tokensOf('user-ben');
      const claims = readToken(real) ?? {};
      const unproven: readonly [string, string][] = [
        ['an access token', access],
        ['a user of the pool itself', signToken({ ...claims, 'cognito:username': 'ben@example.com' })],
        [
          'the id of one person and the name of another',
          signToken({ ...claims, 'cognito:username': 'IdentityCenter_ana@example.com' }),
        ],
        [
          'a name that looks alike, with a Cyrillic letter',
          signToken({ ...claims, 'cognito:username': 'IdentityCenter_bеn@example.com' }),
        ],
      ];
      for (const [how, bearer] of unproven)
        expect([how, await call(bearer, 'GET', OWN)]).toMatchObject([
          how,
          { status: 403, json: { reason: 'caller-unproven' } },
        ]);
      const unknown = signToken({ ...claims, 'custom:userId': 'user-nobody' });
      expect(await call(unknown, 'GET', '/people/user-nobody/requests')).toMatchObject({
        status: 403,
        json: { reason: 'principal-not-found' },
      });
      const hal = signToken({
        ...claims,
        'custom:userId': 'user-hal',
        'cognito:username': 'IdentityCenter_hal@example.com',
      });
      expect(await call(hal, 'GET', '/people/user-hal/requests')).toMatchObject({
        status: 403,
        json: { reason: 'principal-disabled' },
      });
      expect(await call((await tokensOf('user-ana')).id_token, 'GET', OWN)).toMatchObject({
        status: 403,
        json: { reason: 'caller-unproven' },
      });
    });

    it('is signed out after fifteen minutes unless the refresh token still works', async () => {
      const { id_token: real, refresh_token: again } = await tokensOf('user-ben');
      await driver.advance('PT16M');
      expect((await call(real, 'GET', OWN)).status).toBe(401);
      const next = await token({ grant_type: 'refresh_token', refresh_token: again });
      expect((await call(next.json.id_token, 'GET', OWN)).status).toBe(200);
      expect((await token({ grant_type: 'refresh_token', refresh_token: real })).status).toBe(400);
      expect(await driver.logs()).not.toMatch(new RegExp(`${real.slice(-40)}|to look at it`));
    });
  });
});
