import { CfnStackSet } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { activityReaderStackName, activityReaderTemplate } from './activity-reader-stack.ts';

/**
 * Brings the role that looks up CloudTrail events to every account of the configured organizational units, new accounts
 * included. A service-managed StackSet never reaches the management account.
 */
export class ActivityReaders extends Construct {
  constructor(scope: Construct, id: string, { config }: { readonly config: CheckedConfig }) {
    super(scope, id);
    const inManagementAccount = config.env.account === config.organization.managementAccountId;
    new CfnStackSet(this, 'StackSet', {
      stackSetName: activityReaderStackName(config),
      description: 'Glasshammer: the role that reads what was done with temporary access.',
      permissionModel: 'SERVICE_MANAGED',
      callAs: inManagementAccount ? 'SELF' : 'DELEGATED_ADMIN',
      capabilities: ['CAPABILITY_NAMED_IAM'],
      autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false },
      managedExecution: { Active: true },
      operationPreferences: {
        failureTolerancePercentage: 20,
        maxConcurrentPercentage: 100,
        regionConcurrencyType: 'PARALLEL',
      },
      // A role is global: one Region is enough.
      stackInstancesGroup: [
        { deploymentTargets: { organizationalUnitIds: config.report.deployToOus }, regions: [config.env.region] },
      ],
      templateBody: JSON.stringify(activityReaderTemplate(config)),
    });
  }
}
