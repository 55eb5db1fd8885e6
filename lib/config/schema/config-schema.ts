import * as z from 'zod';
import type { GlasshammerConfig } from '../glasshammer-config.ts';
import { attachedProblems } from '../problems/attached-problems.ts';
import { doorProblems } from '../problems/door-problems.ts';
import { driftProblems } from '../problems/drift-problems.ts';
import { noEffectProblems, twiceProblems } from '../problems/no-effect-problems.ts';
import { surroundingProblems, surroundings } from '../surroundings.ts';
import { canaryProblems } from './canary-setting.ts';
import { driftRule } from './drift-rule.ts';
import { duration } from './duration-setting.ts';
import { protection } from './protection.ts';
import { partitionOf } from './regions.ts';
import { reportSource, sourceProblems } from './report-source.ts';
import {
  accountId,
  accountsSentence,
  atOnce,
  configurationSet,
  email,
  group,
  keyArn,
  logRetentionDays,
  mailIdentityArn,
  managedPolicy,
  nonEmpty,
  objectLike,
  PERMISSION_SET_ARN,
  permissionSet,
  portalUrl,
  region,
  roleName,
  slackWorkspace,
  tags,
} from './shapes.ts';

const shape = z.strictObject(
  {
    env: objectLike({ account: accountId, region }, "{ account: '…', region: '…' }"),
    stackName: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{0,31}$/, { error: 'write a letter, then at most 31 letters, digits and hyphens' })
      .default('Glasshammer'),
    instanceArn: z
      .string({ error: 'write the ARN of the Identity Center instance' })
      .regex(/^arn:aws(?:-[a-z]+)*:sso:::instance\/ssoins-[0-9a-zA-Z.-]{16}$/, {
        error: 'write an ARN like arn:aws:sso:::instance/ssoins-<16 characters>',
      }),
    identityStoreId: z
      .string({ error: 'write the id of the identity store' })
      .regex(/^d-[0-9a-f]{10}$|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, {
        error: 'write an id like d-1234567890',
      }),
    organization: objectLike(
      {
        id: z
          .string({ error: 'write the id of the organization' })
          .regex(/^o-[a-z0-9]{10,32}$/, { error: 'write an id like o-a1b2c3d4e5' }),
        managementAccountId: accountId,
        includeManagementAccount: z.boolean({ error: 'write true or false' }).default(false),
      },
      "{ id: 'o-…', managementAccountId: '…' }",
    ),
    includeOwnAccount: z.boolean({ error: 'write true or false' }).optional(),
    accounts: z.union([z.literal('*'), nonEmpty(accountId, "account ids, or '*' instead")], {
      error: accountsSentence,
    }),
    permissionSets: nonEmpty(permissionSet, 'permission sets { name, arn }'),
    groups: z.array(group).default([]),
    retired: z
      .strictObject({
        accounts: z.array(accountId).default([]),
        permissionSets: z.array(permissionSet).default([]),
        groups: z.array(group).default([]),
      })
      .prefault({}),
    slack: slackWorkspace.optional(),
    identity: z
      .strictObject({
        emailDomains: z
          .array(
            z.string({ error: 'write a domain' }).regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, {
              error: ({ input }) => `"${input}" is no domain; write it in lower case without @, such as example.com`,
            }),
          )
          .default([]),
      })
      .prefault({}),
    access: z
      .strictObject({
        defaultDuration: duration('5m', '7d').prefault('1h'),
        maxDuration: duration('5m', '7d').prefault('12h'),
        warnBeforeEnd: duration('1m', '1d').prefault('10m'),
        grantTimeout: duration('1m', '1h').prefault('10m'),
      })
      .prefault({}),
    drift: z.array(driftRule, { error: 'write a list of drift rules' }).default([]),
    driftCheckEvery: duration('1h', '7d').prefault('6h'),
    portalUrl,
    report: objectLike(
      {
        from: email,
        to: nonEmpty(email, 'e-mail addresses'),
        toApprovers: z.boolean().default(false),
        regions: z.array(region).default([]),
        roleName: roleName.optional(),
        sesRegion: region.optional(),
        configurationSet: configurationSet.optional(),
        identityArn: mailIdentityArn.optional(),
        deliveryDelay: duration('5m', '1d').prefault('15m'),
        ...reportSource,
        deployToOus: z
          .array(
            z.string().regex(/^(?:ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})$/, {
              error: ({ input }) => `"${input}" is no organizational unit; write an id like ou-ab12-34cd56ef or r-ab12`,
            }),
          )
          .default([]),
      },
      "{ from: 'name@example.com', to: ['name@example.com'] }",
    ),
    reservedConcurrency: z
      .strictObject({ accessRequested: atOnce.optional(), revokeAccess: atOnce.optional() })
      .prefault({}),
    alarms: z.strictObject({ emails: z.array(email).default([]) }).prefault({}),
    policyChanges: z
      .strictObject({
        fourEyes: z.boolean({ error: 'write true or false' }),
        expireAfter: duration('1h', '30d').prefault('7d'),
      })
      .optional(),
    ...protection,
    ...surroundings,
    kmsKeyArn: keyArn.optional(),
    dataKeyArn: keyArn.optional(),
    tags,
    permissionsBoundary: managedPolicy.optional(),
    logRetentionDays,
  },
  { error: 'write the configuration as one object' },
);

