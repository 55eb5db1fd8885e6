import type { AccessItem } from '../../../model/access-item.ts';
import { type Person, unaskedInput } from '../../../model/decision.ts';
import { timeless, type WayTo, wayTo } from '../../../policy/authoring/way-to.ts';
import { factsNeeded, gatherFacts, isEmpty } from '../../../policy/decision/facts.ts';
import { type Facts, NO_FACTS } from '../../../policy/decision/known-facts.ts';
import type { PolicySet } from '../../../policy/records/policy-set.ts';
import { parsedPolicySet } from '../decide-request.ts';
import type { OfferServices } from '../target/offer-access.ts';

/** What a reach is told from. Its directory's answers may be minutes old: nothing is given by it. */
export type ReachServices = Omit<OfferServices, 'groups'>;

/** A permission set with the way somebody gets to it; `set` is its place among the configured ones. */
export interface SetReached {
  readonly set: number;
  readonly way: WayTo;
}

/** A page is answered after this long with what was judged until then, so that it is there within the time an API has. */
const TIME_TO_JUDGE_MS = 5_000;

export interface Judge {
  /** Without denies, requires and closings of some hours only. */
  readonly policySet: PolicySet;
  recordsOf(accountId: string): readonly AccessItem[];
  /**
   * Every permission set of the account that the person gets to, whatever it takes.
   *
   * @param groupIds ids of groups by name, as far as they are known already
   * @throws whatever the directory throws
   */
  reached(person: Person, accountId: string, groupIds?: Facts['groupIds']): Promise<readonly SetReached[]>;
  isLate(): boolean;
}

/** Reads what all judgements of one page share, once. @throws whatever the table throws */
export async function judgeOf(services: ReachServices): Promise<Judge> {
  const { policyStore, recordList, keptDirectory, permissionSets, maxDurationSeconds } = services;
  const { accessVersion } = await policyStore.storeState();
  const [items, records] = await Promise.all([policyStore.policies(accessVersion), recordList.records(accessVersion)]);
  const policySet = timeless(parsedPolicySet(items));
  const byAccount = new Map<string, AccessItem[]>();
  for (const record of records) {
    const account = record.id.split('#')[1] ?? '';
    const known = byAccount.get(account);
    if (known === undefined) byAccount.set(account, [record]);
    else known.push(record);
  }
  const begun = services.now();
  const at = begun.toISOString();
  /** Who approves, and whose names are whose, is so for every account and person. */
  let shared: Omit<Facts, 'groupIds'> = NO_FACTS;
  const recordsOf = (accountId: string) => byAccount.get(accountId) ?? [];

  return {
    policySet,
    recordsOf,
    async reached(person, accountId, groupIds = new Map()) {
      const found: SetReached[] = [];
      // Of a group it may be known only that this person is not in it.
      let own: Pick<Facts, 'groupIds' | 'ouPath' | 'tags'> = { groupIds };
      const mine = recordsOf(accountId);
      for (const [set, { arn, name }] of permissionSets.entries()) {
        const ours = mine.filter(({ id }) => id.includes(arn));
        const requestInput = {
          ...unaskedInput(person, { accountId, permissionSetArn: arn }, at),
          maxDurationSeconds,
        };
        const known = { ...shared, ...own, permissionSetName: name };
        const needed = factsNeeded(policySet, ours, requestInput, known);
        const facts = isEmpty(needed) ? known : await gatherFacts(needed, keptDirectory, { known });
        const { userIds, approvers, leasedApprovers = new Map(), users, ouPath, tags } = facts;
        shared = { userIds, approvers, leasedApprovers, users };
        own = {
          groupIds: facts.groupIds,
          ouPath,
          tags,
        };
        const way = wayTo(policySet, ours, requestInput, facts);
        if (way !== undefined) found.push({ set, way });
      }
      return found;
    },
    isLate: () => services.now().getTime() - begun.getTime() > TIME_TO_JUDGE_MS,
  };
}
