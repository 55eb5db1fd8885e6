import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CheckedConfig } from '../config/schema/config-schema.ts';
import { ActivityReaders } from './activity-readers.ts';

/**
 * The StackSet in a stack of its own: what organizations often forbid, or have not switched on, keeps no access from being given or
 * taken back, and its failure rolls nothing else back.
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
