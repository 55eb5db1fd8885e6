import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Directory, Membership } from '../../../core/model/directory.ts';
import { assignmentKey } from '../../../core/model/target.ts';
import { readerOf } from '../batch-reader.ts';
import { fromLeaseItem } from './lease-store.ts';

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
  const { requestTable } = options;
  const readByIds = readerOf(options.client);
  const joinable = new Set(options.groups);
  return {
    ...directory,
    async givenMemberships(memberships) {
      const open = memberships.filter(({ groupId }) => joinable.has(groupId));
      const items = await readByIds(requestTable, open.map(keyOf));
      // Until the first grant has looked, nobody knows whether the membership was there before; being removed is still being ours.
      const live = new Set(items.filter((item) => fromLeaseItem(item).standing !== true).map(({ id }) => id));
      return open.filter((membership) => live.has(keyOf(membership)));
    },
  };
}

function keyOf({ principalId, groupId }: Membership): string {
  return assignmentKey({ principalId, target: { groupId } });
}
