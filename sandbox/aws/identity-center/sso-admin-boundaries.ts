import type {
  DeletePermissionsBoundaryFromPermissionSetRequest,
  DescribePermissionSetProvisioningStatusRequest,
  DescribePermissionSetProvisioningStatusResponse,
  GetPermissionsBoundaryForPermissionSetRequest,
  GetPermissionsBoundaryForPermissionSetResponse,
  PermissionSetProvisioningStatus,
  ProvisionPermissionSetRequest,
  ProvisionPermissionSetResponse,
  PutPermissionsBoundaryToPermissionSetRequest,
} from '@aws-sdk/client-sso-admin';
import { AwsError, validationError } from '../wire/aws-error.ts';
import { type Call, epochSeconds, type Operations, type Wire } from '../wire/service.ts';
import type { World } from '../world/world.ts';
import type { Provisioning } from './permission-set-roles.ts';
import { requireInstance, requirePermissionSet } from './sso-admin-lookups.ts';

/**
 * Permissions boundaries of permission sets, and ProvisionPermissionSet: until it has run, the accounts' roles do not
 * change.
 */
export function ssoAdminBoundaries(world: World, newId: () => string): Operations {
  return {
    PutPermissionsBoundaryToPermissionSet(input: Wire<PutPermissionsBoundaryToPermissionSetRequest>) {
      requireInstance(world, input.InstanceArn);
      const set = requirePermissionSet(world, input.PermissionSetArn);
      const { CustomerManagedPolicyReference: reference, ManagedPolicyArn } = input.PermissionsBoundary;
      if ((reference === undefined) === (ManagedPolicyArn === undefined))
        throw validationError(
          'A boundary is either a customer managed policy reference or the ARN of a managed policy',
        );
      set.permissionsBoundary =
        reference === undefined
          ? { ManagedPolicyArn: ManagedPolicyArn ?? '' }
          : { CustomerManagedPolicyReference: { Name: reference.Name, Path: reference.Path ?? '/' } };
      return {};
    },
    GetPermissionsBoundaryForPermissionSet(
      input: Wire<GetPermissionsBoundaryForPermissionSetRequest>,
    ): Wire<GetPermissionsBoundaryForPermissionSetResponse> {
      requireInstance(world, input.InstanceArn);
      const { permissionsBoundary } = requirePermissionSet(world, input.PermissionSetArn);
      if (permissionsBoundary === undefined)
        throw new AwsError('ResourceNotFoundException', 'The permission set has no permissions boundary');
      return { PermissionsBoundary: { ...permissionsBoundary } };
    },
    DeletePermissionsBoundaryFromPermissionSet(input: Wire<DeletePermissionsBoundaryFromPermissionSetRequest>) {
      requireInstance(world, input.InstanceArn);
      delete requirePermissionSet(world, input.PermissionSetArn).permissionsBoundary;
      return {};
    },
    ProvisionPermissionSet(
      input: Wire<ProvisionPermissionSetRequest>,
      call: Call,
    ): Wire<ProvisionPermissionSetResponse> {
      requireInstance(world, input.InstanceArn);
      requirePermissionSet(world, input.PermissionSetArn);
      const held = new Set(
        world.assignments
          .filter(({ permissionSetArn }) => permissionSetArn === input.PermissionSetArn)
          .map(({ accountId }) => accountId),
      );
      if (input.TargetType === 'AWS_ACCOUNT' && input.TargetId === undefined)
        throw validationError('TargetId is needed where TargetType is AWS_ACCOUNT');
      if (input.TargetType === 'AWS_ACCOUNT' && !held.has(input.TargetId ?? ''))
        throw new AwsError('ResourceNotFoundException', `The permission set is not provisioned in ${input.TargetId}`);
      if (world.provisionings.some((other) => isUnderWay(other) && other.permissionSetArn === input.PermissionSetArn))
        throw new AwsError(
          'ConflictException',
          'There is a conflict with a previous successful write. Retry with backoff.',
        );
      const provisioning: Provisioning = {
        id: newId(),
        permissionSetArn: input.PermissionSetArn,
        accountIds: input.TargetType === 'AWS_ACCOUNT' ? [input.TargetId ?? ''] : [...held],
        status: 'IN_PROGRESS',
        startedAtMs: call.nowMs,
        dueAtMs: call.nowMs + world.provisioningSeconds * 1000,
        ...(call.asyncFailure === undefined ? {} : { willFail: call.asyncFailure }),
      };
      world.provisionings.push(provisioning);
      return { PermissionSetProvisioningStatus: described(provisioning) };
    },
    DescribePermissionSetProvisioningStatus(
      input: Wire<DescribePermissionSetProvisioningStatusRequest>,
    ): Wire<DescribePermissionSetProvisioningStatusResponse> {
      requireInstance(world, input.InstanceArn);
      const found = world.provisionings.find(({ id }) => id === input.ProvisionPermissionSetRequestId);
      if (found === undefined)
        throw new AwsError('ResourceNotFoundException', `No provisioning ${input.ProvisionPermissionSetRequestId}`);
      return { PermissionSetProvisioningStatus: described(found) };
    },
  };
}

function isUnderWay({ status }: Provisioning): boolean {
  return status === 'IN_PROGRESS';
}

function described(provisioning: Provisioning): Wire<PermissionSetProvisioningStatus> {
  const { id, status, permissionSetArn, accountIds, startedAtMs, failureReason } = provisioning;
  return {
    Status: status,
    RequestId: id,
    PermissionSetArn: permissionSetArn,
    CreatedDate: epochSeconds(startedAtMs),
    ...(accountIds.length === 1 ? { AccountId: accountIds[0] ?? '' } : {}),
    ...(failureReason === undefined ? {} : { FailureReason: failureReason }),
  };
}
