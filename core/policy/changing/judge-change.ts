import type { AccessItem } from '../../model/access-item.ts';
import { type Refusal, refusal } from '../../model/refusal.ts';
import { checkPolicies, type Finding } from '../authoring/check.ts';
import { reachAlone } from '../authoring/check-reach.ts';
import type { Organization } from '../authoring/organization.ts';
import { comparePolicies, type PolicyDifference } from '../authoring/plan.ts';
import { describeTarget, eachAlone, gained, type LoneReach } from '../authoring/reach.ts';
import { unannouncedRemovals } from '../authoring/removals.ts';
import { parsePolicySet, policySetOf, withPersons } from '../records/policy-set.ts';
import { recordKind } from '../records/record-kind.ts';

/** The current access table, and the organization that its policies are about. */
export interface Surroundings {
  /** Policies, person records and records of no kind. */
  readonly items: readonly AccessItem[];
  /** The access records. */
  readonly records: readonly AccessItem[];
  /** Absent where the organization is too large to be read during a call. */
  readonly organization: Organization | undefined;
  /** ISO 8601. */
  readonly at: string;
  /** In which accounts the configuration gives access at all. */
  readonly isGiven: (accountId: string) => boolean;
}

/** What a change would do, and why it is refused where it is. */
export interface JudgedChange {
  /** Errors first. */
  readonly findings: readonly Finding[];
  readonly differences: readonly PolicyDifference[];
  /** Who would gain or lose what with no second person; one sentence each. */
  readonly plan: readonly string[];
  readonly refusal?: Refusal;
}

/**
 * The most records written at once: a transaction holds 100 actions, and the version, the fact and the proposal are
 * three of them.
 */
const MOST_CHANGES_IN_PROPOSAL = 97;

const ORDER: readonly Finding['severity'][] = ['error', 'warning', 'note'];

/** Checks proposed policies exactly as `policy check`, `policy plan` and `policy push` check a file. */
export function judgeChange(
  entries: readonly unknown[],
  allowRemoving: number | undefined,
  { items, records, organization, at, isGiven }: Surroundings,
): JudgedChange {
  const persons = items.filter(({ id }) => recordKind(id) === 'person');
  const wanted = withPersons(policySetOf(entries), persons);
  const findings: Finding[] = [
    ...(organization === undefined ? [NOT_LOOKED_UP] : []),
    ...checkPolicies(wanted, [...persons, ...records], organization, at, isGiven),
  ].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first !== undefined) {
    const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
    return { findings, differences: [], plan: [], refusal: refusal('policy-errors', `${first.text}${more}`) };
  }
  const stored = items.filter(({ id }) => recordKind(id) === 'policy');
  // The check above has refused every entry that is no policy.
  const differences = comparePolicies(stored, entries as readonly Readonly<Record<string, unknown>>[]);
  const plan =
    organization === undefined
      ? []
      : planOf(
          reachAlone(parsePolicySet(items), records, organization, at),
          reachAlone(wanted, records, organization, at),
          organization,
        );
  const why = refusalOf(differences, allowRemoving);
  return { findings, differences, plan, refusal: why };
}

const NOT_LOOKED_UP: Finding = {
  severity: 'warning',
  text: 'people and accounts are too many to be read while somebody waits: no name was looked up, and who gains what is not known. See glasshammer policy plan --aws',
};

function refusalOf(differences: readonly PolicyDifference[], allowRemoving: number | undefined): Refusal | undefined {
  if (differences.length === 0) return refusal('no-change');
  if (differences.length > MOST_CHANGES_IN_PROPOSAL)
    return refusal('too-many-policies', `${differences.length}, and ${MOST_CHANGES_IN_PROPOSAL} can be`);
  const unannounced = unannouncedRemovals(differences, allowRemoving);
  return unannounced === undefined ? undefined : refusal('removes-policies', `it ${unannounced.sentence}`);
}

type Reached = ReturnType<typeof reachAlone>;

function planOf(before: Reached, after: Reached, organization: Organization): readonly string[] {
  if (before === undefined || after === undefined)
    return ['Who gains or loses what with no second person: too many people and targets to go through one by one.'];
  const [old, wanted] = [eachAlone(before), eachAlone(after)];
  return [
    ...sentences('gain', gained(old, wanted), organization),
    ...sentences('lose', gained(wanted, old), organization),
  ];
}

/** The most people named in a sentence; a larger number is only counted. */
const NAMED = 5;

function sentences(verb: 'gain' | 'lose', found: readonly LoneReach[], organization: Organization): string[] {
  const byTarget = new Map<string, string[]>();
  for (const { userId, target } of found) {
    const what = describeTarget(target, organization);
    byTarget.set(what, [...(byTarget.get(what) ?? []), userId]);
  }
  const nameOf = (id: string) => organization.users.find((user) => user.id === id)?.userName || id;
  return [...byTarget].map(([what, ids]) => {
    const names = ids.length > NAMED ? '' : ` (${ids.map(nameOf).join(', ')})`;
    const who = ids.length === 1 ? `1 person${names} ${verb}s` : `${ids.length} people${names} ${verb}`;
    return `${who} ${what}, with no second person`;
  });
}
