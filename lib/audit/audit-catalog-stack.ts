import { Fn, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { archiveNames } from '../../core/audit/questions/archive-names.ts';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { AuditCatalog } from './audit-catalog.ts';

/** Name of the main stack's output that holds the name of the archive's bucket. */
export const AUDIT_BUCKET_OUTPUT = 'AuditBucket';

/**
 * What Athena needs to read the archive, in its own stack. Some accounts forbid Glue or Athena, or let Lake Formation
 * manage the catalog; a failure here must not roll back the main stack, which gives access and takes it back.
 *
 * The bucket's name is read from an output rather than imported, so that the main stack can always be changed: "After
 * another stack imports an output value, you can't delete the stack that is exporting the output value or modify the
 * exported output value"
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html).
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
