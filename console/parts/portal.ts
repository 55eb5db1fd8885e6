import type { RequestView } from '../../lambdas/api/schemas.ts';

/**
 * Where the access portal opens the AWS console with this access; the portal itself for a group, whose access is elsewhere.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/createshortcutlink.html
 */
export function portalHref(portalUrl: string, { target }: RequestView): string {
  const { accountId, permissionSet } = target;
  if (accountId === undefined || permissionSet === undefined) return portalUrl;
  return `${portalUrl}/#/console?${new URLSearchParams({ account_id: accountId, role_name: permissionSet })}`;
}
