import type { MetricName } from './metric-catalog.ts';

/** An alarm on a metric that the functions write. */
export interface AlarmDefinition {
  /** Stable; part of the alarm's name. */
  readonly id: string;
  /** One sentence, read first by whoever is woken. */
  readonly title: string;
  readonly metric: MetricName;
  readonly statistic: 'Sum' | 'Maximum';
  /** The alarm goes off at this value or above. */
  readonly threshold: number;
  readonly periodSeconds: number;
  /** How many of the last periods are looked at. */
  readonly evaluationPeriods: number;
  /**
   * How many of these must be at the threshold; all of them where it is absent. Fewer where the metric comes as often as a period
   * is long: of such periods one may get two values and the next none, and an alarm that wants every one would go off and be quiet
   * again each time, a page a time.
   */
  readonly datapointsToAlarm?: number;
  /** `high`: access may be open that should not be, or cannot be given in an emergency. */
  readonly severity: 'high' | 'low';
  /** Only where there is Slack. @default false */
  readonly ofSlack?: boolean;
  /** Heading in docs/runbook.md. */
  readonly runbookHeading: string;
  /** Only where the configuration asks for what it watches. */
  readonly onlyWith?: 'nightly-canary';
  /** The setting of `slack` whose value the alarm says. */
  readonly names?: 'approvalChannel';
}
