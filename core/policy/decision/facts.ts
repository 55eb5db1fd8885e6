import type { AccessItem } from '../../model/access-item.ts';
import type { RequestInput } from '../../model/decision.ts';
import type { Directory } from '../../model/directory.ts';
import type { PolicySet } from '../records/policy-set.ts';
import { evaluate } from './evaluate.ts';
import { type Facts, type FactsRequest, NO_FACTS } from './known-facts.ts';
import { lookUp } from './look-up.ts';

/**
 * What must be known to answer this question, and no more: nothing for policies that cannot be about the target or the person
 * by what they name literally, no approvers where nothing needs approval, and for a person with an access record nothing about
 * allow policies.
 *
 * @param known facts already at hand
 * @param thorough also what only an explanation needs: every policy that might be about the target
 */
export function factsNeeded(
  policySet: PolicySet,
  records: readonly AccessItem[],
  requestInput: RequestInput,
  known: Facts = NO_FACTS,
  thorough = false,
): FactsRequest {
  const { needs } = evaluate(policySet, records, requestInput, known, { thorough });
  return {
    ...needs,
    personGroupIds: requestInput.person.groupIds,
    next: (facts) => factsNeeded(policySet, records, requestInput, facts, thorough),
  };
}

/** Rounds a request can take: names, then access rules, then approvers, then those who voted; one to spare. */
const MAX_ROUNDS = 6;

/**
 * Looks up what was asked for, in parallel, and what follows from it. What is gone from the directory (a deleted group, user or
 * unit) is a fact like any other, so one stale policy does not break the others.
 *
 * @param options.checkAll look at every member of an approver group, where looking costs nothing
 * @throws whatever the directory throws: a decision without its facts is none
 */
export async function gatherFacts(
  request: FactsRequest,
  directory: Directory,
  options: { readonly known?: Facts; readonly checkAll?: boolean } = {},
): Promise<Facts> {
  let facts = options.known ?? NO_FACTS;
  let wanted = request;
  for (let round = 0; round < MAX_ROUNDS && !isEmpty(wanted); round++) {
    facts = await lookUp(wanted, facts, directory, options.checkAll ?? false);
    wanted = wanted.next(facts);
  }
  return facts;
}

/** True when nothing more has to be looked up. */
export function isEmpty(request: FactsRequest): boolean {
  const { permissionSetArn, groupId, ouPathOf, tagsOf, groupNames, userNames, approvers, voters } = request;
  return (
    [permissionSetArn, groupId, ouPathOf, tagsOf].every((single) => single === undefined) &&
    [groupNames, userNames, approvers, voters].every((list) => list.length === 0)
  );
}
