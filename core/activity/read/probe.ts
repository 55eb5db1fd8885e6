import type { Now } from '../../access/ports.ts';
import { ActivityUnreadableError } from '../../model/errors.ts';
import type { ActivitySource } from '../ports.ts';

/** An account and Region; `why` says why nothing can be read there, and is absent if it can. */
export interface ReaderState {
  readonly accountId: string;
  readonly region: string;
  readonly why?: string;
}

/**
 * Tries to read one minute of the calls of a user that does not exist, in each account and Region: only a function with
 * the role that reads can tell whether that role is trusted. Reads one account after another, because CloudTrail
 * answers two calls a second in each.
 */
export async function probeReaders(
  { accounts, regions }: { readonly accounts: readonly string[]; readonly regions: readonly string[] },
  { source, now }: { readonly source: ActivitySource; readonly now: Now },
): Promise<readonly ReaderState[]> {
  const states: ReaderState[] = [];
  const until = now().toISOString();
  const from = new Date(now().getTime() - 60_000).toISOString();
  // An id of its own, so that no session that was kept from an earlier report hides the state of today.
  const requestId = `doctor-${until}`;
  for (const accountId of accounts)
    states.push(
      ...(await Promise.all(
        regions.map(async (region): Promise<ReaderState> => {
          try {
            await source.page({ requestId, accountId, region, by: { userName: 'nobody' }, from, until });
            return { accountId, region };
          } catch (error) {
            if (error instanceof ActivityUnreadableError) return { accountId, region, why: error.message };
            return {
              accountId,
              region,
              why: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
            };
          }
        }),
      )),
    );
  return states;
}
