/** A permissions boundary in Identity Center's format: exactly one of both. */
export interface PermissionsBoundary {
  CustomerManagedPolicyReference?: { Name: string; Path?: string };
  ManagedPolicyArn?: string;
}

/** The parts of a permission set's role that come from the account's policies. */
export interface ProvisionedRole {
  boundary: PermissionsBoundary | null;
  /** The customer managed policies attached to the role, named as in the permission set. */
  policies: string[];
}

/** The role that a permission set asks for. */
export function contentsOf(
  set: { permissionsBoundary?: PermissionsBoundary; customerManagedPolicies?: string[] } | undefined,
): ProvisionedRole {
  return { boundary: set?.permissionsBoundary ?? null, policies: [...(set?.customerManagedPolicies ?? [])] };
}

/**
 * The reference to a customer managed policy in Identity Center's format. In the sandbox's permission sets the path `/`
 * may be left out.
 */
export function referenceOf(text: string): { Name: string; Path: string } {
  const end = text.lastIndexOf('/') + 1;
  return { Name: text.slice(end), Path: text.slice(0, end) || '/' };
}

/** The ARN of the policy in an account that a reference names. */
export function referredArn(accountId: string, { Name, Path = '/' }: { Name: string; Path?: string }): string {
  return `arn:aws:iam::${accountId}:policy${Path}${Name}`;
}

/** The provisioning of a permission set to one account, or to all accounts that have it. */
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

/** Credentials that a person fetched in the access portal. */
export interface PortalSession {
  accessKeyId: string;
  principalId: string;
  accountId: string;
  permissionSetArn: string;
  issuedAtMs: number;
  expiresAtMs: number;
  /** The role when it was assumed, for the case that it is deleted meanwhile. */
  role: ProvisionedRole;
}
