import type { DriftMode, DriftPass } from '../drift/types.ts';
import type { AccessItem } from '../model/access-item.ts';
import type { TargetNames } from '../model/request.ts';
import type { Target } from '../model/target.ts';
import type { GuardStatus, NamedSet } from '../sessions/guard-permission-sets.ts';

/**
 * What the doctor reads; it writes nothing. `undefined` means that the thing does not exist. Every other failure is
 * thrown, so that a thing the doctor could not read is never reported as missing.
 */
export interface DoctorPorts {
  /** Account, ARN and Region of the credentials, and the time by AWS's clock (ISO 8601). */
  caller(): Promise<{ readonly account: string; readonly arn: string; readonly region: string; readonly at: string }>;

  /** Status of a stack, as CloudFormation reports it. */
  stack(name: string): Promise<string | undefined>;

  organization(): Promise<{ readonly id: string; readonly managementAccountId: string }>;
  /** Accounts that are delegated administrators of a service. @param service such as `sso.amazonaws.com` */
  delegatedTo(service: string): Promise<readonly string[]>;
  /** Services with trusted access to the organization. */
  trustedServices(): Promise<readonly string[]>;
  accounts(): Promise<readonly { readonly id: string; readonly name: string; readonly active: boolean }[]>;
  unit(id: string): Promise<boolean>;

  instance(): Promise<
    | {
        readonly identityStoreId: string;
        readonly status: string;
        readonly primaryRegion?: string;
        readonly keyArn?: string;
        readonly keyStatus?: string;
        readonly permissionSetsEnabled?: boolean;
      }
    | undefined
  >;
  permissionSet(arn: string): Promise<{ readonly name: string; readonly sessionSeconds: number } | undefined>;
  /** Accounts in which a permission set is provisioned. */
  accountsOf(permissionSetArn: string): Promise<readonly string[]>;
  /** The assignments of groups in an account; assignments of users are left out. */
  groupAssignments(
    accountId: string,
  ): Promise<readonly { readonly groupId: string; readonly permissionSetArn: string }[]>;
  /** `external`: an identity provider writes the group, for example by SCIM. */
  group(id: string): Promise<{ readonly name: string; readonly external: boolean } | undefined>;
  user(id: string): Promise<{ readonly userName: string; readonly enabled: boolean } | undefined>;

  /** Does a group with this name or id exist? Policies may use either. */
  groupNamed(ref: string): Promise<boolean>;
  /** Does a user with this user name, e-mail or id exist? */
  userNamed(ref: string): Promise<boolean>;

  mailIdentity(name: string): Promise<{ readonly verified: boolean; readonly configurationSet?: string } | undefined>;
  mailAccount(): Promise<{
    readonly production: boolean;
    readonly sending: boolean;
    readonly status: string;
    readonly perDay: number;
    readonly sentToday: number;
  }>;
  /** The e-mail addresses that alarms go to. */
  subscriptions(topicArn: string): Promise<readonly { readonly endpoint: string; readonly confirmed: boolean }[]>;

  /** Whether the secret is filled in; the values themselves are not returned. */
  slackSecret(): Promise<'filled' | 'random' | 'unreadable'>;
  /** Workspace and scopes of the bot token, or Slack's error code where Slack refuses the token. */
  slackToken(): Promise<{ readonly teamId: string; readonly scopes: readonly string[] } | { readonly refused: string }>;
  channel(id: string): Promise<{ readonly member: boolean; readonly archived: boolean } | undefined>;
  /** How the address that Slack calls answers a call signed like Slack's. `nobody`: no usable answer. */
  slackRoute(url: string): Promise<'answers' | 'refused' | 'nobody'>;

  /** Trails that cover this Region. Which events they record is not read. */
  trails(): Promise<
    readonly {
      readonly name: string;
      readonly logging: boolean;
      readonly organization: boolean;
      /** Does it record the calls that change assignments and memberships? `undefined`: that could not be read. */
      readonly changes: boolean | undefined;
    }[]
  >;
  function(name: string): Promise<{ readonly state: string } | undefined>;
  concurrency(): Promise<{ readonly total: number; readonly unreserved: number }>;
  workflow(arn: string): Promise<string | undefined>;
  table(name: string): Promise<
    | {
        readonly status: string;
        readonly indexes: readonly string[];
        readonly streams: boolean;
        /** Is point-in-time recovery on? */
        readonly recovery: boolean;
      }
    | undefined
  >;
  bucket(name: string): Promise<boolean>;
  bus(name: string): Promise<boolean>;

  /** Every record of the access table. */
  records(): Promise<readonly AccessItem[]>;
  frozen(): Promise<{ readonly by: string; readonly at: string; readonly reason: string } | undefined>;
  /** The item with the schema version; `undefined` where there is none. */
  schema(): Promise<{ readonly version?: unknown } | undefined>;
  driftMode(): Promise<DriftMode>;
  driftPass(): Promise<DriftPass | undefined>;
  /** When something last ran or arrived (ISO 8601), by the id of its heartbeat item. */
  heartbeat(id: string): Promise<string | undefined>;
  /** Requests that may still hold access although their end is well past, or cannot be parsed. */
  overdue(at: string): Promise<readonly { readonly id: string; readonly state: string; readonly endsAt: string }[]>;
  /** Open requests, and leases without one (their `state` is `lease`). Standing assignments are left out. */
  open(): AsyncIterable<{
    readonly id: string;
    readonly state: string;
    readonly target: Target;
    readonly names: TargetNames;
  }>;
  /**
   * The state of the session guard for each permission set in each of its accounts. The function `cut-sessions` reads
   * the policies, because no other role may.
   */
  guards(sets: readonly NamedSet[]): Promise<readonly GuardStatus[]>;
  /**
   * Whether the roles that read activity can be assumed. The report's function tries it, because only its role may
   * assume them.
   *
   * @returns one line per account and Region; `why` where activity cannot be read
   */
  readers(
    accounts: readonly string[],
    regions: readonly string[],
  ): Promise<readonly { readonly accountId: string; readonly region: string; readonly why?: string }[]>;
}
