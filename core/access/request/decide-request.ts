import type { AccessItem } from '../../model/access-item.ts';
import type { CastVote, Decision, Person, RequestInput } from '../../model/decision.ts';
import type { Directory } from '../../model/directory.ts';
import { refusal } from '../../model/refusal.ts';
import type { TargetNames } from '../../model/request.ts';
import type { Target } from '../../model/target.ts';
import { decide } from '../../policy/decision/decide.ts';
import { gatherWithHolds, type HoldLookup } from '../../policy/decision/facts-and-holds.ts';
import { type AccessOption, optionFor } from '../../policy/decision/options-for.ts';
import { recordIdsFor } from '../../policy/records/access-records.ts';
import { type PolicySet, parsePolicySet } from '../../policy/records/policy-set.ts';
import { type Givable, leftOut } from '../lease/revoke/removable.ts';
import type { PolicyStore, PolicyStoreState } from '../ports.ts';

/** What is evaluated against the policies. */
export interface DecisionInput {
  readonly person: Person;
  readonly target: Target;
  readonly names: TargetNames;
  /**
   * The name to find a permission set's access record by, where `names` has none. Only a lookup key; it proves nothing.
   */
  readonly recordName?: string;
  readonly durationSeconds: number;
  readonly reason: string;
  readonly ticket: string;
  /** ISO 8601; when access would start. */
  readonly at: string;
  readonly votes: readonly CastVote[];
  /** How long the request has waited for approvers, in seconds: escalation adds approvers with time. */
  readonly waitedSeconds?: number;
  /** The request was not made as break-glass, so a break-glass policy must not grant it silently. */
  readonly withoutBreakGlass?: boolean;
  /** What the person holds and has held of the target; its read runs in parallel with the read of the records. */
  readonly held?: HoldLookup;
}

export interface DecideServices {
  readonly policyStore: PolicyStore;
  readonly directory: Directory;
  /** The longest duration of any access, in seconds. */
  readonly maxDurationSeconds: number;
  /** The targets the configuration lets Glasshammer give. Its roles have no right to others, whatever a policy says. */
  readonly givable: Givable;
}

export interface DecidedRequest {
  readonly decision: Decision;
  readonly storeState: PolicyStoreState;
  /** The items the decision was made from, as they were read: the policies, then the access records. */
  readonly items: readonly (readonly AccessItem[])[];
}

/** The decision that a request would get now, and what else may be asked for of the same target. */
export interface PreviewedRequest extends DecidedRequest {
  /** Absent: the target may not be asked for at all. */
  readonly option?: AccessOption;
}

/**
 * Decides a request against today's access records and policies. Every decision is made here: for the form, for the
 * request, for an approver's vote and for the grant. Reads access records by key, and the policies at most once per
 * version of the table.
 *
 * @throws any error of the table or the directory; the caller refuses or retries, and never grants
 */
export async function decideRequest(input: DecisionInput, services: DecideServices): Promise<DecidedRequest> {
  const { policySet, records, requestInput, facts, storeState, items } = await readFor(input, services);
  const decision = withinReach(decide(policySet, records, requestInput, facts), input, services);
  return { decision, storeState, items };
}

/**
 * Decides as `decideRequest` does, and also says how long the access may last. It permits nothing.
 *
 * @param isDraft reason and ticket are still being written
 * @throws as `decideRequest` does
 */
export async function previewRequest(
  input: DecisionInput,
  services: DecideServices,
  isDraft: boolean,
): Promise<PreviewedRequest> {
  const { policySet, records, requestInput, facts, storeState, items } = await readFor(input, services, isDraft);
  const { person, target, at, held } = requestInput;
  const option = optionFor(
    policySet,
    records,
    person,
    { target, facts },
    {
      at,
      maxDurationSeconds: services.maxDurationSeconds,
      names: input.names,
      held,
    },
  );
  const isLeftOut = leftOut(target, services.givable) !== undefined;
  return {
    decision: withinReach(decide(policySet, records, requestInput, facts), input, services),
    storeState,
    items,
    ...(isLeftOut ? {} : { option }),
  };
}

/**
 * Refuses a target that the configuration does not list, such as the account Glasshammer runs in, which a `*` in a
 * policy matches too. If it were granted, the call would fail at AWS, raise alarms, and leave a removal that no role
 * may carry out. A refusal by the policies takes precedence.
 */
function withinReach(decision: Decision, { target, names }: DecisionInput, { givable }: DecideServices): Decision {
  const missing = decision.outcome === 'refused' ? undefined : leftOut(target, givable, names);
  if (missing === undefined) return decision;
  const { refusedVotes, policies } = decision;
  const why = refusal('left-out', missing.what);
  return {
    outcome: 'refused',
    refusal: why,
    reason: `The configuration gives nobody access to this: ${missing.what} is not among its ${missing.list}.`,
    problems: [why],
    waitingPaths: [],
    approvals: [],
    approvers: [],
    breakGlass: false,
    skippedApprovers: [],
    ...{ refusedVotes, policies },
  };
}

/** Reads everything that a decision needs. */
async function readFor(input: DecisionInput, services: DecideServices, isDraft = false) {
  const ids = recordIdsFor(
    input.target,
    input.names.permissionSetName ?? input.recordName ?? '',
    input.person.principalId,
    input.person.groupIds,
  );
  const [{ records, storeState }, leasedGroupIds] = await Promise.all([
    services.policyStore.read(ids, input.person.principalId),
    leasedGroupsOf(input.person, services.directory),
    input.held?.own,
  ]);
  const policies = await services.policyStore.policies(storeState.accessVersion);
  const policySet = parsedPolicySet(policies);
  const asked: RequestInput = {
    person: { ...input.person, leasedGroupIds },
    target: input.target,
    durationSeconds: input.durationSeconds,
    reason: input.reason,
    ticket: input.ticket,
    at: input.at,
    votes: input.votes,
    waitedSeconds: input.waitedSeconds ?? 0,
    withoutBreakGlass: input.withoutBreakGlass ?? false,
    maxDurationSeconds: services.maxDurationSeconds,
    ...(isDraft ? { isDraft } : {}),
    names: input.names,
  };
  const { requestInput, facts } = await gatherWithHolds(
    { policySet, records, requestInput: asked, held: input.held },
    services.directory,
  );
  return { policySet, records, requestInput, facts, storeState, items: [policies, records] };
}

/** The ids of the groups a person is in only because Glasshammer gave the membership. @throws any error of the table */
export async function leasedGroupsOf(
  { principalId, groupIds }: Person,
  { givenMemberships }: Directory,
): Promise<readonly string[]> {
  const given = await givenMemberships?.(groupIds.map((groupId) => ({ principalId, groupId })));
  return given?.map(({ groupId }) => groupId) ?? [];
}

/** Parsed policies, keyed by the list of items as read: a container parses each version of the table once. */
const parsedPolicySets = new WeakMap<readonly AccessItem[], PolicySet>();

/**
 * Parses the policies among the items. Items are never changed after they are read, so each list is parsed only once.
 */
export function parsedPolicySet(items: readonly AccessItem[]): PolicySet {
  const known = parsedPolicySets.get(items);
  if (known !== undefined) return known;
  const policySet = parsePolicySet(items);
  parsedPolicySets.set(items, policySet);
  return policySet;
}
