/** Settings that most deployments leave out, each described where it is used; part of `GlasshammerConfig`. */
export interface FurtherSettings {
  /**
   * Operators change the policies by the API and in the console: one proposes, another accepts, and a function of its own writes;
   * docs/policy.md. Needs `personas.operators`. @default - policies are written by whoever has rights on the access table
   */
  readonly policyChanges?: {
    readonly fourEyes: boolean;
    /** How long a proposal waits to be accepted; 1h to 30d. @default '7d' */
    readonly expireAfter?: string;
  };

  /**
   * A user who is nobody, to whom access is really given to see that it can be: `glasshammer doctor --canary`, and every night. It
   * gets what policies give it, and nothing else: docs/doctor.md.
   * @default - none
   */
  readonly canary?: {
    /** Id of an Identity Center user that nobody signs in as. */
    readonly userId: string;
    /** What is tried every night, by name as it stands in this configuration. @default - nothing */
    readonly nightly?:
      | {
          /** An account in which nothing is, such as a sandbox. */
          readonly account: string;
          readonly permissionSet: string;
        }
      | { readonly group: string };
  };

  readonly audit?: {
    /**
     * How an archived event is locked: so that nobody at all can delete it before its time (`compliance`, which cannot be undone,
     * not even by AWS), or so that whoever may change the bucket's policy could, after taking the prohibition out of it (`governance`).
     * @default 'governance'
     */
    readonly lock?: 'governance' | 'compliance';
    /** Days for which an archived event is locked. @default 365 */
    readonly retentionDays?: number;
    /** Days after which archived events are deleted; at least `retentionDays`. @default - never */
    readonly expireAfterDays?: number;
    /**
     * Name of a bucket of yours, in this account, that events are archived in, and nothing else. Its lock, its rules and its policy are
     * yours, so the settings above are left out: docs/hardening.md says what it needs. @default - a bucket of the stack
     */
    readonly bucket?: string;
    /** ARN of the KMS key that bucket encrypts with, if it has one. @default - none */
    readonly bucketKeyArn?: string;
  };

  /**
   * What a month may cost; who is told when it will be more. AWS Budgets counts the whole account, unless a tag narrows it.
   * @default - none
   */
  readonly budgets?: {
    /** US dollars a month. */
    readonly monthly: number;
    /** Addresses that are told, ten at most. @default - those of `alarms.emails` */
    readonly emails?: readonly string[];
    /** Counts only what bears this tag, which must be active as a cost allocation tag: one of `tags`, by its key. @default - all of the account */
    readonly onlyTag?: string;
  };

  /**
   * The VPC the functions run in. They must reach AWS and Slack from there: docs/deploy.md lists what.
   * @default - Lambda's own network
   */
  readonly vpc?: {
    /** At least two, in different Availability Zones: when one is down, access must still be taken back. */
    readonly subnetIds: readonly string[];
    /** Of yours; no call comes in by them. */
    readonly securityGroupIds: readonly string[];
  };

  /**
   * An address of your own for Slack's calls. Point its name at the output `SlackDomainTarget`.
   * @default - API Gateway's
   */
  readonly customDomain?: {
    /** `glasshammer.example.com` */
    readonly name: string;
    /** ARN of a certificate for it, of this account and Region. */
    readonly certificateArn: string;
  };
}
