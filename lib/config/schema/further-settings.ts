/** Optional settings of `GlasshammerConfig` that most deployments leave out. */
export interface FurtherSettings {
  /**
   * Operators change policies through the API and the web console: one proposes, another accepts, and a separate
   * function writes; docs/policy.md. Requires `personas.operators`.
   * @default - policies are written by anybody with rights on the access table
   */
  readonly policyChanges?: {
    readonly fourEyes: boolean;
    /** How long a proposal can be accepted; 1h to 30d. @default '7d' */
    readonly expireAfter?: string;
  };

  /**
   * A test user that Glasshammer really gives access to, to see that giving works: with `glasshammer doctor --canary`
   * and every night. The user gets only what policies allow: docs/doctor.md.
   * @default - none
   */
  readonly canary?: {
    /** Id of an Identity Center user that nobody signs in as. */
    readonly userId: string;
    /** The target that is tried every night, by its name in this configuration. @default - nothing */
    readonly nightly?:
      | {
          /** An empty account, such as a sandbox. */
          readonly account: string;
          readonly permissionSet: string;
        }
      | { readonly group: string };
  };

  readonly audit?: {
    /**
     * How an archived event is locked. `compliance`: nobody can delete it before its time, which not even AWS can undo.
     * `governance`: a principal who may change the bucket's policy could delete it, after removing the policy's denial.
     * @default 'governance'
     */
    readonly lock?: 'governance' | 'compliance';
    /** Days for which an archived event is locked. @default 365 */
    readonly retentionDays?: number;
    /** Days after which archived events are deleted; at least `retentionDays`. @default - never */
    readonly expireAfterDays?: number;
    /**
     * Name of your own bucket in this account for the archive, used for nothing else. You manage its lock, lifecycle
     * rules and policy, so the settings above are left out; docs/hardening.md lists what it needs. @default - a bucket
     * of the stack
     */
    readonly bucket?: string;
    /** ARN of the KMS key of your own bucket, if it has one. @default - none */
    readonly bucketKeyArn?: string;
  };

  /**
   * The monthly cost limit, and who is told when costs will exceed it. AWS Budgets counts the whole account, unless a
   * tag narrows it.
   * @default - none
   */
  readonly budgets?: {
    /** US dollars a month. */
    readonly monthly: number;
    /** Addresses to notify, at most ten. @default - those of `alarms.emails` */
    readonly emails?: readonly string[];
    /**
     * Key of one of `tags`: only costs with this tag count. It must be active as a cost allocation tag.
     * @default - the whole account
     */
    readonly onlyTag?: string;
  };

  /**
   * The VPC the functions run in. From there they must reach AWS and Slack; docs/deploy.md lists the endpoints.
   * @default - Lambda's own network
   */
  readonly vpc?: {
    /** At least two, in different Availability Zones: access must still be taken back when one zone is down. */
    readonly subnetIds: readonly string[];
    /** Your own security groups. No inbound rule is needed. */
    readonly securityGroupIds: readonly string[];
  };

  /**
   * Your own host name for the Slack endpoint. Point it at the output `SlackDomainTarget`.
   * @default - API Gateway's
   */
  readonly customDomain?: {
    /** `glasshammer.example.com` */
    readonly name: string;
    /** ARN of a certificate for that name, in this account and Region. */
    readonly certificateArn: string;
  };
}
