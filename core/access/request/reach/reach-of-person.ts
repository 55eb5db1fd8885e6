import type { Person } from '../../../model/decision.ts';
import { compareText } from '../../../model/text.ts';
import { leasedGroupsOf } from '../decide-request.ts';
import { judgeOf, type ReachServices, type SetReached } from './judge.ts';

/** An account with what a person gets to in it. */
export interface AccountReached {
  readonly id: string;
  readonly name: string;
  readonly reached: readonly SetReached[];
}

/** Accounts on one page: with 200 permission sets, 10,000 judgements. */
const ACCOUNTS_ON_PAGE = 50;

/** Accounts whose units and tags are looked up at the same time. */
const SIDE_BY_SIDE = 10;

/**
 * What a person gets to, account by account in the order of their ids, whatever the time of the week; freezes and locks are left aside.
 * An account in which there is nothing for them is there, too.
 *
 * @param page of the accounts whose name or id has `query` in it, those behind the id `after`
 * @returns `next`: the id to go on behind; absent: that was all. A page may be short, where it took long
 * @throws whatever the table or the directory throws
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
