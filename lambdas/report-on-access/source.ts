import { STSClient } from '@aws-sdk/client-sts';
import type { ActivitySource } from '../../core/activity/ports.ts';
import { ConfigurationError } from '../../core/model/errors.ts';
import { createAthenaSource } from '../../gateways/cloudtrail/athena-source.ts';
import { chooseSource } from '../../gateways/cloudtrail/choose-source.ts';
import { createLogsSource } from '../../gateways/cloudtrail/logs.ts';
import { createLookup } from '../../gateways/cloudtrail/lookup.ts';
import { type AccountSessions, createAccountSessions } from '../../gateways/sts/account-sessions.ts';
import { PATIENT_AWS_CALLS } from '../shared/services/aws-calls.ts';
import { systemNow } from '../shared/services/clock.ts';
import type { Settings } from '../shared/settings.ts';

/** Reads what was done, from the source that is configured for each account. @param pause waits so many milliseconds */
export function activitySource(
  { report, permissionSets }: Pick<Settings, 'report' | 'permissionSets'>,
  pause: (ms: number) => Promise<void>,
): ActivitySource {
  const sts = new STSClient(PATIENT_AWS_CALLS);
  const lookup = createLookup({
    sts,
    roleName: report.roleName,
    now: systemNow,
    client: PATIENT_AWS_CALLS,
    partition: permissionSets[0]?.arn.split(':')[1] ?? 'aws',
  });
  const { source = 'lookup', sourceByAccount = {}, logs, athena } = report;
  return chooseSource({
    source,
    sourceByAccount,
    sources: {
      lookup: () => lookup,
      logs: () =>
        createLogsSource({
          logGroupArn: configured(logs, 'report.logs').logGroupArn,
          client: PATIENT_AWS_CALLS,
          regions: lookup,
          now: systemNow,
          pause,
          ...(logs?.roleArn === undefined ? {} : { sessions: sessionsOf(logs.roleArn, sts) }),
        }),
      athena: () => {
        const { roleArn, ...trail } = configured(athena, 'report.athena');
        const accountId = roleArn.split(':')[4] ?? '';
        return createAthenaSource({
          trail,
          client: PATIENT_AWS_CALLS,
          regions: lookup,
          pause,
          sessions: { in: sessionsOf(roleArn, sts), accountId },
        });
      },
    },
  });
}

/**
 * @throws ConfigurationError if an account is read from a source that is not configured; synthesis refuses such a
 * configuration
 */
function configured<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new ConfigurationError(`an account is read from ${field}, which is not configured`);
  return value;
}

function sessionsOf(roleArn: string, sts: STSClient): AccountSessions {
  const [, partition = 'aws'] = roleArn.split(':');
  const roleName = roleArn.slice(roleArn.indexOf('/') + 1);
  return createAccountSessions({ sts, roleName, now: systemNow, partition });
}
