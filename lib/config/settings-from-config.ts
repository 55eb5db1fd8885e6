import type { Settings } from '../../lambdas/shared/settings.ts';
import { notGivenIn } from '../rights/not-given-in.ts';
import { namesFor } from './names.ts';
import type { CheckedConfig } from './schema/config-schema.ts';

/**
 * Half of Identity Center's limit of 20 calls a second for all callers together: the full pass must not slow down a
 * request for access.
 */
const DRIFT_CALLS_PER_SECOND = 10;

/**
 * The part of the configuration that the functions read at run time. It is deployed as a JSON file beside each
 * function's code.
 *
 * @returns durations in seconds
 */
export function settingsFrom(config: CheckedConfig): Settings {
  return {
    ...(config.slack === undefined
      ? {}
      : {
          slack: {
            teamIds: config.slack.teamIds,
            approvalChannel: config.slack.approvalChannel,
            operatorChannel: config.slack.operatorChannel ?? config.slack.approvalChannel,
          },
        }),
    identity: { emailDomains: config.identity.emailDomains },
    permissionSets: config.permissionSets,
    groups: config.groups.map(({ id }) => id),
    accounts: config.accounts === '*' ? ['*'] : config.accounts,
    notGivenIn: notGivenIn(config),
    ...(isManagementExcluded(config) ? { excludedAccounts: [config.organization.managementAccountId] } : {}),
    ...(isAnything(config.retired)
      ? { retired: { ...config.retired, groups: config.retired.groups.map(({ id }) => id) } }
      : {}),
    access: {
      defaultDurationSeconds: config.access.defaultDuration,
      maxDurationSeconds: config.access.maxDuration,
      warnBeforeEndSeconds: config.access.warnBeforeEnd,
      grantTimeoutSeconds: config.access.grantTimeout,
    },
    portalUrl: config.portalUrl,
    report: {
      from: config.report.from,
      to: config.report.to,
      ...(config.report.toApprovers ? { toApprovers: true } : {}),
      regions: config.report.regions,
      roleName: config.report.roleName,
      identityCenter: { accountId: config.organization.managementAccountId, region: config.env.region },
      deliveryDelaySeconds: config.report.deliveryDelay,
      // Without a trail, all activity is read from event history.
      ...(config.report.logs === undefined && config.report.athena === undefined
        ? {}
        : {
            source: config.report.source,
            sourceByAccount: config.report.sourceByAccount,
            logs: config.report.logs,
            athena: config.report.athena,
          }),
      ...(config.report.sesRegion === undefined ? {} : { sesRegion: config.report.sesRegion }),
      ...(config.report.configurationSet === undefined ? {} : { configurationSet: config.report.configurationSet }),
      ...(config.report.identityArn === undefined ? {} : { identityArn: config.report.identityArn }),
    },
    ...(config.api === undefined
      ? {}
      : {
          api: {
            organizationId: config.organization.id,
            accounts: config.api.fromAccounts === '*' ? ['*'] : config.api.fromAccounts,
          },
        }),
    sessionGuard: { prefix: namesFor(config).prefix, attachedTo: attachedSets(config) },
    ...(config.canary === undefined ? {} : { canary: canaryOf(config.canary) }),
    personas: config.personas,
    ...(config.policyChanges?.fourEyes === true
      ? { policyChanges: { expireAfterSeconds: config.policyChanges.expireAfter } }
      : {}),
    drift: {
      rules: config.drift.map(({ accounts, permissionSets, groups, action, grace }) => ({
        accounts,
        permissionSets,
        groups,
        action,
        graceSeconds: grace,
      })),
      everySeconds: config.driftCheckEvery,
      callsPerSecond: DRIFT_CALLS_PER_SECOND,
    },
  };
}

/**
 * The permission sets that may have the session guard attached, retired ones included: those may still have sessions.
 */
export function attachedSets({
  sessionGuard,
  permissionSets,
  retired,
}: Pick<CheckedConfig, 'sessionGuard' | 'permissionSets' | 'retired'>): { name: string; arn: string }[] {
  return [...permissionSets, ...retired.permissionSets]
    .filter(({ name }) => sessionGuard.attachedTo.includes(name))
    .map(({ name, arn }) => ({ name, arn }));
}

/**
 * Taking access back in the management account needs IAM rights that only its inclusion, or its place in `retired`,
 * gives.
 */
function isManagementExcluded({ accounts, organization, retired }: CheckedConfig): boolean {
  const { includeManagementAccount, managementAccountId } = organization;
  return accounts === '*' && !includeManagementAccount && !retired.accounts.includes(managementAccountId);
}

function isAnything({ accounts, permissionSets, groups }: CheckedConfig['retired']): boolean {
  return accounts.length + permissionSets.length + groups.length > 0;
}

function canaryOf({ userId, nightly }: NonNullable<CheckedConfig['canary']>): NonNullable<Settings['canary']> {
  if (nightly === undefined) return { userId };
  if ('group' in nightly) return { userId, nightly: { group: nightly.group } };
  return { userId, nightly: { accountId: nightly.account, permissionSet: nightly.permissionSet } };
}
