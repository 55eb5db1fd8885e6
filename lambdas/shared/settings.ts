import * as z from 'zod/mini';

/**
 * The configuration, as the functions read it from a file beside their code. The stack writes the file from
 * `glasshammer.config.ts`; all durations are in seconds, all Regions and ids are plain strings.
 */
export const settingsSchema = z.strictObject({
  /** Absent without Slack. */
  slack: z.optional(
    z.strictObject({
      /** Ids of the home workspaces; people of other workspaces are refused. */
      teamIds: z.array(z.string()).check(z.minLength(1)),
      /** Channel in which approvers are asked. */
      approvalChannel: z.string(),
      /** Channel in which operators are told about drift and freezes. */
      operatorChannel: z.string(),
    }),
  ),
  identity: z.strictObject({
    /** Domains whose confirmed Slack e-mail identifies an Identity Center user when no principal record exists. */
    emailDomains: z.array(z.string()),
  }),
  /** The permission sets Glasshammer may assign; its roles can assign no others. */
  permissionSets: z.array(z.strictObject({ name: z.string(), arn: z.string() })),
  /** Ids of the groups to which Glasshammer may add people. */
  groups: z.array(z.string()),
  /** The accounts in which Glasshammer may assign; `*` is every account of the organization. */
  accounts: z.array(z.string()),
  /** Accounts in which nothing is given although `accounts` includes them. */
  notGivenIn: z.optional(z.array(z.string())),
  /** Accounts in which nothing is given or removed although `accounts` includes them. */
  excludedAccounts: z.optional(z.array(z.string())),
  /**
   * Targets that were configured once and are given no more. People may still hold them, so their assignments are still
   * watched and removed.
   */
  retired: z.optional(
    z.strictObject({
      permissionSets: z.array(z.strictObject({ name: z.string(), arn: z.string() })),
      groups: z.array(z.string()),
      accounts: z.array(z.string()),
    }),
  ),
  access: z.strictObject({
    defaultDurationSeconds: z.number(),
    /** The longest access, whatever a policy allows. */
    maxDurationSeconds: z.number(),
    /**
     * How long before the end the person is warned; for short access, when a third of it is left. Access shorter than
     * three minutes has no warning.
     */
    warnBeforeEndSeconds: z.number(),
    /** How long Identity Center may take to create an assignment before the grant fails. */
    grantTimeoutSeconds: z.number(),
  }),
  /** Address of the AWS access portal, e.g. `https://d-1234567890.awsapps.com/start`. */
  portalUrl: z.string(),
  report: z.strictObject({
    from: z.string(),
    to: z.array(z.string()),
    /** Whether the approvers and reviewers of an access get its report by mail as well. */
    toApprovers: z.optional(z.boolean()),
    /**
     * Regions whose CloudTrail is read if the enabled Regions of an account cannot be listed. Empty: those enabled by
     * default.
     */
    regions: z.array(z.string()),
    /** Name of the role that may look up events, in each account. */
    roleName: z.string(),
    /**
     * Where Identity Center records who fetched credentials: in the account that owns the instance, in the instance's
     * Region.
     */
    identityCenter: z.strictObject({ accountId: z.string(), region: z.string() }),
    /** Where CloudTrail events are read from; absent: CloudTrail event history. */
    source: z.optional(z.enum(['lookup', 'logs', 'athena'])),
    sourceByAccount: z.optional(z.record(z.string(), z.enum(['lookup', 'logs', 'athena']))),
    /** Log group of the organization's trail, and the role that may query it if it is in another account. */
    logs: z.optional(z.strictObject({ logGroupArn: z.string(), roleArn: z.optional(z.string()) })),
    /** Athena table of the organization's trail, and the role that may query it. */
    athena: z.optional(
      z.strictObject({
        roleArn: z.string(),
        region: z.string(),
        database: z.string(),
        table: z.string(),
        workgroup: z.string(),
      }),
    ),
    /** Region of SES, if it is not the function's. */
    sesRegion: z.optional(z.string()),
    configurationSet: z.optional(z.string()),
    /** ARN of the SES identity of the sender, if another account owns it. */
    identityArn: z.optional(z.string()),
    /** How long CloudTrail may take to deliver an event. */
    deliveryDelaySeconds: z.number(),
  }),
  /** Whose signed calls the API takes; absent if it takes none. */
  api: z.optional(
    z.strictObject({
      organizationId: z.string(),
      /** Accounts whose Identity Center sessions may call; `*` is every account of the organization. */
      accounts: z.array(z.string()),
    }),
  ),
  sessionGuard: z.strictObject({
    /** The beginning of all names of the deployment, which its session guards have as well. */
    prefix: z.string(),
    /** Permission sets that may have the session guard attached beside a boundary of their own. */
    attachedTo: z.array(z.strictObject({ name: z.string(), arn: z.string() })),
  }),
  /** The canary's user, and what it asks for every night; absent without a canary. */
  canary: z.optional(
    z.strictObject({
      /** Id of an Identity Center user. */
      userId: z.string(),
      nightly: z.optional(
        z.union([
          z.strictObject({ accountId: z.string(), permissionSet: z.string() }),
          z.strictObject({ group: z.string() }),
        ]),
      ),
    }),
  ),
  /** Ids of the groups of auditors and operators; absent: there are none. */
  personas: z.optional(z.strictObject({ auditors: z.array(z.string()), operators: z.array(z.string()) })),
  /** Changes of policies that one operator proposes and another accepts; absent: they are turned off. */
  policyChanges: z.optional(z.strictObject({ expireAfterSeconds: z.number() })),
  drift: z.strictObject({
    /**
     * What is done with assignments that no lease covers. The first rule that matches counts; without a match it is
     * `warn`.
     */
    rules: z.array(
      z.strictObject({
        accounts: z.array(z.string()),
        permissionSets: z.array(z.string()),
        groups: z.array(z.string()),
        action: z.enum(['ignore', 'warn', 'revoke']),
        graceSeconds: z.number(),
      }),
    ),
    /** Time from the start of one full pass to the start of the next. */
    everySeconds: z.number(),
    /** Calls of the full pass; Identity Center takes 20 calls a second from all callers together. */
    callsPerSecond: z.number(),
  }),
});

export type Settings = z.infer<typeof settingsSchema>;
