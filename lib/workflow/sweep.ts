import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { AccessFunction } from '../functions/access-function.ts';
import { DeadLetters } from '../functions/dead-letters.ts';

/** Minutes between sweeps: how long access may outlive its end when everything else has failed. */
export const SWEEP_MINUTES = 5;

/** Runs the sweep, which ends every lease past its end and does not depend on any workflow. */
export class Sweep extends Construct {
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { sweep }: { readonly sweep: AccessFunction }) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    new Rule(this, 'Rule', {
      description: 'End every lease past its end.',
      schedule: Schedule.rate(Duration.minutes(SWEEP_MINUTES)),
      targets: [
        new LambdaFunction(sweep.function, {
          deadLetterQueue: this.deadLetters.queue,
          // The next sweep does the same work, so a late one is of no use.
          retryAttempts: 2,
          maxEventAge: Duration.minutes(SWEEP_MINUTES),
        }),
      ],
    });
    sweep.catchLostEvents(this.deadLetters, SWEEP_MINUTES * 60);
  }
}
