import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { BREAK_GLASS, Driver, PRODUCTION } from '../support/driver.ts';
import { asks, clicks, copiesFor } from '../support/people.ts';
import { expectAllOver } from '../support/sound.ts';

const TABLE = 'glasshammer-requests';
const LEASE = { id: `assignment#user-ana#${PRODUCTION}#${BREAK_GLASS}` };

/** What Glasshammer has written down is lost or altered while access lasts, as after a restore or by somebody who may write it. */
describe('our own records', () => {
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

  it('that are deleted do not keep access alive: what the request made is removed', async () => {
    await active();
    await table.send(new DeleteCommand({ TableName: TABLE, Key: LEASE }));
    await expectAllOver(driver);
  });

  it('that call our access a standing one do not keep it alive', async () => {
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

  it('that forget who was there first do not keep it alive', async () => {
    await active();
    await table.send(new UpdateCommand({ TableName: TABLE, Key: LEASE, UpdateExpression: 'REMOVE standing' }));
    await expectAllOver(driver);
  });

  it('that name a removal which Identity Center does not know do not block the end', async () => {
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

  /** What is in the table, and a way to make it so again: the table as a backup of this moment has it. */
  async function backup(): Promise<() => Promise<void>> {
    const items = async () => (await table.send(new ScanCommand({ TableName: TABLE }))).Items ?? [];
    const then = await items();
    return async () => {
      for (const { id } of await items()) await table.send(new DeleteCommand({ TableName: TABLE, Key: { id } }));
      for (const item of then) await table.send(new PutCommand({ TableName: TABLE, Item: item }));
    };
  }

  it('that know nothing of an access, being from a backup, neither keep it alive nor prolong it', async () => {
    const restore = await backup();
    await active();
    await restore();
    expect((await driver.state()).requests).toEqual([]);
    await driver.advance('PT15M');
    expect((await driver.state()).assignments).toHaveLength(1);
    await driver.advance('PT46M');
    expect(await driver.state()).toMatchObject({ assignments: [], requests: [] });
  });

  it('that remember a request as it was before it was decided do not keep its access alive', async () => {
    const asked = await asks(driver, 'U0BEN', {
      account: PRODUCTION,
      permissionSet: 'AdministratorAccess',
      duration: '30m',
      reason: 'Rotate the key',
      ticket: 'INC-42',
    });
    const restore = await backup();
    const [copy] = copiesFor(await driver.state(), asked);
    if (copy === undefined) throw new Error('nobody was asked');
    await clicks(driver, 'U0DAN', copy, 'Approve');
    await driver.advance('PT1M');
    expect(await driver.request()).toMatchObject({ state: 'active' });
    await restore();
    await driver.advance('PT35M');
    const { assignments, requests } = await driver.state();
    expect(assignments).toEqual([]);
    expect(requests.map(({ state }) => state)).toEqual([expect.stringMatching(/^(?:cancelled|failed|expired)$/)]);
  });
});
