import {
  CreateGroupMembershipCommand,
  DeleteGroupMembershipCommand,
  GetGroupMembershipIdCommand,
  type IdentitystoreClient,
  IsMemberInGroupsCommand,
  ConflictException as MembershipConflict,
  ResourceNotFoundException as MembershipNotFound,
} from '@aws-sdk/client-identitystore';
import {
  type AccountAssignmentOperationStatus,
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  paginateListAccountAssignments,
  ResourceNotFoundException,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { AssignmentPort, OperationStatus } from '../../core/access/ports.ts';
import { type Assignment, type AssignmentTarget, type GroupTarget, isGroupTarget } from '../../core/model/target.ts';

export interface IdentityCenter {
  readonly sso: SSOAdminClient;
  readonly identityStore: IdentitystoreClient;
  readonly instanceArn: string;
  readonly identityStoreId: string;
}

/**
 * Account assignments are made and removed asynchronously, and polled by operation id; group memberships change at
 * once. Errors keep the names that AWS gives them (`ConflictException`, `ThrottlingException`, …), because the workflow
 * retries by those names.
 */
export function createAssignments(center: IdentityCenter): AssignmentPort {
  const accounts = accountAssignments(center);
  const groups = groupMemberships(center);
  return {
    exists: ({ principalId, target }) =>
      isGroupTarget(target) ? groups.exists(principalId, target) : accounts.exists(principalId, target),
    create: ({ principalId, target }) =>
      isGroupTarget(target) ? groups.create(principalId, target) : accounts.create(principalId, target),
    creationStatus: accounts.creationStatus,
    remove: ({ principalId, target }) =>
      isGroupTarget(target) ? groups.remove(principalId, target) : accounts.remove(principalId, target),
    removalStatus: accounts.removalStatus,
  };
}

function accountAssignments({ sso, instanceArn }: IdentityCenter) {
  const call = (principalId: string, target: AssignmentTarget) => ({
    InstanceArn: instanceArn,
    TargetId: target.accountId,
    TargetType: 'AWS_ACCOUNT' as const,
    PermissionSetArn: target.permissionSetArn,
    PrincipalType: 'USER' as const,
    PrincipalId: principalId,
  });

  async function exists(principalId: string, target: AssignmentTarget): Promise<boolean> {
    try {
      return await listed(principalId, target);
    } catch (error) {
      // A permission set that was deleted has no assignments.
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  async function listed(principalId: string, target: AssignmentTarget): Promise<boolean> {
    const pages = paginateListAccountAssignments(
      { client: sso, pageSize: 100 },
      { InstanceArn: instanceArn, AccountId: target.accountId, PermissionSetArn: target.permissionSetArn },
    );
    for await (const page of pages) {
      const mine = page.AccountAssignments?.some((a) => a.PrincipalType === 'USER' && a.PrincipalId === principalId);
      if (mine === true) return true;
    }
    return false;
  }

  const creation = (id: string) =>
    known(id, async () => {
      const ask = { InstanceArn: instanceArn, AccountAssignmentCreationRequestId: id };
      return (await sso.send(new DescribeAccountAssignmentCreationStatusCommand(ask))).AccountAssignmentCreationStatus;
    });

  const deletion = (id: string) =>
    known(id, async () => {
      const ask = { InstanceArn: instanceArn, AccountAssignmentDeletionRequestId: id };
      return (await sso.send(new DescribeAccountAssignmentDeletionStatusCommand(ask))).AccountAssignmentDeletionStatus;
    });

  return {
    exists,

    async create(principalId: string, target: AssignmentTarget): Promise<OperationStatus> {
      const answer = await sso.send(new CreateAccountAssignmentCommand(call(principalId, target)));
      return statusOf(answer.AccountAssignmentCreationStatus);
    },

    /** If Identity Center no longer knows the operation, a look decides: an assignment that is there was made. */
    async creationStatus({ principalId, target }: Assignment, id: string): Promise<OperationStatus> {
      if (isGroupTarget(target)) return { status: 'succeeded' };
      const status = await creation(id);
      return status === FORGOTTEN && (await exists(principalId, target)) ? { status: 'succeeded' } : status;
    },

    async remove(principalId: string, target: AssignmentTarget): Promise<OperationStatus> {
      try {
        const answer = await sso.send(new DeleteAccountAssignmentCommand(call(principalId, target)));
        return statusOf(answer.AccountAssignmentDeletionStatus);
      } catch (error) {
        if (isAbsent(error)) return { status: 'succeeded' };
        throw error;
      }
    },

    /**
     * Removing an assignment that is not there ends as FAILED with a text about a 404 (seen by several independent
     * users of the API). The text is not a contract, so a look decides about a failed removal: absent is success.
     */
    async removalStatus({ principalId, target }: Assignment, id: string): Promise<OperationStatus> {
      if (isGroupTarget(target)) return { status: 'succeeded' };
      const status = await deletion(id);
      if (status.status !== 'failed') return status;
      return (await exists(principalId, target)) ? status : { status: 'succeeded' };
    },
  };
}

/**
 * What Identity Center says of an operation. One that it no longer knows, as after a restore of the request table, must
 * not block the removal: it counts as failed, and the removal is asked for anew.
 */
async function known(
  id: string,
  ask: () => Promise<AccountAssignmentOperationStatus | undefined>,
): Promise<OperationStatus> {
  if (!OPERATION_ID.test(id)) return FORGOTTEN;
  try {
    return statusOf(await ask());
  } catch (error) {
    if (!isAbsent(error)) throw error;
    return FORGOTTEN;
  }
}

/**
 * The form of an operation's id. About any other, which somebody wrote into a record, Identity Center refuses to be
 * asked, and the removal would be tried with it for ever.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_DescribeAccountAssignmentDeletionStatus.html
 */
const OPERATION_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const FORGOTTEN: OperationStatus = { status: 'failed', reason: 'Identity Center no longer knows the operation' };

/**
 * Absent, as opposed to unreadable: with a customer-managed key, ResourceNotFoundException may be about the key
 * (`Reason: KMS_…`).
 */
function isAbsent(error: unknown): boolean {
  return error instanceof ResourceNotFoundException && !String(error.Reason ?? '').startsWith('KMS_');
}

/** The same for Identity Store, whose exceptions are classes of their own. */
function isMembershipAbsent(error: unknown): boolean {
  return error instanceof MembershipNotFound && !String(error.Reason ?? '').startsWith('KMS_');
}

function statusOf(answer: AccountAssignmentOperationStatus | undefined): OperationStatus {
  const operationId = answer?.RequestId;
  const base = operationId === undefined ? {} : { operationId };
  if (answer?.Status === 'SUCCEEDED') return { status: 'succeeded', ...base };
  if (answer?.Status === 'FAILED')
    return { status: 'failed', ...base, reason: answer.FailureReason ?? 'no reason given' };
  return { status: 'in-progress', ...base };
}

function groupMemberships({ identityStore, identityStoreId: IdentityStoreId }: IdentityCenter) {
  /**
   * A deleted user or group has no memberships any more.
   *
   * @see https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_IsMemberInGroups.html
   */
  async function exists(principalId: string, { groupId }: GroupTarget): Promise<boolean> {
    try {
      const answer = await identityStore.send(
        new IsMemberInGroupsCommand({ IdentityStoreId, MemberId: { UserId: principalId }, GroupIds: [groupId] }),
      );
      return answer.Results?.some((result) => result.MembershipExists === true) ?? false;
    } catch (error) {
      if (isMembershipAbsent(error)) return false;
      throw error;
    }
  }

  return {
    exists,

    async create(principalId: string, target: GroupTarget): Promise<OperationStatus> {
      try {
        await identityStore.send(
          new CreateGroupMembershipCommand({
            IdentityStoreId,
            GroupId: target.groupId,
            MemberId: { UserId: principalId },
          }),
        );
      } catch (error) {
        // A conflict is either "already a member" (an earlier try whose answer was lost) or a change in progress.
        if (!(error instanceof MembershipConflict) || !(await exists(principalId, target))) throw error;
        return { status: 'succeeded' };
      }
      return { status: 'succeeded', fresh: true };
    },

    async remove(principalId: string, { groupId }: GroupTarget): Promise<OperationStatus> {
      try {
        const { MembershipId } = await identityStore.send(
          new GetGroupMembershipIdCommand({ IdentityStoreId, GroupId: groupId, MemberId: { UserId: principalId } }),
        );
        await identityStore.send(new DeleteGroupMembershipCommand({ IdentityStoreId, MembershipId }));
      } catch (error) {
        if (!isMembershipAbsent(error)) throw error;
      }
      return { status: 'succeeded' };
    },
  };
}
