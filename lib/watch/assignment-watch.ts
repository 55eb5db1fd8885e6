import { Duration, Stack } from 'aws-cdk-lib';
import { type CfnEventBus, EventBus, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Names } from '../config/names.ts';
import type { AccessFunction } from '../functions/access-function.ts';
import { DeadLetters } from '../functions/dead-letters.ts';
import { ASSIGNMENT_CHANGES, DRIFT_STEP_MINUTES } from './assignment-changes.ts';

const HOUR_SECONDS = 3600;

/** Name of the event bus that the management account forwards its administrators' changes to. */
export function changesBusName({ prefix }: Pick<Names, 'prefix'>): string {
  return `${prefix}-changes`;
}

export interface AssignmentWatchProps {
  readonly watch: AccessFunction;
  /**
   * The management account, where Glasshammer runs in another one. @default - Glasshammer runs in the management
   * account
   */
  readonly managementAccount?: {
    readonly id: string;
    /** Name of the bus it forwards events to. */
    readonly busName: string;
  };
}

/** Reports to watch-assignments which assignments are made or removed, and starts the steps of the full pass. */
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
          // The longest that EventBridge offers, for handing the event to Lambda's queue: only the event says who made an
          // assignment. For a function that fails, `catchLostEvents` counts.
          retryAttempts: 185,
          maxEventAge: Duration.hours(24),
        }),
      ],
    });
  }

  /**
   * The bus for changes in the management account: CloudTrail records a call in the caller's account, and
   * `ChangeForwarderStack` forwards it. It is a separate bus, so the account's default bus stays closed to other
   * accounts.
   */
  private busFor({ id, busName }: NonNullable<AssignmentWatchProps['managementAccount']>): EventBus {
    const { account, partition, region } = Stack.of(this);
    const bus = new EventBus(this, 'Elsewhere', {
      eventBusName: busName,
      // In GovCloud, event buses have no description.
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
