import type { PermissionsBoundary, PortalSession, Provisioning } from '../identity-center/permission-set-roles.ts';

/**
 * The organization, its directory and everything the emulated services remember, as plain data: a test or the sandbox page may
 * read it, and change it the way somebody else's console would.
 */
export interface World {
  /** Region of Identity Center and of the app. */
  region: string;
  organization: Organization;
  /** Account whose credentials the app's functions carry: the delegated administrator, or the management account. */
  homeAccountId: string;
  instanceArn: string;
  identityStoreId: string;
  accounts: Account[];
  organizationalUnits: OrganizationalUnit[];
  permissionSets: PermissionSet[];
  users: User[];
  groups: Group[];
  memberships: Membership[];
  assignments: Assignment[];
  /** Creations and deletions of assignments, under way and done. */
  operations: ProvisioningOperation[];
  /** How long Identity Center takes to make or remove an assignment; seconds. */
  provisioningSeconds: number;
  /** May assignments in the management account be changed from here? A delegated administrator may not. */
  includeManagementAccount: boolean;
  /** CloudTrail records by account and Region, oldest first; the key is `trailKey`. */
  trail: Record<string, TrailRecord[]>;
  /** How long CloudTrail takes to show an event; seconds. */
  trailDeliverySeconds: number;
  /** Regions that are enabled, in every account. */
  enabledRegions: string[];
  /** Accounts in which nobody has deployed a role that could be assumed; one role of an account as `<account>/<role>`. */
  rolesMissing: Set<string>;
  /** Credentials handed out by AssumeRole, by access key id. */
  sessions: Record<string, Session>;
  /** Roles of permission sets in accounts, by `roleKey`: the boundary each was provisioned with. */
  provisioned: Record<string, PermissionsBoundary | null>;
  /** Provisionings of permission sets, under way and done. */
  provisionings: Provisioning[];
  /** Credentials people have fetched in the access portal, by access key id. */
  portalSessions: Record<string, PortalSession>;
  /** Customer managed policies of the accounts, by ARN. */
  policies: Record<string, ManagedPolicy>;
  /** Accounts that the administration of a service is delegated to, by service. */
  delegatedAdministrators: Record<string, string[]>;
  /** Services the organization trusts. */
  trustedServices: string[];
  /** Customer-managed key of the Identity Center instance, if it has one. */
  instanceKey?: { arn: string; status: 'ENABLED' | 'UPDATING' | 'UPDATE_FAILED' };
  /** Trails that see management events of the app's account in its Region. */
  trails: Trail[];
  ses: {
    identities: string[];
    productionAccess: boolean;
    sendingEnabled: boolean;
    /** Default configuration sets, by identity. */
    configurationSets: Record<string, string>;
    /** Mails of the last 24 hours that nobody here has sent. */
    sentToday: number;
  };
  emails: Email[];
  secrets: Secret[];
  /** Existing buckets and what is in them, by key. */
  buckets: Record<string, Record<string, StoredObject>>;
  /** ARNs of existing topics. */
  topics: string[];
  /** Who receives what is published, by topic. */
  subscriptions: Record<string, Subscription[]>;
  /** Names of existing event buses. */
  eventBuses: string[];
  events: BusEvent[];
  /** What is deployed, as far as somebody said so. */
  stacks: Stack[];
  functions: DeployedFunction[];
  /** Functions that may run at once in the app's account. */
  concurrency: number;
}

export interface Trail {
  name: string;
  logging: boolean;
  organization: boolean;
}

export interface Subscription {
  protocol: string;
  endpoint: string;
  confirmed: boolean;
}

export interface Stack {
  name: string;
  arn: string;
  status: string;
  /** ISO 8601. */
  createdAt: string;
  outputs: Record<string, string>;
}

export interface DeployedFunction {
  name: string;
  state: 'Active' | 'Failed' | 'Inactive' | 'Pending';
}

export interface Organization {
  id: string;
  rootId: string;
  managementAccountId: string;
}

