import type { LeaseItem } from '../../../core/access/ports.ts';
import { isInstant } from '../../../core/model/events.ts';
import { assignmentOfKey } from '../../../core/model/target.ts';
import { compareText } from '../../../core/model/text.ts';
import { type Item, Update } from '../conditional.ts';

/**
 * Reads a stored lease item, also one that somebody has spoiled who may write leases: what cannot be read says nothing, and what it is
 * about is told by its key.
 */
export function fromLeaseItem(item: Item): LeaseItem {
  const removing = removalIn(item);
  return {
    assignment: assignmentOfKey(String(item.id)),
    leases: item.leases instanceof Set ? [...item.leases].map(String).sort(compareText) : [],
    ...(typeof item.standing === 'boolean' ? { standing: item.standing } : {}),
    ...(isInstant(item.standingAt) ? { standingAt: item.standingAt } : {}),
    ...(typeof item.releasedAt === 'string' ? { releasedAt: item.releasedAt } : {}),
    ...(typeof item.opensAt === 'string' ? { opensAt: item.opensAt } : {}),
    ...(removing === undefined ? {} : { removing }),
  };
}

function removalIn({ removing }: Item): LeaseItem['removing'] {
  const { requestId, since, operationId } = (removing ?? {}) as Item;
  if (typeof requestId !== 'string' || typeof since !== 'string') return undefined;
  return { requestId, since, ...(typeof operationId === 'string' ? { operationId } : {}) };
}

/** Is something in it that is not what is written there? */
export function isSpoiled(item: Item): boolean {
  return (
    (item.leases !== undefined && !(item.leases instanceof Set)) ||
    (item.removing !== undefined && removalIn(item) === undefined)
  );
}

/** Takes such things out, each only while it is that. */
export function spoiledParts(): readonly Update[] {
  const leases = new Update().remove('leases');
  leases.when(`NOT attribute_type(${leases.name('leases')}, ${leases.value('SS')})`);
  const removing = new Update().remove('removing');
  const text = removing.value('S');
  const whole = ['removing.requestId', 'removing.since'].map(
    (path) => `attribute_type(${removing.name(path)}, ${text})`,
  );
  removing.when(`NOT (${whole.join(' AND ')})`);
  return [leases, removing];
}
