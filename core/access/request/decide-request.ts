import type { AccessItem } from '../../model/access-item.ts';
import type { CastVote, Decision, Person, RequestInput } from '../../model/decision.ts';
import type { Directory } from '../../model/directory.ts';
import { refusal } from '../../model/refusal.ts';
import type { TargetNames } from '../../model/request.ts';
import type { Target } from '../../model/target.ts';
import { decide } from '../../policy/decision/decide.ts';
import { gatherWithHolds, type HeldLook } from '../../policy/decision/facts-and-holds.ts';
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
  /** The name under which the record of a permission set is looked for, where `names` has none. It finds a record and proves nothing. */
  readonly recordName?: string;
  readonly durationSeconds: number;
  readonly reason: string;
  readonly ticket: string;
  /** ISO 8601; when access would start. */
  readonly at: string;
  readonly votes: readonly CastVote[];
  /** How long the request has waited for approvers, in seconds: escalation adds approvers with time. */
  readonly waitedSeconds?: number;
  /** The request did not break the glass, so a break-glass policy must not let it in quietly. */
  readonly withoutBreakGlass?: boolean;
  /** What the person holds and has held of the target; begun in this instant, it is read with the records. */
  readonly held?: HeldLook;
}

export interface DecideServices {
  readonly policyStore: PolicyStore;
  readonly directory: Directory;
  /** The longest access anybody gets, in seconds. */
  readonly maxDurationSeconds: number;
  /** What anybody may be given: the roles have no right to more, whatever a policy says. */
  readonly givable: Givable;
}

export interface DecidedRequest {
  readonly decision: Decision;
  readonly storeState: PolicyStoreState;
  /** The records it was decided by, as they were read, list by list. */
  readonly items: readonly (readonly AccessItem[])[];
}

/** What would become of an ask, and what else may be asked for of the same target. */
export interface PreviewedRequest extends DecidedRequest {
  /** Absent: the target may not be asked for at all. */
  readonly option?: AccessOption;
}

/**
 * Holds an ask against today's records and policies. The one way a decision is made: by the form, the request, a click of an
 * approver and the grant alike. Reads the access table by key and the policies at most once per version of the table.
 *
 * @throws whatever the table or the directory throws; the caller refuses or retries, and never grants
 */
export async function decideRequest(input: DecisionInput, services: DecideServices): Promise<DecidedRequest> {
  const { policySet, records, requestInput, facts, storeState, items } = await readFor(input, services);
  const decision = withinReach(decide(policySet, records, requestInput, facts), input, services);
  return { decision, storeState, items };
}

/**
 * Decides as `decideRequest` does, and says how long it may be. Nothing is allowed by it.
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
 * The decision, refused where the configuration gives nobody the target: such as the account Glasshammer runs in, which a policy's `*`
 * means, too. Granted, it would fail at AWS, with alarms and with a removal that no role may do. What policies refuse is told first.
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

/** Everything a decision is made of. */
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

/** Ids of the groups a person is in only because Glasshammer gave it. @throws whatever the table throws */
export async function leasedGroupsOf(
  { principalId, groupIds }: Person,
  { givenMemberships }: Directory,
): Promise<readonly string[]> {
  const given = await givenMemberships?.(groupIds.map((groupId) => ({ principalId, groupId })));
  return given?.map(({ groupId }) => groupId) ?? [];
}

/** Parsed policies per list of items as read, so that a container parses each version of the table once. */
const parsedPolicySets = new WeakMap<readonly AccessItem[], PolicySet>();

/** The policies among the items. Items are never changed once they are read, so the same list is parsed once. */
export function parsedPolicySet(items: readonly AccessItem[]): PolicySet {
  const known = parsedPolicySets.get(items);
  if (known !== undefined) return known;
  const policySet = parsePolicySet(items);
  parsedPolicySets.set(items, policySet);
  return policySet;
}
