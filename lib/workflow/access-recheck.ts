import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { AccessFunction } from '../functions/access-function.ts';
import { DeadLetters } from '../functions/dead-letters.ts';

/** Minutes between two checks of what justifies the access that people have. */
export const RECHECK_MINUTES = 5;

/** Every few minutes, ends access whose justification is gone (see *ends with* in the glossary). */
export class AccessRecheck extends Construct {
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { recheck }: { readonly recheck: AccessFunction }) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    new Rule(this, 'Rule', {
      description: 'End access that nothing justifies any more.',
      schedule: Schedule.rate(Duration.minutes(RECHECK_MINUTES)),
      targets: [
        new LambdaFunction(recheck.function, {
          event: RuleTargetInput.fromObject({ recheckAccess: true }),
          deadLetterQueue: this.deadLetters.queue,
          // The next pass checks the same access again.
          retryAttempts: 2,
          maxEventAge: Duration.minutes(RECHECK_MINUTES),
        }),
      ],
    });
    // A pass that crashes or times out writes no metric. Lambda has one such destination for a function, so a reminder
    // of reviews that is lost goes there as well.
    recheck.catchLostEvents(this.deadLetters, RECHECK_MINUTES * 60);
  }
}
