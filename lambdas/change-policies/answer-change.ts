import type { ApiAnswer, ApiEvent } from '../api/http.ts';
import { answerKnown } from '../api/known-caller.ts';
import { findOperation } from '../api/operations.ts';
import { POLICY_OPERATIONS, type PolicyOperationId } from '../api/policy-operations.ts';
import { callProblem } from '../api/problems.ts';
import type { Call } from '../api/verbs/act.ts';
import { forOperators } from '../api/verbs/personas.ts';
import { logFailure } from '../shared/log.ts';
import type { Services } from './services.ts';
import { accept, check, get, list, propose, withdraw } from './verbs.ts';

const HANDLERS: Readonly<Record<PolicyOperationId, (call: Call, all: Services) => Promise<ApiAnswer>>> = {
  listPolicyChanges: list,
  checkPolicyChange: check,
  proposePolicyChange: propose,
  getPolicyChange: get,
  acceptPolicyChange: accept,
  withdrawPolicyChange: withdraw,
};

/**
 * Answers every call about changes of the policies. The caller is proven as in the API's own function, and has to be an
 * operator.
 */
export async function answerChange(event: ApiEvent, all: Services): Promise<ApiAnswer> {
  const found = findOperation(POLICY_OPERATIONS, event.httpMethod, event.path);
  if (found === undefined) return callProblem('not-found', `There is no ${event.httpMethod} at this address.`);
  const { id, parameters } = found;
  try {
    return await answerKnown({ id, event, parameters }, all, forOperators(HANDLERS[id]));
  } catch (error) {
    logFailure('api.call-failed', error, { operation: id });
    return callProblem('failed', 'It is not known how far it got. Try again: nothing is done twice.');
  }
}
