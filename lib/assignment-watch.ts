import { Duration, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { AccessFunction } from './access-function.ts';
import { ASSIGNMENT_CHANGES, DRIFT_STEP_MINUTES } from './assignment-changes.ts';
import { DeadLetters } from './dead-letters.ts';

const HOUR_SECONDS = 3600;

export interface AssignmentWatchProps {
  readonly watch: AccessFunction;
  /** The account whose administrators change assignments too, where that is another one. @default - the same account */
  readonly managementAccountId?: string;
}

/** Hears of assignments that others make or remove, and lets the full pass over everything provisioned take its steps. */
export class AssignmentWatch extends Construct {
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { watch, managementAccountId }: AssignmentWatchProps) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    new Rule(this, 'Changes', {
      description: 'Somebody made or removed an assignment or a membership.',
      eventPattern: ASSIGNMENT_CHANGES,
      targets: [
        new LambdaFunction(watch.function, {
          deadLetterQueue: this.deadLetters.queue,
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
        }),
      ],
    });
    new Rule(this, 'Steps', {
      description: 'Look through what is provisioned, step by step.',
      schedule: Schedule.rate(Duration.minutes(DRIFT_STEP_MINUTES)),
      targets: [
        new LambdaFunction(watch.function, {
          event: RuleTargetInput.fromObject({ checkProvisioned: true }),
          deadLetterQueue: this.deadLetters.queue,
          // The next step does the same work.
          retryAttempts: 2,
          maxEventAge: Duration.minutes(DRIFT_STEP_MINUTES),
        }),
      ],
    });
    watch.catchLostEvents(this.deadLetters, 6 * HOUR_SECONDS);
    if (managementAccountId !== undefined) this.letIn(managementAccountId);
  }

  /** Calls are recorded in the account of who made them; the management account hands its own on, see `ChangeForwarderStack`. */
  private letIn(accountId: string): void {
    const stack = Stack.of(this);
    new CfnEventBusPolicy(this, 'FromManagementAccount', {
      statementId: `${stack.stackName}-assignment-changes`,
      statement: {
        Effect: 'Allow',
        Principal: { AWS: `arn:${stack.partition}:iam::${accountId}:root` },
        Action: 'events:PutEvents',
        Resource: defaultBusArn(stack),
        Condition: { StringEquals: { 'events:source': ASSIGNMENT_CHANGES.source } },
      },
    });
  }
}

function defaultBusArn({ partition, region, account }: Stack): string {
  return `arn:${partition}:events:${region}:${account}:event-bus/default`;
}
