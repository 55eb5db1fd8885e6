import {
  type CustomerManagedPolicyReference,
  DescribePermissionSetCommand,
  GetPermissionsBoundaryForPermissionSetCommand,
  ListAccountsForProvisionedPermissionSetCommand,
  ListCustomerManagedPolicyReferencesInPermissionSetCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  type PermissionsBoundary,
  ResourceNotFoundException,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { GuardPolicyName } from '../../core/sessions/guard-policy.ts';
import type { Boundaries } from '../../core/sessions/ports.ts';
import { sessionSeconds } from './session-seconds.ts';

/** Reads the permissions boundaries of permission sets from Identity Center. */
export function createBoundaries(options: {
  readonly sso: Pick<SSOAdminClient, 'send'>;
  readonly instanceArn: string;
  readonly guard: GuardPolicyName;
  /** The guard policy of the attached form. */
  readonly attached: GuardPolicyName;
  /** ARNs of the permission sets that may have the attached form; absent: any. The others are not asked about it. */
  readonly attachedTo?: readonly string[];
}): Boundaries {
  const { sso, instanceArn: InstanceArn, guard, attached, attachedTo } = options;

  const isOutdated = async (permissionSetArn: string, accountId: string) =>
    (await outdatedIn(sso, InstanceArn, accountId)).includes(permissionSetArn);

  return {
    async stateOf(permissionSetArn, accountId) {
      const boundary = await boundaryOf(sso, InstanceArn, permissionSetArn);
      if (boundary !== undefined && isGuard(boundary, guard))
        return (await isOutdated(permissionSetArn, accountId)) ? 'outdated' : 'attached';
      const mayHave = attachedTo?.includes(permissionSetArn) ?? true;
      if (mayHave && (await isAttached(sso, InstanceArn, permissionSetArn, attached)))
        return (await isOutdated(permissionSetArn, accountId)) ? 'attached-form-outdated' : 'attached-form';
      return boundary === undefined ? 'none' : 'other';
    },

    async sessionsOf(PermissionSetArn) {
      try {
        const { PermissionSet: set } = await sso.send(
          new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn }),
        );
        if (set?.Name === undefined) return undefined;
        return { permissionSetName: set.Name, sessionSeconds: sessionSeconds(set.SessionDuration) };
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },

    async accountsOf(PermissionSetArn) {
      const found: string[] = [];
      let NextToken: string | undefined;
      do {
        const page = await sso.send(
          new ListAccountsForProvisionedPermissionSetCommand({
            InstanceArn,
            PermissionSetArn,
            MaxResults: 100,
            NextToken,
          }),
        );
        found.push(...(page.AccountIds ?? []));
        NextToken = page.NextToken;
      } while (NextToken !== undefined && NextToken !== '');
      return found;
    },
  };
}

/** ARNs of the permission sets whose newest version the account does not have yet. */
export async function outdatedIn(
  sso: Pick<SSOAdminClient, 'send'>,
  InstanceArn: string,
  AccountId: string,
): Promise<readonly string[]> {
  const found: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await sso.send(
      new ListPermissionSetsProvisionedToAccountCommand({
        InstanceArn,
        AccountId,
        ProvisioningStatus: 'LATEST_PERMISSION_SET_NOT_PROVISIONED',
        MaxResults: 100,
        NextToken,
      }),
    );
    found.push(...(page.PermissionSets ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined && NextToken !== '');
  return found;
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
    // Identity Center answers so for a set without a boundary, and for a set that does not exist.
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** Is the guard attached to a permission set as a customer managed policy? */
export async function isAttached(
  sso: Pick<SSOAdminClient, 'send'>,
  InstanceArn: string,
  PermissionSetArn: string,
  attached: GuardPolicyName,
): Promise<boolean> {
  let NextToken: string | undefined;
  do {
    const page = await sso.send(
      new ListCustomerManagedPolicyReferencesInPermissionSetCommand({
        InstanceArn,
        PermissionSetArn,
        MaxResults: 100,
        NextToken,
      }),
    );
    if (page.CustomerManagedPolicyReferences?.some((reference) => isPolicy(reference, attached))) return true;
    NextToken = page.NextToken;
  } while (NextToken !== undefined && NextToken !== '');
  return false;
}

/** Is the boundary the guard? */
export function isGuard(
  { CustomerManagedPolicyReference: reference }: PermissionsBoundary,
  guard: GuardPolicyName,
): boolean {
  return reference !== undefined && isPolicy(reference, guard);
}

/** Does the reference of a permission set name this policy? */
export function isPolicy(
  { Name, Path = '/' }: CustomerManagedPolicyReference,
  { name, path }: GuardPolicyName,
): boolean {
  return Name === name && Path === path;
}
