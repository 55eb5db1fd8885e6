import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { AccessFunction } from '../functions/access-function.ts';
import type { DeadLetters } from '../functions/dead-letters.ts';

/** Between two looks at the attached guards: a policy that grants is noticed after this long at the latest. Minutes. */
export const GUARD_WATCH_MINUTES = 15;

/** Looks at the guards that are attached to permission sets, in every account, whether or not there is something to cut. */
export class GuardWatch extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { cut, deadLetters }: { readonly cut: AccessFunction; readonly deadLetters: DeadLetters },
  ) {
    super(scope, id);
    // Only this schedule calls the function without waiting for it. A look that breaks or takes too long writes no metric.
    cut.catchLostEvents(deadLetters, GUARD_WATCH_MINUTES * 60);
    new Rule(this, 'Rule', {
      description: 'Look whether an attached session guard grants something.',
      schedule: Schedule.rate(Duration.minutes(GUARD_WATCH_MINUTES)),
      targets: [
        new LambdaFunction(cut.function, {
          event: RuleTargetInput.fromObject({ watchGuards: true }),
          deadLetterQueue: deadLetters.queue,
          // The next look sees the same policies.
          retryAttempts: 2,
          maxEventAge: Duration.minutes(GUARD_WATCH_MINUTES),
        }),
      ],
    });
  }
}
