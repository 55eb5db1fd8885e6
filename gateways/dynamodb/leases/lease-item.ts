import type { LeaseItem } from '../../../core/access/ports.ts';
import { isInstant } from '../../../core/model/events.ts';
import { assignmentOfKey } from '../../../core/model/target.ts';
import { compareText } from '../../../core/model/text.ts';
import { type Item, Update } from '../conditional.ts';

/**
 * An assignment is held by one access, and any other claim lasts seconds. An item with more claims than this was not
 * written by the grant, and the functions that end access would have to look up thousands of requests for it.
 */
const MOST_CLAIMS = 10;

/**
 * Reads a stored lease item, even one that an attacker with the right to write leases has spoiled: parts that cannot be
 * read are left out, and the assignment is taken from the key.
 */
export function fromLeaseItem(item: Item): LeaseItem {
  const removing = removalIn(item);
  return {
    assignment: assignmentOfKey(String(item.id)),
    leases: areClaims(item.leases) ? [...item.leases].map(String).sort(compareText) : [],
    ...(typeof item.standing === 'boolean' ? { standing: item.standing } : {}),
    ...(isInstant(item.standingAt) ? { standingAt: item.standingAt } : {}),
    ...(typeof item.releasedAt === 'string' ? { releasedAt: item.releasedAt } : {}),
    ...(typeof item.opensAt === 'string' ? { opensAt: item.opensAt } : {}),
    ...(removing === undefined ? {} : { removing }),
  };
}

function areClaims(leases: unknown): leases is ReadonlySet<unknown> {
  return leases instanceof Set && leases.size <= MOST_CLAIMS;
}

function removalIn({ removing }: Item): LeaseItem['removing'] {
  const { requestId, since, operationId } = (removing ?? {}) as Item;
  if (typeof requestId !== 'string' || typeof since !== 'string') return undefined;
  return { requestId, since, ...(typeof operationId === 'string' ? { operationId } : {}) };
}

/** Does the item hold something that the program does not write? */
export function isSpoiled(item: Item): boolean {
  return (
    (item.leases !== undefined && !areClaims(item.leases)) ||
    (item.removing !== undefined && removalIn(item) === undefined)
  );
}

/** Updates that remove such parts, each on the condition that the part is still spoiled. */
export function spoiledParts(): readonly Update[] {
  const leases = new Update().remove('leases');
  leases.when(`NOT attribute_type(${leases.name('leases')}, ${leases.value('SS')})`);
  const many = new Update().remove('leases');
  many.when(`size(${many.name('leases')}) > ${many.value(MOST_CLAIMS)}`);
  const removing = new Update().remove('removing');
  const text = removing.value('S');
  const whole = ['removing.requestId', 'removing.since'].map(
    (path) => `attribute_type(${removing.name(path)}, ${text})`,
  );
  removing.when(`NOT (${whole.join(' AND ')})`);
  return [leases, many, removing];
}
