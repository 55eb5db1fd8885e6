import type { GetEventSelectorsResponse } from '@aws-sdk/client-cloudtrail';
import type { InstanceMetadata } from '@aws-sdk/client-sso-admin';
import type * as roles from '../identity-center/permission-set-roles.ts';
import type { Wire } from '../wire/service.ts';

/**
 * The state of the emulated services as plain data. Tests and the page may read it, and change it as another
 * administrator's console would.
 */
export interface World {
  /** The Region of Identity Center and of the app. */
  region: string;
  organization: Organization;
  /** The account of the app's functions: the delegated administrator, or the management account. */
  homeAccountId: string;
  instanceArn: string;
  identityStoreId: string;
  /** What `ListInstances` shows. @default - the organization's instance alone */
  instancesShown?: Wire<InstanceMetadata>[];
  accounts: Account[];
  organizationalUnits: OrganizationalUnit[];
  permissionSets: PermissionSet[];
  users: User[];
  groups: Group[];
  memberships: Membership[];
  assignments: Assignment[];
  /** Creations and deletions of assignments, running and finished. */
  operations: ProvisioningOperation[];
  /** How long Identity Center takes to create or delete an assignment; seconds. */
  provisioningSeconds: number;
  /**
   * May assignments in the management account be changed from the home account? A delegated administrator may not
   * change them.
   */
  includeManagementAccount: boolean;
  /** CloudTrail records by account and Region, oldest first; the key is `trailKey`. */
  trail: Record<string, TrailRecord[]>;
  /** How long CloudTrail takes to deliver an event; seconds. */
  trailDeliverySeconds: number;
  /** The Regions that are enabled in every account. */
  enabledRegions: string[];
  /**
   * Accounts without roles to assume. The session guard's role is missing where `<account>/<role>` is listed, or where
   * its policy is missing.
   */
  rolesMissing: Set<string>;
  /** Sessions of AssumeRole, by access key id. */
  sessions: Record<string, Session>;
  /** The roles of permission sets in accounts, by `roleKey`, as they were provisioned. */
  provisioned: Record<string, roles.ProvisionedRole>;
  /** Provisionings of permission sets, running and finished. */
  provisionings: roles.Provisioning[];
  /** Credentials that people fetched in the access portal, by access key id. */
  portalSessions: Record<string, roles.PortalSession>;
  /** The accounts' customer managed policies, by ARN. */
  policies: Record<string, ManagedPolicy>;
  /** The names of permission sets for which the deployment opts into the attached form of the session guard. */
  attachedGuards: string[];
  /** The delegated administrator accounts, by service principal. */
  delegatedAdministrators: Record<string, string[]>;
  /** The services with trusted access to the organization. */
  trustedServices: string[];
  /** The customer managed key of the Identity Center instance, if it has one. */
  instanceKey?: { arn: string; status: 'ENABLED' | 'UPDATING' | 'UPDATE_FAILED' };
  /** The trails that record management events of the app's account in its Region. */
  trails: Trail[];
  ses: {
    identities: string[];
    productionAccess: boolean;
    sendingEnabled: boolean;
    /** The default configuration set of each identity. */
    configurationSets: Record<string, string>;
    /** Mails of the last 24 hours that were sent outside of this sandbox. */
    sentToday: number;
  };
  emails: Email[];
  secrets: Secret[];
  /** The existing buckets, and their objects by key. */
  buckets: Record<string, Record<string, StoredObject>>;
  /** The ARNs of the existing topics. */
  topics: string[];
  /** The subscriptions of each topic. */
  subscriptions: Record<string, Subscription[]>;
  /** The names of the existing event buses. */
  eventBuses: string[];
  events: BusEvent[];
  /** The deployed stacks, as far as the sandbox or a test has set them. */
  stacks: Stack[];
  functions: DeployedFunction[];
  /** The concurrency limit of Lambda in the app's account. */
  concurrency: number;
}

export interface Trail {
  name: string;
  logging: boolean;
  organization: boolean;
  /** What it records, where that was chosen. @default - every management event */
  selectors?: Pick<Wire<GetEventSelectorsResponse>, 'EventSelectors' | 'AdvancedEventSelectors'>;
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
  /** The id of the organizational unit or root that contains it. */
  ou: string;
  tags: Record<string, string>;
}

export interface OrganizationalUnit {
  id: string;
  name: string;
  /** The id of the organizational unit or root that contains it. */
  parent: string;
}

export interface PermissionSet {
  arn: string;
  name: string;
  description: string;
  /** ISO 8601 duration. */
  sessionDuration: string;
  /** The names of AWS managed policies. */
  managedPolicies: string[];
  /** Policies that each account must have, by name or by path and name. */
  customerManagedPolicies?: string[];
  inlinePolicy?: string;
  permissionsBoundary?: roles.PermissionsBoundary;
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
  /** Ids in other systems, such as an identity provider that provisions the group by SCIM. */
  externalIds?: { issuer: string; id: string }[];
}

export interface Membership {
  id: string;
  groupId: string;
  userId: string;
}

/** An assignment in Identity Center: one principal, account and permission set. */
export interface Assignment {
  principalType: 'USER' | 'GROUP';
  principalId: string;
  accountId: string;
  permissionSetArn: string;
  /** The ARN or name of the creator. */
  createdBy: string;
  /** ISO 8601. */
  createdAt: string;
}

export type AssignmentKey = Pick<Assignment, 'principalType' | 'principalId' | 'accountId' | 'permissionSetArn'>;

/** A creation or deletion of an assignment, running or finished. */
export interface ProvisioningOperation extends AssignmentKey {
  id: string;
  kind: 'create' | 'delete';
  status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  startedBy: string;
  startedAtMs: number;
  dueAtMs: number;
  /** The failure with which the operation will end; decided when it starts. */
  willFail?: string;
  failureReason?: string;
}

/** One CloudTrail record in the trail of an account. */
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

/** A customer managed policy of IAM with its versions. */
export interface ManagedPolicy {
  arn: string;
  /** Oldest first. */
  versions: PolicyVersion[];
  defaultVersion: string;
  /** IAM never reuses a version number. */
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
  /** `content` is the attachment decoded as UTF-8, even if it is not text. */
  attachments: { fileName: string; contentType: string; size: number; content: string }[];
  /** The headers without a field of their own, by name: `Message-ID`, `References`. */
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
  /** The number of older versions. */
  older?: number;
}

/** An event as EventBridge delivers it to a target, and the bus it was sent to. */
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
