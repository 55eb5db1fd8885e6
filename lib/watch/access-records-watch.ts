import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { AccessFunction } from '../functions/access-function.ts';
import { DeadLetters } from '../functions/dead-letters.ts';
import { grantRights } from '../rights/rights.ts';
import type { Tables } from '../tables.ts';

/**
 * Invokes `access-records-changed` on each change of the access table, so that decisions do not use outdated policies.
 */
export class AccessRecordsWatch extends Construct {
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, props: { readonly tables: Tables; readonly changed: AccessFunction }) {
    super(scope, id);
    const { role } = props.changed;
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    grantRights(role, [{ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queue.queueArn] }]);
    const mapping = new CfnEventSourceMapping(this, 'Stream', {
      functionName: props.changed.function.functionName,
      eventSourceArn: props.tables.accessStreamArn,
      startingPosition: 'LATEST',
      batchSize: 100,
      bisectBatchOnFunctionError: true,
      // Retry for as long as the stream keeps a record: one day.
      maximumRetryAttempts: 1000,
      maximumRecordAgeInSeconds: 86_400,
      destinationConfig: { onFailure: { destination: this.deadLetters.queue.queueArn } },
    });
    // When the mapping is made, Lambda checks that the role may read the stream.
    mapping.node.addDependency(role);
  }
}
