import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Sha256 } from '../../../core/access/ports.ts';
import type { FactType } from '../../../core/audit/event-types.ts';
import { proposalFactId, proposalId } from '../../../core/model/stored-ids.ts';
import type { AccessChange } from '../../../core/policy/authoring/ports.ts';
import type { Proposal, ProposalStore } from '../../../core/policy/changing/proposal.ts';
import { factPut } from '../audit-log.ts';
import { type Item, Update, written } from '../conditional.ts';
import { itemsInState } from '../paging.ts';
import { hashesOf, newVersion, refuseNewerSchema, writeOf } from './access-table-writer.ts';

/** The value of `state` for each state, for the by-state index; its sort key `endsAt` is when a proposal expires. */
const STATES: Readonly<Record<Proposal['state'], string>> = {
  proposed: 'proposal',
  accepted: 'proposal-accepted',
  withdrawn: 'proposal-withdrawn',
};

/** Reads proposed changes, for functions that do not write them. */
export function createProposalReader({
  client,
  requestTable: TableName,
}: {
  readonly client: DynamoDBDocumentClient;
  readonly requestTable: string;
}): Pick<ProposalStore, 'get' | 'open'> {
  async function get(id: string): Promise<Proposal | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName, Key: { id: proposalId(id) }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : proposalOf(id, Item);
  }

  return {
    get,
    async open(at) {
      const ids: string[] = [];
      for await (const item of itemsInState(client, TableName, STATES.proposed, { from: at }))
        if (String(item.id).startsWith(proposalId(''))) ids.push(String(item.id).slice(proposalId('').length));
      const read = await Promise.all(ids.map((id) => get(id)));
      return read.flatMap((proposal) => (proposal?.state === 'proposed' ? [proposal] : []));
    },
  };
}

/**
 * Proposed changes of the policies, in the request table; an accepted change is written into the access table in the
 * same transaction.
 */
export function createProposalStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly accessTable: string;
  readonly requestTable: string;
  readonly sha256: Sha256;
}): ProposalStore {
  const { client, accessTable, requestTable: TableName, sha256 } = options;
  // A proposal is made once and decided once, so its id and the type are enough to identify a fact.
  const fact = (id: string, type: FactType, by: string, at: string, note: string) => ({
    Put: factPut(TableName, proposalFactId(`${id}#${type}`), { type, at, by, ids: [proposalId(id)], note }),
  });
  const done = (id: string, state: 'accepted' | 'withdrawn', decided: NonNullable<Proposal['decided']>) => {
    const update = new Update().set('state', STATES[state]).set('decided', { ...decided });
    update.when(`${update.name('state')} = ${update.value(STATES.proposed)}`);
    return { Update: { TableName, Key: { id: proposalId(id) }, ...written(update) } };
  };

  const { get, open } = createProposalReader({ client, requestTable: TableName });

  return {
    get,

    open,

    async put({ id, state, expiresAt, ...rest }, note) {
      const { decided: _never, ...fields } = rest;
      const Item = { id: proposalId(id), state: STATES[state], endsAt: expiresAt, ...fields };
      const failed = await failedParts(client, [
        { Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(id)' } },
        fact(id, 'policy-proposed', rest.principalId, rest.at, note),
      ]);
      return failed.length === 0;
    },

    async withdraw(id, decided, note) {
      const failed = await failedParts(client, [
        done(id, 'withdrawn', decided),
        fact(id, 'policy-withdrawn', decided.principalId, decided.at, note),
      ]);
      return failed.length === 0;
    },

    async accept(id, decided, changes: readonly AccessChange[], audit) {
      await refuseNewerSchema(client, TableName);
      const pushed = factPut(TableName, proposalFactId(`${id}#${audit.type}`), audit);
      const failed = await failedParts(client, [
        done(id, 'accepted', decided),
        newVersion(TableName),
        { Put: { ...pushed, Item: { ...pushed.Item, hashes: hashesOf(changes, audit.ids, sha256) } } },
        ...changes.map((change) => writeOf(change, accessTable)),
      ]);
      if (failed.length === 0) return 'accepted';
      return failed.includes(0) ? 'over' : 'changed';
    },
  };
}

/** Runs a transaction. @returns the parts whose conditions did not hold; empty: all of it is written */
async function failedParts(
  client: DynamoDBDocumentClient,
  TransactItems: NonNullable<ConstructorParameters<typeof TransactWriteCommand>[0]['TransactItems']>,
): Promise<readonly number[]> {
  try {
    await client.send(new TransactWriteCommand({ TransactItems }));
    return [];
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
    const failed = codes.flatMap((code, index) => (code === 'ConditionalCheckFailed' ? [index] : []));
    if (failed.length === 0) throw error;
    return failed;
  }
}

function proposalOf(id: string, item: Item): Proposal {
  const state = (Object.keys(STATES) as Proposal['state'][]).find((one) => STATES[one] === item.state);
  const decided = item.decided as Proposal['decided'];
  return {
    id,
    principalId: String(item.principalId ?? ''),
    userName: String(item.userName ?? ''),
    at: String(item.at ?? ''),
    expiresAt: String(item.endsAt ?? ''),
    text: String(item.text ?? ''),
    base: String(item.base ?? ''),
    note: String(item.note ?? ''),
    ...(typeof item.allowRemoving === 'number' ? { allowRemoving: item.allowRemoving } : {}),
    // A proposal in an unknown state cannot be accepted.
    state: state ?? 'withdrawn',
    ...(decided === undefined ? {} : { decided }),
  };
}
