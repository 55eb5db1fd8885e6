import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * A log group with a fixed name and a retention period. It is kept when the stack is deleted, because it may be
 * evidence, but not when the deployment that made it is rolled back: its name would block the next deployment. A later
 * deployment can import a kept log group when it is told to (docs/deploy.md, *Removing*); CloudFormation then needs the
 * name as plain text and this removal policy.
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
