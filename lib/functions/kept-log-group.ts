import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * A log group with a name and an end. Kept when the stack goes, because it may be evidence; not kept when the very deployment that
 * made it is rolled back, because its name would be in the way of the next one. One that was kept is taken over by a deployment that is told
 * to (docs/deploy.md, *Removing*); for that CloudFormation needs its name as plain text, and this very policy.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
 */
export function keptLogGroup(scope: Construct, logGroupName: string, retention: RetentionDays): LogGroup {
  return new LogGroup(scope, 'Logs', {
    logGroupName,
    retention,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
}
