import batchGetItem from 'dynalite/actions/batchGetItem.js';
import createTable from 'dynalite/actions/createTable.js';
import deleteItem from 'dynalite/actions/deleteItem.js';
import describeTable from 'dynalite/actions/describeTable.js';
import getItem from 'dynalite/actions/getItem.js';
import listTables from 'dynalite/actions/listTables.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import updateItem from 'dynalite/actions/updateItem.js';
import db from 'dynalite/db/index.js';
import batchGetItemCheck from 'dynalite/validations/batchGetItem.js';
import createTableCheck from 'dynalite/validations/createTable.js';
import deleteItemCheck from 'dynalite/validations/deleteItem.js';
import describeTableCheck from 'dynalite/validations/describeTable.js';
import getItemCheck from 'dynalite/validations/getItem.js';
import validations, { type DynaliteStore } from 'dynalite/validations/index.js';
import listTablesCheck from 'dynalite/validations/listTables.js';
import putItemCheck from 'dynalite/validations/putItem.js';
import queryCheck from 'dynalite/validations/query.js';
import scanCheck from 'dynalite/validations/scan.js';
import updateItemCheck from 'dynalite/validations/updateItem.js';
import { AwsError } from '../wire/aws-error.ts';
import { itemBytes } from './item-size.ts';

// dynalite counts characters instead of bytes. It calls this function through its own module, so it can be replaced
// here.
db.itemSize = itemBytes;

/** A DynamoDB item or key in DynamoDB JSON. */
export type Item = Record<string, Record<string, unknown>>;

type Prepared = object;

const ACTIONS = {
  BatchGetItem: { run: batchGetItem, check: batchGetItemCheck },
  CreateTable: { run: createTable, check: createTableCheck },
  DeleteItem: { run: deleteItem, check: deleteItemCheck },
  DescribeTable: { run: describeTable, check: describeTableCheck },
  GetItem: { run: getItem, check: getItemCheck },
  ListTables: { run: listTables, check: listTablesCheck },
  PutItem: { run: putItem, check: putItemCheck },
  Query: { run: query, check: queryCheck },
  Scan: { run: scan, check: scanCheck },
  UpdateItem: { run: updateItem, check: updateItemCheck },
} as const;

export type TableAction = keyof typeof ACTIONS;

/** Tables in memory: dynalite's expressions, keys and limits, called as functions. Calls may run concurrently. */
export interface TableStore {
  /** @throws AwsError with DynamoDB's error. */
  call(action: TableAction, input: object): Promise<Record<string, unknown>>;
  /** Checks an input without running it, for the conditions of a transaction. */
  prepare(action: TableAction, input: object): Prepared;
  /** Does the item meet the condition of a prepared input? */
  meetsCondition(prepared: Prepared, item: Item | undefined): boolean;
  /** The item under this key, read consistently. */
  read(tableName: string, key: Item): Promise<Item | undefined>;
}

/** An empty store, with this account and Region in its ARNs. */
export function createTableStore(owner: { accountId: string; region: string }): TableStore {
  const store = db.create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  store.tableDb.awsAccountId = owner.accountId;
  store.tableDb.awsRegion = owner.region;
  keepTables(store);

  function prepare(action: TableAction, input: object): Prepared {
    const { check } = ACTIONS[action];
    try {
      // The check removes members of the object it gets, hence the shallow copy. It copies nested values itself.
      const data = validations.checkTypes({ ...input }, check.types);
      validations.checkValidations(data, check.types, check.custom, store);
      return data;
    } catch (error) {
      throw asAwsError(error);
    }
  }

  async function call(action: TableAction, input: object): Promise<Record<string, unknown>> {
    const prepared = prepare(action, input);
    // The answer may have undefined members, which JSON drops when it is written. Its items are copies.
    return new Promise((resolve, reject) => {
      ACTIONS[action].run(store, prepared, (error, value) =>
        error ? reject(asAwsError(error)) : resolve(value as Record<string, unknown>),
      );
    });
  }

  return {
    call,
    prepare,
    meetsCondition: (prepared, item) => !db.checkConditional(prepared, item),
    async read(tableName, key) {
      const { Item: item } = await call('GetItem', { TableName: tableName, Key: key, ConsistentRead: true });
      return item as Item | undefined;
    },
  };
}

/**
 * Caches active tables. dynalite reads a table's description for each call, but no table changes here once it is
 * active.
 */
function keepTables(store: DynaliteStore): void {
  const read = store.getTable;
  const active = new Map<string, object>();
  store.getTable = (name, ...rest) => {
    const done = rest.find((part) => typeof part === 'function');
    const known = active.get(name);
    if (known !== undefined) {
      done?.(null, known);
      return;
    }
    read(name, ...rest.filter((part) => part !== done), (error, table) => {
      if (table?.TableStatus === 'ACTIVE') active.set(name, table);
      done?.(error, table);
    });
  };
}

/** Converts dynalite's errors, which have DynamoDB's error body. Any other error is a bug and stays as it is. */
function asAwsError(error: unknown): unknown {
  const body = (error as { body?: { __type?: string; message?: string; Message?: string } }).body;
  if (body?.__type === undefined) return error;
  const name = body.__type.slice(body.__type.indexOf('#') + 1);
  return new AwsError(name, body.message ?? body.Message ?? '');
}
