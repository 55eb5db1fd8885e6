import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isMadeByUs } from '../../../core/access/recovery/made.ts';
import type { Directory, Membership } from '../../../core/model/directory.ts';
import { madeId } from '../../../core/model/stored-ids.ts';
import { assignmentKey } from '../../../core/model/target.ts';
import { readerOf } from '../batch-reader.ts';
import { fromLeaseItem } from './lease-item.ts';
import { fromMadeItem } from './made-store.ts';

/**
 * The directory, which also knows which memberships exist only because Glasshammer gave them. Reads the leases by key,
 * strongly consistent, and the record of what Glasshammer's roles made, because a lease may be lost, or be standing by
 * mistake. Reads nothing for groups that nobody can be put into.
 *
 * @param options.groups ids of the groups people may be put into, or could be while some are still members
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
      const keys = open.map(keyOf);
      const items = await readByIds(requestTable, [...keys, ...keys.map(madeId)]);
      const itemOf = new Map(items.map((item) => [String(item.id), item]));
      const isGiven = (key: string) => {
        const made = itemOf.get(madeId(key));
        if (made !== undefined && isMadeByUs(fromMadeItem(made))) return true;
        const lease = itemOf.get(key);
        // Until the first grant has looked, the membership counts as given; so does one that is being removed.
        return lease !== undefined && fromLeaseItem(lease).standing !== true;
      };
      return open.filter((membership) => isGiven(keyOf(membership)));
    },
  };
}

function keyOf({ principalId, groupId }: Membership): string {
  return assignmentKey({ principalId, target: { groupId } });
}
