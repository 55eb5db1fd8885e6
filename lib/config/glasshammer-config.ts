import type { FurtherSettings } from './schema/further-settings.ts';

/**
 * Everything an operator decides. `glasshammer.config.ts` holds one of these; nothing else needs an edit before
 * `npx cdk deploy`. Durations are written as a number and a unit: `45s`, `10m`, `1h`, `1h30m`, `2d`.
 */
export interface GlasshammerConfig extends FurtherSettings {
  /**
   * Where Glasshammer runs: the account that administers Identity Center (its delegated administrator, or the management
   * account) and the primary Region of the Identity Center instance. Assignments can be made in that Region only.
   */
  readonly env: { readonly account: string; readonly region: string };

  /**
   * Name of the CloudFormation stack. In lower case it begins the name of every function, the workflow and the log groups.
   * @default 'Glasshammer'
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
     * May access be given in the management account? Possible only when Glasshammer runs there, and it needs IAM rights of
     * its own.
     * @default false
     */
    readonly includeManagementAccount?: boolean;
  };

  /**
   * May access be given in the account Glasshammer itself runs in? Whoever is an administrator there can change who decides and
   * what is remembered, so no policy reaches it unless this says so. Where Glasshammer runs in the management account,
   * `organization.includeManagementAccount` says it.
   * @default false
   */
  readonly includeOwnAccount?: boolean;

  /** The accounts access may be given in: 12-digit ids, or `'*'` for every account of the organization. */
  readonly accounts: '*' | readonly string[];

  /** The permission sets that may be given. The functions' roles can give no others, whatever a record says. */
  readonly permissionSets: readonly NamedPermissionSet[];

  /**
   * The Identity Center groups people may be put into for a time. Without any, the functions cannot touch memberships.
   * @default - none
   */
  readonly groups?: readonly { readonly name: string; readonly id: string }[];

  /**
   * What may be taken back but no longer given. Move an account, permission set or group here instead of deleting its line,
   * and delete it once its last access has ended: a role that may not revoke cannot end access.
   * @default - nothing
   */
  readonly retired?: {
    readonly accounts?: readonly string[];
    readonly permissionSets?: readonly NamedPermissionSet[];
    readonly groups?: readonly { readonly name: string; readonly id: string }[];
  };

  /**
   * Where people ask and decide in Slack. Without it there is no address for Slack and no secret of it: people ask by `api` or `console`,
   * of which one must be there then, and approvers and askers are written to by mail.
   * @default - no Slack
   */
  readonly slack?: {
    /** Ids of your own workspaces (`T…`, or `E…` of an Enterprise Grid). Users of any other are refused. */
    readonly teamIds: readonly string[];
    /** Id of the channel where approvers are asked (`C…`). Invite the app to it. */
    readonly approvalChannel: string;
    /**
     * Id of the channel for what operators must see.
     * @default - the approval channel
     */
    readonly operatorChannel?: string;
  };

  readonly identity?: {
    /**
     * Domains whose confirmed Slack e-mail identifies an Identity Center user who has no principal record. Name a domain only
     * if its people cannot change their own address in Slack.
     * @default - none: every person needs a principal record
     */
    readonly emailDomains?: readonly string[];
  };

  readonly access?: {
    /** Length of access when nobody says otherwise. @default '1h' */
    readonly defaultDuration?: string;
    /** The longest access anybody gets, whatever a policy says. @default '12h' */
    readonly maxDuration?: string;
    /** How long before the end a person is warned; of short access when a third of it is left. @default '10m' */
    readonly warnBeforeEnd?: string;
    /** How long Identity Center may take to make an assignment before it is given up and cleaned up. @default '10m' */
    readonly grantTimeout?: string;
  };

  /**
   * What is done with assignments that were made outside of Glasshammer, in the accounts and of the permission sets it may give.
   * The first rule that matches decides; `warn` where none does. Nothing is removed before an operator has run
   * `glasshammer drift confirm`, and access that a group has is never removed. See docs/drift.md.
   * @default - none: all of it is told to the operators, and nothing is removed
   */
  readonly drift?: readonly DriftRuleConfig[];

  /** How often everything provisioned is looked through; changes are heard of at once without it. @default '6h' */
  readonly driftCheckEvery?: string;

  /** Address of your AWS access portal, e.g. `https://d-1234567890.awsapps.com/start`. */
  readonly portalUrl: string;

  readonly report: {
    /** Sender of the reports: an address, or an address of a domain, that SES has verified in this account and Region. */
    readonly from: string;
    /** Who receives every report. */
    readonly to: readonly string[];
    /**
     * Mail each report also to those who approved the access, or may review it, at the address Identity Center has for them. Without,
     * they get it as a card in Slack alone. @default false
     */
    readonly toApprovers?: boolean;
    /**
     * Regions whose CloudTrail is read in accounts that cannot be asked which Regions are enabled. Add `us-east-1`: IAM and other
     * global services record there.
     * @default - the Regions that are enabled in every account
     */
    readonly regions?: readonly string[];
    /**
     * Name of the read-only role in each account: `lib/activity/activity-reader-stack.ts` makes it.
     * @default - the stack's name and `ActivityReader`
     */
    readonly roleName?: string;
    /** Region of SES that sends the reports. @default - `env.region` */
    readonly sesRegion?: string;
    /** Configuration set of SES that the reports are sent with; needed where the identity has a default one. @default - none */
    readonly configurationSet?: string;
    /** ARN of the identity that `from` belongs to, where another account has verified it and lets this one send. @default - one of this account */
    readonly identityArn?: string;
    /** How long CloudTrail may take to deliver an event. @default '15m' */
    readonly deliveryDelay?: string;
    /**
     * Where activity is read from: `lookup`, CloudTrail's event history in each account; or `logs`, the organization's trail in one log
     * group, read with Logs Insights: longer than 90 days, with data events, and for what is scanned AWS takes money; or `athena`, that
     * trail in S3. docs/report.md
     * @default 'lookup'
     */
    readonly source?: 'lookup' | 'logs' | 'athena';
    /** The same for single accounts, by id, where it differs. @default - none */
    readonly sourceByAccount?: Readonly<Record<string, 'lookup' | 'logs' | 'athena'>>;
    /** The log group that the organization's trail writes to; needed where an account is read from `logs`. @default - none */
    readonly logs?: {
      readonly logGroupArn: string;
      /** A role in the log group's account that may query it and trusts the report's role. @default - the report's own role, in its own account */
      readonly roleArn?: string;
    };
    /** The table of the organization's trail in S3; needed where an account is read from `athena`. @default - none */
    readonly athena?: {
      /** A role in the account that has the table. It may query it and trusts the report's role; docs/report.md has its rights. */
      readonly roleArn: string;
      /** Region of the table. */
      readonly region: string;
      readonly database: string;
      readonly table: string;
      /** Says where results go, and how much a query may scan. */
      readonly workgroup: string;
    };
    /**
     * Organizational units (`ou-…`, or the root `r-…`) to whose accounts a service-managed StackSet brings that role, new
     * accounts included. It never reaches the management account.
     * @default - none: deploy the role yourself, see docs/deploy.md
     */
    readonly deployToOus?: readonly string[];
  };

  /**
   * Invocations at once that are kept for a function and taken from everything else in the account; also the most it can have. Lambda
   * leaves at least 100 of the account's quota unreserved, so a new account, with 10 in all, can reserve none.
   * @default - none: the functions share what the account has
   */
  readonly reservedConcurrency?: {
    /** For the function that answers Slack: others in the account cannot starve it, nor a flood starve them. */
    readonly accessRequested?: number;
    /** For the function that takes access back. */
    readonly revokeAccess?: number;
  };

  /**
   * The API, by which people ask and decide with the command line, signed with their Identity Center session: docs/api/README.md.
   * @default - none
   */
  readonly api?: {
    /** Accounts whose sessions are taken: 12-digit ids, or `'*'` for every account of the organization. @default '*' */
    readonly fromAccounts?: '*' | readonly string[];
  };

  /**
   * The web console, where people ask and decide in a browser, signed in at Identity Center: docs/console.md.
   * @default - none
   */
  readonly console?: {
    /** Where Identity Center describes the SAML application that people sign in through: its *metadata file* URL. */
    readonly samlMetadataUrl: string;
    /**
     * What the address of the sign-in begins with; no two in a Region have the same.
     * @default - the name of the stack and the account: `glasshammer-111122223333`
     */
    readonly signInPrefix?: string;
    /** An address of your own. Point it at the distribution, whose name is an output. @default - CloudFront's */
    readonly domain?: {
      readonly name: string;
      /** ARN of a certificate for it, in us-east-1, where CloudFront looks. */
      readonly certificateArn: string;
    };
  };

  /** Who has more to do at the API, by id of an Identity Center group; docs/api/README.md. Nobody gets access by it. */
  readonly personas?: {
    /** Groups whose members see every request, policy and finding, and change nothing. @default - none */
    readonly auditors?: readonly string[];
    /** Groups whose members see the same, freeze, revoke and lock, and give reviews. @default - none */
    readonly operators?: readonly string[];
  };

  readonly alarms?: {
    /** Addresses that receive alarms; each must confirm the subscription. @default - none */
    readonly emails?: readonly string[];
  };

  /**
   * Two service control policies that keep everybody but CloudFormation from changing Glasshammer; docs/hardening.md. With targets,
   * `npx cdk deploy Management/Guardrail` attaches them. @default - none
   */
  readonly guardrail?: {
    /** What it is attached to: the root (`r-…`), organizational units (`ou-…`) or accounts. */
    readonly targets?: readonly string[];
    /** ARNs of roles of operators and pipelines: they may write the tables, read Slack's secret, replay the audit. `*` stands for any characters. */
    readonly policyWriters?: readonly string[];
    /** ARNs of roles beside CDK's own that deploy. */
    readonly deployers?: readonly string[];
  };

  /**
   * Permission sets with a boundary of their own whose owners want the session guard attached beside it (docs/sessions.md says the risk:
   * an attached policy grants what it allows). Deploy `Member/ActivityReader` to the accounts after a change. @default - none
   */
  readonly sessionGuard?: { readonly attachedTo?: readonly string[] };

  /**
   * ARN of the customer-managed KMS key of the Identity Center instance, if it has one.
   * @default - the instance uses a key that AWS owns
   */
  readonly kmsKeyArn?: string;

  /**
   * ARN of a KMS key of your own, of this account and Region, that encrypts both tables and the archive. Its key policy must let the
   * account's roles use it. @default - the tables use the key that AWS manages for DynamoDB, the archive one of S3
   */
  readonly dataKeyArn?: string;

  /** Tags of everything that is deployed and can have tags. @default - none */
  readonly tags?: Readonly<Record<string, string>>;

  /**
   * Managed policy that bounds every role that is made, the reading roles included: its name, which each account has then, or its ARN.
   * @default - none
   */
  readonly permissionsBoundary?: string;

  /** Days the logs are kept; one of the numbers CloudWatch Logs offers. @default 365 */
  readonly logRetentionDays?: number;
}

/** Which assignments, and what is done with them. */
export interface DriftRuleConfig {
  /** `'*'`, 12-digit ids, `ou:<id>` (nested units included), `ou-direct:<id>`, `tag:<key>=<value>`. @default - every account */
  readonly accounts?: readonly string[];
  /** `'*'`, names or ARNs. @default - every permission set */
  readonly permissionSets?: readonly string[];
  /** Instead of both: `'*'` or ids of groups, for people put into them by others. Never removed, so `revoke` is refused. */
  readonly groups?: readonly string[];
  /** `revoke` tells first, and removes after `grace` what is still there and still nobody's. */
  readonly action: 'ignore' | 'warn' | 'revoke';
  /** How long after the message it is removed. @default '30m' */
  readonly grace?: string;
}

/** A permission set by name (at most 32 characters) and ARN: `aws sso-admin list-permission-sets`. */
export interface NamedPermissionSet {
  readonly name: string;
  readonly arn: string;
}
