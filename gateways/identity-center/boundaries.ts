import {
  GetPermissionsBoundaryForPermissionSetCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  type PermissionsBoundary,
  ResourceNotFoundException,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { Boundaries } from '../../core/sessions/ports.ts';

/** The policy that guarded permission sets have as their boundary, by what a permission set knows it by. */
export interface GuardPolicyName {
  readonly name: string;
  /** Begins and ends with `/`. */
  readonly path: string;
}

/** Boundaries of permission sets, as Identity Center holds them. */
export function createBoundaries(options: {
  readonly sso: Pick<SSOAdminClient, 'send'>;
  readonly instanceArn: string;
  readonly guard: GuardPolicyName;
}): Boundaries {
  const { sso, instanceArn: InstanceArn, guard } = options;

  /** Sets whose newest version the account has not got. */
  async function isOutdated(permissionSetArn: string, AccountId: string): Promise<boolean> {
    let NextToken: string | undefined;
    do {
      const page = await sso.send(
        new ListPermissionSetsProvisionedToAccountCommand({
          InstanceArn,
          AccountId,
          ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED',
          MaxResults: 100,
          ...(NextToken === undefined ? {} : { NextToken }),
        }),
      );
      if (page.PermissionSets?.includes(permissionSetArn)) return true;
      NextToken = page.NextToken;
    } while (NextToken !== undefined && NextToken !== '');
    return false;
  }

  return {
    async stateOf(permissionSetArn, accountId) {
      const boundary = await boundaryOf(sso, InstanceArn, permissionSetArn);
      if (boundary === undefined) return 'none';
      if (!isGuard(boundary, guard)) return 'other';
      return (await isOutdated(permissionSetArn, accountId)) ? 'outdated' : 'attached';
    },
  };
}

/** The boundary of a permission set; `undefined` for a set that has none. */
export async function boundaryOf(
  sso: Pick<SSOAdminClient, 'send'>,
  InstanceArn: string,
  PermissionSetArn: string,
): Promise<PermissionsBoundary | undefined> {
  try {
    const answer = await sso.send(new GetPermissionsBoundaryForPermissionSetCommand({ InstanceArn, PermissionSetArn }));
    return answer.PermissionsBoundary;
  } catch (error) {
    // Identity Center answers so for a set without a boundary, and for a set that is gone.
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Is a boundary the guard? */
export function isGuard(
  { CustomerManagedPolicyReference: reference }: PermissionsBoundary,
  guard: GuardPolicyName,
): boolean {
  return reference?.Name === guard.name && (reference.Path ?? '/') === guard.path;
}
