import { createHash } from 'node:crypto';
import { parse, stringify } from 'yaml';
import { browserCaller } from '../support/browser-caller.ts';
import { Driver } from '../support/driver.ts';

type Call = Awaited<ReturnType<typeof browserCaller>>;
// biome-ignore lint/suspicious/noExplicitAny: entries of a policy file, and each test says what of
type Entry = any;

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

const NEW_POLICY: Entry = {
  name: 'eva-reads-staging',
  effect: 'allow',
  who: ['user:eva@example.com'],
  accounts: ['234567890123'],
  permissionSets: ['ReadOnlyAccess'],
  maxDuration: '1h',
};

describe('a change of the policies that two operators must agree on', () => {
  let driver: Driver;
  let ana: Call;
  let eva: Call;
  beforeAll(async () => {
    driver = await Driver.start({}, { bundled: true });
  });
  afterAll(() => driver.stop());
  beforeEach(async () => {
    await driver.reset();
    [ana, eva] = await Promise.all([browserCaller(driver, 'user-ana'), browserCaller(driver, 'user-eva')]);
  });

  const ANA = '/people/user-ana/policy-changes';
  const EVA = '/people/user-eva/policy-changes';

  const textNow = async () => (await ana('GET', ANA)).json.text as string;
  const changed = async (change: (entries: Entry[]) => Entry[]) => stringify(change(parse(await textNow())));
  const propose = (text: string, more: object = {}) => ana('POST', ANA, { text, note: 'for Eva', ...more });
  const accept = (call: Call, path: string, text: string) => call('POST', `${path}/accept`, { textHash: hashOf(text) });
  const facts = async () =>
    ((await driver.state()) as Entry).archive.filter(({ id }: { id: string }) => id.startsWith('proposed#'));

  it("is announced once, within minutes, in the operators' channel, with a link to the page where it is decided", async () => {
    const { id } = (await propose(await changed((entries) => [...entries, NEW_POLICY]))).json;
    await driver.advance('PT6M');
    const said = async () =>
      (await driver.state()).messages.map((message) => JSON.stringify(message)).filter((text) => text.includes(id));
    const [message, ...others] = await said();
    expect(others).toEqual([]);
    for (const part of ['ana@example.com', 'proposes a change of the policies', 'for Eva', 'C0ACCESS'])
      expect(message).toContain(part);
    expect(message).toContain(`<${driver.running.url}/console/#/policies|Open in the console>`);
    await driver.advance('PT20M');
    expect(await said()).toHaveLength(1);
    // Operators in the channel get no mail besides.
    expect((await driver.state()).emails).toEqual([]);
  });

  it('is taken whatever the characters of its file and however its client escapes them, up to 60,000', async () => {
    const start = await changed((entries) => [...entries, NEW_POLICY]);
    const text = `${start}${'# 監視\n'.repeat(20_000)}`.slice(0, 60_000);
    expect((await ana('POST', `${ANA}/check`, { text })).json.refusal).toBeNull();
    const made = await propose(text);
    expect(made).toMatchObject({ status: 201, json: { textHash: hashOf(text) } });
    expect((await eva('GET', `${EVA}/${made.json.id}`)).json.text).toBe(text);
    expect(await propose(`${text}#`)).toMatchObject({
      status: 400,
      json: { reason: 'malformed-body', detail: 'Correct text: must have at most 60000 characters.' },
    });
  });

  it('is proposed by one operator, accepted by another, and takes effect at once', async () => {
    const text = await changed((entries) => [...entries, NEW_POLICY]);
    const made = await propose(text);
    expect(made).toMatchObject({ status: 201, json: { state: 'proposed', textHash: hashOf(text), note: 'for Eva' } });
    const { id } = made.json;

    expect((await eva('GET', EVA)).json.proposals).toMatchObject([{ id, proposedBy: { userName: 'ana@example.com' } }]);
    const seen = (await eva('GET', `${EVA}/${id}`)).json;
    expect(seen).toMatchObject({ text, stale: false, check: { refusal: null } });
    expect(seen.check.differences).toEqual([{ name: 'eva-reads-staging', kind: 'add', fields: [] }]);
    expect(seen.check.plan).toEqual([
      '1 person (eva@example.com) gains ReadOnlyAccess in Staging (234567890123), with no second person',
    ]);
    expect(await textNow()).not.toContain('eva-reads-staging');

    const accepted = await accept(eva, `${EVA}/${id}`, text);
    expect(accepted).toMatchObject({ status: 200, json: { state: 'accepted', decidedBy: { userId: 'user-eva' } } });
    // Accepting a second time is harmless.
    expect((await accept(eva, `${EVA}/${id}`, text)).json).toEqual(accepted.json);
    expect(await textNow()).toContain('eva-reads-staging');
    const asked = await eva('POST', '/people/user-eva/evaluations', {
      accountId: '234567890123',
      permissionSet: 'ReadOnlyAccess',
    });
    expect(asked.json.outcome).toBe('granted');

    await driver.advance('PT1M');
    expect((await facts()).map(({ type, by, note }: Entry) => ({ type, by, note }))).toEqual([
      { type: 'policy-proposed', by: 'user-ana', note: `${id}, sha256 ${hashOf(text)}` },
      {
        type: 'policy-pushed',
        by: 'user-eva',
        note: `${id}, proposed by user-ana (ana@example.com), accepted by user-eva (eva@example.com), sha256 ${hashOf(text)}`,
      },
    ]);
  });

  it('is checked before it is proposed, and cannot be proposed with an error', async () => {
    const text = await changed((entries) => [...entries, { ...NEW_POLICY, who: ['user:nobody@example.com'] }]);
    const checked = (await ana('POST', `${ANA}/check`, { text })).json;
    expect(checked.findings[0]).toMatchObject({ severity: 'error', text: expect.stringContaining('there is no user') });
    expect(checked.refusal.reason).toBe('policy-errors');
    expect(await propose(text)).toMatchObject({ status: 422, json: { reason: 'policy-errors' } });
    expect(await propose('- name: [')).toMatchObject({ status: 422, json: { reason: 'policy-errors' } });
    expect(await propose('[]')).toMatchObject({ status: 422, json: { reason: 'policy-errors' } });
    expect(await propose(await textNow())).toMatchObject({ status: 409, json: { reason: 'no-change' } });
    expect((await ana('GET', ANA)).json.proposals).toEqual([]);
  });

  it('must be accepted by another person, not only by another user of the same person', async () => {
    const text = await changed((entries) => [...entries, NEW_POLICY]);
    const { id } = (await propose(text)).json;
    expect(await accept(ana, `${ANA}/${id}`, text)).toMatchObject({ status: 403, json: { reason: 'own-proposal' } });
    await driver.putRecords({ id: { S: 'person#ana' }, principals: { SS: ['user-ana', 'user-eva'] } });
    expect(await accept(eva, `${EVA}/${id}`, text)).toMatchObject({ status: 403, json: { reason: 'own-proposal' } });
  });

  it('needs a proposer and an acceptor who are operators at the moment it is written', async () => {
    const text = await changed((entries) => [...entries, NEW_POLICY]);
    const ben = await browserCaller(driver, 'user-ben');
    const { id } = (await propose(text)).json;
    expect(await accept(ben, `/people/user-ben/policy-changes/${id}`, text)).toMatchObject({
      status: 403,
      json: { reason: 'not-operator' },
    });
    expect((await ben('GET', '/people/user-ben/policy-changes')).json.reason).toBe('not-operator');
    await eva('POST', '/people/user-eva/operate/lock', { user: 'user-ana', reason: 'left' });
    expect(await accept(eva, `${EVA}/${id}`, text)).toMatchObject({
      status: 409,
      json: { reason: 'proposer-not-operator' },
    });
    expect((await eva('GET', EVA)).json.text).not.toContain('eva-reads-staging');
  });

  it('is refused if the text is not the one that was looked at, or the policies changed since it was proposed', async () => {
    const text = await changed((entries) => [...entries, NEW_POLICY]);
    const { id } = (await propose(text)).json;
    expect(await accept(eva, `${EVA}/${id}`, `${text} `)).toMatchObject({ json: { reason: 'other-text' } });
    await driver.putRecords({
      id: { S: 'policy#meanwhile' },
      effect: { S: 'deny' },
      who: { L: [{ S: 'everyone' }] },
      accounts: { L: [{ S: '234567890123' }] },
    });
    expect((await eva('GET', `${EVA}/${id}`)).json.stale).toBe(true);
    expect(await accept(eva, `${EVA}/${id}`, text)).toMatchObject({
      status: 409,
      json: { reason: 'policies-changed' },
    });
  });

  it('removes policies that bind people only if the proposer says so', async () => {
    await driver.putRecords({
      id: { S: 'policy#no-weekends' },
      effect: { S: 'deny' },
      who: { L: [{ S: 'everyone' }] },
      accounts: { L: [{ S: '234567890123' }] },
      hours: { M: { days: { L: [{ S: 'sat' }] } } },
    });
    const text = await changed((entries) => entries.filter(({ name }) => name !== 'no-weekends'));
    expect(await propose(text)).toMatchObject({
      status: 422,
      json: { reason: 'removes-policies', detail: expect.stringContaining('no-weekends') },
    });
    expect((await propose(text, { allowRemoving: 1 })).status).toBe(201);
  });

  it('can be withdrawn by any operator, and cannot be accepted after that', async () => {
    const text = await changed((entries) => [...entries, NEW_POLICY]);
    const first = (await propose(text)).json.id;
    const second = (await propose(text, { note: 'again' })).json.id;
    const withdrawn = await eva('POST', `${EVA}/${second}/withdraw`, { note: 'once is enough' });
    expect(withdrawn).toMatchObject({ status: 200, json: { state: 'withdrawn' } });
    expect(await eva('POST', `${EVA}/${second}/withdraw`, {})).toMatchObject({ status: 200 });
    expect(await ana('POST', `${ANA}/${second}/withdraw`, {})).toMatchObject({ json: { reason: 'proposal-over' } });
    expect(await accept(eva, `${EVA}/${second}`, text)).toMatchObject({ json: { reason: 'proposal-over' } });
    expect(await accept(eva, `${EVA}/change-none`, text)).toMatchObject({ status: 404 });
    expect((await eva('GET', EVA)).json.proposals.map(({ id }: Entry) => id)).toEqual([first]);
  });
});
