import type { FurtherSettings } from './schema/further-settings.ts';

/**
 * The whole configuration of a deployment. `glasshammer.config.ts` holds one; no other file needs an edit before
 * `npx cdk deploy`. A duration is a number and a unit: `45s`, `10m`, `1h`, `1h30m`, `2d`.
 */
export interface GlasshammerConfig extends FurtherSettings {
  /**
   * Where Glasshammer runs: the account that administers Identity Center (its delegated administrator or the management
   * account) and the instance's primary Region, the only one in which assignments can be made.
   */
  readonly env: { readonly account: string; readonly region: string };

  /**
   * The stack's name. In lower case, all names of functions, workflow and logs begin with it. @default 'Glasshammer'
   */
  readonly stackName?: string;

  /** ARN of the Identity Center instance: `aws sso-admin list-instances`. */
  readonly instanceArn: string;

  /** Id of the identity store, `d-…`: the same command prints it. */
  readonly identityStoreId: string;

  /** The organization: `aws organizations describe-organization` prints both ids. */
  readonly organization: {
    readonly id: string;
    readonly managementAccountId: string;
    /**
     * May access be given in the management account? Only possible when Glasshammer runs there, with extra IAM rights.
     * @default false
     */
    readonly includeManagementAccount?: boolean;
  };

  /**
   * May access be given in the account Glasshammer runs in? An administrator there can change policies and records, so
   * no policy applies in this account unless this is true. Where Glasshammer runs in the management account,
   * `organization.includeManagementAccount` decides instead. @default false
   */
  readonly includeOwnAccount?: boolean;

  /** The accounts access may be given in: 12-digit ids, or `'*'` for every account of the organization. */
  readonly accounts: '*' | readonly string[];

  /** The permission sets that may be given. The functions' roles can give no others, whatever a record says. */
  readonly permissionSets: readonly NamedPermissionSet[];

  /**
   * Identity Center groups that people may join for a time; functions can change no other memberships. @default - none
   */
  readonly groups?: readonly { readonly name: string; readonly id: string }[];

  /**
   * What may still be taken back but no longer given. Move an account, permission set or group here instead of deleting
   * its line, and delete it once its last access has ended: without the right to revoke, access cannot be ended.
   * @default - nothing
   */
  readonly retired?: {
    readonly accounts?: readonly string[];
    readonly permissionSets?: readonly NamedPermissionSet[];
    readonly groups?: readonly { readonly name: string; readonly id: string }[];
  };

  /**
   * Slack, where people ask and decide. Without it there is no Slack endpoint and no Slack secret; `api` or `console`
   * is then required, and approvers and requesters get mail. @default - no Slack
   */
  readonly slack?: {
    /** Ids of your own workspaces (`T…`, or `E…` of an Enterprise Grid). Users of any other are refused. */
    readonly teamIds: readonly string[];
    /** Id of the channel where approvers are asked (`C…`). Invite the app to it. */
    readonly approvalChannel: string;
    /** Id of the channel for messages to operators. @default - the approval channel */
    readonly operatorChannel?: string;
  };

  readonly identity?: {
    /**
     * Domains whose confirmed Slack e-mail identifies an Identity Center user without a principal record. Name a domain
     * only if its people cannot change their own address in Slack. @default - none: every person needs a principal
     * record
     */
    readonly emailDomains?: readonly string[];
  };

  readonly access?: {
    /** Duration of access when the request names none. @default '1h' */
    readonly defaultDuration?: string;
    /** The longest access anybody gets, whatever a policy says. @default '12h' */
    readonly maxDuration?: string;
    /** How long before the end the requester is warned; for short access, when a third is left. @default '10m' */
    readonly warnBeforeEnd?: string;
    /** How long Identity Center may take to make an assignment before it is given up and cleaned up. @default '10m' */
    readonly grantTimeout?: string;
  };

  /**
   * What happens to drift: assignments made outside of Glasshammer in its accounts and of its permission sets. The
   * first rule that matches decides; without one it is `warn`. Nothing is removed before an operator has run
   * `glasshammer drift confirm`, and a group's assignment is never removed. See docs/drift.md.
   * @default - none: operators are told of all drift, and nothing is removed
   */
  readonly drift?: readonly DriftRuleConfig[];

