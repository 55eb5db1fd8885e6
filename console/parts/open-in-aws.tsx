import Button from '@cloudscape-design/components/button';
import type { RequestView } from '../../lambdas/api/document/schemas.ts';
import { useDesk } from './context.ts';

interface OpenInAwsProps {
  readonly request: RequestView;
  /** What is opened, where there is more than one such button on a page. */
  readonly about?: string;
}

/** Opens the AWS console by the access portal, in a tab of its own. */
export function OpenInAws({ request, about }: OpenInAwsProps) {
  const { me } = useDesk();
  return (
    <Button
      variant="primary"
      href={portalHref(me.portalUrl, request)}
      iconName="external"
      iconAlign="right"
      target="_blank"
      ariaLabel={`Open in AWS${about === undefined ? '' : `: ${about}`}, in a new tab`}
    >
      Open in AWS
    </Button>
  );
}

/**
 * Where the access portal opens the AWS console with this access; the portal itself for a group, whose access is elsewhere.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/createshortcutlink.html
 */
function portalHref(portalUrl: string, { target }: RequestView): string {
  const { accountId, permissionSet } = target;
  if (accountId === undefined || permissionSet === undefined) return portalUrl;
  return `${portalUrl}/#/console?${new URLSearchParams({ account_id: accountId, role_name: permissionSet })}`;
}
