import type { Settings } from '../../lambdas/shared/settings.ts';
import type { CheckedConfig } from './config-schema.ts';

/** Half of what Identity Center takes of everybody together: somebody who needs access now does not wait for a look around. */
const DRIFT_CALLS_PER_SECOND = 10;

/**
 * The part of the configuration the functions read at run time.
 *
 * @returns durations in seconds; serialised, it is a file beside the code of each function
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
      ...(config.report.toApprovers ? { toApprovers: true } : {}),
      regions: config.report.regions,
      roleName: config.report.roleName,
      identityCenter: { accountId: config.organization.managementAccountId, region: config.env.region },
      deliveryDelaySeconds: config.report.deliveryDelay,
      // Without a trail everything is read from event history.
      ...(config.report.logs === undefined && config.report.athena === undefined
        ? {}
        : {
            source: config.report.source,
            sourceByAccount: config.report.sourceByAccount,
            ...(config.report.logs === undefined ? {} : { logs: config.report.logs }),
            ...(config.report.athena === undefined ? {} : { athena: config.report.athena }),
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
    personas: config.personas,
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
