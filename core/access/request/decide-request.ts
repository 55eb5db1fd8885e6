import type { AccessItem } from '../../model/access-item.ts';
import type { CastVote, Decision, HeldFacts, Person } from '../../model/decision.ts';
import type { Directory } from '../../model/directory.ts';
import type { TargetNames } from '../../model/request.ts';
import type { Target } from '../../model/target.ts';
import { decide } from '../../policy/decision/decide.ts';
import { factsNeeded, gatherFacts } from '../../policy/decision/facts.ts';
import { recordIdsFor } from '../../policy/records/access-records.ts';
import { type PolicySet, parsePolicySet } from '../../policy/records/policy-set.ts';
import type { PolicyStore, PolicyStoreState } from '../ports.ts';

/** What is evaluated against the policies. */
export interface DecisionInput {
  readonly person: Person;
  readonly target: Target;
  readonly names: TargetNames;
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
  /** What the person holds and has held of the target. */
  readonly held?: HeldFacts;
}

export interface DecideServices {
  readonly policyStore: PolicyStore;
  readonly directory: Directory;
  /** The longest access anybody gets, in seconds. */
  readonly maxDurationSeconds: number;
}

export interface DecidedRequest {
  readonly decision: Decision;
  readonly storeState: PolicyStoreState;
}

/**
 * Holds an ask against today's records and policies. The one way a decision is made: by the form, the request, a click of an
 * approver and the grant alike. Reads the access table by key and the policies at most once per version of the table.
 *
 * @throws whatever the table or the directory throws; the caller refuses or retries, and never grants
 */
export async function decideRequest(input: DecisionInput, services: DecideServices): Promise<DecidedRequest> {
  const ids = recordIdsFor(
    input.target,
    input.names.permissionSetName ?? '',
    input.person.principalId,
    input.person.groupIds,
  );
  const [{ records, storeState }, leasedGroupIds] = await Promise.all([
    services.policyStore.read(ids, input.person.principalId),
    leasedGroupsOf(input.person, services.directory),
  ]);
  const policySet = parsedPolicySet(await services.policyStore.policies(storeState.accessVersion));
  const requestInput = {
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
    names: input.names,
    ...(input.held === undefined ? {} : { held: input.held }),
  };
  const facts = await gatherFacts(factsNeeded(policySet, records, requestInput), services.directory);
  return { decision: decide(policySet, records, requestInput, facts), storeState };
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

export function parsedPolicySet(items: readonly AccessItem[]): PolicySet {
  const known = parsedPolicySets.get(items);
  if (known !== undefined) return known;
  const policySet = parsePolicySet(items);
  parsedPolicySets.set(items, policySet);
  return policySet;
}
