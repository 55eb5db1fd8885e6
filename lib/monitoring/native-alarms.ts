import { Duration } from 'aws-cdk-lib';
import { type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ApiDoor } from '../api/api-door.ts';
import type { WebConsole } from '../console/web-console.ts';
import type { AccessFunctions } from '../functions/access-functions.ts';
import type { DeadLetters } from '../functions/dead-letters.ts';
import type { SlackEndpoint } from '../slack/slack-endpoint.ts';
import type { AccessWorkflow } from '../workflow/access-workflow.ts';
import { SWEEP_MINUTES } from '../workflow/sweep.ts';

/** An alarm on a metric that AWS writes; the functions' own metrics are in `lambdas/shared/monitoring/alarm-catalog.ts`. */
export interface NativeAlarm {
  /** Stable; part of the alarm's name. */
  readonly id: string;
  readonly title: string;
  readonly metric: IMetric;
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm?: number;
  /** The alarm goes off below the threshold instead of at it. @default false */
  readonly below?: boolean;
  /** @default - missing data does not raise the alarm */
  readonly missing?: TreatMissingData;
  readonly severity: 'high' | 'low';
  /** Heading in docs/runbook.md. */
  readonly runbookHeading: string;
}

export interface Watched {
  readonly functions: AccessFunctions;
  readonly workflow: AccessWorkflow;
  /** Set where there is Slack. */
  readonly endpoint?: SlackEndpoint;
  /** Set where there is an API. */
  readonly door?: ApiDoor;
  readonly webConsole?: WebConsole;
  readonly deadLetters: Readonly<Record<string, DeadLetters>>;
}

const FIVE_MINUTES = Duration.minutes(5);

/** More refused calls in five minutes than people make by mistake. */
const FLOOD = 1_000;

/**
 * Dead-letter queues whose alarm has low severity: the next hourly pass sends a lost reminder, and the request table
 * still has every audit event.
 */
const CAN_WAIT: ReadonlySet<string> = new Set(['review-reminders', 'audit-to-bus', 'audit-to-archive']);

/** Dead-letter queues whose events mean that a safety check does not run, with the heading in the runbook. */
const STANDS_STILL: Readonly<Record<string, { readonly title: string; readonly runbookHeading: string }>> = {
  'access-recheck': {
    // One function does both, and Lambda has one queue for what a function fails at.
    title: 'Held access was not checked again, or reviewers were not reminded',
    runbookHeading: 'Access could not be checked again',
  },
  'guard-watch': {
    title: 'The attached session guards were not looked at',
    runbookHeading: 'A session guard cannot be seen',
  },
};

