import * as z from 'zod';

const id = z.string().min(1);
const accountId = z.string().regex(/^\d{12}$/, 'must be twelve digits');
const email = z.string().regex(/^[^\s@]+@[^\s@]+$/, 'must be an e-mail address');
const seconds = z.number().min(0);
const attributes = z.record(z.string(), z.record(z.string(), z.unknown()));

/**
 * The initial state of a sandbox: organization, directory, Slack workspace and access records. A seed file may have any
 * of its keys.
 */
export const seedSchema = z.strictObject({
  /** The Region of Identity Center and of the app. */
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a Region'),
  organization: z.strictObject({ id, rootId: id, managementAccountId: accountId, homeAccountId: accountId }),
  identityCenter: z.strictObject({
    instanceArn: id,
    identityStoreId: id,
    provisioningSeconds: seconds,
    includeManagementAccount: z.boolean(),
  }),
  organizationalUnits: z.array(z.strictObject({ id, name: id, parent: id })),
  accounts: z.array(
    z.strictObject({
      id: accountId,
      name: id,
      email,
      ou: id,
      status: z.enum(['ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE']).default('ACTIVE'),
      tags: z.record(z.string(), z.string()).default({}),
    }),
  ),
  permissionSets: z.array(
    z.strictObject({
      arn: z.string().startsWith('arn:', 'must be an ARN'),
      name: id.max(32),
      description: z.string().default(''),
      sessionDuration: z
        .string()
        .regex(/^PT\d+[HM](\d+M)?$/, 'must be an ISO 8601 duration such as PT1H')
        .default('PT1H'),
      managedPolicies: z.array(z.string()).default([]),
      /** By name, or by path and name; the path is `/` where it is left out. */
      customerManagedPolicies: z.array(id).default([]),
      inlinePolicy: z.string().optional(),
      /** In the format of `PutPermissionsBoundaryToPermissionSet`. */
      permissionsBoundary: z
        .union([
          z.strictObject({ CustomerManagedPolicyReference: z.strictObject({ Name: id, Path: id.default('/') }) }),
          z.strictObject({ ManagedPolicyArn: z.string().startsWith('arn:', 'must be an ARN') }),
        ])
        .optional(),
    }),
  ),
  users: z.array(
    z.strictObject({
      id,
      userName: id,
      displayName: id,
      email,
      status: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    }),
  ),
  groups: z.array(z.strictObject({ id, displayName: id, members: z.array(id).default([]) })),
  /** Standing assignments, which exist before the app is deployed. */
  assignments: z.array(
    z.strictObject({
      principalType: z.enum(['USER', 'GROUP']),
      principalId: id,
      accountId,
      permissionSetArn: id,
      createdBy: z.string().default('an administrator'),
      createdAt: z.iso.datetime().default('2024-01-15T00:00:00.000Z'),
    }),
  ),
  cloudTrail: z.strictObject({
    deliverySeconds: seconds,
    records: z.array(z.record(z.string(), z.unknown())),
    /** Accounts without the role that reads events. */
    rolesMissing: z.array(accountId),
    /** The Regions that are enabled in every account. */
    enabledRegions: z.array(id),
  }),
  /** The accounts in which the session guard is deployed; `*` means every account. */
  guardedAccounts: z.array(z.union([accountId, z.literal('*')])),
  /**
   * The names of permission sets that may have the attached form of the session guard. With any, guarded accounts have
   * its policy, too.
   */
  attachedGuards: z.array(id),
  mail: z.strictObject({ identities: z.array(id), productionAccess: z.boolean() }),
  secrets: z.array(z.strictObject({ name: id, value: z.string() })),
  buckets: z.array(id),
  topics: z.array(id),
  eventBuses: z.array(id),
  slack: z.strictObject({
    workspace: z.strictObject({ id, name: id, domain: id }),
    users: z.array(
      z.strictObject({
        id,
        name: id,
        real_name: id,
        /** Absent for a user of another company, whose e-mail Slack does not show. */
        email: email.optional(),
        tz: z.string().default('Europe/Berlin'),
        team_id: id,
        is_bot: z.boolean().default(false),
        deleted: z.boolean().default(false),
        is_restricted: z.boolean().default(false),
        is_ultra_restricted: z.boolean().default(false),
        is_stranger: z.boolean().default(false),
      }),
    ),
    channels: z.array(z.strictObject({ id, name: id, members: z.array(id) })),
  }),
  /** The canary requests access every night. */
  nightlyCanary: z.boolean().default(false),
  /** Items of the access table, in DynamoDB JSON. */
  accessRecords: z.array(
    attributes.refine((item) => typeof item.id?.S === 'string', { error: 'needs an id of type S' }),
  ),
});

/** A complete seed, with defaults filled in. */
export type Seed = z.output<typeof seedSchema>;

/** A seed as it is written. Fields with a default may be left out. */
export type SeedInput = z.input<typeof seedSchema>;
