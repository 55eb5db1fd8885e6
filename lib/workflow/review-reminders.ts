import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { AccessFunction } from '../functions/access-function.ts';
import { DeadLetters } from '../functions/dead-letters.ts';

const REMIND_MINUTES = 60;

/**
 * Every hour, looks up the reviews of break-glass access that are owed, and reminds reviewers when a reminder is due.
 * A reminder that crashes goes to the dead letters of `AccessRecheck`, which is made by the same function.
 */
export class ReviewReminders extends Construct {
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { remind }: { readonly remind: AccessFunction }) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    new Rule(this, 'Rule', {
      description: 'Remind those who owe a review.',
      schedule: Schedule.rate(Duration.minutes(REMIND_MINUTES)),
      targets: [
        new LambdaFunction(remind.function, {
          event: RuleTargetInput.fromObject({ remindReviewers: true }),
          deadLetterQueue: this.deadLetters.queue,
          // The next hourly pass finds the same reviews.
          retryAttempts: 2,
          maxEventAge: Duration.minutes(REMIND_MINUTES),
        }),
      ],
    });
  }
}
