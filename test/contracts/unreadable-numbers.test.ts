import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { parsePolicySet } from '../../core/policy/records/policy-set.ts';
import { recordProblem } from '../../core/policy/records/record-problem.ts';
import { createPolicyStore } from '../../gateways/dynamodb/policies/policy-store.ts';
import { createRecordList } from '../../gateways/dynamodb/policies/record-list.ts';
import { ACCESS_TABLE, emulateAws, REQUEST_TABLE } from './emulated.ts';

const SET = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-12345';

/** Records as an operator types them into the console, one of each kind with a number that JavaScript cannot hold. */
async function typed(number: string) {
  const { dynamo: client, now } = emulateAws();
  const put = (Item: Record<string, unknown>) =>
    client.send(new PutItemCommand({ TableName: ACCESS_TABLE, Item: Item as never }));
  const allow = {
    effect: { S: 'allow' },
    who: { L: [{ S: 'everyone' }] },
    accounts: { L: [{ S: '*' }] },
    permissionSets: { L: [{ S: '*' }] },
  };
  await put({ id: { S: 'policy#sound' }, ...allow });
  await put({ id: { S: 'policy#number' }, ...allow, maxDuration: { N: number } });
  await put({ id: { S: 'principal#U0BEN' }, ssoPrincipal: { S: 'user-ben' } });
  await put({ id: { S: 'principal#U0ANA' }, ssoPrincipal: { N: number } });
  await put({ id: { S: `access#123456789012#${SET}#user-ben` } });
  await put({ id: { S: `access#123456789012#${SET}#user-ana` }, maxDuration: { N: number } });
  const tables = { client, accessTable: ACCESS_TABLE, requestTable: REQUEST_TABLE, now };
  return { policyStore: createPolicyStore(tables), list: createRecordList(tables) };
}

test.each(['12345678901234567.5', '123456789012345678901234567890', '1e120'])(
  'a record with the number %s cannot be read, and every other record is read as before',
  async (number) => {
    const { policyStore, list } = await typed(number);
    const { policies, unreadable } = parsePolicySet(await policyStore.policies('1'));
    expect(policies.map(({ name }) => name)).toEqual(['sound']);
    expect(unreadable).toMatchObject([{ name: 'number', problems: [expect.stringContaining('maxDuration must be')] }]);
    // The message has the number as it was typed, because its author looks for that.
    expect(unreadable[0]?.problems[0]).toContain(number === '1e120' ? '1' : number);

    const readable = (items: readonly Readonly<Record<string, unknown>>[]) =>
      items.filter((item) => recordProblem(item) === undefined).map(({ id }) => id);
    expect(readable(await policyStore.principals())).toEqual(['principal#U0BEN']);
    expect(readable(await list.records('1'))).toEqual([`access#123456789012#${SET}#user-ben`]);
    expect(await policyStore.principal('U0ANA')).toBeDefined();
  },
);
