import {
  acceptedTextSchema,
  policyChangeDetailSchema,
  policyChangeSchema,
  policyChangesSchema,
  policyCheckSchema,
  proposedPoliciesSchema,
  wantedPoliciesSchema,
  withdrawnBecauseSchema,
} from './document/schemas-of-changes.ts';
import type { Operation } from './operations.ts';

const CHANGES = '/people/{userId}/policy-changes';
const ONE = `${CHANGES}/{changeId}`;

/**
 * Operations by which operators change policies, if `policyChanges` is configured. The function `change-policies`
 * answers them.
 */
export const POLICY_OPERATIONS = {
  listPolicyChanges: {
    method: 'GET',
    path: CHANGES,
    summary: 'The policies as a policy file, and the proposed changes that wait for another operator. For operators',
    answer: policyChangesSchema,
  },
  checkPolicyChange: {
    method: 'POST',
    path: `${CHANGES}/check`,
    summary: 'What a change of the policies would do, and its errors; this proposes nothing. For operators',
    body: wantedPoliciesSchema,
    answer: policyCheckSchema,
  },
  proposePolicyChange: {
    method: 'POST',
    path: CHANGES,
    summary: 'Proposes a change of the policies, which another operator has to accept. For operators',
    body: proposedPoliciesSchema,
    idempotent: true,
    answer: policyChangeSchema,
    status: 201,
  },
  getPolicyChange: {
    method: 'GET',
    path: ONE,
    summary: 'A proposed change with its text, and what it would do now. For operators',
    answer: policyChangeDetailSchema,
  },
  acceptPolicyChange: {
    method: 'POST',
    path: `${ONE}/accept`,
    summary: 'Accepts a change that another operator has proposed, and writes the policies. For operators',
    body: acceptedTextSchema,
    answer: policyChangeSchema,
  },
  withdrawPolicyChange: {
    method: 'POST',
    path: `${ONE}/withdraw`,
    summary: 'Withdraws a proposed change, or rejects that of another operator. For operators',
    body: withdrawnBecauseSchema,
    answer: policyChangeSchema,
  },
} as const satisfies Record<string, Operation>;

export type PolicyOperationId = keyof typeof POLICY_OPERATIONS;
