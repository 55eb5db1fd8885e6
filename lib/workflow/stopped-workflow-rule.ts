import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { AccessFunction } from '../functions/access-function.ts';
import { DeadLetters } from '../functions/dead-letters.ts';

const HOUR_SECONDS = 3600;

/**
 * A workflow that fails, times out or is aborted cannot clean up: some errors of Step Functions bypass every Catch, and
 * an abort runs no state. EventBridge invokes revoke-access instead.
 */
export class StoppedWorkflowRule extends Construct {
  readonly deadLetters: DeadLetters;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly stateMachineArn: string; readonly revoke: AccessFunction },
  ) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    new Rule(this, 'Rule', {
      description: 'A workflow stopped before its end: take the access back.',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [props.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [
        new LambdaFunction(props.revoke.function, {
          deadLetterQueue: this.deadLetters.queue,
          // The longest that EventBridge offers, for handing the event to Lambda's queue. The sweep ends the access much
          // earlier; a later event is for the history. For a function that fails, `catchLostEvents` counts.
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
        }),
      ],
    });
    props.revoke.catchLostEvents(this.deadLetters, 6 * HOUR_SECONDS);
  }
}
