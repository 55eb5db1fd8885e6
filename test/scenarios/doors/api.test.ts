import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type CallApi, signedApi } from '../../../cli/access/api-client.ts';
import { Driver, POWER, PRODUCTION, STAGING } from '../support/driver.ts';
import { SHORT_ACCESS } from '../support/short-access.ts';
import { expectAllOver } from '../support/sound.ts';
import { finalReports } from '../support/state.ts';

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_REGION'];
// biome-ignore lint/suspicious/noExplicitAny: answers are JSON, and each expectation says what of
type Json = any;

describe('the API while Slack is down', () => {
  let driver: Driver;
  const before = KEYS.map((key) => [key, process.env[key]] as const);
  beforeAll(async () => {
    driver = await Driver.start(SHORT_ACCESS);
    const away = ['users.info', 'users.lookupByEmail', 'chat.postMessage', 'chat.update', 'conversations.open'];
    for (const method of away)
      await driver.fault({ operation: `slack:${method}`, error: 'internal_error', times: 'forever' });
  });
  afterAll(async () => {
    for (const [key, value] of before) {
      if (value === undefined) delete process.env[key];
      else process.env[key] = value;
    }
    await driver.stop();
  });

  async function signIn(userName: string): Promise<Credentials> {
    return (await driver.must('POST', '/sandbox/sign-in', { userName })).credentials as Credentials;
  }

  /**
   * Calls as the command line does, through the default credential chain, which reads the variables for each client.
   */
  async function client(credentials: Credentials): Promise<CallApi> {
    process.env.AWS_ACCESS_KEY_ID = credentials.accessKeyId;
    process.env.AWS_SECRET_ACCESS_KEY = credentials.secretAccessKey;
    process.env.AWS_SESSION_TOKEN = credentials.sessionToken;
    process.env.AWS_REGION = 'eu-central-1';
    const { call } = await signedApi(`${driver.running.url}/v1`, {});
    // One signed call, so that this client keeps its own credentials.
    await call('GET', '/whoami');
    return call;
  }

  const as = async (userName: string) => client(await signIn(userName));
  const json = async (answer: ReturnType<CallApi>): Promise<Json> => (await answer).json;

  it("carries a request from the preview over another person's approval to its end and report", async () => {
    const [ben, cleo] = [await as('ben@example.com'), await as('cleo@example.com')];
    const whoami = await json(ben('GET', '/whoami'));
    expect(whoami).toMatchObject({ userId: 'user-ben', userName: 'ben@example.com' });
    const asked = {
      accountId: PRODUCTION,
      permissionSet: 'ReadOnlyAccess',
      duration: 'PT15M',
      reason: 'to look at it',
    };
    const { reason: _reason, ...target } = asked;
    const preview = await json(ben('POST', '/people/user-ben/evaluations', target));
    expect(preview).toMatchObject({ outcome: 'needs-approval', heldOutside: null });
    const standing = { principalId: 'user-ben', accountId: STAGING, permissionSetArn: POWER };
    await driver.must('POST', '/sandbox/assignments', standing);
    const staging = { accountId: STAGING, permissionSet: 'PowerUserAccess' };
    const there = await json(ben('POST', '/people/user-ben/evaluations', staging));
    expect(there).toMatchObject({ outcome: 'granted', heldOutside: { throughGroup: null } });
    await driver.must('DELETE', '/sandbox/assignments', standing);
    const key = { 'idempotency-key': 'once' };
    const made = await ben('POST', '/people/user-ben/requests', asked, key);
    expect(made).toMatchObject({ status: 201, json: { state: 'pending' } });
    const { id } = made.json as Json;
    expect((await json(ben('POST', '/people/user-ben/requests', asked, key))).id).toBe(id);
    await driver.advance('PT5S');
    expect((await json(cleo('GET', '/people/user-cleo/pending'))).requests).toMatchObject([{ id }]);
    const own = await ben('POST', `/people/user-ben/requests/${id}/votes`, { vote: 'approve' });
    expect(own).toMatchObject({ status: 403, json: { reason: 'own-request' } });
    const vote = { vote: 'approve', note: 'fine' };
    expect(await cleo('POST', `/people/user-cleo/requests/${id}/votes`, vote)).toMatchObject({
      status: 200,
      json: { state: 'approved', votes: [{ userId: 'user-cleo', note: 'fine' }] },
    });
    // While Slack is down, the function that asks the approvers there retries before the workflow goes on.
    await driver.advance('PT1M');
    expect(await json(ben('GET', `/people/user-ben/requests/${id}`))).toMatchObject({ state: 'active' });
    expect((await driver.state()).assignments).toMatchObject([{ principalId: 'user-ben', accountId: PRODUCTION }]);
    expect(await json(ben('POST', `/people/user-ben/requests/${id}/end`))).toMatchObject({ state: 'ending' });
    await driver.advance('PT1M');
    expect((await json(ben('GET', `/people/user-ben/requests/${id}`))).state).toBe('ended');
    const state = await expectAllOver(driver, { wait: 'PT1H30M' });
    expect([state.requests[0]?.state, finalReports(state).length]).toEqual(['reported', 1]);
  });

  it("lets an auditor see every request and an operator freeze, lock and revoke, with the deployed role's rights", async () => {
    const [ana, ben, dan] = [await as('ana@example.com'), await as('ben@example.com'), await as('dan@example.com')];
    const refusedAsk = { accountId: PRODUCTION, permissionSet: 'ReadOnlyAccess', duration: '300h', reason: 'too long' };
    expect((await ben('POST', '/people/user-ben/requests', refusedAsk)).status).toBe(422);
    const { requests, ...rest } = await json(dan('GET', '/people/user-dan/all/requests?person=ben@example.com'));
    expect(rest).toEqual({ nextCursor: null });
    expect(requests).toMatchObject([{ state: 'refused' }, { state: 'reported' }]);
    expect(await json(dan('GET', '/people/user-dan/all/requests?state=refused&text=TOO'))).toMatchObject({
      requests: [{ reason: 'too long' }],
      nextCursor: null,
    });
    const freeze = { reason: 'a drill' };
    expect((await dan('POST', '/people/user-dan/operate/freeze', freeze)).status).toBe(403);
    expect(await json(ana('POST', '/people/user-ana/operate/freeze', freeze))).toMatchObject({ changed: true });
    const ask = { ...refusedAsk, duration: 'PT15M' };
    expect(await json(ben('POST', '/people/user-ben/requests', ask))).toMatchObject({ reason: 'frozen' });
    expect(await json(ana('POST', '/people/user-ana/operate/thaw'))).toMatchObject({ changed: true, frozen: null });
    const lock = { user: 'ben@example.com', reason: 'a drill' };
    expect(await json(ana('POST', '/people/user-ana/operate/lock', lock))).toMatchObject({ userId: 'user-ben' });
    expect(await json(ben('POST', '/people/user-ben/requests', ask))).toMatchObject({ reason: 'locked' });
    const { user } = lock;
    expect(await json(ana('POST', '/people/user-ana/operate/unlock', { user }))).toMatchObject({ changed: true });
    const waits = await json(ben('POST', '/people/user-ben/requests', ask));
    const revoke = { requestId: waits.id, reason: 'a drill' };
    expect(await json(ana('POST', '/people/user-ana/operate/revoke', revoke))).toMatchObject({
      revoked: [{ outcome: 'cancelled' }],
    });
    expect((await json(dan('GET', '/people/user-dan/drift'))).mode).toBe('report-only');
    expect((await json(ben('GET', '/people/user-ben/health'))).status).toBe('ok');
  });

  describe('a caller who is not who they claim to be', () => {
    it("is denied another person's path by the resource policy, even with a valid session of their own", async () => {
      const ana = await as('ana@example.com');
      for (const path of ['/people/user-ben/requests', '/people/user-ben/people/user-ana/requests']) {
        const answer = await ana('GET', path);
        expect([path, answer.status, answer.errorType]).toEqual([path, 403, 'AccessDeniedException']);
        expect(JSON.stringify(answer.json)).toContain('explicit deny in a resource-based policy');
      }
    });

    it('is denied with a role whose name only looks like one of Identity Center', async () => {
      const sts = new STSClient({
        endpoint: driver.running.url,
        region: 'eu-central-1',
        credentials: { accessKeyId: 'AKIAOPERATOR', secretAccessKey: 'sandbox' },
      });
      const { Credentials: made } = await sts.send(
        new AssumeRoleCommand({
          RoleArn: `arn:aws:iam::${PRODUCTION}:role/AWSReservedSSO_ReadOnlyAccess_0123456789abcdef`,
          RoleSessionName: 'ben@example.com',
        }),
      );
      const forged = await client({
        accessKeyId: made?.AccessKeyId ?? '',
        secretAccessKey: made?.SecretAccessKey ?? '',
        sessionToken: made?.SessionToken ?? '',
      });
      for (const path of ['/whoami', '/people/user-ben/requests']) {
        const answer = await forged('GET', path);
        expect(answer.status).toBe(403);
        expect(JSON.stringify(answer.json)).toContain('explicit deny');
      }
    });

    it("is denied with a wrong secret key, another person's session token, an unknown key or no signature", async () => {
      const real = await signIn('ben@example.com');
      const wrong = await client({ ...real, secretAccessKey: 'guessed' });
      const other = await client({ ...real, sessionToken: (await signIn('ana@example.com')).sessionToken });
      const unknown = await client({ ...real, accessKeyId: 'ASIAUNKNOWN' });
      for (const call of [wrong, other, unknown])
        expect(await call('GET', '/people/user-ben/requests')).toMatchObject({ status: 403 });
      const unsigned = await fetch(`${driver.running.url}/v1/people/user-ben/requests`);
      expect(unsigned.status).not.toBe(200);
    });

    it('cannot sign in once disabled, and the logs hold no secrets and no reasons', async () => {
      expect(await driver.call('POST', '/sandbox/sign-in', { userName: 'hal@example.com' })).toMatchObject({
        status: 400,
      });
      const logs = await driver.logs();
      expect(logs).not.toMatch(/sandbox-secret|sandbox-session|to look at it/);
    });
  });
});
