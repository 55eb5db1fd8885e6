import type { DriftMode, DriftPass } from '../drift/types.ts';
import type { AccessItem } from '../model/access-item.ts';
import type { TargetNames } from '../model/request.ts';
import type { Target } from '../model/target.ts';
import type { GuardStatus, NamedSet } from '../sessions/guard-permission-sets.ts';

/**
 * What the doctor looks at. Everything is only read; what is not there is `undefined`, and every other failure is thrown, so that what
 * could not be seen is never taken for absent.
 */
export interface DoctorPorts {
  /** Whose credentials these are, and what AWS's own clock says (ISO 8601). */
  caller(): Promise<{ readonly account: string; readonly arn: string; readonly region: string; readonly at: string }>;

  /** State of a stack, in CloudFormation's words. */
  stack(name: string): Promise<string | undefined>;

  organization(): Promise<{ readonly id: string; readonly managementAccountId: string }>;
  /** Accounts that a service's administration is delegated to. @param service such as `sso.amazonaws.com` */
  delegatedTo(service: string): Promise<readonly string[]>;
  /** Services that the organization trusts. */
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
  /** What groups are assigned in an account; what people are themselves is left out. */
  groupAssignments(
    accountId: string,
  ): Promise<readonly { readonly groupId: string; readonly permissionSetArn: string }[]>;
  /** `external`: who else writes it, such as SCIM. */
  group(id: string): Promise<{ readonly name: string; readonly external: boolean } | undefined>;
  user(id: string): Promise<{ readonly userName: string; readonly enabled: boolean } | undefined>;

  /** Is there a group of this name or id, as policies write it? */
  groupNamed(ref: string): Promise<boolean>;
  /** Is there a user of this user name, e-mail or id? */
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

  /** What of the secret can be told without telling it. */
  slackSecret(): Promise<'filled' | 'random' | 'unreadable'>;
  /** What the token is good for, or Slack's word for why it is not. */
  slackToken(): Promise<{ readonly teamId: string; readonly scopes: readonly string[] } | { readonly refused: string }>;
  channel(id: string): Promise<{ readonly member: boolean; readonly archived: boolean } | undefined>;
  /** What the address says that Slack calls, signed as Slack would. */
  slackRoute(url: string): Promise<'answers' | 'refused' | 'nobody'>;

  /** Trails that see management events in this Region. */
  trails(): Promise<readonly { readonly name: string; readonly logging: boolean; readonly organization: boolean }[]>;
  function(name: string): Promise<{ readonly state: string } | undefined>;
  concurrency(): Promise<{ readonly total: number; readonly unreserved: number }>;
  workflow(arn: string): Promise<string | undefined>;
  table(name: string): Promise<
    | {
        readonly status: string;
        readonly indexes: readonly string[];
        readonly streams: boolean;
        /** Can it be restored to any second of the last weeks? */
        readonly recovery: boolean;
      }
    | undefined
  >;
  bucket(name: string): Promise<boolean>;
  bus(name: string): Promise<boolean>;

  /** Every record of the access table. */
  records(): Promise<readonly AccessItem[]>;
  frozen(): Promise<{ readonly by: string; readonly at: string; readonly reason: string } | undefined>;
  /** What the tables say of their schema; `undefined` where they say nothing. */
  schema(): Promise<{ readonly version?: unknown } | undefined>;
  driftMode(): Promise<DriftMode>;
  driftPass(): Promise<DriftPass | undefined>;
  /** When something was last done or heard (ISO 8601), by the id of its item. */
  heartbeat(id: string): Promise<string | undefined>;
  /** Access that should be over and is not, or has not begun and should have. */
  overdue(at: string): Promise<readonly { readonly id: string; readonly state: string; readonly endsAt: string }[]>;
  /** Open requests, and what is held without one by its lease; `state` is then `lease`. What was there before us is not among them. */
  open(): AsyncIterable<{
    readonly id: string;
    readonly state: string;
    readonly target: Target;
    readonly names: TargetNames;
  }>;
  /** How permission sets stand to the session guard in each account that has them; the function that cuts looks at the policies. */
  guards(sets: readonly NamedSet[]): Promise<readonly GuardStatus[]>;
  /**
   * Whether what reads activity can be assumed, as the report's function finds it itself: nobody else could tell.
   *
   * @returns one line per account and Region; `why` where it cannot be read
   */
  readers(
    accounts: readonly string[],
    regions: readonly string[],
  ): Promise<readonly { readonly accountId: string; readonly region: string; readonly why?: string }[]>;
}
