import type { AccessItem } from '../../../model/access-item.ts';
import { type Person, type RequestInput, unaskedInput } from '../../../model/decision.ts';
import type { Directory } from '../../../model/directory.ts';
import type { Target } from '../../../model/target.ts';
import { factsNeeded, gatherFacts, isEmpty } from '../../../policy/decision/facts.ts';
import { type Facts, type FactsRequest, NO_FACTS } from '../../../policy/decision/known-facts.ts';
import { optionFor } from '../../../policy/decision/options-for.ts';
import type { PolicySet } from '../../../policy/records/policy-set.ts';
import type { Now, PolicyStore } from '../../ports.ts';
import { leasedGroupsOf, parsedPolicySet } from '../decide-request.ts';

/**
 * Every `access#…` record at one version of the table. Only the form uses it; a request looks up its records by key.
 */
export interface RecordList {
  records(version: string): Promise<readonly AccessItem[]>;
}

export interface OfferServices {
  readonly policyStore: Pick<PolicyStore, 'storeState' | 'policies'>;
  readonly recordList: RecordList;
  /** Its answers may be minutes old: the request itself is decided in full against live data. */
  readonly keptDirectory: Directory;
  /** The accounts that the configuration lets Glasshammer give. */
  accounts(): Promise<readonly Named[]>;
  readonly permissionSets: readonly { readonly name: string; readonly arn: string }[];
  /** Ids of the groups that the configuration lets Glasshammer give. */
  readonly groups: readonly string[];
  readonly maxDurationSeconds: number;
  readonly now: Now;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** The most entries a menu takes. */
const MOST_OFFERED = 100;

/** Slack waits three seconds for a menu's options; after this long, the rest is offered without being judged. */
const TIME_TO_JUDGE_MS = 1_200;

/** Accounts judged concurrently. */
const SIDE_BY_SIDE = 20;

/**
 * The accounts and groups in which this person may ask for something, among those whose name or id contains the query.
 * A target that could not be judged, or not in time, is offered: in an emergency, a refusal with its reason helps more
 * than an empty menu.
 */
export async function offerAccounts(
  person: Person,
  query: string,
  services: OfferServices,
): Promise<{ readonly accounts: readonly Named[]; readonly groups: readonly Named[] }> {
  const [evaluator, all, groups] = await Promise.all([
    evaluatorFor(person, services),
    services.accounts(),
    namedGroups(services),
  ]);
  const accounts: Named[] = [];
  const wanted = matching(all, query);
  for (let at = 0; at < wanted.length && accounts.length < MOST_OFFERED; at += SIDE_BY_SIDE) {
    const some = wanted.slice(at, at + SIDE_BY_SIDE);
    const offered = await Promise.all(some.map(({ id }) => anyOf(services.permissionSets, id, evaluator)));
    accounts.push(...some.filter((_, index) => offered[index]));
  }
  const candidates = matching(groups, query).slice(0, MOST_OFFERED);
  const mayJoin = await Promise.all(
    candidates.map(({ id, name }) => evaluator({ groupId: id }, { ...NO_FACTS, groupName: name })),
  );
  return { accounts: accounts.slice(0, MOST_OFFERED), groups: candidates.filter((_, index) => mayJoin[index]) };
}

/** The permission sets this person may ask for in an account, or in any account while none is chosen. */
export async function offerPermissionSets(
  person: Person,
  accountId: string | undefined,
  services: OfferServices,
): Promise<readonly { readonly name: string; readonly arn: string }[]> {
  const [evaluator, all] = await Promise.all([evaluatorFor(person, services), services.accounts()]);
  const accounts = all.filter(({ id }) => accountId === undefined || id === accountId);
  let open = services.permissionSets;
  const offered = new Set<string>();
  for (const { id } of accounts) {
    if (open.length === 0) break;
    const may = await Promise.all(open.map((set) => evaluatePermissionSet(set, id, evaluator)));
    for (const [index, { arn }] of open.entries()) if (may[index]) offered.add(arn);
    open = open.filter(({ arn }) => !offered.has(arn));
  }
  return services.permissionSets.filter(({ arn }) => offered.has(arn));
}

type Evaluator = (target: Target, known: Facts) => Promise<boolean>;

/** Reads once what all judgements of one menu share. */
async function evaluatorFor(whom: Person, services: OfferServices): Promise<Evaluator> {
  const [{ accessVersion }, leasedGroupIds] = await Promise.all([
    services.policyStore.storeState(),
    leasedGroupsOf(whom, services.keptDirectory),
  ]);
  const person = { ...whom, leasedGroupIds };
  const [items, records] = await Promise.all([
    services.policyStore.policies(accessVersion),
    services.recordList.records(accessVersion),
  ]);
  const policySet = parsedPolicySet(items);
  const byAccount = new Map<string, AccessItem[]>();
  for (const record of records) {
    const account = record.id.split('#')[1] ?? '';
    byAccount.set(account, [...(byAccount.get(account) ?? []), record]);
  }
  const at = services.now();
  const requestInput = (target: Target): RequestInput => ({
    ...unaskedInput(person, target, at.toISOString()),
    maxDurationSeconds: services.maxDurationSeconds,
  });
  const late = (): boolean => services.now().getTime() - at.getTime() > TIME_TO_JUDGE_MS;

  return async (target, known) => {
    if (late()) return true;
    const mine = 'accountId' in target ? (byAccount.get(target.accountId) ?? []) : [];
    const facts = await factsFor(policySet, mine, requestInput(target), known, services.keptDirectory);
    if (facts === undefined) return true;
    return (
      optionFor(
        policySet,
        mine,
        person,
        { target, facts },
        {
          at: at.toISOString(),
          maxDurationSeconds: services.maxDurationSeconds,
        },
      ) !== undefined
    );
  };
}

/** The facts that decide whether policies match; `undefined` if not all could be read. Approvers do not matter here. */
async function factsFor(
  policySet: PolicySet,
  records: readonly AccessItem[],
  requestInput: RequestInput,
  known: Facts,
  directory: Directory,
): Promise<Facts | undefined> {
  try {
    const facts = await gatherFacts(withoutVoters(factsNeeded(policySet, records, requestInput, known)), directory, {
      known,
    });
    return isEmpty(withoutVoters(factsNeeded(policySet, records, requestInput, facts))) ? facts : undefined;
  } catch {
    return undefined;
  }
}

function withoutVoters(request: FactsRequest): FactsRequest {
  return { ...request, approvers: [], voters: [], next: (facts) => withoutVoters(request.next(facts)) };
}

async function anyOf(sets: OfferServices['permissionSets'], accountId: string, evaluator: Evaluator): Promise<boolean> {
  for (const set of sets) if (await evaluatePermissionSet(set, accountId, evaluator)) return true;
  return false;
}

function evaluatePermissionSet(
  { arn, name }: { readonly arn: string; readonly name: string },
  accountId: string,
  evaluator: Evaluator,
) {
  return evaluator({ accountId, permissionSetArn: arn }, { ...NO_FACTS, permissionSetName: name });
}

async function namedGroups({ groups, keptDirectory }: OfferServices): Promise<Named[]> {
  const found = await Promise.all(groups.map((id) => keptDirectory.group(id).catch(() => ({ id, name: id }))));
  return found.filter((group) => group !== undefined);
}

function matching(entries: readonly Named[], query: string): Named[] {
  const wanted = query.trim().toLowerCase();
  return entries.filter(({ id, name }) => id.toLowerCase().includes(wanted) || name.toLowerCase().includes(wanted));
}
