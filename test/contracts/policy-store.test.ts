import { BatchGetCommand, DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { PolicyStore } from '../../core/access/ports.ts';
import type { AccessItem } from '../../core/model/access-item.ts';
import { FREEZE_ID, SCHEMA_ID } from '../../core/model/stored-ids.ts';
import { bumpAccessVersion } from '../../gateways/dynamodb/policies/access-version.ts';
import { createPolicyStore } from '../../gateways/dynamodb/policies/policy-store.ts';
import { FakePolicyStore } from '../core/access/services.ts';
import { ACCESS_TABLE, emulateAws, REQUEST_TABLE } from './emulated.ts';

/** The policy store, and changes that a person makes to it. */
interface Subject {
  readonly policyStore: PolicyStore;
  write(item: AccessItem): Promise<void>;
  erase(id: string): Promise<void>;
  freeze(reason: string): Promise<void>;
}

function inMemory(): Subject {
  const policyStore = new FakePolicyStore();
  return {
    policyStore,
    write: async (item) => policyStore.write(item),
    erase: async (id) => policyStore.erase(id),
    freeze: async (reason) => policyStore.freeze(reason),
  };
}

function inDynamo() {
  const aws = emulateAws();
  const { dynamo: client, now } = aws;
  const bump = () => bumpAccessVersion(client, REQUEST_TABLE);
  const put = (item: AccessItem) => client.send(new PutCommand({ TableName: ACCESS_TABLE, Item: item }));
  return {
    aws,
    policyStore: createPolicyStore({ client, accessTable: ACCESS_TABLE, requestTable: REQUEST_TABLE, now }),
    /** Writes as the console does, without the change of the version that the stream brings. */
    put: async (item: AccessItem) => void (await put(item)),
    bump,
    write: async (item: AccessItem) => {
      await put(item);
      await bump();
    },
    erase: async (id: string) => {
      await client.send(new DeleteCommand({ TableName: ACCESS_TABLE, Key: { id } }));
      await bump();
    },
    freeze: async (reason: string) => {
      const Item = { id: FREEZE_ID, by: 'user-dan', at: now().toISOString(), reason };
      await client.send(new PutCommand({ TableName: REQUEST_TABLE, Item }));
    },
  };
}

const byId = (items: readonly AccessItem[]) => items.map(({ id }) => id).sort((a, b) => a.localeCompare(b));

describe.each<[string, () => Subject]>([
  ['in memory', inMemory],
  ['in DynamoDB', inDynamo],
])('the policy store %s', (_where, create) => {
  it('returns a principal record as it was typed, and nothing where there is none', async () => {
    const { policyStore, write } = create();
    await write({ id: 'principal#U0ANA', ssoPrincipal: ' user-ana', note: 7 });
    expect(await policyStore.principal('U0ANA')).toEqual({ id: 'principal#U0ANA', ssoPrincipal: ' user-ana', note: 7 });
    expect(await policyStore.principal('U0BEN')).toBeUndefined();
  });

  it('reads the records that exist among those that might, and no others', async () => {
    const { policyStore, write } = create();
    for (const id of ['access#1#a#x', 'access#1#a#y', 'access#2#a#x']) await write({ id });
    const { records } = await policyStore.read(['access#1#a#x', 'access#1#a#z', 'access#2#a#x'], 'user-ana');
    expect(byId(records)).toEqual(['access#1#a#x', 'access#2#a#x']);
    expect((await policyStore.read([], 'user-ana')).records).toEqual([]);
  });

  it('keeps policies and principals apart from everything else', async () => {
    const { policyStore, write } = create();
    for (const id of ['policy#b', 'principal#U0ANA', 'policy#a', 'access#1#a#x']) await write({ id });
    const { accessVersion } = await policyStore.storeState();
    expect(byId(await policyStore.policies(accessVersion))).toEqual(['policy#a', 'policy#b']);
    expect(byId(await policyStore.principals())).toEqual(['principal#U0ANA']);
  });

  it('changes its version with every change, and shows the policies of that version', async () => {
    const { policyStore, write, erase } = create();
    await write({ id: 'policy#a' });
    const first = await policyStore.storeState();
    expect(byId(await policyStore.policies(first.accessVersion))).toEqual(['policy#a']);
    await erase('policy#a');
    const second = await policyStore.storeState();
    expect(second.accessVersion).not.toBe(first.accessVersion);
    expect(await policyStore.policies(second.accessVersion)).toEqual([]);
  });

  it('says that everything is frozen, by whom and why, with the records and alone', async () => {
    const { policyStore, freeze } = create();
    expect((await policyStore.storeState()).frozen).toBeUndefined();
    await freeze('incident 12');
    const frozen = { by: 'user-dan', reason: 'incident 12' };
    expect(await policyStore.storeState()).toMatchObject({ frozen });
    expect((await policyStore.read(['policy#a'], 'user-ana')).storeState).toMatchObject({ frozen });
  });
});

describe('the policy store in DynamoDB', () => {
  it('reads by key, in one call, however large the table is', async () => {
    const { aws, policyStore, write } = inDynamo();
    await write({ id: 'access#1#a#x' });
    aws.calls.reset();
    await policyStore.read(['access#1#a#x', 'access#1#a#y'], 'user-ana');
    expect(aws.calls.snapshot()).toEqual({ 'dynamodb:BatchGetItem': 1 });
  });

  it('reads each key once, and more than a hundred keys in several calls', async () => {
    const { aws, policyStore, write } = inDynamo();
    const ids = Array.from({ length: 150 }, (_, n) => `access#1#a#${n}`);
    for (const id of ids.slice(0, 5)) await write({ id });
    aws.calls.reset();
    expect((await policyStore.read([...ids, ...ids], 'user-ana')).records).toHaveLength(5);
    expect(aws.calls.snapshot()).toEqual({ 'dynamodb:BatchGetItem': 2 });
  });

  it('reads again what DynamoDB left out of an answer, so that a record is not overlooked', async () => {
    const { aws, policyStore, write } = inDynamo();
    await write({ id: 'access#1#a#x' });
    let cut = true;
    const send = aws.dynamo.send.bind(aws.dynamo) as (command: unknown) => Promise<unknown>;
    aws.dynamo.send = async (command: unknown) => {
      if (!cut || !(command instanceof BatchGetCommand)) return send(command);
      cut = false;
      return { Responses: {}, UnprocessedKeys: command.input.RequestItems };
    };
    expect(byId((await policyStore.read(['access#1#a#x'], 'user-ana')).records)).toEqual(['access#1#a#x']);
    expect(cut).toBe(false);
  });

  it('reads the policies once for each version, and again as soon as it changes', async () => {
    const { aws, policyStore, write } = inDynamo();
    await write({ id: 'policy#a' });
    aws.calls.reset();
    await Promise.all([policyStore.policies('1'), policyStore.policies('1')]);
    await policyStore.policies('1');
    expect(aws.calls.snapshot()).toEqual({ 'dynamodb:Scan': 1 });
    await policyStore.policies('2');
    expect(aws.calls.snapshot()).toEqual({ 'dynamodb:Scan': 2 });
  });

  it('keeps policies for at most a minute, in case nobody told that they changed', async () => {
    const { aws, policyStore, put } = inDynamo();
    await policyStore.policies('0');
    await put({ id: 'policy#deny' });
    aws.pass(59);
    expect(await policyStore.policies('0')).toEqual([]);
    aws.pass(1);
    expect(byId(await policyStore.policies('0'))).toEqual(['policy#deny']);
  });

  it('does not keep a failed read as an answer', async () => {
    const { aws, policyStore, write } = inDynamo();
    await write({ id: 'policy#a' });
    aws.faults.add({ operation: 'dynamodb:Scan', error: 'ThrottlingException' });
    await expect(policyStore.policies('1')).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(byId(await policyStore.policies('1'))).toEqual(['policy#a']);
  });

  it('reads every page of the policies', async () => {
    const { policyStore, put } = inDynamo();
    for (let n = 0; n < 12; n++) await put({ id: `policy#${n}`, note: 'x'.repeat(200_000) });
    expect(await policyStore.policies('0')).toHaveLength(12);
  });

  it('freezes even if the freeze itself cannot be read', async () => {
    const { aws, policyStore } = inDynamo();
    await aws.dynamo.send(new PutCommand({ TableName: REQUEST_TABLE, Item: { id: FREEZE_ID, by: 7 } }));
    expect((await policyStore.storeState()).frozen).toEqual({ by: '7', at: '', reason: '' });
  });

  it.each([2, 0, 1.5, '1', undefined])('freezes on tables of a version that it does not know (%p)', async (version) => {
    const { aws, policyStore } = inDynamo();
    const put = (Item: object) =>
      aws.dynamo.send(new PutCommand({ TableName: REQUEST_TABLE, Item: { id: SCHEMA_ID, ...Item } }));
    await put({ version: 1 });
    expect((await policyStore.storeState()).frozen).toBeUndefined();
    await put({ version });
    const { frozen } = await policyStore.storeState('user-ana');
    expect(frozen).toMatchObject({
      by: 'glasshammer',
      reason: expect.stringContaining('knows 1: deploy the newer one'),
    });
    expect((await policyStore.read([], 'user-ana')).storeState.frozen).toEqual(frozen);
  });
});
