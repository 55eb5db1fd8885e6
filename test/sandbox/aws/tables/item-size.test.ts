import { DynamoDBClient, PutItemCommand, TransactWriteItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { itemBytes } from '../../../../sandbox/aws/tables/item-size.ts';
import { errorName, type Harness, startHarness } from '../harness.ts';

/** DynamoDB's limit, in bytes. */
const LIMIT = 400 * 1024;
const TABLE = {
  TableName: 'requests',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
};

test.each([
  ['a text and its name count as UTF-8', { grüße: { S: '💥é' } }, 7 + 6],
  ['a number counts half its digits', { n: { N: '-0012.500' } }, 1 + 1 + 2],
  ['binary values count their bytes, not their base64', { b: { B: 'AAAA' } }, 1 + 3],
  ['a Boolean and a null count one byte', { b: { BOOL: true }, n: { NULL: true } }, 4],
  ['sets count their elements', { s: { SS: ['é', 'a'] }, n: { NS: ['1', '22'] }, b: { BS: ['AAAA'] } }, 4 + 5 + 4],
  [
    'lists and maps count 3 bytes and one more per element',
    { l: { L: [{ S: 'é' }] }, m: { M: { é: { S: 'a' } } } },
    7 + 8,
  ],
])('%s', (_what, item, bytes) => {
  expect(itemBytes(item)).toBe(bytes);
});

describe('an item of 400 KB', () => {
  let harness: Harness;
  let client: DynamoDBClient;
  beforeEach(async () => {
    harness = await startHarness({}, { tables: [TABLE] });
    client = new DynamoDBClient(harness.inProcess());
  });
  afterEach(() => harness.close());

  const itemOf = (letter: string, bytes: number) => {
    const rest = bytes - itemBytes({ id: { S: 'r1' }, note: { S: '' } });
    const letters = Math.floor(rest / Buffer.byteLength(letter));
    const filled = letter.repeat(letters) + 'a'.repeat(rest - letters * Buffer.byteLength(letter));
    return { id: { S: 'r1' }, note: { S: filled } };
  };
  const put = (Item: ReturnType<typeof itemOf>) =>
    errorName(client.send(new PutItemCommand({ TableName: 'requests', Item })));
  const update = (note: string) =>
    errorName(
      client.send(
        new UpdateItemCommand({
          TableName: 'requests',
          Key: { id: { S: 'r1' } },
          UpdateExpression: 'SET note = :note',
          ExpressionAttributeValues: { ':note': { S: note } },
        }),
      ),
    );

  it.each(['a', 'é', '💥'])(
    'is accepted, and one byte more is refused, with characters of any length: %s',
    async (letter) => {
      expect(await put(itemOf(letter, LIMIT))).toBe('none');
      expect(await put(itemOf(letter, LIMIT + 1))).toBe('ValidationException');
      expect(await update(itemOf(letter, LIMIT).note.S)).toBe('none');
      expect(await update(itemOf(letter, LIMIT + 1).note.S)).toBe('ValidationException');
      const TransactItems = [{ Put: { TableName: 'requests', Item: itemOf(letter, LIMIT + 1) } }];
      expect(await errorName(client.send(new TransactWriteItemsCommand({ TransactItems })))).not.toBe('none');
    },
  );
});
