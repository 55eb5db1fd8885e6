import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { FunctionName } from '../../lambdas/shared/environment-names.ts';
import { REQUEST_TABLE_WRITES } from '../../lib/rights/tables/request-table-writes.ts';
import { itemBytes } from '../../sandbox/aws/tables/item-size.ts';
import { REQUEST_TABLE } from '../../sandbox/server/environment.ts';
import { Driver, POWER, STAGING } from '../scenarios/support/driver.ts';
import { deployedRole, Intruder } from './intruder.ts';

/*
 * A role that may change an item can fill it up to DynamoDB's limit of 400 KB; DynamoDB then refuses every write that
 * would make the item larger. Access must end all the same, and its request must end and be reported.
 */

const LEASE = `assignment#user-ben#${STAGING}#${POWER}`;
/** DynamoDB's limit, in bytes. */
const LIMIT = 400 * 1024;

/** Every kind of item that the end of an access reads or writes, and the id it has. */
const KINDS = {
  request: (id: string) => id,
  lease: () => LEASE,
  removed: () => `removed#${LEASE}`,
  made: () => `made#${LEASE}`,
  usage: () => `usage#${LEASE}`,
  lately: () => `lately#${LEASE}`,
  vote: (id: string) => `vote#${id}`,
  review: (id: string) => `review#${id}`,
  report: (id: string) => `report#${id}#other`,
} as const;

type Kind = keyof typeof KINDS;

const writersOf = (kind: Kind) =>
  (Object.keys(REQUEST_TABLE_WRITES) as FunctionName[]).filter((name) =>
    REQUEST_TABLE_WRITES[name]?.UpdateItem?.includes(kind),
  );

describe('an attacker who fills items up to the 400 KB that DynamoDB takes', () => {
  let driver: Driver;
  beforeAll(async () => {
    for (const kind of Object.keys(KINDS)) for (const name of writersOf(kind as Kind)) deployedRole(name);
    driver = await Driver.start();
  });
  afterAll(() => driver.stop());
  beforeEach(() => driver.reset());

  /** How many bytes the item can still grow by. */
  async function roomIn(id: string): Promise<number> {
    const credentials = { accessKeyId: 'AKIAOPERATOR', secretAccessKey: 'none' };
    const client = new DynamoDBClient({ endpoint: driver.running.url, region: 'eu-central-1', credentials });
    const { Item = {} } = await client.send(new GetItemCommand({ TableName: REQUEST_TABLE, Key: { id: { S: id } } }));
    client.destroy();
    return LIMIT - itemBytes({ id: { S: id }, ...Item, pad: { S: '' } } as never);
  }

  it.each<[string, readonly Kind[]]>([
    ['the request', ['request']],
    ['the lease', ['lease']],
    ['every other item', (Object.keys(KINDS) as Kind[]).filter((kind) => kind !== 'request' && kind !== 'lease')],
  ])('cannot keep access from ending and being reported by filling %s', async (_what, kinds) => {
    await driver.ask('U0BEN', { account: STAGING, permissionSet: POWER, duration: '30m', reason: 'for work' });
    await driver.advance('PT5S');
    const { id } = await driver.request();
    await driver.advance('PT2M');
    for (const kind of kinds) {
      expect(writersOf(kind)).not.toEqual([]);
      const itemId = KINDS[kind](id);
      const room = await roomIn(itemId);
      for (const name of writersOf(kind)) {
        const intruder = new Intruder(name, driver.running.url);
        expect([name, await intruder.edit(itemId, { pad: name.slice(0, 1).repeat(room) })]).toEqual([name, true]);
        intruder.close();
      }
    }
    await driver.advance('PT31M');
    const { assignments, alarms } = await driver.state();
    expect(assignments).toEqual([]);
    expect(alarms.map((alarm) => alarm.id)).toContain('records-tampered');
    await driver.advance('PT3H');
    expect((await driver.request()).state).toBe('reported');
  });
});
