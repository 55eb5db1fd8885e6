import type {
  AttributeDefinition,
  DescribeContinuousBackupsInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
  UpdateContinuousBackupsInput,
} from '@aws-sdk/client-dynamodb';
import { AwsError } from '../wire/aws-error.ts';
import type { Operations, Wire } from '../wire/service.ts';
import { createTableStore, type Item, type TableAction, type TableStore } from './table-store.ts';
import { type Change, type StreamRecord, type StreamViewType, streamRecord } from './table-streams.ts';
import { createTransactions } from './table-transactions.ts';

/** A table to create at the start, with the properties of a CloudFormation table. */
export interface TableSpec {
  TableName: string;
  KeySchema: KeySchemaElement[];
  AttributeDefinitions: AttributeDefinition[];
  GlobalSecondaryIndexes?: GlobalSecondaryIndex[];
  /** If present, every change produces a stream record. */
  StreamSpecification?: { StreamViewType: StreamViewType };
  TimeToLiveSpecification?: { AttributeName: string; Enabled: boolean };
  PointInTimeRecoverySpecification?: { PointInTimeRecoveryEnabled: boolean };
  /** The table's items at the start. They produce no stream records. */
  items?: readonly Item[];
}

export interface DynamoOptions {
  tables: readonly TableSpec[];
  accountId: string;
  region: string;
  clock: { nowMs(): number };
  newId(): string;
  /** Called after each write, in the order of the writes. */
  onStreamRecords(tableName: string, records: StreamRecord[]): void;
}

interface TableState {
  keys: string[];
  stream?: StreamViewType;
  recovery: boolean;
}

/**
 * DynamoDB: dynalite evaluates expressions, keys and indexes. This adds what dynalite lacks: transactions, streams,
 * point-in-time recovery, and the old item of a failed condition. Calls run one after the other, so no call sees half a
 * transaction.
 */
