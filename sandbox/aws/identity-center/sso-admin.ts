import type {
  AccountAssignmentOperationStatus,
  CreateAccountAssignmentRequest,
  CreateAccountAssignmentResponse,
  DeleteAccountAssignmentRequest,
  DeleteAccountAssignmentResponse,
  DescribeAccountAssignmentCreationStatusRequest,
  DescribeAccountAssignmentCreationStatusResponse,
  DescribeAccountAssignmentDeletionStatusRequest,
  DescribeAccountAssignmentDeletionStatusResponse,
} from '@aws-sdk/client-sso-admin';
import type { TrailWriter } from '../trail/trail-writer.ts';
import { AwsError, validationError } from '../wire/aws-error.ts';
import { type Call, epochSeconds, type Operations, type Wire } from '../wire/service.ts';
import type { ProvisioningOperation, World } from '../world/world.ts';
import { sameAssignment } from '../world/world-changes.ts';
import { ssoAdminBoundaries } from './sso-admin-boundaries.ts';
import { ssoAdminContents } from './sso-admin-contents.ts';
import { ssoAdminLists } from './sso-admin-lists.ts';
import { requireInstance, requirePermissionSet } from './sso-admin-lookups.ts';

/** The most CreateAccountAssignment operations that AWS runs at the same time. */
const OUTSTANDING_CREATES = 10;

/**
 * What AWS takes for the id of an operation.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_DescribeAccountAssignmentDeletionStatus.html
 */
const OPERATION_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Identity Center's assignments. Changes are asynchronous, and an assignment has at most one change at a time. */
export function ssoAdmin(world: World, newId: () => string, trail: TrailWriter): Operations {
  function start(
    kind: ProvisioningOperation['kind'],
    input: Wire<CreateAccountAssignmentRequest>,
    call: Call,
  ): ProvisioningOperation {
    requireInstance(world, input.InstanceArn);
    if (input.TargetType !== 'AWS_ACCOUNT') throw validationError(`TargetType ${input.TargetType} is not valid`);
    if (input.PrincipalType !== 'USER' && input.PrincipalType !== 'GROUP')
      throw validationError(`PrincipalType ${input.PrincipalType} is not valid`);
    requirePermissionSet(world, input.PermissionSetArn);
    if (kind === 'create') requirePrincipal(world, input.PrincipalType, input.PrincipalId);
    if (input.TargetId === world.organization.managementAccountId && !world.includeManagementAccount)
      throw new AwsError(
        'AccessDeniedException',
        'The management account cannot be changed by a delegated administrator',
      );
    const key = {
      principalType: input.PrincipalType,
      principalId: input.PrincipalId,
      accountId: input.TargetId,
      permissionSetArn: input.PermissionSetArn,
    };
    const running = world.operations.filter(({ status }) => status === 'IN_PROGRESS');
    if (running.some((operation) => sameAssignment(operation, key)))
      throw new AwsError(
        'ConflictException',
        'There is a conflict with a previous successful write. Retry with backoff.',
      );
    if (kind === 'create' && running.filter((operation) => operation.kind === 'create').length >= OUTSTANDING_CREATES)
      throw new AwsError(
        'ThrottlingException',
        `More than ${OUTSTANDING_CREATES} account assignments are being created`,
      );
    const operation: ProvisioningOperation = {
      ...key,
      id: newId(),
      kind,
      status: 'IN_PROGRESS',
      startedBy: call.callerArn,
      startedAtMs: call.nowMs,
      dueAtMs: call.nowMs + world.provisioningSeconds * 1000,
      ...(call.asyncFailure === undefined ? {} : { willFail: call.asyncFailure }),
    };
    world.operations.push(operation);
    trail.write(call, {
      eventSource: 'sso.amazonaws.com',
      eventName: kind === 'create' ? 'CreateAccountAssignment' : 'DeleteAccountAssignment',
      requestParameters: lowerFirstKeys(input),
      responseElements: {
        [kind === 'create' ? 'accountAssignmentCreationStatus' : 'accountAssignmentDeletionStatus']: lowerFirstKeys({
          ...describeOperation(operation),
          CreatedDate: new Date(call.nowMs).toISOString(),
        }),
      },
    });
    return operation;
  }

  function find(kind: ProvisioningOperation['kind'], instanceArn: string, id: string): ProvisioningOperation {
    requireInstance(world, instanceArn);
    if (!OPERATION_ID.test(id))
      throw validationError(`Value '${id}' failed to satisfy constraint: ${OPERATION_ID.source}`);
    const operation = world.operations.find((candidate) => candidate.kind === kind && candidate.id === id);
    if (operation === undefined)
      throw new AwsError('ResourceNotFoundException', `No account assignment ${kind} request ${id}`);
    return operation;
  }

  return {
    ...ssoAdminLists(world),
    ...ssoAdminBoundaries(world, newId),
    ...ssoAdminContents(world),
    CreateAccountAssignment(
      input: Wire<CreateAccountAssignmentRequest>,
      call: Call,
    ): Wire<CreateAccountAssignmentResponse> {
      return { AccountAssignmentCreationStatus: describeOperation(start('create', input, call)) };
    },
    DeleteAccountAssignment(
      input: Wire<DeleteAccountAssignmentRequest>,
      call: Call,
    ): Wire<DeleteAccountAssignmentResponse> {
      return { AccountAssignmentDeletionStatus: describeOperation(start('delete', input, call)) };
    },
    DescribeAccountAssignmentCreationStatus(
      input: Wire<DescribeAccountAssignmentCreationStatusRequest>,
    ): Wire<DescribeAccountAssignmentCreationStatusResponse> {
      const operation = find('create', input.InstanceArn, input.AccountAssignmentCreationRequestId);
      return { AccountAssignmentCreationStatus: describeOperation(operation) };
    },
    DescribeAccountAssignmentDeletionStatus(
      input: Wire<DescribeAccountAssignmentDeletionStatusRequest>,
    ): Wire<DescribeAccountAssignmentDeletionStatusResponse> {
      const operation = find('delete', input.InstanceArn, input.AccountAssignmentDeletionRequestId);
      return { AccountAssignmentDeletionStatus: describeOperation(operation) };
    },
  };
}

function describeOperation(operation: ProvisioningOperation): Wire<AccountAssignmentOperationStatus> {
  return {
    Status: operation.status,
    RequestId: operation.id,
    TargetId: operation.accountId,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: operation.permissionSetArn,
    PrincipalType: operation.principalType,
    PrincipalId: operation.principalId,
    CreatedDate: epochSeconds(operation.startedAtMs),
    ...(operation.failureReason === undefined ? {} : { FailureReason: operation.failureReason }),
  };
}

function requirePrincipal(world: World, type: 'USER' | 'GROUP', id: string): void {
  const known: readonly { id: string }[] = type === 'USER' ? world.users : world.groups;
  if (!known.some((principal) => principal.id === id))
    throw new AwsError('ResourceNotFoundException', `No ${type.toLowerCase()} ${id}`);
}

function lowerFirstKeys(input: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]),
  );
}
