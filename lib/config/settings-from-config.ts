import type { Settings } from '../../lambdas/shared/settings.ts';
import type { CheckedConfig } from './config-schema.ts';

/** Half of what Identity Center takes of everybody together: somebody who needs access now does not wait for a look around. */
const DRIFT_CALLS_PER_SECOND = 10;

/**
 * The part of the configuration the functions read at run time.
 *
 * @returns durations in seconds; serialised, it is one environment variable
 */
export function settingsFrom(config: CheckedConfig): Settings {
  return {
    slack: {
      teamIds: config.slack.teamIds,
      approvalChannel: config.slack.approvalChannel,
      operatorChannel: config.slack.operatorChannel ?? config.slack.approvalChannel,
    },
    identity: { emailDomains: config.identity.emailDomains },
    permissionSets: config.permissionSets,
    groups: config.groups.map(({ id }) => id),
    accounts: config.accounts === '*' ? ['*'] : config.accounts,
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
      regions: config.report.regions,
      roleName: config.report.roleName,
      deliveryDelaySeconds: config.report.deliveryDelay,
    },
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
 * Lambda allows 4,096 bytes for all variables of a function. Names, two table names and eight ARNs and ids take at most
 * about 800; the settings get what is left, with some room.
 */
const SETTINGS_LIMIT_BYTES = 3_200;

/** The problem with settings that are too long for a function's environment, or `undefined`. */
export function settingsProblem(config: CheckedConfig): string | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(settingsFrom(config)));
  if (bytes <= SETTINGS_LIMIT_BYTES) return undefined;
  const over = `the settings take ${bytes} bytes of the ${SETTINGS_LIMIT_BYTES} that fit into a function's environment`;
  return JSON.stringify(config.accounts).length > JSON.stringify(config.permissionSets).length
    ? `accounts: ${over}; write '*' and narrow the accounts with policies`
    : `permissionSets: ${over}; list fewer permission sets`;
}
