import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * A log group with a name and an end. Kept when the stack goes, because it may be evidence; not kept when the very deployment that
 * made it is rolled back, because its name would be in the way of the next one.
 */
export function keptLogGroup(scope: Construct, logGroupName: string, retention: RetentionDays): LogGroup {
  return new LogGroup(scope, 'Logs', {
    logGroupName,
    retention,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
}
