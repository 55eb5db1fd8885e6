import { AwsError, validationError } from '../wire/aws-error.ts';
import type { Item, TableAction, TableStore } from './table-store.ts';
import type { Change } from './table-streams.ts';

const MAX_ITEMS = 100;
const MAX_BYTES = 4 * 1024 * 1024;
/** How long DynamoDB remembers a client request token. Milliseconds. */
const TOKEN_KEPT_MS = 10 * 60 * 1000;

interface Action {
  TableName: string;
  Item?: Item;
  Key?: Item;
  ReturnValuesOnConditionCheckFailure?: string;
}

type TransactItem = Partial<Record<'Put' | 'Update' | 'Delete' | 'ConditionCheck', Action>>;

interface Reason {
  Code: string;
  Message?: string;
  Item?: Item;
}

interface Parts {
  store: TableStore;
  clock: { nowMs(): number };
  keysOf(tableName: string, item: Item): Item;
  emit(changes: readonly Change[]): Promise<void>;
}

const WRITES = { Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem' } as const;

/** DynamoDB's transactions, made of single calls. The caller must run nothing else meanwhile. */
export function createTransactions({ store, clock, keysOf, emit }: Parts) {
  const done = new Map<string, { request: string; atMs: number }>();

  async function write(input: { TransactItems: TransactItem[]; ClientRequestToken?: string }): Promise<object> {
    const request = JSON.stringify(input.TransactItems);
    const token = input.ClientRequestToken;
    if (token !== undefined && isRepeat(token, request)) return {};
    requireSize(input.TransactItems, request);
    const steps = input.TransactItems.map(readStep);
    const seen = new Set<string>();
    for (const { tableName, keys } of steps) {
      const identity = JSON.stringify([tableName, Object.entries(keys).sort()]);
      if (seen.has(identity))
        throw validationError('Transaction request cannot include multiple operations on one item');
      seen.add(identity);
    }
    // Every condition is evaluated before the first write, so that either all writes happen or none.
    const changes: Change[] = [];
    const reasons: Reason[] = [];
    for (const { prepared, tableName, keys, params } of steps) {
      const before = await store.read(tableName, keys);
      changes.push({ tableName, keys, before });
      reasons.push(store.meetsCondition(prepared, before) ? { Code: 'None' } : conditionFailed(params, before));
    }
    cancelIfAny(reasons);
    for (const [index, step] of steps.entries()) {
      if (step.action === undefined) continue;
      try {
        await store.call(step.action, step.params);
      } catch (error) {
        // A write failed in a way that no check foresaw, such as adding to a string. DynamoDB cancels the whole
        // transaction, so the earlier writes are undone.
        for (const change of changes.slice(0, index).reverse()) await restore(change);
        if (!(error instanceof AwsError)) throw error;
        reasons[index] = { Code: 'ValidationError', Message: error.message };
        cancelIfAny(reasons);
      }
    }
    if (token !== undefined) remember(token, request);
    await emit(changes.filter((_, index) => steps[index]?.action !== undefined));
    return {};
  }

  function isRepeat(token: string, request: string): boolean {
    const earlier = done.get(token);
    if (earlier === undefined || clock.nowMs() - earlier.atMs > TOKEN_KEPT_MS) return false;
    if (earlier.request === request) return true;
    throw new AwsError('IdempotentParameterMismatchException', 'The token was used with other parameters');
  }

  function remember(token: string, request: string): void {
    for (const [old, { atMs }] of done) if (clock.nowMs() - atMs > TOKEN_KEPT_MS) done.delete(old);
    done.set(token, { request, atMs: clock.nowMs() });
  }

  function readStep(item: TransactItem) {
    const [entry, ...others] = Object.entries(item) as [keyof TransactItem, Action][];
    if (entry === undefined || others.length > 0)
      throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
    const [kind, params] = entry;
    const action: TableAction | undefined = kind === 'ConditionCheck' ? undefined : WRITES[kind];
    const prepared = store.prepare(action ?? 'DeleteItem', params);
    const keys = params.Key ?? keysOf(params.TableName, params.Item ?? {});
    return { action, params, prepared, tableName: params.TableName, keys };
  }

  async function restore({ tableName, keys, before }: Change): Promise<void> {
    if (before === undefined) await store.call('DeleteItem', { TableName: tableName, Key: keys });
    else await store.call('PutItem', { TableName: tableName, Item: before });
  }

  return { write };
}

function conditionFailed(params: Action, before: Item | undefined): Reason {
  const shown =
    params.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before !== undefined ? { Item: before } : {};
  return { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...shown };
}

function cancelIfAny(reasons: Reason[]): void {
  if (reasons.every(({ Code }) => Code === 'None')) return;
  const codes = reasons.map(({ Code }) => Code).join(', ');
  throw new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}

function requireSize(items: readonly unknown[], request: string): void {
  if (items.length < 1 || items.length > MAX_ITEMS)
    throw validationError(`Member must have length less than or equal to ${MAX_ITEMS}, and not be empty`);
  if (Buffer.byteLength(request) > MAX_BYTES)
    throw validationError('Aggregated size of all range keys and items exceeds 4 MB');
}