/** Alarms on the metrics of AWS about functions, workflow, APIs and dead letters. */
export function nativeAlarms({ functions, workflow, endpoint, door, webConsole, deadLetters }: Watched): NativeAlarm[] {
  const sweep = functions.get('sweep-access').function;
  return [
    {
      id: 'sweep-stands-still',
      title: 'The sweep has not run',
      metric: sweep.metricInvocations({ period: Duration.minutes(3 * SWEEP_MINUTES) }),
      threshold: 1,
      evaluationPeriods: 1,
      below: true,
      // Without invocations there is no data, which is what this alarm is about.
      missing: TreatMissingData.BREACHING,
      severity: 'high',
      runbookHeading: 'The sweep has not run',
    },
    ...functions.all().flatMap(([name, { function: made }]): NativeAlarm[] => [
      {
        id: `errors-${name}`,
        title: `${name} fails`,
        metric: made.metricErrors({ period: FIVE_MINUTES }),
        // Conflicts and throttling end an invocation with an error, and the workflow retries it; a few are normal.
        threshold: 5,
        evaluationPeriods: 2,
        severity: 'low',
        runbookHeading: 'A function fails',
      },
      {
        id: `throttled-${name}`,
        title: `${name} is throttled`,
        metric: made.metricThrottles({ period: FIVE_MINUTES }),
        threshold: 1,
        evaluationPeriods: 2,
        severity: 'low',
        runbookHeading: 'A function is throttled',
      },
    ]),
    ...(['Failed', 'TimedOut', 'Aborted'] as const).map(
      (how): NativeAlarm => ({
        id: `executions-${how.toLowerCase()}`,
        title: `A workflow ended as ${how}`,
        metric: new Metric({
          namespace: 'AWS/States',
          metricName: `Executions${how}`,
          dimensionsMap: { StateMachineArn: workflow.stateMachine.stateMachineArn },
          statistic: 'Sum',
          period: FIVE_MINUTES,
        }),
        threshold: 1,
        evaluationPeriods: 1,
        severity: 'high',
        runbookHeading: 'A workflow stopped',
      }),
    ),
    ...(['audit-to-bus', 'audit-to-archive'] as const).map(
      (name): NativeAlarm => ({
        id: `late-${name}`,
        title: `Events are half an hour late (${name})`,
        // Milliseconds: half an hour, of the 24 hours that the stream keeps its records.
        metric: functions.get(name).function.metric('IteratorAge', { statistic: 'Maximum', period: FIVE_MINUTES }),
        threshold: 1_800_000,
        evaluationPeriods: 1,
        severity: 'low',
        runbookHeading: 'The audit is late',
      }),
    ),
    ...Object.entries(deadLetters).map(
      ([id, { queue }]): NativeAlarm => ({
        id: `dead-letters-${id}`,
        title: `An event could not be handled (${id})`,
        metric: queue.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: 'Maximum' }),
        threshold: 1,
        evaluationPeriods: 1,
        severity: CAN_WAIT.has(id) ? 'low' : 'high',
        runbookHeading: 'An event could not be handled',
        ...STANDS_STILL[id],
      }),
    ),
    ...(endpoint === undefined ? [] : endpointAlarms(endpoint)),
    ...(door === undefined
      ? []
      : [
          {
            id: 'api-errors',
            title: 'People get errors from the API',
            metric: door.failed.with({ period: FIVE_MINUTES }),
            threshold: 3,
            evaluationPeriods: 1,
            severity: 'low' as const,
            runbookHeading: 'Calls of the API fail',
          },
          {
            // All refused calls count, not only throttled ones: only API Gateway's log tells them apart, and it needs a
            // role set for the whole account.
            id: 'api-flood',
            title: "Somebody floods the terminals' API",
            metric: door.refused.with({ period: FIVE_MINUTES }),
            threshold: FLOOD,
            evaluationPeriods: 1,
            // Slack and the web console have their own APIs.
            severity: 'low' as const,
            runbookHeading: "Somebody floods the terminals' API",
          },
        ]),
    ...(webConsole === undefined
      ? []
      : [
          {
            id: 'console-errors',
            title: 'People get errors from the web console',
            metric: webConsole.failed.with({ period: FIVE_MINUTES }),
            threshold: 3,
            evaluationPeriods: 1,
            severity: 'low' as const,
            runbookHeading: 'Calls of the API fail',
          },
          {
            id: 'console-calls-turned-away',
            title: 'Calls of the web console are turned away, perhaps those of people',
            metric: webConsole.turnedAway.with({ period: FIVE_MINUTES }),
            threshold: 1,
            evaluationPeriods: 1,
            // The page retries, and Slack and the command line have their own APIs.
            severity: 'low' as const,
            runbookHeading: 'Calls are turned away',
          },
        ]),
  ];
}

/** Alarms on the Slack endpoint. */
function endpointAlarms(endpoint: SlackEndpoint): NativeAlarm[] {
  return [
    {
      id: 'slack-calls-turned-away',
      title: 'Calls to the Slack address are turned away, perhaps those of people',
      metric: endpoint.turnedAway.with({ period: FIVE_MINUTES }),
      threshold: 1,
      evaluationPeriods: 1,
      severity: 'high',
      runbookHeading: 'Calls are turned away',
    },
    {
      id: 'flood',
      title: 'Somebody floods the Slack address',
      // Calls that are unsigned or too many; Slack makes neither.
      metric: endpoint.api.metricClientError({ period: FIVE_MINUTES, statistic: 'Sum' }),
      threshold: FLOOD,
      evaluationPeriods: 1,
      severity: 'high',
      runbookHeading: 'Somebody floods the Slack address',
    },
    {
      id: 'slack-endpoint-errors',
      title: 'Slack gets errors from us',
      metric: endpoint.api.metricServerError({ period: FIVE_MINUTES, statistic: 'Sum' }),
      threshold: 3,
      evaluationPeriods: 1,
      severity: 'high',
      runbookHeading: 'Slack gets errors',
    },
  ];
}
