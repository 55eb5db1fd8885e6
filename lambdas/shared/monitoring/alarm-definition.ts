import type { MetricName } from './metric-catalog.ts';

/** An alarm on a metric that the functions write. */
export interface AlarmDefinition {
  /** Stable: part of the alarm's name. */
  readonly id: string;
  /** One sentence for the operator whom the alarm wakes. */
  readonly title: string;
  readonly metric: MetricName;
  readonly statistic: 'Sum' | 'Maximum';
  /** The alarm goes off at this value or above. */
  readonly threshold: number;
  readonly periodSeconds: number;
  /** How many of the last periods are evaluated. */
  readonly evaluationPeriods: number;
  /**
   * How many of these periods must reach the threshold; absent: all. For a metric that is written about once a period:
   * two values may fall into one period and none into the next, so an alarm that needs every period would go off and
   * clear again and again, with a page each time.
   */
  readonly datapointsToAlarm?: number;
  /** `high`: access may be open that should not be, or cannot be given in an emergency. */
  readonly severity: 'high' | 'low';
  /** Only if Slack is configured. @default false */
  readonly ofSlack?: boolean;
  /** Heading in docs/runbook.md. */
  readonly runbookHeading: string;
  /** Only if the configuration turns on what the alarm watches. */
  readonly onlyWith?: 'nightly-canary';
  /** The setting of `slack` whose value the alarm's text contains. */
  readonly names?: 'approvalChannel';
}
