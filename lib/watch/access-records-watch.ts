import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { AccessFunction } from '../functions/access-function.ts';
import { DeadLetters } from '../functions/dead-letters.ts';
import { grantRights } from '../rights/rights.ts';
import type { Tables } from '../tables.ts';

/** A change of the access table is noted at once, so that nobody is judged by yesterday's policies. */
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
      // A stream keeps its records for a day; until then it is worth trying.
      maximumRetryAttempts: 1000,
      maximumRecordAgeInSeconds: 86_400,
      destinationConfig: { onFailure: { destination: this.deadLetters.queue.queueArn } },
    });
    // Lambda checks the role's right to read the stream when the mapping is made.
    mapping.node.addDependency(role);
  }
}
