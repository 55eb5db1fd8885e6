import { createHash } from 'node:crypto';
import { OPERATIONS } from '../../../lambdas/api/operations.ts';
import { POLICY_OPERATIONS } from '../../../lambdas/api/policy-operations.ts';
import { browserCaller } from '../support/browser-caller.ts';
import { Driver, PRODUCTION, STAGING } from '../support/driver.ts';
import { putPolicies } from '../support/people.ts';
import { terminalCaller } from '../support/terminal-caller.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are JSON, held to their schemas below
type Json = any;
type Call = (
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<{ status: number; json: Json; text?: string | undefined }>;

const VERBS = { ...OPERATIONS, ...POLICY_OPERATIONS };
type Verb = keyof typeof VERBS;

interface Said {
  readonly body?: unknown;
  readonly query?: string;
  readonly key?: string;
  readonly requestId?: string;
  readonly accountId?: string;
  readonly changeId?: string;
}

const DOORS: readonly (readonly [string, (driver: Driver, name: string) => Promise<Call>])[] = [
  ['terminals', (driver, name) => terminalCaller(driver, `${name}@example.com`)],
  ['browsers', (driver, name) => browserCaller(driver, `user-${name}`)],
];

describe.each(DOORS)('every verb of the API, through its endpoint for %s', (_door, callerOf) => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start();
    await putPolicies(driver, {
      name: 'staging-emergency',
      effect: 'allow',
      who: ['group:Developers'],
      accounts: [STAGING],
      permissionSets: ['AdministratorAccess'],
      maxDuration: '2h',
      breakGlass: true,
      approval: { approvers: ['group:Leads'] },
    });
  });
  afterAll(() => driver.stop());

  it('works for the person it is for, and answers as its OpenAPI document says', async () => {
    const done = new Set<string>();

    async function does(name: string, verb: Verb, said: Said = {}): Promise<Json> {
      const { method, path, answer, ...operation } = VERBS[verb];
      const where = path
        .replace('{userId}', `user-${name}`)
        .replace(
          /\{(requestId|accountId|changeId)\}/,
          (_all, part: 'requestId' | 'accountId' | 'changeId') => said[part] ?? '',
        );
      const headers: Record<string, string> = said.key === undefined ? {} : { 'idempotency-key': said.key };
      // A new sign-in for each call, because a session expires long before the test's time is over.
      const call = await callerOf(driver, name);
      const got = await call(method, `${where}${said.query ?? ''}`, said.body, headers);
      expect([verb, got.status, got.json?.detail]).toEqual([verb, 'status' in operation ? 201 : 200, undefined]);
      const isTable = 'type' in operation;
      const json = isTable ? (got.text ?? got.json) : got.json;
      expect(answer.parse(json)).toEqual(json);
      done.add(verb);
      return json;
    }

    const readOnly = { accountId: PRODUCTION, permissionSet: 'ReadOnlyAccess', duration: 'PT30M', reason: 'to look' };
    const { reason: _reason, ...target } = readOnly;
    expect((await does('ben', 'whoami')).userId).toBe('user-ben');
    expect((await does('ben', 'listTargets', { query: '?q=prod' })).accounts).toHaveLength(2);
    expect((await does('ben', 'listPermissionSets', { accountId: PRODUCTION })).permissionSets).toHaveLength(2);
    expect((await does('ben', 'evaluate', { body: target })).outcome).toBe('needs-approval');
    const { id } = await does('ben', 'request', { body: readOnly, key: 'once' });
    expect((await does('ben', 'findAsked', { key: 'once' })).id).toBe(id);
    expect((await does('ben', 'listMine')).requests).toMatchObject([{ id, state: 'pending' }]);
    await driver.advance('PT5S');
    expect((await does('cleo', 'listPending')).requests).toMatchObject([{ id }]);
    expect((await does('cleo', 'getRequesterHistory', { requestId: id })).requests).toEqual([]);
    expect((await does('cleo', 'vote', { requestId: id, body: { vote: 'approve' } })).state).toBe('approved');
    await driver.advance('PT1M');
    expect((await does('ben', 'getRequest', { requestId: id })).state).toBe('active');
    await does('ben', 'getActivity', { requestId: id });
    const more = { duration: 'PT10M', reason: 'a little longer' };
    const longer = await does('ben', 'extend', { requestId: id, body: more, key: 'longer' });
    expect((await does('ben', 'cancel', { requestId: longer.id })).state).toBe('cancelled');
    expect((await does('ben', 'end', { requestId: id })).state).toBe('ending');
    await driver.advance('PT1M');
    await does('ben', 'getReport', { requestId: id });

    const glass = { ...readOnly, accountId: STAGING, permissionSet: 'AdministratorAccess', confirmBreakGlass: true };
    const broken = await does('ben', 'request', { body: glass, key: 'glass' });
    await driver.advance('PT35M');
    await driver.advance('PT2H');
    expect((await does('cleo', 'listReviews')).requests).toMatchObject([{ id: broken.id }]);
    const question = { status: 'questioned', note: 'why at night?' };
    expect((await does('cleo', 'review', { requestId: broken.id, body: question })).review.status).toBe('questioned');
    await does('ben', 'answer', { requestId: broken.id, body: { answer: 'the checkout was down' } });

    expect((await does('dan', 'profile')).personas).toEqual(['auditor']);
    expect((await does('dan', 'health')).status).toBe('ok');
    expect((await does('dan', 'listAll', { query: '?breakGlass=true' })).requests).toMatchObject([{ id: broken.id }]);
    expect(await does('dan', 'exportAll', { query: '?breakGlass=true' })).toContain(broken.id);
    expect((await does('dan', 'listPolicies')).policies.length).toBeGreaterThan(3);
    const ofBen = { ...target, userId: 'ben@example.com' };
    expect((await does('dan', 'evaluateFor', { body: ofBen })).outcome).toBe('needs-approval');
    await does('dan', 'reachOfPerson', { query: '?person=user-ben' });
    await does('dan', 'reachOfAccount', { accountId: STAGING });
    expect((await does('dan', 'listDrift')).mode).toBe('report-only');
    const system = await does('dan', 'system');
    expect(system.doctor).toBe('npx glasshammer doctor --stack Glasshammer');
    expect(system.alarms).toMatchObject({ insufficient: [], ok: expect.any(Number) });
    expect(system.alarms.ok + system.alarms.firing.length).toBeGreaterThan(20);
    expect((await does('dan', 'getAuditRecord', { requestId: id })).events.length).toBeGreaterThan(5);

    const why = { reason: 'a drill' };
    expect((await does('ana', 'freeze', { body: why })).changed).toBe(true);
    expect((await does('ana', 'thaw')).changed).toBe(true);
    const waits = await does('ben', 'request', { body: readOnly, key: 'again' });
    const revoked = await does('ana', 'revoke', { body: { requestId: waits.id, ...why } });
    expect(revoked.revoked).toMatchObject([{ outcome: 'cancelled' }]);
    expect((await does('ana', 'lock', { body: { user: 'user-ben', ...why } })).changed).toBe(true);
    expect((await does('ana', 'unlock', { body: { user: 'user-ben' } })).locked).toBeNull();

    const { text } = await does('ana', 'listPolicyChanges');
    const entry = (name: string) =>
      `\n- name: ${name}\n  effect: deny\n  who: [everyone]\n  accounts: ['345678901234']\n  permissionSets: ['*']\n`;
    const first = `${text}${entry('quiet')}`;
    await does('ana', 'checkPolicyChange', { body: { text: first } });
    const change = await does('ana', 'proposePolicyChange', { body: { text: first, note: 'quiet' }, key: 'first' });
    expect((await does('eva', 'getPolicyChange', { changeId: change.id })).text).toBe(first);
    const textHash = createHash('sha256').update(first).digest('hex');
    const accepted = await does('eva', 'acceptPolicyChange', { changeId: change.id, body: { textHash } });
    expect(accepted.state).toBe('accepted');
    const second = { text: `${first}${entry('calm')}`, note: 'no' };
    const other = await does('ana', 'proposePolicyChange', { body: second, key: 'second' });
    expect((await does('eva', 'withdrawPolicyChange', { changeId: other.id, body: { note: 'no' } })).state).toBe(
      'withdrawn',
    );

    expect(Object.keys(VERBS).filter((verb) => !done.has(verb))).toEqual([]);
  });
});