export interface Account {
  id: string;
  name: string;
  email: string;
  status: 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE';
  /** Id of the organizational unit or root it lies in. */
  ou: string;
  tags: Record<string, string>;
}

export interface OrganizationalUnit {
  id: string;
  name: string;
  /** Id of the organizational unit or root it lies in. */
  parent: string;
}

export interface PermissionSet {
  arn: string;
  name: string;
  description: string;
  /** ISO 8601 duration. */
  sessionDuration: string;
  /** Names of the policies that AWS manages. */
  managedPolicies: string[];
  /** Names of policies that each account must have, under the path `/`. */
  customerManagedPolicies?: string[];
  inlinePolicy?: string;
  permissionsBoundary?: PermissionsBoundary;
}

export interface User {
  id: string;
  userName: string;
  displayName: string;
  email: string;
  status: 'ENABLED' | 'DISABLED';
}

export interface Group {
  id: string;
  displayName: string;
  /** Ids by which others know it, such as an identity provider that writes it by SCIM. */
  externalIds?: { issuer: string; id: string }[];
}

export interface Membership {
  id: string;
  groupId: string;
  userId: string;
}

/** What Identity Center holds for one principal, account and permission set. */
export interface Assignment {
  principalType: 'USER' | 'GROUP';
  principalId: string;
  accountId: string;
  permissionSetArn: string;
  /** ARN or name of who made it. */
  createdBy: string;
  /** ISO 8601. */
  createdAt: string;
}

export type AssignmentKey = Pick<Assignment, 'principalType' | 'principalId' | 'accountId' | 'permissionSetArn'>;

/** A creation or deletion of an assignment, on its way or done. */
export interface ProvisioningOperation extends AssignmentKey {
  id: string;
  kind: 'create' | 'delete';
  status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  startedBy: string;
  startedAtMs: number;
  dueAtMs: number;
  /** Decided at the start, shown at the end. */
  willFail?: string;
  failureReason?: string;
}

/** One CloudTrail record, as the account's trail holds it. */
export interface TrailRecord {
  eventID: string;
  /** ISO 8601. */
  eventTime: string;
  eventName: string;
  eventSource: string;
  awsRegion: string;
  recipientAccountId: string;
  [field: string]: unknown;
}

export interface Session {
  accountId: string;
  roleArn: string;
  sessionName: string;
  expiresAtMs: number;
}

/** A customer managed policy of IAM, with the versions it has. */
export interface ManagedPolicy {
  arn: string;
  /** Oldest first. */
  versions: PolicyVersion[];
  defaultVersion: string;
  /** IAM never uses a number again. */
  nextVersion: number;
}

export interface PolicyVersion {
  /** `v1`, `v2` … */
  id: string;
  document: string;
  /** ISO 8601. */
  createdAt: string;
}

export interface Email {
  messageId: string;
  from: string;
  to: string[];
  cc: string[];
  bcc: string[];
  replyTo: string[];
  subject: string;
  text: string;
  html: string;
  /** `content` as text; of what is no text, what UTF-8 makes of it. */
  attachments: { fileName: string; contentType: string; size: number; content: string }[];
  /** Those beyond the usual ones, by name: `Message-ID`, `References`. */
  headers: Record<string, string>;
  /** ISO 8601. */
  at: string;
}

export interface Secret {
  name: string;
  arn: string;
  value: string;
}

export interface StoredObject {
  body: Buffer;
  contentType: string;
  etag: string;
  metadata: Record<string, string>;
  /** Object Lock, as given with the object. */
  lock?: { mode: string; retainUntil: string };
  /** ISO 8601. */
  lastModified: string;
  /** How many versions lie under this one. */
  older?: number;
}

/** An event as EventBridge hands it to a target, and the bus it came by. */
export interface BusEvent {
  bus: string;
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  /** ISO 8601, whole seconds. */
  time: string;
  region: string;
  resources: string[];
  detail: Record<string, unknown>;
}