  /** How often the full pass checks what is provisioned. Changes are also reported as they happen. @default '6h' */
  readonly driftCheckEvery?: string;

  /** Address of your AWS access portal, e.g. `https://d-1234567890.awsapps.com/start`. */
  readonly portalUrl: string;

  readonly report: {
    /**
     * Sender of the reports: an address that SES has verified in this account and Region, or one of a verified domain.
     */
    readonly from: string;
    /** Who receives every report. */
    readonly to: readonly string[];
    /** Mail each report to the access's approvers and reviewers too, not only a card in Slack. @default false */
    readonly toApprovers?: boolean;
    /**
     * Regions whose CloudTrail is read in accounts that cannot be asked for their enabled Regions. Add `us-east-1`,
     * where IAM and other global services record events. @default - the Regions that are enabled in every account
     */
    readonly regions?: readonly string[];
    /**
     * Name of the read-only role in each account, made by `lib/activity/activity-reader-stack.ts`.
     * @default - the stack's name and `ActivityReader`
     */
    readonly roleName?: string;
    /** SES Region that sends the reports. @default - `env.region` */
    readonly sesRegion?: string;
    /** SES configuration set for reports; required where the identity has a default one. @default - none */
    readonly configurationSet?: string;
    /**
     * ARN of `from`'s SES identity, if another account owns it and lets this one send. @default - one of this account
     */
    readonly identityArn?: string;
    /** How long CloudTrail may take to deliver an event. @default '15m' */
    readonly deliveryDelay?: string;
    /**
     * Where activity is read from: `lookup`, CloudTrail's event history in each account; `logs`, the organization's
     * trail in a log group, read with Logs Insights: older than 90 days, with data events, and AWS charges for the data
     * scanned; or `athena`, that trail in S3. See docs/report.md. @default 'lookup'
     */
    readonly source?: 'lookup' | 'logs' | 'athena';
    /** A different source for single accounts, by account id. @default - none */
    readonly sourceByAccount?: Readonly<Record<string, 'lookup' | 'logs' | 'athena'>>;
    /** Log group of the organization's trail; required where an account is read from `logs`. @default - none */
    readonly logs?: {
      readonly logGroupArn: string;
      /** Role in that account that may query it and trusts the report's role. @default - the report's own role */
      readonly roleArn?: string;
    };
    /** The table of the organization's trail in S3; required where an account is read from `athena`. @default - none */
    readonly athena?: {
      /** Role in the table's account that may query it and trusts the report's role; docs/report.md has its rights. */
      readonly roleArn: string;
      /** Region of the table. */
      readonly region: string;
      readonly database: string;
      readonly table: string;
      /** Decides where results are stored and how much a query may scan. */
      readonly workgroup: string;
    };
    /**
     * Organizational units (`ou-…`, or the root `r-…`) to whose accounts a service-managed StackSet brings that role,
     * new accounts included, but never to the management account. @default - none: deploy it yourself, see
     * docs/deploy.md
     */
    readonly deployToOus?: readonly string[];
  };

  /**
   * Concurrency reserved for a function, which is also its limit. Lambda keeps at least 100 of the account's quota
   * unreserved, so a new account, with a quota of 10, can reserve none. @default - none: functions share the account's
   */
  readonly reservedConcurrency?: {
    /** For the function that answers Slack: neither it nor the account's other functions can starve the other. */
    readonly accessRequested?: number;
    /** For the function that takes access back. */
    readonly revokeAccess?: number;
  };

  /**
   * The API, where people ask and decide on the command line; their Identity Center session signs each call. See
   * docs/api/README.md. @default - none
   */
  readonly api?: {
    /** Accounts whose sessions are accepted: 12-digit ids, or `'*'` for all of the organization. @default '*' */
    readonly fromAccounts?: '*' | readonly string[];
  };

