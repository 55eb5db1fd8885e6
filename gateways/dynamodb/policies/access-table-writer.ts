import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Sha256 } from '../../../core/access/ports.ts';
import type { AccessItem } from '../../../core/model/access-item.ts';
import { NewerSchemaError } from '../../../core/model/errors.ts';
import { unknownSchema } from '../../../core/model/schema-version.ts';
import { ACCESS_VERSION_ID, factId, SCHEMA_ID } from '../../../core/model/stored-ids.ts';
import {
  type AccessAudit,
  type AccessChange,
  type AccessTableWriter,
  MOST_RECORDS_IN_BATCH,
} from '../../../core/policy/authoring/ports.ts';
import { POLICY_FIELDS } from '../../../core/policy/records/parse-policy.ts';
import { recordHash } from '../../../core/policy/records/record-text.ts';
import { itemsByPrefix, policiesAndStrays } from '../paging.ts';

/** The access table as an operator's commands write it. */
export function createAccessTableWriter(options: {
  readonly client: DynamoDBDocumentClient;
  readonly accessTable: string;
  readonly requestTable: string;
  /** Makes the id of a fact unique. */
  readonly newId: () => string;
  readonly sha256: Sha256;
}): AccessTableWriter {
  const { client, accessTable, requestTable, newId, sha256 } = options;

  async function apply(changes: readonly AccessChange[], audit: AccessAudit): ReturnType<AccessTableWriter['apply']> {
    if (changes.length > MOST_RECORDS_IN_BATCH)
      throw new RangeError(`at most ${MOST_RECORDS_IN_BATCH} records can be written at once`);
    await refuseNewerSchema(client, requestTable);
    try {
      await client.send(
        new TransactWriteCommand({
          TransactItems: [
            ...changes.map((change) => writeOf(change, accessTable)),
            newVersion(requestTable),
            {
              Put: {
                TableName: requestTable,
                Item: {
                  id: factId(`${audit.at}#${newId()}`),
                  ...audit,
                  ids: [...audit.ids],
                  hashes: hashesOf(changes, audit.ids, sha256),
                },
                ConditionExpression: 'attribute_not_exists(id)',
              },
            },
          ],
        }),
      );
      return { applied: true };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const changedMeanwhile = changes
        .filter((_change, index) => error.CancellationReasons?.[index]?.Code === 'ConditionalCheckFailed')
        .map(({ id }) => id);
      if (changedMeanwhile.length === 0) throw error;
      return { applied: false, changedMeanwhile };
    }
  }

  return {
    list: (prefix) => itemsByPrefix(client, accessTable, prefix, { ConsistentRead: true }),
    policiesAndStrays: () => policiesAndStrays(client, accessTable),
    apply,
  };
}

/** @throws NewerSchemaError if a newer version has written items that this version might not understand */
export async function refuseNewerSchema(client: DynamoDBDocumentClient, requestTable: string): Promise<void> {
  const { Item } = await client.send(
    new GetCommand({ TableName: requestTable, Key: { id: SCHEMA_ID }, ConsistentRead: true }),
  );
  const newer = unknownSchema(Item);
  if (newer !== undefined) throw new NewerSchemaError(newer);
}

/** Part of a transaction: when this number has moved, functions that keep policies in memory read them again. */
export function newVersion(requestTable: string) {
  return {
    Update: {
      TableName: requestTable,
      Key: { id: ACCESS_VERSION_ID },
      UpdateExpression: 'ADD #version :one',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':one': 1 },
    },
  };
}

/** Hashes of the records written. They match a change in the table's stream with the fact of its command. */
export function hashesOf(changes: readonly AccessChange[], ids: readonly string[], sha256: Sha256): string[] {
  return ids.map((id) => recordHash(changes.find((change) => change.id === id)?.after, sha256));
}

/** All fields of records: a field that somebody has added meanwhile is only noticed if the condition names it. */
const FIELDS = [...POLICY_FIELDS, 'principals', 'ssoPrincipal'];

/** Every attribute that was read must still be equal, and none added, or somebody else's edit would be lost. */
export function writeOf({ id, before, after }: AccessChange, TableName: string) {
  const guard = before === undefined ? { ConditionExpression: 'attribute_not_exists(id)' } : unchanged(before);
  if (after !== undefined) return { Put: { TableName, Item: { ...after }, ...guard } };
  return { Delete: { TableName, Key: { id }, ...guard } };
}

function unchanged(before: AccessItem) {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const conditions = ['attribute_exists(id)'];
  const name = (text: string) => placeholder('#n', names, text);
  const value = (of: unknown) => placeholder(':v', values, of);
  const fields = new Set([...Object.keys(before), ...FIELDS]);
  fields.delete('id');
  const whole = [...fields].reduce((count, field) => count + leavesIn(before[field]), 0) > MOST_LEAVES;
  for (const field of fields) {
    const path = name(field);
    if (before[field] === undefined) conditions.push(`attribute_not_exists(${path})`);
    else if (whole) conditions.push(`${path} = ${value(before[field])}`);
    else conditions.push(...equal(path, before[field], name, value));
  }
  return {
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
  };
}

/**
 * Lists and maps are compared member by member, which DynamoDB and its stand-ins do alike. With more members than this
 * the expression would exceed DynamoDB's 4 KB, so they are compared whole, which not every stand-in can do.
 */
const MOST_LEAVES = 80;

/** Everything but lists and maps: texts, numbers (as text if JavaScript cannot hold one), binary, sets, nothing. */
function isLeaf(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return !Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype;
}

function leavesIn(value: unknown): number {
  if (isLeaf(value)) return 1;
  return Object.values(value as object).reduce<number>((count, member) => count + leavesIn(member), 1);
}

function equal(
  path: string,
  before: unknown,
  name: (text: string) => string,
  value: (of: unknown) => string,
): string[] {
  if (isLeaf(before)) return [`${path} = ${value(before)}`];
  const members = Object.entries(before as object).filter(([, member]) => member !== undefined);
  const place = (key: string) => (Array.isArray(before) ? `${path}[${key}]` : `${path}.${name(key)}`);
  return [
    `size(${path}) = ${value(members.length)}`,
    ...members.flatMap(([key, member]) => equal(place(key), member, name, value)),
  ];
}

/** A placeholder that no other part of the expression has; the same for the same text. */
function placeholder(prefix: string, known: Record<string, unknown>, of: unknown): string {
  const existing = Object.keys(known).find((key) => known[key] === of);
  const token = existing ?? `${prefix}${Object.keys(known).length}`;
  known[token] = of;
  return token;
}
