import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { ActivityReaders } from './activity-readers.ts';

/**
 * The StackSet in its own stack. Organizations often forbid StackSets or have not enabled them; a failure here must not
 * roll back the main stack, which gives access and takes it back.
 */
export class ReaderStackSet extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: StackProps & { readonly config: CheckedConfig }) {
    super(scope, id, {
      stackName: `${config.stackName}Readers`,
      description: 'Glasshammer: brings the role that reads activity to the accounts.',
      env: config.env,
      ...props,
    });
    new ActivityReaders(this, 'ActivityReaders', { config });
  }
}
