import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { AccessFunction } from '../functions/access-function.ts';
import { DeadLetters } from '../functions/dead-letters.ts';

/** Time between two checks of the attached guards: a guard that grants is noticed after this long at most. Minutes. */
export const GUARD_WATCH_MINUTES = 15;

/**
 * Checks the session guards that are attached to permission sets, in every account, even when there are no sessions to
 * cut.
 */
export class GuardWatch extends Construct {
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { cut }: { readonly cut: AccessFunction }) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    // Only this schedule invokes the function asynchronously. A check that fails or times out writes no metric, so its
    // event goes to the dead letters.
    cut.catchLostEvents(this.deadLetters, GUARD_WATCH_MINUTES * 60);
    new Rule(this, 'Rule', {
      description: 'Look whether an attached session guard grants something.',
      schedule: Schedule.rate(Duration.minutes(GUARD_WATCH_MINUTES)),
      targets: [
        new LambdaFunction(cut.function, {
          event: RuleTargetInput.fromObject({ watchGuards: true }),
          deadLetterQueue: this.deadLetters.queue,
          // The next check sees the same policies.
          retryAttempts: 2,
          maxEventAge: Duration.minutes(GUARD_WATCH_MINUTES),
        }),
      ],
    });
  }
}
