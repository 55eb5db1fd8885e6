import type { Person } from '../../../model/decision.ts';
import { compareText } from '../../../model/text.ts';
import { leasedGroupsOf } from '../decide-request.ts';
import { judgeOf, type ReachServices, type SetReached } from './judge.ts';

/** An account, and what a person can get to in it. */
export interface AccountReached {
  readonly id: string;
  readonly name: string;
  readonly reached: readonly SetReached[];
}

/** Accounts on one page: with 200 permission sets, 10,000 judgements. */
const ACCOUNTS_ON_PAGE = 50;

/** Accounts whose organizational units and tags are looked up concurrently. */
const SIDE_BY_SIDE = 10;

/**
 * What a person can get to, account by account in the order of their ids, at any time of the week; freezes and locks
 * are ignored. Accounts in which the person gets to nothing are included.
 *
 * @param page the accounts whose name or id contains `query`, starting behind the id `after`
 * @returns `next`: the id behind which to go on; absent: that was all. A page that took long may be short
 * @throws any error of the table or the directory
 */
export async function reachOfPerson(
  whom: Person,
  page: { readonly query: string; readonly after?: string },
  services: ReachServices,
): Promise<{ readonly accounts: readonly AccountReached[]; readonly next?: string }> {
  const [judge, all, leasedGroupIds] = await Promise.all([
    judgeOf(services),
    services.accounts(),
    leasedGroupsOf(whom, services.keptDirectory),
  ]);
  const person = { ...whom, leasedGroupIds };
  const { after = '' } = page;
  const query = page.query.trim().toLowerCase();
  const meant = all
    .filter(({ id, name }) => id > after && (id.includes(query) || name.toLowerCase().includes(query)))
    .sort((a, b) => compareText(a.id, b.id));
  const accounts: AccountReached[] = [];
  while (accounts.length < Math.min(meant.length, ACCOUNTS_ON_PAGE)) {
    const some = meant.slice(accounts.length, Math.min(accounts.length + SIDE_BY_SIDE, ACCOUNTS_ON_PAGE));
    accounts.push(
      ...(await Promise.all(
        some.map(async ({ id, name }) => ({ id, name, reached: await judge.reached(person, id) })),
      )),
    );
    if (judge.isLate()) break;
  }
  const last = accounts.at(-1);
  return { accounts, ...(accounts.length < meant.length && last !== undefined ? { next: last.id } : {}) };
}
