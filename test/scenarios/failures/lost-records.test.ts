import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';
import { asks, clicks, copiesFor } from '../support/people.ts';
import { expectAllOver } from '../support/sound.ts';

const TABLE = 'glasshammer-requests';
const LEASE = { id: `assignment#user-ana#${PRODUCTION}#${BREAK_GLASS}` };

/** Items of the request table are lost or altered while access lasts, as by a restore or by an attacker. */
describe('lost or altered items of the request table', () => {
  let driver: Driver;
  let table: DynamoDBDocumentClient;
  beforeAll(async () => {
    driver = await Driver.start();
    table = DynamoDBDocumentClient.from(
      new DynamoDBClient({
        endpoint: driver.running.url,
        region: 'eu-central-1',
        credentials: { accessKeyId: 'operator', secretAccessKey: 'none' },
      }),
    );
  });
  afterAll(async () => {
    table.destroy();
    await driver.stop();
  });
  beforeEach(() => driver.fresh());

  async function active(): Promise<void> {
    await driver.breakGlass('U0ANA');
    await driver.advance('PT1M');
    expect(await driver.request()).toMatchObject({ state: 'active', grant: { standing: false } });
    expect((await driver.state()).assignments).toHaveLength(1);
  }

  it('do not keep access alive when its lease is deleted', async () => {
    await active();
    await table.send(new DeleteCommand({ TableName: TABLE, Key: LEASE }));
    await expectAllOver(driver);
  });

  it('do not keep access alive when lease, request and workflow are gone: CloudTrail reported what was made', async () => {
    await active();
    // By then CloudTrail has reported the assignment.
    await driver.advance('PT5M');
    const { id } = await driver.request();
    for (const Key of [LEASE, { id }]) await table.send(new DeleteCommand({ TableName: TABLE, Key }));
    await driver.kill(id);
    await driver.advance('PT20M');
    const { assignments, alarms } = await driver.state();
    expect(assignments).toEqual([]);
    expect(alarms.map((alarm) => alarm.id)).toContain('records-tampered');
  });

  it('do not keep access alive when its lease is altered to say that the assignment is standing', async () => {
    await active();
    await table.send(
      new UpdateCommand({
        TableName: TABLE,
        Key: LEASE,
        UpdateExpression: 'SET standing = :yes',
        ExpressionAttributeValues: { ':yes': true },
      }),
    );
    await expectAllOver(driver);
  });

  it('do not keep access alive when its lease no longer says whether the assignment is standing', async () => {
    await active();
    await table.send(new UpdateCommand({ TableName: TABLE, Key: LEASE, UpdateExpression: 'REMOVE standing' }));
    await expectAllOver(driver);
  });

  it('do not keep access alive when its lease names a removal that Identity Center does not know', async () => {
    await active();
    await table.send(
      new UpdateCommand({
        TableName: TABLE,
        Key: LEASE,
        UpdateExpression: 'SET removing = :removing',
        ExpressionAttributeValues: {
          ':removing': { requestId: 'another', since: '2026-01-05T09:00:00.000Z', operationId: 'of-an-older-table' },
        },
      }),
    );
    await expectAllOver(driver);
  });

  /** Takes a backup of the table, without the item of this id if there is one. @returns a function that restores it */
  async function backup(lacking?: string): Promise<() => Promise<void>> {
    const items = async () => (await table.send(new ScanCommand({ TableName: TABLE }))).Items ?? [];
    const then = (await items()).filter(({ id }) => id !== lacking);
    return async () => {
      for (const { id } of await items()) await table.send(new DeleteCommand({ TableName: TABLE, Key: { id } }));
      for (const item of then) await table.send(new PutCommand({ TableName: TABLE, Item: item }));
    };
  }

  it('neither end access early nor prolong it after a restore from before its request', async () => {
    const restore = await backup();
    await active();
    await restore();
    expect((await driver.state()).requests).toEqual([]);
    await driver.advance('PT15M');
    expect((await driver.state()).assignments).toHaveLength(1);
    await driver.advance('PT46M');
    expect(await driver.state()).toMatchObject({ assignments: [], requests: [] });
  });

  it('do not keep access alive after a restore if its workflow is killed, because that recorded what it made', async () => {
    const restore = await backup();
    await active();
    const { id } = await driver.request();
    await restore();
    await driver.kill(id);
    await driver.advance('PT2M');
    expect((await driver.state()).assignments).toEqual([]);
  });

  it.each([
    ['when its workflow ends it', false],
    ['when its workflow was killed beside the first', true],
  ])(
    'do not keep access alive after two restores, although it was requested anew between them, %s',
    async (_when, kills) => {
      const restore = await backup();
      await active();
      const first = await driver.request();
      await restore();
      // The person sees no access in Slack, and requests it once more.
      await driver.breakGlass('U0ANA');
      await driver.advance('PT10S');
      const second = await driver.request();
      expect(second).toMatchObject({ state: 'active', grant: { standing: true } });
      if (kills) await driver.kill(first.id);
      await driver.advance('PT59M30S');
      expect((await driver.state()).assignments).toHaveLength(1);
      await restore();
      await driver.kill(second.id);
      await driver.advance('PT10M');
      expect((await driver.state()).assignments).toEqual([]);
    },
  );

  it.each([
    ['and its workflow is killed', true],
    ['and its workflow goes on', false],
  ])('do not keep access that was still being made at the first of two restores, %s', async (_how, kills) => {
    const restore = await backup();
    driver.running.current().world.provisioningSeconds = 400;
    await driver.breakGlass('U0ANA');
    await driver.advance('PT10S');
    const first = await driver.request();
    expect(first).toMatchObject({ state: 'granting' });
    await restore();
    if (kills) await driver.kill(first.id);
    await driver.advance('PT1M');
    await restore();
    await driver.advance('PT5M');
    expect((await driver.state()).assignments).toEqual([]);
    await driver.advance('PT10M');
    expect((await driver.state()).assignments).toEqual([]);
    // It was made, and removed since.
    const { operations } = driver.running.current().world;
    expect(operations.slice(-2).map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      'create SUCCEEDED',
      'delete SUCCEEDED',
    ]);
    await driver.reset();
  });

  async function identityCenterIsAway(): Promise<void> {
    for (const operation of ['ListAccountAssignments', 'DeleteAccountAssignment'])
      await driver.fault({ operation: `sso-admin:${operation}`, error: 'InternalServerException', times: 'forever' });
  }

  it.each([
    ['', undefined],
    [', and the table is of a version that did not compare executions', 'compared#executions'],
  ])(
    'do not keep access alive after a restore if its workflow and every clean-up were killed%s',
    async (_which, lacking) => {
      await driver.advance('PT10M');
      const restore = await backup(lacking);
      await active();
      const { id } = await driver.request();
      await restore();
      await identityCenterIsAway();
      await driver.kill(id);
      await driver.advance('PT1S');
      await restore();
      for (const nth of [1, 2, 3, 4]) {
        const { executions } = await driver.state();
        const cleanup = executions.find(({ name }) => name.startsWith(`${id}-cleanup-lost-${nth}-`));
        await driver.kill(cleanup?.name ?? `no clean-up ${nth}`);
        await driver.advance('PT1S');
      }
      await driver.clearFaults();
      expect((await driver.state()).assignments).toHaveLength(1);
      await driver.advance('PT8M');
      const { assignments, requests, executions, alarms } = await driver.state();
      expect([assignments, requests]).toEqual([[], []]);
      expect(executions.filter(({ name }) => name.startsWith(`${id}-cleanup-lost-1-`))).toHaveLength(2);
      expect(alarms.map((alarm) => alarm.id)).toContain('records-tampered');
    },
  );

  it('take nothing from others if the table of an older version lacks a request whose access has been removed', async () => {
    await active();
    const { id } = await driver.request();
    await driver.kill(id);
    await driver.advance('PT20M');
    expect((await driver.state()).assignments).toEqual([]);
    for (const lost of [id, `removed#${LEASE.id}`, 'compared#executions'])
      await table.send(new DeleteCommand({ TableName: TABLE, Key: { id: lost } }));
    // Sweeps that would find nothing are left out here.
    const at = (await driver.state()).now;
    await table.send(new PutCommand({ TableName: TABLE, Item: { id: 'heartbeat#sweep', at } }));
    const given = { principalId: 'user-ana', accountId: PRODUCTION, permissionSetArn: BREAK_GLASS };
    await driver.must('POST', '/sandbox/assignments', given);
    await driver.advance('PT20M');
    expect((await driver.state()).assignments).toMatchObject([given]);
    await driver.reset();
  });

  it('do not keep access that was being made without a lease when the table was restored', async () => {
    const restore = await backup();
    driver.running.current().world.provisioningSeconds = 400;
    await driver.breakGlass('U0ANA');
    await driver.advance('PT10S');
    const { id } = await driver.request();
    await table.send(new DeleteCommand({ TableName: TABLE, Key: LEASE }));
    await driver.kill(id);
    await driver.advance('PT1M');
    await restore();
    await driver.advance('PT15M');
    expect((await driver.state()).assignments).toEqual([]);
    await driver.reset();
  });

  it.each([
    ['', false],
    [', long after it was asked for, if its workflow and the clean-ups had died', true],
  ])('do not keep access alive after a restore from before its approval%s', async (_how, dies) => {
    const asked = await asks(driver, 'U0BEN', {
      account: PRODUCTION,
      permissionSet: 'AdministratorAccess',
      duration: '30m',
      reason: 'Rotate the key',
      ticket: 'INC-42',
    });
    if (dies) await driver.advance('PT20M');
    const restore = await backup();
    const [copy] = copiesFor(await driver.state(), asked);
    if (copy === undefined) throw new Error('nobody was asked');
    await clicks(driver, 'U0DAN', copy, 'Approve');
    await driver.advance('PT1M');
    const { id, state } = await driver.request();
    expect(state).toBe('active');
    if (dies) {
      await identityCenterIsAway();
      for (const name of [id, `${id}-cleanup-1`, `${id}-cleanup-2`]) {
        await driver.kill(name);
        await driver.advance('PT1S');
      }
      await driver.advance('PT8M');
    }
    await restore();
    await driver.clearFaults();
    await driver.advance('PT35M');
    const { assignments, requests } = await driver.state();
    expect(assignments).toEqual([]);
    expect(requests.map((request) => request.state)).toEqual([expect.stringMatching(/^(?:cancelled|failed|expired)$/)]);
  });
});
