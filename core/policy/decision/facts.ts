import type { AccessItem } from '../../model/access-item.ts';
import type { RequestInput } from '../../model/decision.ts';
import type { Directory } from '../../model/directory.ts';
import type { PolicySet } from '../records/policy-set.ts';
import { evaluate } from './evaluate.ts';
import { type Facts, type FactsRequest, NO_FACTS } from './known-facts.ts';
import { lookUp } from './look-up.ts';

/**
 * The facts needed for this decision, and no more: none for policies that by their literal names cannot be about the
 * target or the person, no approvers where no approval is needed, and none about allow policies for a person with an
 * access record.
 *
 * @param known facts that the caller has already
 * @param thorough also the facts that only an explanation needs: those of every policy that might be about the target
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

/**
 * The most rounds of look-ups. Four can be needed: names, then allow policies, then approvers, then voters. Two more
 * are a margin.
 */
const MAX_ROUNDS = 6;

/**
 * Looks up what is requested, in parallel, and then what follows from the answers. A group, user or unit that was
 * deleted is a fact like any other, so one outdated policy does not break the others.
 *
 * @param options.checkAll look up every member of an approver group; for directories where that costs nothing
 * @throws the errors of the directory, because no decision is made without its facts
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
