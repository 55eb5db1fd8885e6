import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHANGING_FUNCTIONS, ENVIRONMENT } from '../../lambdas/shared/environment-names.ts';
import type { Settings } from '../../lambdas/shared/settings.ts';
import { notGivenIn } from '../../lib/rights/not-given-in.ts';
import { APP_KEY_ID, functionRole } from '../aws/access/sts.ts';
import type { World } from '../aws/world/world.ts';

export const STACK_NAME = 'Glasshammer';
export const ACCESS_TABLE = 'glasshammer-access';
export const REQUEST_TABLE = 'glasshammer-requests';
/** The archive bucket and the event bus of the default seed. With a seed that lacks them, every write to them fails. */
export const AUDIT_BUCKET = 'glasshammer-archive';
export const AUDIT_BUS = 'glasshammer';
export const REPORT_FUNCTION = 'glasshammer-report-on-access';
export const SIGNING_SECRET = 'sandbox-signing-secret';
/** The user name of the canary, which belongs to no person. Granting it access tests that access can be granted. */
const CANARY_USER = 'canary@example.com';
export const SECRET_NAME = 'glasshammer/slack';
/** The access key id of the functions. It is no key of AWS, but only the functions use it. */
export const FUNCTIONS_KEY_ID = APP_KEY_ID;

/** The ARNs of the roles of the functions that change assignments, with their deployed names. */
function ownRoleArns(world: World): string {
  const roles = CHANGING_FUNCTIONS.map((name) => `arn:aws:iam::${world.homeAccountId}:role/${functionRole(name)}`);
  return roles.join(',');
}

/** The ARN of the sandbox's only workflow. */
export function stateMachineArn(world: World): string {
  return `arn:aws:states:${world.region}:${world.homeAccountId}:stateMachine:glasshammer-access`;
}

/**
 * Settings for the seed's organization, as an operator would configure them. Durations in seconds.
 *
 * @param slack absent: no Slack
 */
export function settingsFor(
  world: World,
  slack: { readonly teamId: string } | undefined,
  { nightlyCanary = false }: { readonly nightlyCanary?: boolean } = {},
): Settings {
  const canary = world.users.find(({ userName }) => userName === CANARY_USER);
  const nightly = nightlyCanary ? { nightly: { accountId: '345678901234', permissionSet: 'ReadOnlyAccess' } } : {};
  return {
    ...(slack === undefined
      ? {}
      : { slack: { teamIds: [slack.teamId], approvalChannel: 'C0ACCESS', operatorChannel: 'C0ACCESS' } }),
    identity: { emailDomains: slack === undefined ? [] : ['example.com'] },
    permissionSets: world.permissionSets.map(({ name, arn }) => ({ name, arn })),
    groups: world.groups.map(({ id }) => id),
    accounts: ['*'],
    notGivenIn: notGivenIn({
      env: { account: world.homeAccountId, region: world.region },
      organization: { ...world.organization, includeManagementAccount: world.includeManagementAccount },
    }),
    ...(world.includeManagementAccount ? {} : { excludedAccounts: [world.organization.managementAccountId] }),
    access: {
      defaultDurationSeconds: 3600,
      maxDurationSeconds: 12 * 3600,
      warnBeforeEndSeconds: 600,
      grantTimeoutSeconds: 600,
    },
    portalUrl: `https://${world.identityStoreId}.awsapps.com/start`,
    report: {
      from: 'glasshammer@example.com',
      to: ['security@example.com'],
      regions: ['us-east-1', 'us-west-2', 'eu-central-1', 'eu-west-1'],
      roleName: 'GlasshammerActivityReader',
      identityCenter: { accountId: world.organization.managementAccountId, region: world.region },
      deliveryDelaySeconds: 900,
    },
    sessionGuard: {
      prefix: 'glasshammer',
      attachedTo: world.permissionSets
        .filter(({ name }) => world.attachedGuards.includes(name))
        .map(({ name, arn }) => ({ name, arn })),
    },
    api: { organizationId: world.organization.id, accounts: ['*'] },
    ...(canary === undefined ? {} : { canary: { userId: canary.id, ...nightly } }),
    personas: { auditors: ['group-directors'], operators: ['group-sre', 'group-platform'] },
    policyChanges: { expireAfterSeconds: 7 * 24 * 3600 },
    drift: {
      rules: [
        { accounts: ['*'], permissionSets: ['BreakGlassAdmin'], groups: [], action: 'revoke', graceSeconds: 1800 },
        { accounts: ['*'], permissionSets: ['*'], groups: [], action: 'warn', graceSeconds: 0 },
      ],
      everySeconds: 6 * 3600,
      // Nothing else calls Identity Center here, and a person who advances the clock should not have to wait.
      callsPerSecond: 1000,
    },
  };
}