  /**
   * The web console, where people ask and decide in a browser after they sign in at Identity Center. See
   * docs/console.md. @default - none
   */
  readonly console?: {
    /** *Metadata file* URL of the SAML application in Identity Center that people sign in through. */
    readonly samlMetadataUrl: string;
    /**
     * Prefix of the sign-in page's host name, unique in its Region.
     * @default - the name of the stack and the account: `glasshammer-111122223333`
     */
    readonly signInPrefix?: string;
    /** Your own host name. Point it at the distribution, whose name is an output. @default - CloudFront's */
    readonly domain?: {
      readonly name: string;
      /** ARN of a certificate for it in us-east-1, where CloudFront looks for certificates. */
      readonly certificateArn: string;
    };
  };

  /** Identity Center groups, by id, that may do more at the API; docs/api/README.md. It gives nobody access to AWS. */
  readonly personas?: {
    /** Groups whose members can read every request, policy and finding, and change nothing. @default - none */
    readonly auditors?: readonly string[];
    /** Groups whose members can read the same, and also freeze, revoke, lock and review. @default - none */
    readonly operators?: readonly string[];
  };

  readonly alarms?: {
    /** Addresses that receive alarms; each must confirm the subscription. @default - none */
    readonly emails?: readonly string[];
  };

  /**
   * Two service control policies that let nobody but CloudFormation change Glasshammer; docs/hardening.md. With
   * targets, `npx cdk deploy Management/Guardrail` attaches them. @default - none
   */
  readonly guardrail?: {
    /** What they are attached to: the root (`r-…`), organizational units (`ou-…`) or accounts. */
    readonly targets?: readonly string[];
    /** ARNs of roles that may write the tables, read Slack's secret and replay the audit. `*` is a wildcard. */
    readonly policyWriters?: readonly string[];
    /** ARNs of further roles that deploy, besides CDK's own. */
    readonly deployers?: readonly string[];
  };

  /**
   * Permission sets with their own boundary whose owners want the session guard attached as a further policy
   * (docs/sessions.md has the risk: an attached policy grants what it allows). After a change, deploy
   * `Member/ActivityReader` to the accounts. @default - none
   */
  readonly sessionGuard?: { readonly attachedTo?: readonly string[] };

  /**
   * ARN of the customer-managed KMS key of the Identity Center instance, if it has one.
   * @default - the instance uses a key that AWS owns
   */
  readonly kmsKeyArn?: string;

  /**
   * ARN of your own KMS key in this account and Region, for both tables and the archive. Its key policy must let the
   * account's roles use it. @default - the AWS managed key for DynamoDB, an S3 managed key for the archive
   */
  readonly dataKeyArn?: string;

  /** Tags for all deployed resources that can have tags. @default - none */
  readonly tags?: Readonly<Record<string, string>>;

  /**
   * Permissions boundary of every role that is made, the reader roles included: the name of a managed policy that each
   * account has, or its ARN. @default - none
   */
  readonly permissionsBoundary?: string;

  /** Days the logs are kept; one of the numbers CloudWatch Logs offers. @default 365 */
  readonly logRetentionDays?: number;
}

/** A drift rule: which assignments or memberships it matches, and what is done with them. */
export interface DriftRuleConfig {
  /**
   * `'*'`, 12-digit ids, `ou:<id>` (with nested units), `ou-direct:<id>`, `tag:<key>=<value>`. @default - all accounts
   */
  readonly accounts?: readonly string[];
  /** `'*'`, names or ARNs. @default - every permission set */
  readonly permissionSets?: readonly string[];
  /** Instead of both: `'*'` or ids of groups, for members whom others added. Never removed, so `revoke` is refused. */
  readonly groups?: readonly string[];
  /** `revoke` tells operators first; after `grace` it removes the assignment if it still exists and has no lease. */
  readonly action: 'ignore' | 'warn' | 'revoke';
  /** How long after that message the assignment is removed. @default '30m' */
  readonly grace?: string;
}

/** A permission set by name (at most 32 characters) and ARN: `aws sso-admin list-permission-sets`. */
export interface NamedPermissionSet {
  readonly name: string;
  readonly arn: string;
}
