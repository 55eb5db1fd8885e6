import {
  AttachCustomerManagedPolicyReferenceToPermissionSetCommand,
  DeletePermissionsBoundaryFromPermissionSetCommand,
  DescribePermissionSetProvisioningStatusCommand,
  DetachCustomerManagedPolicyReferenceFromPermissionSetCommand,
  ProvisionPermissionSetCommand,
  PutPermissionsBoundaryToPermissionSetCommand,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { GuardDesk } from '../../core/sessions/guard-permission-sets.ts';
import type { GuardPolicyName } from '../../core/sessions/guard-policy.ts';
import type { GuardQuestions } from '../step-functions/guard-questions.ts';
import { boundaryOf, createBoundaries, isAttached, isGuard, outdatedIn } from './boundaries.ts';

/** The time between two looks at a provisioning, and the number of looks: about ten minutes. Milliseconds. */
const LOOK_EVERY_MS = 2_000;
const MOST_LOOKS = 300;

/**
 * Identity Center changes one role of an account at a time and answers a call meanwhile with a conflict: the call is
 * then made at most this often.
 */
const MOST_CONFLICTS = 30;

/**
 * Reads and changes permission sets for an operator, with the operator's own rights.
 *
 * @param pause waits this many milliseconds
 */
export function createGuardDesk(options: {
  readonly sso: Pick<SSOAdminClient, 'send'>;
  readonly instanceArn: string;
  readonly guard: GuardPolicyName;
  /** The guard policy of the attached form. */
  readonly attached: GuardPolicyName;
  readonly questions: GuardQuestions;
  readonly pause: (ms: number) => Promise<void>;
}): GuardDesk {
  const { sso, instanceArn: InstanceArn, guard, attached, questions, pause } = options;
  const boundaries = createBoundaries({ sso, instanceArn: InstanceArn, guard, attached });
  const CustomerManagedPolicyReference = { Name: attached.name, Path: attached.path };

  async function begin(PermissionSetArn: string, TargetId: string): Promise<string> {
    for (let tries = 1; ; tries += 1) {
      try {
        const { PermissionSetProvisioningStatus: status } = await sso.send(
          new ProvisionPermissionSetCommand({ InstanceArn, PermissionSetArn, TargetType: 'AWS_ACCOUNT', TargetId }),
        );
        return status?.RequestId ?? '';
      } catch (error) {
        const isPassing = error instanceof Error && ['ConflictException', 'ThrottlingException'].includes(error.name);
        if (!isPassing || tries >= MOST_CONFLICTS) throw error;
        await pause(LOOK_EVERY_MS);
      }
    }
  }

  return {
    stateOf: boundaries.stateOf,
    accountsOf: boundaries.accountsOf,
    outdatedIn: (accountId) => outdatedIn(sso, InstanceArn, accountId),

    async boundaryOf(permissionSetArn) {
      const boundary = await boundaryOf(sso, InstanceArn, permissionSetArn);
      if (boundary === undefined) return { state: 'none' };
      if (isGuard(boundary, guard)) return { state: 'guard' };
      const reference = boundary.CustomerManagedPolicyReference;
      return {
        other:
          reference === undefined ? (boundary.ManagedPolicyArn ?? '') : `${reference.Path ?? '/'}${reference.Name}`,
      };
    },

    async setBoundary(PermissionSetArn) {
      await sso.send(
        new PutPermissionsBoundaryToPermissionSetCommand({
          InstanceArn,
          PermissionSetArn,
          PermissionsBoundary: { CustomerManagedPolicyReference: { Name: guard.name, Path: guard.path } },
        }),
      );
    },

    async removeBoundary(PermissionSetArn) {
      await sso.send(new DeletePermissionsBoundaryFromPermissionSetCommand({ InstanceArn, PermissionSetArn }));
    },

    isAttached: (permissionSetArn) => isAttached(sso, InstanceArn, permissionSetArn, attached),

    async attachPolicy(PermissionSetArn) {
      await sso.send(
        new AttachCustomerManagedPolicyReferenceToPermissionSetCommand({
          InstanceArn,
          PermissionSetArn,
          CustomerManagedPolicyReference,
        }),
      );
    },

    async detachPolicy(PermissionSetArn) {
      await sso.send(
        new DetachCustomerManagedPolicyReferenceFromPermissionSetCommand({
          InstanceArn,
          PermissionSetArn,
          CustomerManagedPolicyReference,
        }),
      );
    },

    async provision(permissionSetArn, accountId) {
      const ProvisionPermissionSetRequestId = await begin(permissionSetArn, accountId);
      for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
        const { PermissionSetProvisioningStatus: status } = await sso.send(
          new DescribePermissionSetProvisioningStatusCommand({ InstanceArn, ProvisionPermissionSetRequestId }),
        );
        if (status?.Status === 'SUCCEEDED') return undefined;
        if (status?.Status === 'FAILED') return status.FailureReason ?? 'no reason given';
        await pause(LOOK_EVERY_MS);
      }
      return 'it has not come to an end within ten minutes';
    },

    async look(accountId, attachedTo) {
      const reply = await questions.ask({
        ask: 'look',
        accountId,
        attachedTo,
      });
      return 'policy' in reply ? reply.policy : 'missing';
    },
  };
}
