import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { MadeAssignment, MadeBook } from '../../../core/access/recovery/made.ts';
import { isInstant } from '../../../core/model/events.ts';
import { ITEM_PREFIXES, madeId } from '../../../core/model/stored-ids.ts';
import { type Assignment, assignmentKey, assignmentOfKey, isAssignmentKey } from '../../../core/model/target.ts';
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
    // CloudTrail tells whole seconds. Of a making of ours and a removal in the same one the making counts, because a look tells of it
    // later; of somebody else's the removal counts, so that nothing of ours stays for its sake.
    const gone = update.name('goneAt');
    const before = what === 'madeAt' ? '<=' : '<';
    update.when(`attribute_not_exists(${gone}) OR ${gone} ${before} ${update.value(when)}`);
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
    if ('done' in written) return true;
    const { goneAt } = written.conflict ?? {};
    return !isInstant(goneAt) || goneAt < when || (what === 'madeAt' && goneAt === when);
  }

  return {
    noteOurs: (assignment, at) => note(assignment, 'madeAt', at, true),
    noteTheirs: (assignment, at, mayBeOurs) => note(assignment, 'theirsAt', at, mayBeOurs),

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
      for await (const item of itemsInState(client, TableName, MADE_STATE))
        if (isAssignmentKey(keyIn(item))) yield fromMadeItem(item);
    },
  };
}

/** Reads a stored item, also one that somebody has spoiled: what it is about is told by its key, and what is no instant says nothing. */
export function fromMadeItem(item: Item): MadeAssignment {
  const { madeAt, theirsAt } = item;
  return {
    assignment: assignmentOfKey(keyIn(item)),
    ...(isInstant(madeAt) ? { madeAt } : {}),
    ...(isInstant(theirsAt) ? { theirsAt } : {}),
  };
}

/** The key of the leases of the same assignment; none where the id is another's. */
function keyIn({ id }: Item): string {
  return String(id).startsWith(ITEM_PREFIXES.made) ? String(id).slice(ITEM_PREFIXES.made.length) : '';
}
