import {
  paginateListAccountAssignments,
  paginateListAccountsForProvisionedPermissionSet,
  paginateListPermissionSetsProvisionedToAccount,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import type { ProvisionedPort } from '../../core/drift/ports.ts';

/** The largest page that Identity Center returns. */
const pageSize = 100;

/**
 * What Identity Center has provisioned, page by page.
 *
 * @param options.beforeCall awaited before each page is asked for: counts the calls and spaces them
 */
export function createProvisioned(options: {
  readonly sso: SSOAdminClient;
  readonly instanceArn: string;
  readonly beforeCall: () => Promise<void>;
}): ProvisionedPort {
  const { sso: client, instanceArn: InstanceArn, beforeCall } = options;

  /** A paginator makes the call for a page only when `next` is called. */
  async function collect<Page extends { readonly NextToken?: string | undefined }, Found>(
    pages: AsyncIterator<Page>,
    found: (page: Page) => readonly Found[] | undefined,
  ): Promise<Found[]> {
    const all: Found[] = [];
    for (;;) {
      await beforeCall();
      const page = await pages.next();
      if (page.done === true) return all;
      all.push(...(found(page.value) ?? []));
      if (page.value.NextToken === undefined) return all;
    }
  }

  return {
    accountsOf: (PermissionSetArn) =>
      collect(
        paginateListAccountsForProvisionedPermissionSet({ client, pageSize }, { InstanceArn, PermissionSetArn }),
        (page) => page.AccountIds,
      ),
    setsOf: (AccountId) =>
      collect(
        paginateListPermissionSetsProvisionedToAccount({ client, pageSize }, { InstanceArn, AccountId }),
        (page) => page.PermissionSets,
      ),
    usersOf: async ({ accountId: AccountId, permissionSetArn: PermissionSetArn }) => {
      const held = await collect(
        paginateListAccountAssignments({ client, pageSize }, { InstanceArn, AccountId, PermissionSetArn }),
        (page) => page.AccountAssignments,
      );
      return held.flatMap(({ PrincipalType, PrincipalId }) =>
        PrincipalType === 'USER' && PrincipalId !== undefined ? [PrincipalId] : [],
      );
    },
  };
}
