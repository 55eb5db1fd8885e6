import { DeleteCommand, type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { MadeAssignment, MadeBook } from '../../../core/access/recovery/made.ts';
import { madeId } from '../../../core/model/stored-ids.ts';
import { type Assignment, assignmentKey } from '../../../core/model/target.ts';
import { conditionally, type Item, Update } from '../conditional.ts';
import { itemsInState } from '../paging.ts';

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
  ): Promise<void> {
    const when = new Date(at).toISOString();
    const update = new Update()
      .set('principalId', assignment.principalId)
      .set('target', assignment.target)
      .set('state', MADE_STATE)
      .setOnce('endsAt', when)
      .set(what, when);
    const known = update.name(what);
    update.when(`attribute_not_exists(${known}) OR ${known} < ${update.value(when)}`);
    if (!mayMake) update.when('attribute_exists(id)');
    await conditionally(() => client.send(new UpdateCommand({ TableName, Key: keyOf(assignment), ...update.build() })));
  }

  return {
    noteOurs: (assignment, at) => note(assignment, 'madeAt', at, true),
    noteTheirs: (assignment, at, mayBeOurs) => note(assignment, 'theirsAt', at, mayBeOurs),

    async noteGone(assignment, at) {
      const update = new Update();
      const until = update.value(new Date(at).toISOString());
      for (const known of [update.name('madeAt'), update.name('theirsAt')])
        update.when(`attribute_not_exists(${known}) OR ${known} <= ${until}`);
      await conditionally(() =>
        client.send(new DeleteCommand({ TableName, Key: keyOf(assignment), ...update.build() })),
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
