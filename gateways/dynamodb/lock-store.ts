import { type DynamoDBDocumentClient, GetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditFact } from '../../core/audit/audit-event.ts';
import { lockId, stopFactId } from '../../core/model/stored-ids.ts';
import type { LockChange, LockStore } from '../../core/sessions/lock-person.ts';
import { factPut } from './audit-log.ts';
import { conditionally, happened, Update, written } from './conditional.ts';

/**
 * Locks of people, beside the freeze in the request table; every decision reads them. A lock, or a step of its end, and
 * its fact are one transaction.
 */
export function createLockStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly newId: () => string;
}): LockStore {
  const { client, tableName: TableName, newId } = options;

  return {
    async get(principalId) {
      const Key = { id: lockId(principalId) };
      const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      if (Item === undefined) return undefined;
      return {
        by: String(Item.by ?? ''),
        at: String(Item.at ?? ''),
        reason: String(Item.reason ?? ''),
        accounts: [...((Item.accounts as Set<string> | undefined) ?? [])],
        ...(Item.lifting === undefined ? {} : { isLifting: true as const }),
      };
    },

    async noteAccounts(principalId, accounts) {
      const update = new Update().set('deniesSessions', true).remove('lifting').when('attribute_exists(id)');
      if (accounts.length > 0) update.add('accounts', new Set(accounts));
      const noted = await conditionally(() =>
        client.send(new UpdateCommand({ TableName, Key: { id: lockId(principalId) }, ...update.build() })),
      );
      return 'done' in noted;
    },

    async lock(principalId, turn, sessions) {
      const id = lockId(principalId);
      const fact = { type: 'locked' as const, at: turn.at, by: turn.by, note: turn.reason, ids: [id, principalId] };
      return happened(() =>
        client.send(
          new TransactWriteCommand({
            TransactItems: [
              {
                Put: {
                  TableName,
                  Item: { id, ...turn, ...(sessions === 'denied' ? { deniesSessions: true } : {}) },
                  ConditionExpression: 'attribute_not_exists(id)',
                },
              },
              { Put: factPut(TableName, stopFactId(`${turn.at}#${newId()}`), fact) },
            ],
          }),
        ),
      );
    },

    async beginUnlock(principalId, turn) {
      const id = lockId(principalId);
      const update = new Update().set('lifting', turn).when('attribute_exists(id)');
      return happened(() =>
        client.send(
          new TransactWriteCommand({
            TransactItems: [
              { Update: { TableName, Key: { id }, ...written(update) } },
              {
                Put: factPut(
                  TableName,
                  stopFactId(`${turn.at}#${newId()}`),
                  factOf('unlocking', id, principalId, turn),
                ),
              },
            ],
          }),
        ),
      );
    },

    async unlock(principalId, turn, sessions) {
      const id = lockId(principalId);
      const fact = factOf('unlocked', id, principalId, turn);
      // An operator who locks again (`noteAccounts`) removes `lifting`, and has the sessions denied that the unlock had
      // allowed.
      const settled = sessions === 'left' ? 'attribute_not_exists(deniesSessions)' : 'attribute_exists(lifting)';
      return happened(() =>
        client.send(
          new TransactWriteCommand({
            TransactItems: [
              {
                Delete: {
                  TableName,
                  Key: { id },
                  ConditionExpression: `attribute_exists(id) AND ${settled}`,
                },
              },
              { Put: factPut(TableName, stopFactId(`${turn.at}#${newId()}`), fact) },
            ],
          }),
        ),
      );
    },
  };
}

function factOf(type: 'unlocking' | 'unlocked', id: string, principalId: string, turn: LockChange): AuditFact {
  const { at, by, reason } = turn;
  return { type, at, by, ...(reason === '' ? {} : { note: reason }), ids: [id, principalId] };
}
