/** One of both, as Identity Center takes it. */
export interface PermissionsBoundary {
  CustomerManagedPolicyReference?: { Name: string; Path?: string };
  ManagedPolicyArn?: string;
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
  /** The boundary of the role when it was assumed; a role that is deleted meanwhile leaves nothing else to go by. */
  boundary: PermissionsBoundary | null;
}
