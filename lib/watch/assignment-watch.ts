import { Duration, Stack } from 'aws-cdk-lib';
import { type CfnEventBus, EventBus, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Names } from '../config/names.ts';
import type { AccessFunction } from '../functions/access-function.ts';
import { DeadLetters } from '../functions/dead-letters.ts';
import { ASSIGNMENT_CHANGES, DRIFT_STEP_MINUTES } from './assignment-changes.ts';

const HOUR_SECONDS = 3600;

/** Name of the bus to which the management account hands on what its administrators change. */
export function changesBusName({ prefix }: Pick<Names, 'prefix'>): string {
  return `${prefix}-changes`;
}

export interface AssignmentWatchProps {
  readonly watch: AccessFunction;
  /** The account whose administrators change assignments too, where that is another one. @default - the same account */
  readonly managementAccount?: {
    readonly id: string;
    /** Name of the bus it hands its calls on to. */
    readonly busName: string;
  };
}

/** Hears of assignments that others make or remove, and lets the full pass over everything provisioned take its steps. */
export class AssignmentWatch extends Construct {
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { watch, managementAccount }: AssignmentWatchProps) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters');
    this.hear('Changes', watch);
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
    if (managementAccount !== undefined) this.hear('ChangesElsewhere', watch, this.busFor(managementAccount));
  }

  private hear(id: string, watch: AccessFunction, bus?: EventBus): void {
    new Rule(this, id, {
      description: 'Somebody made or removed an assignment or a membership.',
      eventBus: bus,
      eventPattern: ASSIGNMENT_CHANGES,
      targets: [
        new LambdaFunction(watch.function, {
          deadLetterQueue: this.deadLetters.queue,
          // The longest EventBridge offers; who made what is worth knowing a day later, too.
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
        }),
      ],
    });
  }

  /**
   * CloudTrail records a call in the account of who made it; the management account hands its own on, see `ChangeForwarderStack`.
   * A bus for that alone, so that the account's own bus stays closed to everybody else.
   */
  private busFor({ id, busName }: NonNullable<AssignmentWatchProps['managementAccount']>): EventBus {
    const { account, partition, region } = Stack.of(this);
    const bus = new EventBus(this, 'Elsewhere', {
      eventBusName: busName,
      // Buses of GovCloud know no description.
      ...(partition === 'aws' && { description: 'Changes of assignments that were made in the management account.' }),
    });
    (bus.node.defaultChild as CfnEventBus).policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ChangesOfAssignments',
          Effect: 'Allow',
          Principal: { AWS: `arn:${partition}:iam::${id}:root` },
          Action: 'events:PutEvents',
          Resource: `arn:${partition}:events:${region}:${account}:event-bus/${busName}`,
          Condition: { StringEquals: { 'events:source': ASSIGNMENT_CHANGES.source } },
        },
      ],
    };
    return bus;
  }
}
