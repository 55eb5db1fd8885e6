import type { AssigneesPort } from '../../core/access/request/held-outside.ts';
import type { HeldFacts } from '../../core/model/decision.ts';
import { type Refusal, refusal } from '../../core/model/refusal.ts';
import type { Target } from '../../core/model/target.ts';
import { type TableOptions, tableNames } from '../deployment/tables.ts';
import { type CliIo, UsageError } from '../terminal/io.ts';
import { readInstant } from './instant.ts';

/** What a decision depends on besides policies and people: what the person holds, and freezes and locks. */
export interface LiveFacts {
  /** Access to this target that the person has and had. `isExtension`: the request extends existing access. */
  held(principalId: string, target: Target, isExtension: boolean): Promise<HeldFacts>;
  /** Who has assignments outside of Glasshammer. */
  readonly assignees: AssigneesPort;
  /** Why nobody, or not this person, is given access at the moment. */
  stopped(principalId: string): Promise<{ readonly refusal: Refusal; readonly sentence: string } | undefined>;
}

/** The facts of the deployment that owns the tables. */
export async function factsOfDeployment(options: TableOptions, io: CliIo): Promise<LiveFacts> {
  const stores = await io.liveStores(tableNames(options, io), io.now);
  return {
    assignees: stores,
    held: (principalId, target, isExtension) => stores.held(principalId, target, isExtension),
    async stopped(principalId) {
      const [frozen, locked] = await Promise.all([stores.frozen(), stores.locked(principalId)]);
      if (frozen !== undefined)
        return {
          refusal: refusal('frozen', frozen.reason),
          sentence: `Grants are frozen since ${frozen.at}, by ${frozen.by}: ${frozen.reason}`,
        };
      if (locked === undefined) return undefined;
      return {
        refusal: refusal('locked', locked.reason),
        sentence: `This person is locked out since ${locked.at}, by ${locked.by}: ${locked.reason}`,
      };
    },
  };
}

/**
 * Reads holds from `START/END`, each an instant with its time zone.
 *
 * @param at when access would start (ISO 8601): a hold that has begun and ends later is the current one
 * @throws UsageError for a text that is no such pair
 */
export function writtenHolds(holds: readonly string[], at: string, isExtension: boolean): HeldFacts {
  const read = holds.map((text, index) => {
    const [startedAt, endsAt, ...more] = text.split('/').map(readInstant);
    if (more.length > 0 || startedAt === undefined || endsAt === undefined || endsAt <= startedAt)
      throw new UsageError(
        `held must be START/END, such as 2026-01-05T08:00:00Z/2026-01-05T09:00:00Z, the end later, not ${text}`,
      );
    return { accessId: `held-${index + 1}`, startedAt, endsAt };
  });
  const current = read.findLast(({ startedAt, endsAt }) => endsAt > at && startedAt <= at);
  const past = read.filter((hold) => hold !== current);
  return { current, past, isExtension };
}
