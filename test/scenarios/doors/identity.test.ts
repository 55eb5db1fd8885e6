import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';
import { expectQuietLogs, said } from '../support/private-words.ts';
import { SHORT_ACCESS } from '../support/short-access.ts';
import { expectAllOver, expectSound } from '../support/sound.ts';

/** What is special, the refusal, what the person reads, who presses, and what differs in the payload. */
const NOBODY: [string, string, RegExp, string, object?][] = [
  ['a person who is not linked to AWS', 'unknown-user', /not linked to an AWS Identity Center user/, 'U0GUS'],
  ['a guest of the workspace', 'guest', /Guests of this workspace/, 'U0FAY'],
  ['a bot', 'bot', /Bots cannot get AWS access/, 'U0ALERT'],
  ['a deactivated Slack user', 'deactivated-user', /deactivated/, 'U0OLE'],
  ["another company's person in a shared channel", 'slack-connect-user', /another company's Slack/, 'U0EVE'],
  ['a person whom Slack does not know', 'slack-user-unreadable', /there is no such user as you/, 'U0NOBODY'],
  ['a person disabled in the directory', 'principal-disabled', /is disabled/, 'U0HAL'],
  ['another workspace', 'other-workspace', /own Slack workspace/, 'U0ANA', { team: { id: 'T0OTHER', domain: 'o' } }],
  ['no workspace at all', 'other-workspace', /own Slack workspace/, 'U0ANA', { team: null }],
  [
    'a person from another workspace',
    'slack-connect-user',
    /another company's Slack/,
    'U0ANA',
    { user: { id: 'U0ANA', name: 'ana', team_id: 'T0OTHER' } },
  ],
];

describe('a person who must not be identified', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(SHORT_ACCESS);
    // Even a record that links these people to a user gives them nothing.
    for (const person of ['U0FAY', 'U0ALERT', 'U0OLE', 'U0EVE', 'U0NOBODY']) {
      await driver.putRecords({ id: { S: `principal#${person}` }, ssoPrincipal: { S: 'user-ana' } });
    }
  });
  afterAll(() => driver.stop());

  it.each(NOBODY)('gets nothing and is told why: %s', async (_who, reason, sentence, user, overrides = {}) => {
    const answer = await driver.breakGlass(user, { overrides });
    expect(answer.status).toBe(200);
    expect(said(answer)).toMatch(sentence);
    const state = await driver.state();
    const request = await driver.requestFrom(answer.ts);
    expect(request).toMatchObject({ state: 'refused', refusal: { reason }, requester: { slackId: user } });
    expect(request.events.map(({ type }) => type)).toEqual(['requested', 'refused']);
    expect(request.events[1]?.note).toContain(reason);
    expect(state).toMatchObject({ executions: [], assignments: [] });
    expectSound(state);
  });

  it('appears in no log with an id, a name or a token', async () => {
    await expectQuietLogs(driver, 'U0EVE', 'U0FAY', 'user-ana');
  });
});

describe('a person whose record is wrong', () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(SHORT_ACCESS);
  });
  afterAll(() => driver.stop());
  afterEach(() => driver.dropRecord('principal#U0BEN'));

  it.each([
    ['is missing', {}],
    ['is misspelt', { ssoprincipal: { S: 'user-ana' } }],
    ['is empty', { ssoPrincipal: { S: '' } }],
    ['has a space before it', { ssoPrincipal: { S: ' user-ana' } }],
    ['has a space after it', { ssoPrincipal: { S: 'user-ana ' } }],
    ['has a line break after it', { ssoPrincipal: { S: 'user-ana\n' } }],
    ['is a list', { ssoPrincipal: { L: [{ S: 'user-ana' }] } }],
    ['is a set', { ssoPrincipal: { SS: ['user-ana'] } }],
    ['is a number', { ssoPrincipal: { N: '7' } }],
  ])('is given nothing, not even by e-mail address, when ssoPrincipal %s', async (_what, fields) => {
    await driver.putRecords({ id: { S: 'principal#U0BEN' }, ...fields });
    const answer = await driver.breakGlass('U0BEN');
    expect(said(answer)).toMatch(
      /^:no_entry: The record that links your Slack user to AWS cannot be read \(.*ssoPrincipal/,
    );
    expect(await driver.requestFrom(answer.ts)).toMatchObject({
      state: 'refused',
      refusal: { reason: 'malformed-principal-record' },
    });
    const { assignments, executions, alarms } = await driver.state();
    expect({ assignments, executions }).toEqual({ assignments: [], executions: [] });
    // The operator hears of it when the record is written, not only when Ben needs access.
    expect(alarms).toContainEqual(expect.objectContaining({ id: 'malformed-record' }));
  });

  it('is given nothing when the record names a user that does not exist', async () => {
    await driver.putRecords({ id: { S: 'principal#U0BEN' }, ssoPrincipal: { S: 'user-bob' } });
    const answer = await driver.breakGlass('U0BEN');
    expect(said(answer)).toMatch(/does not exist \(user-bob\)/);
    expect(await driver.requestFrom(answer.ts)).toMatchObject({ refusal: { reason: 'principal-not-found' } });
  });
});

