/** One of both, as Identity Center takes it. */
export interface PermissionsBoundary {
  CustomerManagedPolicyReference?: { Name: string; Path?: string };
  ManagedPolicyArn?: string;
}

/** What a role of a permission set has, as far as the account manages it. */
export interface ProvisionedRole {
  boundary: PermissionsBoundary | null;
  /** Customer managed policies attached to it, as the permission set names them. */
  policies: string[];
}

/** What a permission set asks a role of it to have. */
export function contentsOf(
  set: { permissionsBoundary?: PermissionsBoundary; customerManagedPolicies?: string[] } | undefined,
): ProvisionedRole {
  return { boundary: set?.permissionsBoundary ?? null, policies: [...(set?.customerManagedPolicies ?? [])] };
}

/** A customer managed policy as Identity Center names it: a permission set here may leave out the path `/`. */
export function referenceOf(text: string): { Name: string; Path: string } {
  const end = text.lastIndexOf('/') + 1;
  return { Name: text.slice(end), Path: text.slice(0, end) || '/' };
}

/** The policy of an account that a reference is about. */
export function referredArn(accountId: string, { Name, Path = '/' }: { Name: string; Path?: string }): string {
  return `arn:aws:iam::${accountId}:policy${Path}${Name}`;
}

/** A permission set on its way into an account, or all that have it. */
export interface Provisioning {
  id: string;
  permissionSetArn: string;
  accountIds: string[];
  status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  startedAtMs: number;
  dueAtMs: number;
  willFail?: string;
  failureReason?: string;
}

/** What a person fetched in the access portal. */
export interface PortalSession {
  accessKeyId: string;
  principalId: string;
  accountId: string;
  permissionSetArn: string;
  issuedAtMs: number;
  expiresAtMs: number;
  /** The role as it was when it was assumed; one that is deleted meanwhile leaves nothing else to go by. */
  role: ProvisionedRole;
}
