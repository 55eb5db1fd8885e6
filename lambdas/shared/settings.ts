import * as z from 'zod/mini';

/**
 * What an operator configures, as the functions read it from a file beside their code. The stack writes it from
 * `glasshammer.config.ts`; all durations are seconds, all Regions and ids plain strings.
 */
export const settingsSchema = z.strictObject({
  /** Absent where there is no Slack. */
  slack: z.optional(
    z.strictObject({
      /** Ids of the home workspaces; anyone else is refused. */
      teamIds: z.array(z.string()).check(z.minLength(1)),
      /** Channel where approvers are asked. */
      approvalChannel: z.string(),
      /** Channel for what operators must see (drift, freezes). */
      operatorChannel: z.string(),
    }),
  ),
  identity: z.strictObject({
    /** Domains whose confirmed Slack e-mail identifies an Identity Center user when no principal record exists. */
    emailDomains: z.array(z.string()),
  }),
  /** The permission sets Glasshammer may assign; its roles can assign no others. */
  permissionSets: z.array(z.strictObject({ name: z.string(), arn: z.string() })),
  /** Ids of the groups it may put people into. */
  groups: z.array(z.string()),
  /** The accounts it may assign in; `*` is every account of the organization. */
  accounts: z.array(z.string()),
  /** Accounts among those in which nothing is given all the same. */
  notGivenIn: z.optional(z.array(z.string())),
  /** Accounts among those in which nothing is given or taken back all the same. */
  excludedAccounts: z.optional(z.array(z.string())),
  /** What it assigned once, and assigns no more: may still be held, and is watched, taken back and told apart until it is not. */
  retired: z.optional(
    z.strictObject({
      permissionSets: z.array(z.strictObject({ name: z.string(), arn: z.string() })),
      groups: z.array(z.string()),
      accounts: z.array(z.string()),
    }),
  ),
  access: z.strictObject({
    defaultDurationSeconds: z.number(),
    /** The longest access anybody gets, whatever a policy says. */
    maxDurationSeconds: z.number(),
    /** How long before the end the person is warned. Access shorter than twice this has no warning. */
    warnBeforeEndSeconds: z.number(),
    /** How long Identity Center may take to make an assignment before the grant is given up. */
    grantTimeoutSeconds: z.number(),
  }),
  /** Address of the AWS access portal, e.g. `https://d-1234567890.awsapps.com/start`. */
  portalUrl: z.string(),
  report: z.strictObject({
    from: z.string(),
    to: z.array(z.string()),
    /** Whether those who approved or may review an access get its report by mail as well. */
    toApprovers: z.optional(z.boolean()),
    /** Regions whose CloudTrail is read where an account cannot be asked which are enabled. Empty: those enabled by default. */
    regions: z.array(z.string()),
    /** Name of the role in each account that may look up events. */
    roleName: z.string(),
    /** Where Identity Center records who fetched credentials: the account that owns the instance, in the instance's Region. */
    identityCenter: z.strictObject({ accountId: z.string(), region: z.string() }),
    /** Where activity is read from; without, event history. */
    source: z.optional(z.enum(['lookup', 'logs', 'athena'])),
    sourceByAccount: z.optional(z.record(z.string(), z.enum(['lookup', 'logs', 'athena']))),
    /** The log group of the organization's trail, and the role that may query it, where another account has it. */
    logs: z.optional(z.strictObject({ logGroupArn: z.string(), roleArn: z.optional(z.string()) })),
    /** The table of the organization's trail, and the role that may query it. */
    athena: z.optional(
      z.strictObject({
        roleArn: z.string(),
        region: z.string(),
        database: z.string(),
        table: z.string(),
        workgroup: z.string(),
      }),
    ),
    /** Region of SES, where it is not the function's. */
    sesRegion: z.optional(z.string()),
    configurationSet: z.optional(z.string()),
    /** The sender's identity, where another account has it. */
    identityArn: z.optional(z.string()),
    /** How long CloudTrail may take to deliver an event. */
    deliveryDelaySeconds: z.number(),
  }),
  /** Whom the API lets in; absent where there is none. */
  api: z.optional(
    z.strictObject({
      organizationId: z.string(),
      /** Accounts whose Identity Center sessions are taken; `*` is every account of the organization. */
      accounts: z.array(z.string()),
    }),
  ),
  sessionGuard: z.strictObject({
    /** What the names of the deployment begin with; its guards are called after it. */
    prefix: z.string(),
    /** Which permission sets may have the session guard attached beside a boundary of their own. */
    attachedTo: z.array(z.strictObject({ name: z.string(), arn: z.string() })),
  }),
  /** Whom the canary gives access to, and what it tries every night; absent where there is none. */
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
  /** Ids of the groups of auditors and operators; absent: nobody is one. */
  personas: z.optional(z.strictObject({ auditors: z.array(z.string()), operators: z.array(z.string()) })),
  /** How operators change policies with four eyes; absent: not at all. */
  policyChanges: z.optional(z.strictObject({ expireAfterSeconds: z.number() })),
  drift: z.strictObject({
    /** What is done with assignments that nobody's lease owns; the first rule that matches, `warn` where none does. */
    rules: z.array(
      z.strictObject({
        accounts: z.array(z.string()),
        permissionSets: z.array(z.string()),
        groups: z.array(z.string()),
        action: z.enum(['ignore', 'warn', 'revoke']),
        graceSeconds: z.number(),
      }),
    ),
    /** From the start of one full pass to the start of the next. */
    everySeconds: z.number(),
    /** How fast the full pass reads; Identity Center takes 20 calls a second of everybody together. */
    callsPerSecond: z.number(),
  }),
});

export type Settings = z.infer<typeof settingsSchema>;
