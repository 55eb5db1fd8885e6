import type { CheckedConfig } from '../config/schema/config-schema.ts';
import type { Right } from './rights.ts';

/** The settings that decide about these rights. */
export interface ActivitySourceConfig {
  readonly report: Pick<CheckedConfig['report'], 'logs' | 'athena'>;
}

/**
 * What reading the organization's trail takes besides the role in each account. Nothing where all activity is read from
 * event history; for a log group, queries of that group, or the role that may make them; for Athena, the role that may
 * query the table.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
 */
export function readTrail({ report: { logs, athena } }: ActivitySourceConfig): readonly Right[] {
  return [
    ...readLogs(logs),
    ...(athena === undefined ? [] : [{ actions: ['sts:AssumeRole'], resources: [athena.roleArn] }]),
  ];
}

function readLogs(logs: ActivitySourceConfig['report']['logs']): readonly Right[] {
  if (logs === undefined) return [];
  if (logs.roleArn !== undefined) return [{ actions: ['sts:AssumeRole'], resources: [logs.roleArn] }];
  return [
    {
      actions: ['logs:StartQuery'],
      resources: [`${logs.logGroupArn}:*`],
      wildcard: 'The streams of this one log group; CloudWatch Logs writes the group itself with this ending.',
    },
    {
      actions: ['logs:GetQueryResults'],
      resources: ['*'],
      wildcard: 'This action knows no resources; what it answers, only who knows the id of a query can ask.',
    },
  ];
}