export function dynamodb(options: DynamoOptions): Operations {
  const store = createTableStore(options);
  const states = new Map<string, TableState>();
  let sequence = 0;
  const ready = createTables();
  // If a table could not be created, every call rejects with that error. Until the first call the rejection must not
  // count as unhandled.
  ready.catch(() => {});
  let last: Promise<unknown> = ready;

  function alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(() => ready).then(work);
    // The caller of a failed call gets its error; the next call runs regardless.
    last = turn.catch(() => {});
    return turn;
  }

  async function createTables(): Promise<void> {
    for (const spec of options.tables) {
      const { TimeToLiveSpecification: _, PointInTimeRecoverySpecification: recovery, items = [], ...table } = spec;
      await createTable({ ...table, BillingMode: 'PAY_PER_REQUEST' });
      stateOf(spec.TableName).recovery = recovery?.PointInTimeRecoveryEnabled ?? false;
      for (const item of items) await store.call('PutItem', { TableName: spec.TableName, Item: item });
    }
  }

  async function createTable(input: CreateInput): Promise<object> {
    const answer = await store.call('CreateTable', input);
    const view = input.StreamSpecification?.StreamViewType;
    states.set(input.TableName, {
      keys: input.KeySchema.map(({ AttributeName }) => AttributeName ?? ''),
      ...(view === undefined ? {} : { stream: view }),
      recovery: false,
    });
    // dynalite activates a table in a later turn of the event loop.
    while (!(await isActive(store, input.TableName))) await new Promise((resolve) => setTimeout(resolve, 1));
    return answer;
  }

  function stateOf(tableName: string): TableState {
    const state = states.get(tableName);
    if (state === undefined)
      throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${tableName} not found`);
    return state;
  }

  function keysOf(tableName: string, item: Item): Item {
    const { keys } = stateOf(tableName);
    return Object.fromEntries(Object.entries(item).filter(([name]) => keys.includes(name)));
  }

  async function readBefore(tableName: string, keys: Item): Promise<Change> {
    try {
      return { tableName, keys, before: await store.read(tableName, keys) };
    } catch (error) {
      // The write itself refuses an invalid key, with DynamoDB's message for a write.
      if (error instanceof AwsError) return { tableName, keys, before: undefined };
      throw error;
    }
  }

  async function emit(changes: readonly Change[]): Promise<void> {
    const byTable = new Map<string, StreamRecord[]>();
    for (const { tableName, keys, before } of changes) {
      const view = stateOf(tableName).stream;
      if (view === undefined) continue;
      const after = await store.read(tableName, keys);
      const stamp = { id: options.newId(), sequence: sequence + 1, nowMs: options.clock.nowMs() };
      const source = { tableName, accountId: options.accountId, region: options.region, view };
      const record = streamRecord(source, { keys, before, after }, stamp);
      if (record === undefined) continue;
      sequence += 1;
      byTable.set(tableName, [...(byTable.get(tableName) ?? []), record]);
    }
    for (const [tableName, records] of byTable) options.onStreamRecords(tableName, records);
  }

  async function write(action: 'PutItem' | 'UpdateItem' | 'DeleteItem', input: WriteInput): Promise<object> {
    const state = stateOf(input.TableName);
    const wantsOld = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
    if (state.stream === undefined && !wantsOld) return store.call(action, input);
    const keys = input.Key ?? keysOf(input.TableName, input.Item ?? {});
    const change = await readBefore(input.TableName, keys);
    try {
      const answer = await store.call(action, input);
      await emit([change]);
      return answer;
    } catch (error) {
      if (wantsOld && error instanceof AwsError && error.name === 'ConditionalCheckFailedException' && change.before)
        throw new AwsError(error.name, error.message, { Item: change.before });
      throw error;
    }
  }

  /** Adds the stream to the description, because the store has no streams. */
  async function describeTable(input: { TableName: string }): Promise<object> {
    const answer = await store.call('DescribeTable', input);
    const view = states.get(input.TableName)?.stream;
    const stream = view === undefined ? {} : { StreamSpecification: { StreamEnabled: true, StreamViewType: view } };
    return { ...answer, Table: { ...(answer.Table as object), ...stream } };
  }

  async function batchGet(input: object): Promise<object> {
    const answer = await store.call('BatchGetItem', input);
    // AWS promises no order. This order is deterministic, and rarely that of the requested keys.
    for (const items of Object.values((answer.Responses ?? {}) as Record<string, Item[]>))
      items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? 1 : -1));
    return answer;
  }

  const transactions = createTransactions({ store, clock: options.clock, keysOf, emit });
  const plain = (action: TableAction) => (input: object) => alone(() => store.call(action, input));
  return {
    BatchGetItem: (input: object) => alone(() => batchGet(input)),
    DeleteItem: (input: WriteInput) => alone(() => write('DeleteItem', input)),
    DescribeTable: (input: { TableName: string }) => alone(() => describeTable(input)),
    GetItem: plain('GetItem'),
    ListTables: plain('ListTables'),
    PutItem: (input: WriteInput) => alone(() => write('PutItem', input)),
    Query: plain('Query'),
    Scan: plain('Scan'),
    UpdateItem: (input: WriteInput) => alone(() => write('UpdateItem', input)),
    TransactWriteItems: (input: never) => alone(() => transactions.write(input)),
    UpdateContinuousBackups: (input: Wire<UpdateContinuousBackupsInput>) =>
      alone(async () => {
        const state = stateOf(input.TableName);
        state.recovery = input.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled;
        return describeBackups(state);
      }),
    DescribeContinuousBackups: (input: Wire<DescribeContinuousBackupsInput>) =>
      alone(async () => describeBackups(stateOf(input.TableName))),
  };
}

type CreateInput = Pick<TableSpec, 'TableName' | 'KeySchema' | 'StreamSpecification'> & { BillingMode?: string };

interface WriteInput {
  TableName: string;
  Item?: Item;
  Key?: Item;
  ReturnValuesOnConditionCheckFailure?: string;
}

function describeBackups({ recovery }: TableState) {
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: recovery ? 'ENABLED' : 'DISABLED' },
    },
  };
}

async function isActive(store: TableStore, tableName: string): Promise<boolean> {
  const { Table: table } = await store.call('DescribeTable', { TableName: tableName });
  return (table as { TableStatus?: string }).TableStatus === 'ACTIVE';
}
