import type { AccessItem } from '../../../model/access-item.ts';
import { type Person, unaskedInput } from '../../../model/decision.ts';
import { type EasiestPath, easiestPath, timeless } from '../../../policy/authoring/easiest-path.ts';
import { factsNeeded, gatherFacts, isEmpty } from '../../../policy/decision/facts.ts';
import { type Facts, NO_FACTS } from '../../../policy/decision/known-facts.ts';
import type { PolicySet } from '../../../policy/records/policy-set.ts';
import { parsedPolicySet } from '../decide-request.ts';
import type { OfferServices } from '../target/offer-access.ts';

/** What a reach is computed from. Its directory's answers may be minutes old: a reach grants nothing. */
export type ReachServices = Omit<OfferServices, 'groups'>;

/** A permission set and the way a person gets to it; `set` is its index among the configured ones. */
export interface SetReached {
  readonly set: number;
  readonly way: EasiestPath;
}

/** After this long a page is returned with what was judged so far, to stay within the API's time limit. */
const TIME_TO_JUDGE_MS = 5_000;

export interface Judge {
  /**
   * Policies without hours: allows count as open, and denies and requires that bind only at some hours are left out.
   */
  readonly policySet: PolicySet;
  recordsOf(accountId: string): readonly AccessItem[];
  /**
   * Every permission set of the account that the person can get to, in whatever way.
   *
   * @param groupIds ids of groups by name, as far as they are known already
   * @throws any error of the directory
   */
  reached(person: Person, accountId: string, groupIds?: Facts['groupIds']): Promise<readonly SetReached[]>;
  isLate(): boolean;
}

/** Reads once what all judgements of one page share. @throws any error of the table */
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
  /** Approvers and user names are the same for every account and person, so these facts are reused. */
  let shared: Omit<Facts, 'groupIds'> = NO_FACTS;
  const recordsOf = (accountId: string) => byAccount.get(accountId) ?? [];

  return {
    policySet,
    recordsOf,
    async reached(person, accountId, groupIds = new Map()) {
      const found: SetReached[] = [];
      // Not shared: a `null` in `groupIds` may only mean that this person is not in the group.
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
        const way = easiestPath(policySet, ours, requestInput, facts);
        if (way !== undefined) found.push({ set, way });
      }
      return found;
    },
    isLate: () => services.now().getTime() - begun.getTime() > TIME_TO_JUDGE_MS,
  };
}
