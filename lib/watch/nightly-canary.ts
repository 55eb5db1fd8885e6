import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { AccessFunction } from '../functions/access-function.ts';
import { DeadLetters } from '../functions/dead-letters.ts';
import { CANARY_ASKS_AT, CANARY_JUDGED_AT } from './canary-times.ts';

/** Every night the canary is really given access, which is taken back; an alarm goes off when that fails. */
export class NightlyCanary extends Construct {
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { tryAccess }: { readonly tryAccess: AccessFunction }) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    for (const [nightly, when, description] of [
      ['ask', CANARY_ASKS_AT, 'Ask for the nightly trial.'],
      ['judge', CANARY_JUDGED_AT, 'See that the nightly trial was given and taken back.'],
    ] as const)
      new Rule(this, nightly === 'ask' ? 'Ask' : 'Judge', {
        description,
        schedule: Schedule.cron({ hour: String(when.hour), minute: String(when.minute) }),
        targets: [
          new LambdaFunction(tryAccess.function, {
            event: RuleTargetInput.fromObject({ nightly }),
            deadLetterQueue: this.deadLetters.queue,
            // A retry in the same night has the same request id, so it starts nothing new.
            retryAttempts: 2,
            maxEventAge: Duration.minutes(15),
          }),
        ],
      });
    tryAccess.catchLostEvents(this.deadLetters, 15 * 60);
  }
}