/**
 * How many characters of ARNs a role's policies can hold: ten managed policies of 6,144 characters, of which the role
 * with the most rights needs some for everything else. An account takes 37 characters and a permission set 82, with
 * quotes and comma.
 */
const MOST_POLICY_CHARACTERS = 55_000;
const ACCOUNT_CHARACTERS = 37;
const SET_CHARACTERS = 82;

type Shaped = z.output<typeof shape>;

/** A checked configuration: defaults filled in, durations in seconds. */
export type CheckedConfig = Omit<Shaped, 'report'> & {
  readonly report: Shaped['report'] & { readonly roleName: string };
};

/**
 * Each deployment in an organization has its own reader role in the accounts, so the role's name begins with the
 * stack's name.
 */
function withNames(config: Shaped): CheckedConfig {
  const { roleName = `${config.stackName}ActivityReader` } = config.report;
  return { ...config, report: { ...config.report, roleName } };
}

/** Compares the fields with each other, once each has the right type. A value may still have the wrong format then. */
const judged = shape.superRefine((config, context) => {
  const problem = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  const { managementAccountId, includeManagementAccount } = config.organization;

  if (includeManagementAccount && config.env.account !== managementAccountId) {
    problem(
      ['organization', 'includeManagementAccount'],
      'a delegated administrator cannot give access in the management account; deploy in the management account, or write false',
    );
  }
  if (config.accounts !== '*' && !includeManagementAccount) {
    const index = config.accounts.indexOf(managementAccountId);
    if (index >= 0) {
      problem(
        ['accounts', index],
        'this is the management account; remove it, or set organization.includeManagementAccount to true',
      );
    }
  }

  const { account: own } = config.env;
  if (config.accounts !== '*' && own !== managementAccountId && config.includeOwnAccount !== true) {
    const index = config.accounts.indexOf(own);
    if (index >= 0) {
      problem(
        ['accounts', index],
        'this is the account Glasshammer runs in, whose administrators could change who decides; remove it, or set includeOwnAccount to true',
      );
    }
  }
  if (
    own === managementAccountId &&
    (config.includeOwnAccount ?? includeManagementAccount) !== includeManagementAccount
  ) {
    problem(
      ['includeOwnAccount'],
      'Glasshammer runs in the management account: organization.includeManagementAccount says the same; leave this out',
    );
  }

  for (const { path, message } of doorProblems(config)) problem([...path], message);

  const instanceId = config.instanceArn.split('/')[1];
  const partition = config.instanceArn.split(':')[1];
  const where = partitionOf(config.env.region);
  if (where === 'aws-cn') {
    problem(
      ['env', 'region'],
      'Amazon SES, which sends the reports, is not in the Regions of China; Glasshammer cannot run there',
    );
  } else if (where !== undefined && partition !== undefined && where !== partition) {
    problem(
      ['env', 'region'],
      `is a Region of ${where}, and instanceArn is of ${partition}; both must be of one partition`,
    );
  }
  if (config.console && where !== undefined && where !== 'aws')
    problem(['console'], `Amazon CloudFront, which serves it, is not in the Regions of ${where}; leave it out`);
  config.report.regions.forEach((region, index) => {
    const elsewhere = partitionOf(region);
    if (where !== undefined && elsewhere !== undefined && elsewhere !== where)
      problem(
        ['report', 'regions', index],
        `is in another partition than ${config.env.region}; its events cannot be read from here`,
      );
  });
  const ofThisInstance = (arn: string) =>
    PERMISSION_SET_ARN.exec(arn)?.[1] === instanceId && arn.split(':')[1] === partition;
  for (const [where, sets] of [
    [['permissionSets'], config.permissionSets],
    [['retired', 'permissionSets'], config.retired.permissionSets],
  ] as const) {
    sets.forEach(({ arn }, index) => {
      // An ARN that is no permission set's has been reported already.
      if (instanceId && PERMISSION_SET_ARN.test(arn) && !ofThisInstance(arn)) {
        problem(
          [...where, index, 'arn'],
          `belongs to another Identity Center instance; instanceArn names ${instanceId}`,
        );
      }
    });
  }

  const named = [...(config.accounts === '*' ? [] : config.accounts), ...config.retired.accounts].length;
  const sets = [...config.permissionSets, ...config.retired.permissionSets].length;
  if (named * ACCOUNT_CHARACTERS + sets * SET_CHARACTERS > MOST_POLICY_CHARACTERS) {
    problem(
      [named > 0 ? 'accounts' : 'permissionSets'],
      'the policies of one role cannot name so many accounts and permission sets (1000 and 200 fit); ' +
        (named > 0 ? "write '*' and narrow the accounts with policies" : 'list fewer permission sets'),
    );
  }

  const scope = {
    accounts: config.accounts === '*' ? ('*' as const) : [...config.accounts, ...config.retired.accounts],
    permissionSets: [...config.permissionSets, ...config.retired.permissionSets],
    groups: [...config.groups, ...config.retired.groups],
    isHeard: config.slack !== undefined || config.alarms.emails.length > 0,
  };
  for (const { path, message } of driftProblems(config.drift, scope)) problem([...path], message);
  for (const { path, message } of [...attachedProblems(config), ...twiceProblems(config), ...noEffectProblems(config)])
    problem([...path], message);
  for (const { path, message } of sourceProblems(config.report, own)) problem(['report', ...path], message);
  for (const { path, message } of [...canaryProblems(config.canary, config), ...surroundingProblems(config)])
    problem([...path], message);

  if (config.access.maxDuration < config.access.defaultDuration) {
    problem(['access', 'maxDuration'], 'is shorter than access.defaultDuration; write at least as much');
  }
  const { retentionDays, expireAfterDays = retentionDays } = config.audit;
  if (expireAfterDays < retentionDays) {
    problem(['audit', 'expireAfterDays'], `events are locked for ${retentionDays} days; write at least as many`);
  }
  const [, , , dataKeyRegion, dataKeyAccount] = config.dataKeyArn?.split(':') ?? [];
  if (config.dataKeyArn && (dataKeyRegion !== config.env.region || dataKeyAccount !== config.env.account))
    problem(['dataKeyArn'], `must be a key of account ${config.env.account} in ${config.env.region}, as env has them`);
  if (config.kmsKeyArn && config.kmsKeyArn.split(':')[3] !== config.env.region)
    problem(['kmsKeyArn'], `must be a key of ${config.env.region}, the Region in env.region`);
});

/** Checks a configuration as the operator wrote it, and fills in the defaults. */
export const configSchema = judged.transform(withNames) satisfies z.ZodType<CheckedConfig, GlasshammerConfigInput>;

/** Fails to compile when the type that operators write and the schema's input differ in a field. */
type GlasshammerConfigInput = DeepMutable<GlasshammerConfig>;
type DeepMutable<T> = T extends readonly (infer Item)[]
  ? DeepMutable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: DeepMutable<T[Key]> }
    : T;
