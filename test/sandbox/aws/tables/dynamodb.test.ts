import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { TableSpec } from '../../../../sandbox/aws/tables/dynamodb.ts';
import { errorName, type Harness, startHarness } from '../harness.ts';

const REQUESTS: TableSpec = {
  TableName: 'requests',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'state', AttributeType: 'S' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byState',
      KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
};
const ACCESS: TableSpec = {
  TableName: 'access',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  items: [{ id: { S: 'principal#U0ANA' }, ssoPrincipal: { S: 'user-ana' } }],
};

describe('the emulated DynamoDB', () => {
  let harness: Harness;
  let client: DynamoDBClient;
  const put = (id: string, state = 'active', condition?: string) =>
    client.send(
      new PutItemCommand({
        TableName: 'requests',
        Item: { id: { S: id }, state: { S: state } },
        ConditionExpression: condition,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  const stateOf = async (id: string) => {
    const { Item } = await client.send(new GetItemCommand({ TableName: 'requests', Key: { id: { S: id } } }));
    return Item?.state?.S;
  };
  const move = (id: string, from: string, to: string) => ({
    TableName: 'requests',
    Key: { id: { S: id } },
    UpdateExpression: 'SET #s = :to',
    ConditionExpression: '#s = :from',
    ExpressionAttributeNames: { '#s': 'state' },
    ExpressionAttributeValues: { ':from': { S: from }, ':to': { S: to } },
  });
  const transact = (TransactItems: TransactWriteItemsCommandInput['TransactItems'], ClientRequestToken?: string) =>
    client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken }));

  beforeEach(async () => {
    harness = await startHarness({}, { tables: [REQUESTS, ACCESS] });
    client = new DynamoDBClient(harness.overHttp());
  });
  afterEach(async () => {
    client.destroy();
    await harness.close();
  });

  test('tables and their items exist before the first call', async () => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: 'access', Key: { id: { S: 'principal#U0ANA' } } }),
    );
    expect(Item?.ssoPrincipal).toEqual({ S: 'user-ana' });
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'requests' }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: 'arn:aws:dynamodb:eu-central-1:456789012345:table/requests',
    });
    const missing = client.send(new GetItemCommand({ TableName: 'nothing', Key: { id: { S: 'x' } } }));
    expect(await errorName(missing)).toBe('ResourceNotFoundException');
  });

  test('a global secondary index can be queried', async () => {
    await put('r1', 'active');
    await put('r2', 'ended');
    const query = { TableName: 'requests', IndexName: 'byState', KeyConditionExpression: '#s = :s' };
    const names = { ExpressionAttributeNames: { '#s': 'state' }, ExpressionAttributeValues: { ':s': { S: 'ended' } } };
    const { Items } = await client.send(new QueryCommand({ ...query, ...names }));
    expect(Items?.map(({ id }) => id?.S)).toEqual(['r2']);
  });

  test('a failed condition returns the existing item', async () => {
    await put('r1', 'active');
    const second = put('r1', 'pending', 'attribute_not_exists(id)');
    await expect(second).rejects.toThrow(ConditionalCheckFailedException);
    await expect(second).rejects.toMatchObject({ Item: { id: { S: 'r1' }, state: { S: 'active' } } });
    expect(await stateOf('r1')).toBe('active');
  });

  test('of 50 concurrent conditional writes of one item exactly one succeeds', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) => errorName(put('r1', `writer-${index}`, 'attribute_not_exists(id)'))),
    );
    expect(outcomes.filter((outcome) => outcome === 'none')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'ConditionalCheckFailedException')).toHaveLength(49);
  });

  test('a transaction writes all or nothing, and says which condition failed', async () => {
    await put('r1', 'active');
    const lease = {
      TableName: 'requests',
      Item: { id: { S: 'lease' } },
      ConditionExpression: 'attribute_not_exists(id)',
    };
    await transact([{ Update: move('r1', 'active', 'ending') }, { Put: lease }]);
    expect(await stateOf('r1')).toBe('ending');
    const again = transact([
      { Update: move('r1', 'ending', 'ended') },
      { Put: { ...lease, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
    ]);
    await expect(again).rejects.toThrow(TransactionCanceledException);
    await expect(again).rejects.toMatchObject({
      message: expect.stringContaining('[None, ConditionalCheckFailed]'),
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { id: { S: 'lease' } } }],
    });
    expect(await stateOf('r1')).toBe('ending');
  });

  test('a transaction that fails on its last write undoes the first', async () => {
    await put('r1', 'active');
    const broken = {
      TableName: 'requests',
      Key: { id: { S: 'r1' } },
      UpdateExpression: 'ADD #s :one',
      ExpressionAttributeNames: { '#s': 'state' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
    };
    const fresh = { TableName: 'access', Item: { id: { S: 'fresh' } } };
    await expect(transact([{ Put: fresh }, { Update: broken }])).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError' }],
    });
    const { Item } = await client.send(new GetItemCommand({ TableName: 'access', Key: { id: { S: 'fresh' } } }));
    expect(Item).toBeUndefined();
    expect(harness.heard.streams).toHaveLength(1);
  });

  test('a ConditionCheck on another item can cancel a transaction', async () => {
    const guard = {
      TableName: 'access',
      Key: { id: { S: 'frozen' } },
      ConditionExpression: 'attribute_not_exists(id)',
    };
    const write = { Put: { TableName: 'requests', Item: { id: { S: 'r1' }, state: { S: 'active' } } } };
    await transact([{ ConditionCheck: guard }, write]);
    await client.send(new PutItemCommand({ TableName: 'access', Item: { id: { S: 'frozen' } } }));
    expect(await errorName(transact([{ ConditionCheck: guard }, write]))).toBe('TransactionCanceledException');
  });

  test('a transaction with the same item twice, an empty action or no action is refused before anything is written', async () => {
    const item = { Put: { TableName: 'requests', Item: { id: { S: 'r1' } } } };
    expect(await errorName(transact([item, item]))).toBe('ValidationException');
    expect(await errorName(transact([{}]))).toBe('ValidationException');
    expect(await errorName(transact([]))).toBe('ValidationException');
    expect(await stateOf('r1')).toBeUndefined();
  });

  test('a transaction repeated with its token is done once, and the token is refused for another transaction', async () => {
    const create = (id: string) => [
      { Put: { TableName: 'requests', Item: { id: { S: id } }, ConditionExpression: 'attribute_not_exists(id)' } },
    ];
    await transact(create('r1'), 'token');
    expect(await errorName(transact(create('r1'), 'token'))).toBe('none');
    expect(await errorName(transact(create('r2'), 'token'))).toBe('IdempotentParameterMismatchException');
    harness.clock.advance(601);
    expect(await errorName(transact(create('r1'), 'token'))).toBe('TransactionCanceledException');
  });

  test('a batch can read from several tables', async () => {
    await put('r1');
    const batch = await client.send(
      new BatchGetItemCommand({
        RequestItems: {
          requests: { Keys: [{ id: { S: 'r1' } }] },
          access: { Keys: [{ id: { S: 'principal#U0ANA' } }] },
        },
      }),
    );
    expect(batch.Responses?.requests).toHaveLength(1);
    expect(batch.Responses?.access).toHaveLength(1);
    expect(batch.UnprocessedKeys).toEqual({});
  });

  test('every change reaches the stream once, in order and with both images; an update without a change does not', async () => {
    await put('r1', 'pending');
    await client.send(new UpdateItemCommand(move('r1', 'pending', 'active')));
    await client.send(new UpdateItemCommand(move('r1', 'active', 'active')));
    await transact([
      { Update: move('r1', 'active', 'ending') },
      { Put: { TableName: 'requests', Item: { id: { S: 'r2' } } } },
    ]);
    await client.send(new DeleteItemCommand({ TableName: 'requests', Key: { id: { S: 'r2' } } }));
    await client.send(new DeleteItemCommand({ TableName: 'requests', Key: { id: { S: 'r1' } } }));
    await client.send(new DeleteItemCommand({ TableName: 'requests', Key: { id: { S: 'r1' } } }));
    const told = harness.heard.streams.map(({ eventName, dynamodb: { Keys, OldImage, NewImage } }) => [
      eventName,
      JSON.stringify(Keys),
      OldImage?.state?.S,
      NewImage?.state?.S,
    ]);
    expect(told).toEqual([
      ['INSERT', '{"id":{"S":"r1"}}', undefined, 'pending'],
      ['MODIFY', '{"id":{"S":"r1"}}', 'pending', 'active'],
      ['MODIFY', '{"id":{"S":"r1"}}', 'active', 'ending'],
      ['INSERT', '{"id":{"S":"r2"}}', undefined, undefined],
      ['REMOVE', '{"id":{"S":"r2"}}', undefined, undefined],
      ['REMOVE', '{"id":{"S":"r1"}}', 'ending', undefined],
    ]);
    const numbers = harness.heard.streams.map(({ dynamodb }) => dynamodb.SequenceNumber);
    expect([...numbers].sort((a, b) => (a < b ? -1 : 1))).toEqual(numbers);
  });

  test('a table without a stream and a refused write give no stream record', async () => {
    await client.send(new PutItemCommand({ TableName: 'access', Item: { id: { S: 'x' } } }));
    await put('r1');
    expect(await errorName(put('r1', 'x', 'attribute_not_exists(id)'))).toBe('ConditionalCheckFailedException');
    expect(harness.heard.streams.map(({ eventName }) => eventName)).toEqual(['INSERT']);
  });

  test('point-in-time recovery is described as configured for the table', async () => {
    const recovery = async (TableName: string) =>
      (await client.send(new DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription
        ?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
    expect([await recovery('requests'), await recovery('access')]).toEqual(['ENABLED', 'DISABLED']);
  });

  test('a bad key, a bad expression and an operation that is not emulated are refused', async () => {
    const wrongKey = client.send(new PutItemCommand({ TableName: 'requests', Item: { name: { S: 'x' } } }));
    expect(await errorName(wrongKey)).toBe('ValidationException');
    expect(await errorName(put('r1', 'x', 'state = = :x'))).toBe('ValidationException');
    expect(await errorName(client.send(new ExecuteStatementCommand({ Statement: 'SELECT 1' })))).toBe(
      'UnknownOperationException',
    );
  });

  test('the document client works unchanged, with its retry after a lost answer', async () => {
    const document = DynamoDBDocumentClient.from(new DynamoDBClient({ ...harness.overHttp(), maxAttempts: 2 }));
    await document.send(
      new PutCommand({ TableName: 'access', Item: { id: 'doc', list: [1, { deep: true }], set: new Set(['a']) } }),
    );
    harness.faults.add({ operation: 'dynamodb:TransactWriteItems', error: 'ConnectionReset', when: 'after' });
    await document.send(
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName: 'access', Item: { id: 'once' }, ConditionExpression: 'attribute_not_exists(id)' } },
        ],
      }),
    );
    expect(harness.calls.snapshot()['dynamodb:TransactWriteItems']).toBe(2);
    document.destroy();
  });
});
