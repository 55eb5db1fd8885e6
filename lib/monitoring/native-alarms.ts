import { Duration } from 'aws-cdk-lib';
import { type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ApiDoor } from '../api/api-door.ts';
import type { WebConsole } from '../console/web-console.ts';
import type { AccessFunctions } from '../functions/access-functions.ts';
import type { DeadLetters } from '../functions/dead-letters.ts';
import type { SlackEndpoint } from '../slack/slack-endpoint.ts';
import type { AccessWorkflow } from '../workflow/access-workflow.ts';
import { SWEEP_MINUTES } from '../workflow/sweep.ts';

/** An alarm on a metric that AWS writes, as opposed to our functions. */
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
  /** @default - no data is no problem */
  readonly missing?: TreatMissingData;
  readonly severity: 'high' | 'low';
  /** Heading in docs/runbook.md. */
  readonly runbookHeading: string;
}

export interface Watched {
  readonly functions: AccessFunctions;
  readonly workflow: AccessWorkflow;
  /** Where there is Slack. */
  readonly endpoint?: SlackEndpoint;
  /** Where there is an API. */
  readonly door?: ApiDoor;
  readonly webConsole?: WebConsole;
  readonly deadLetters: Readonly<Record<string, DeadLetters>>;
}

const FIVE_MINUTES = Duration.minutes(5);

/** So many refused calls in five minutes are nobody's mistakes any more. */
const FLOOD = 1_000;

/** Dead letters that nobody is woken for: a reminder that was lost is sent an hour later, and no event is lost with its record. */
const CAN_WAIT: ReadonlySet<string> = new Set(['review-reminders', 'audit-to-bus', 'audit-to-archive']);

/** What AWS itself tells about the parts: functions, workflow, API, dead letters. */
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
      // No data is the very thing this alarm is about.
      missing: TreatMissingData.BREACHING,
      severity: 'high',
      runbookHeading: 'The sweep has not run',
    },
    ...functions.all().flatMap(([name, { function: made }]): NativeAlarm[] => [
      {
        id: `errors-${name}`,
        title: `${name} fails`,
        metric: made.metricErrors({ period: FIVE_MINUTES }),
        // Conflicts and throttling end an invocation and are retried by the workflow; a few are ordinary.
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
        // Milliseconds; half an hour of 24 in which nothing can be lost.
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
            // Its log, which alone would tell what was turned away, needs a role set for the whole account.
            id: 'api-flood',
            title: "Somebody floods the terminals' API",
            metric: door.refused.with({ period: FIVE_MINUTES }),
            threshold: FLOOD,
            evaluationPeriods: 1,
            // Slack and the web console have doors of their own.
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
            // A page asks again, and Slack and the terminal have doors of their own.
            severity: 'low' as const,
            runbookHeading: 'Calls are turned away',
          },
        ]),
  ];
}

/** What is told of the address that Slack calls. */
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
      // Unsigned or too many: Slack itself makes neither.
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
