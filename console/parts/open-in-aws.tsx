import Button from '@cloudscape-design/components/button';
import type { RequestView } from '../../lambdas/api/document/schemas.ts';
import { usePageContext } from './context.ts';

interface OpenInAwsProps {
  readonly request: RequestView;
  /** What is opened, for the label where a page has several such buttons. */
  readonly about?: string;
}

/** Opens the AWS console through the access portal, in a new tab. */
export function OpenInAws({ request, about }: OpenInAwsProps) {
  const { me } = usePageContext();
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
 * The portal's shortcut link to the AWS console with this permission set. For a group it is the portal's front page,
 * because the request does not say in which accounts the group has access.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/createshortcutlink.html
 */
function portalHref(portalUrl: string, { target }: RequestView): string {
  const { accountId, permissionSet } = target;
  if (accountId === undefined || permissionSet === undefined) return portalUrl;
  return `${portalUrl}/#/console?${new URLSearchParams({ account_id: accountId, role_name: permissionSet })}`;
}