/**
 * Writes the settings to a file, where the functions read them as in a deployment. All functions share one file. Its
 * name is a hash of its content, so that sandboxes on the same machine do not overwrite each other's.
 */
function settingsFile(settings: Settings): string {
  const text = JSON.stringify(settings);
  const folder = join(tmpdir(), 'glasshammer-settings');
  const file = join(folder, `${createHash('sha256').update(text).digest('hex')}.json`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    // Renamed into place, because another sandbox may be reading the file.
    writeFileSync(`${file}.${process.pid}`, text);
    renameSync(`${file}.${process.pid}`, file);
  }
  return file;
}

/**
 * The environment of the functions. It differs from a deployment's only in the endpoints. The credentials are
 * placeholders.
 */
export function environmentFor(options: {
  readonly world: World;
  readonly settings: Settings;
  readonly awsUrl: string;
  readonly slackApiUrl: string;
  /** The console's sign-in; absent where there is no console. */
  readonly signIn?: { readonly issuer: string; readonly clientId: string; readonly consoleUrl: string };
}): Record<string, string> {
  const { world } = options;
  return {
    [ENVIRONMENT.accessTable]: ACCESS_TABLE,
    [ENVIRONMENT.requestTable]: REQUEST_TABLE,
    ...(options.settings.slack === undefined
      ? {}
      : {
          [ENVIRONMENT.slackSecret]: world.secrets.find((secret) => secret.name === SECRET_NAME)?.arn ?? SECRET_NAME,
          [ENVIRONMENT.slackApi]: options.slackApiUrl,
        }),
    [ENVIRONMENT.stateMachine]: stateMachineArn(world),
    [ENVIRONMENT.instance]: world.instanceArn,
    [ENVIRONMENT.identityStore]: world.identityStoreId,
    [ENVIRONMENT.auditBus]: AUDIT_BUS,
    [ENVIRONMENT.auditBucket]: AUDIT_BUCKET,
    [ENVIRONMENT.ownRoles]: ownRoleArns(world),
    [ENVIRONMENT.settings]: settingsFile(options.settings),
    [ENVIRONMENT.stack]: STACK_NAME,
    [ENVIRONMENT.version]: versionOf(),
    ...(options.signIn === undefined
      ? {}
      : {
          [ENVIRONMENT.consoleUrl]: options.signIn.consoleUrl,
          [ENVIRONMENT.consoleIssuer]: options.signIn.issuer,
          [ENVIRONMENT.consoleClient]: options.signIn.clientId,
        }),
    AWS_ENDPOINT_URL: options.awsUrl,
    AWS_REGION: world.region,
    AWS_ACCESS_KEY_ID: FUNCTIONS_KEY_ID,
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    // Otherwise the SDK would look for a shared configuration file and for the instance metadata service.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    NODE_NO_WARNINGS: '1',
  };
}

/** The version of this checkout, whose functions the sandbox runs. */
export function versionOf(): string {
  const read = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return read.version;
}