describe('a person without a record', () => {
  const twins = {
    users: [
      { id: 'user-ana', userName: 'ana@example.com', displayName: 'Ana Alvarez', email: 'ana.alvarez@example.com' },
      { id: 'user-ana-2', userName: 'ana2', displayName: 'Ana Alvarez', email: 'ana@example.com' },
      { id: 'user-ben', userName: 'ben@example.com', displayName: 'Ben Bauer', email: 'ben@example.com' },
    ],
    groups: [],
  };
  let driver: Driver;
  beforeAll(async () => {
    driver = await Driver.start(SHORT_ACCESS);
  });
  afterAll(() => driver.stop());
  afterEach(() => driver.fresh());

  it("still gets their access in an emergency, by an e-mail address of the company's own domain", async () => {
    await driver.dropRecord('principal#U0ANA');
    expect(said(await driver.breakGlass('U0ANA'))).toContain('Glass broken');
    await driver.advance('PT10S');
    expect((await driver.state()).assignments).toEqual([
      { principalType: 'USER', principalId: 'user-ana', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS },
    ]);
    await expectAllOver(driver);
  });

  it('is identified by e-mail address, and refused what no policy gives them', async () => {
    await driver.dropRecord('principal#U0BEN');
    expect(said(await driver.breakGlass('U0BEN'))).toContain('No policy lets you have this');
    expect(await driver.request()).toMatchObject({ requester: { principalId: 'user-ben' }, state: 'refused' });
  });

  it('gets nothing when two users match the e-mail address, and is told so', async () => {
    const other = await Driver.start(twins);
    try {
      await other.dropRecord('principal#U0ANA');
      expect(said(await other.breakGlass('U0ANA'))).toMatch(/More than one AWS Identity Center user matches you/);
      expect(await other.request()).toMatchObject({ state: 'refused', refusal: { reason: 'ambiguous-identity' } });
      expect((await other.state()).assignments).toEqual([]);
    } finally {
      await other.stop();
    }
  });

  it.each([
    ['slack:users.info', 'internal_error', 'slack-user-unreadable'],
    ['identitystore:DescribeUser', 'AccessDeniedException', 'directory-unreadable'],
    ['identitystore:ListGroupMembershipsForMember', 'AccessDeniedException', 'directory-unreadable'],
    ['identitystore:GetUserId', 'AccessDeniedException', 'directory-unreadable'],
    ['dynamodb:GetItem', 'AccessDeniedException', 'policy-unreadable'],
    ['dynamodb:BatchGetItem', 'AccessDeniedException', 'policy-unreadable'],
    ['organizations:DescribeAccount', 'AccessDeniedException', 'directory-unreadable'],
  ])('is refused, not let in, when %s fails', async (operation, error, reason) => {
    await driver.dropRecord('principal#U0ANA');
    await driver.fault({ operation, error, times: 'forever' });
    const answer = await driver.breakGlass('U0ANA');
    expect(answer.status).toBe(200);
    expect(said(answer)).toMatch(/^:no_entry: /);
    const state = await driver.state();
    expect(state.requests).toEqual([expect.objectContaining({ state: 'refused', refusal: { reason } })]);
    expect(state).toMatchObject({ assignments: [], executions: [] });
  });
});
