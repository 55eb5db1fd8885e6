import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Directory, Membership } from '../../core/model/directory.ts';
import { assignmentKey } from '../../core/model/target.ts';
import { fromLeaseItem } from './lease-store.ts';

/** DynamoDB takes at most this many keys in one BatchGetItem. */
const BATCH = 100;

/**
 * The directory, which also knows which memberships are there only because Glasshammer gave them. Asks the leases by key, strongly
 * consistent, and nothing at all for groups that nobody can be put into.
 *
 * @param options.groups ids of the groups people may be put into
 */
export function withGivenMemberships(
  directory: Directory,
  options: {
    readonly client: DynamoDBDocumentClient;
    readonly requestTable: string;
    readonly groups: readonly string[];
  },
): Directory {
  const { client, requestTable } = options;
  const joinable = new Set(options.groups);
  return {
    ...directory,
    async givenMemberships(memberships) {
      const open = memberships.filter(({ groupId }) => joinable.has(groupId));
      const given: Membership[] = [];
      for (let at = 0; at < open.length; at += BATCH) {
        const some = open.slice(at, at + BATCH);
        const live = await liveLeases(some.map(keyOf));
        given.push(...some.filter((membership) => live.has(keyOf(membership))));
      }
      return given;
    },
  };

  async function liveLeases(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const live = new Set<string>();
    let wanted: Record<string, { Keys: Record<string, unknown>[]; ConsistentRead: boolean }> = {
      [requestTable]: { Keys: [...new Set(ids)].map((id) => ({ id })), ConsistentRead: true },
    };
    while (Object.keys(wanted).length > 0) {
      const answer = await client.send(new BatchGetCommand({ RequestItems: wanted }));
      for (const item of answer.Responses?.[requestTable] ?? []) {
        // Until the first grant has looked, nobody knows whether the membership was there before; being removed is still being ours.
        if (fromLeaseItem(item).standing !== true) live.add(String(item.id));
      }
      wanted = (answer.UnprocessedKeys ?? {}) as typeof wanted;
    }
    return live;
  }
}

function keyOf({ principalId, groupId }: Membership): string {
  return assignmentKey({ principalId, target: { groupId } });
}
