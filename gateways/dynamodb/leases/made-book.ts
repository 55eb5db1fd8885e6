import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { MadeAssignment, MadeBook } from '../../../core/access/recovery/made.ts';
import { madeId } from '../../../core/model/stored-ids.ts';
import { type Assignment, assignmentKey } from '../../../core/model/target.ts';
import { conditionally, type Item, Update } from '../conditional.ts';
import { itemsInState } from '../paging.ts';
import { GONE_TTL_SECONDS } from './lease-store.ts';

/** The value of `state` that puts these items into the by-state index. */
const MADE_STATE = 'made';

/** One item per assignment that one of our roles has made, in the request table. */
export function createMadeBook(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): MadeBook {
  const { client, tableName: TableName } = options;
  const keyOf = (assignment: Assignment) => ({ id: madeId(assignmentKey(assignment)) });

  async function note(
    assignment: Assignment,
    what: 'madeAt' | 'theirsAt',
    at: string,
    mayMake: boolean,
  ): Promise<boolean> {
    const when = new Date(at).toISOString();
    const update = new Update()
      .set('principalId', assignment.principalId)
      .set('target', assignment.target)
      .set('state', MADE_STATE)
      .setOnce('endsAt', when)
      .set(what, when);
    const known = update.name(what);
    update.when(`attribute_not_exists(${known}) OR ${known} < ${update.value(when)}`);
    // CloudTrail tells whole seconds. Of a making and a removal in the same one the making counts: a look tells of it later.
    const gone = update.name('goneAt');
    update.when(`attribute_not_exists(${gone}) OR ${gone} <= ${update.value(when)}`);
    if (!mayMake) update.when(`attribute_exists(${update.name('state')})`);
    const written = await conditionally(() =>
      client.send(
        new UpdateCommand({
          TableName,
          Key: keyOf(assignment),
          ...update.remove('ttl').build(),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    );
    return 'done' in written || !(String(written.conflict?.goneAt ?? '') > when);
  }

  return {
    noteOurs: (assignment, at) => note(assignment, 'madeAt', at, true),
    async noteTheirs(assignment, at, mayBeOurs) {
      await note(assignment, 'theirsAt', at, mayBeOurs);
    },

    /** What is left has no state, so that no list has it, and goes by itself. */
    async noteGone(assignment, at) {
      const when = new Date(at).toISOString();
      const update = new Update()
        .set('goneAt', when)
        .set('ttl', Math.floor(Date.parse(when) / 1000) + GONE_TTL_SECONDS);
      const until = update.value(when);
      for (const known of [update.name('madeAt'), update.name('theirsAt'), update.name('goneAt')])
        update.when(`attribute_not_exists(${known}) OR ${known} <= ${until}`);
      for (const attribute of ['state', 'endsAt', 'madeAt', 'theirsAt']) update.remove(attribute);
      await conditionally(() =>
        client.send(new UpdateCommand({ TableName, Key: keyOf(assignment), ...update.build() })),
      );
    },

    async *all() {
      for await (const item of itemsInState(client, TableName, MADE_STATE)) yield fromMadeItem(item);
    },
  };
}

/** Reads a stored item. */
export function fromMadeItem({ principalId, target, madeAt, theirsAt }: Item): MadeAssignment {
  return {
    assignment: { principalId: String(principalId), target: target as Assignment['target'] },
    ...(typeof madeAt === 'string' ? { madeAt } : {}),
    ...(typeof theirsAt === 'string' ? { theirsAt } : {}),
  };
}
