import { Fn, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { archiveNames } from '../../core/audit/questions/archive-names.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { AuditCatalog } from './audit-catalog.ts';

/** The output of the deployment's stack that names the archive's bucket. */
export const AUDIT_BUCKET_OUTPUT = 'AuditBucket';

/**
 * What Athena needs to read the archive, in a stack of its own: an account where Glue or Athena is forbidden, or where Lake
 * Formation keeps the catalog, gives access and takes it back all the same, and this stack's failure rolls nothing else back.
 *
 * The bucket is read from an output rather than imported, so that the stack with the tables can always be changed:
 * "After another stack imports an output value, you can't delete the stack that is exporting the output value or modify the
 * exported output value" (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html).
 * `Fn::GetStackOutput` "creates a weak reference"
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html).
 */
export class AuditCatalogStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: StackProps & { readonly config: CheckedConfig }) {
    const { stackName, database } = archiveNames(config.stackName);
    super(scope, id, {
      stackName,
      description: 'Glasshammer: the archive as a table for Athena, with the questions auditors ask.',
      env: config.env,
      ...props,
    });
    new AuditCatalog(this, 'Catalog', {
      prefix: config.stackName.toLowerCase(),
      databaseName: database,
      bucketName: config.audit.bucket ?? Fn.getStackOutput(config.stackName, AUDIT_BUCKET_OUTPUT),
    });
  }
}
