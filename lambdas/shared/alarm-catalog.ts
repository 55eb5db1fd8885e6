import { METRICS, type MetricName } from './metric-catalog.ts';

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

const FIVE_MINUTES = 300;
/** One unit in one period is enough. */
const ONCE = { statistic: 'Sum', threshold: 1, evaluationPeriods: 1 } as const;
const THRICE = { ...ONCE, threshold: 3 } as const;

/**
 * The alarms on the metrics that the functions write. Data only: the stack makes CloudWatch alarms from it, and whoever runs the
 * same functions elsewhere can judge the same metrics by the same rules.
 */
export const ALARMS: readonly AlarmDefinition[] = [
  {
    id: 'revoke-failed',
    title: 'Access could not be taken back; it is being retried',
    metric: METRICS.revokeFailed,
    // Retries are less than five minutes apart, so the alarm stays on until one succeeds.
    ...ONCE,
    periodSeconds: FIVE_MINUTES,
    severity: 'high',
    runbookHeading: 'Access could not be taken back',
  },
  {
    id: 'lease-past-end',
    title: 'Access is still there after its end',
    metric: METRICS.leasePastEnd,
    statistic: 'Maximum',
    threshold: 1,
    periodSeconds: FIVE_MINUTES,
    // One sweep may find what has ended a moment ago; the second finds what does not end.
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    severity: 'high',
    runbookHeading: 'Access outlived its end',
  },
  {
    id: 'sweep-failed',
    title: 'The sweep could not end or check something',
    metric: METRICS.sweepFailed,
    statistic: 'Sum',
    threshold: 1,
    periodSeconds: FIVE_MINUTES,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    severity: 'high',
    runbookHeading: 'The sweep failed',
  },
  {
    id: 'recheck-failed',
    title: 'Whether access is still justified could not be found out',
    metric: METRICS.recheckFailed,
    statistic: 'Sum',
    threshold: 1,
    periodSeconds: FIVE_MINUTES,
    evaluationPeriods: 3,
    severity: 'low',
    runbookHeading: 'Access could not be checked again',
  },
  {
    id: 'sessions-uncut',
    title: 'Sessions begun before an access ended could not be cut; it is being retried',
    metric: METRICS.sessionsUncut,
    // Retries are less than five minutes apart, so the alarm stays on until one succeeds or the sessions have run out.
    ...ONCE,
    periodSeconds: FIVE_MINUTES,
    severity: 'high',
    runbookHeading: 'Live sessions are not cut',
  },
  {
    id: 'guard-grants',
    title: 'Somebody has edited an attached session guard so that it grants something',
    metric: METRICS.guardGrants,
    ...ONCE,
    // As often as the schedule looks, so that the alarm lasts as long as the policy grants.
    periodSeconds: 3600,
    severity: 'high',
    runbookHeading: 'A session guard grants something',
  },
  {
    id: 'guard-edited',
    title: 'Somebody has edited an attached session guard, and sessions that were cut may work again',
    metric: METRICS.guardEdited,
    ...ONCE,
    // As for one that grants.
    periodSeconds: 3600,
    severity: 'high',
    runbookHeading: 'A session guard grants something',
  },
  {
    id: 'guard-unseen',
    title: 'An attached session guard cannot be looked at, so nobody would notice that it grants something',
    metric: METRICS.guardUnseen,
    statistic: 'Sum',
    threshold: 1,
    // Two looks fall into each: a throttled one is nobody's night, an hour of them is a missing right or an outage.
    periodSeconds: 1800,
    evaluationPeriods: 2,
    severity: 'low',
    runbookHeading: 'A session guard cannot be seen',
  },
  {
    id: 'workflow-stopped',
    title: 'A workflow stopped before its end; its clean-up was started',
    metric: METRICS.workflowStopped,
    ...ONCE,
    periodSeconds: FIVE_MINUTES,
    severity: 'high',
    runbookHeading: 'A workflow stopped',
  },
  {
    id: 'grant-failed',
    title: 'Somebody was allowed access and did not get it',
    metric: METRICS.grantFailed,
    ...ONCE,
    periodSeconds: FIVE_MINUTES,
    severity: 'high',
    runbookHeading: 'Access could not be given',
  },
  {
    id: 'slack-failed',
    ofSlack: true,
    title: 'Slack did not take a message',
    metric: METRICS.slackFailed,
    // A story that cannot be told is tried this often within minutes; in a quiet week it may be the only one.
    ...THRICE,
    periodSeconds: FIVE_MINUTES,
    severity: 'low',
    runbookHeading: 'Slack cannot be reached',
  },
  {
    id: 'slack-call-failed',
    ofSlack: true,
    title: 'Somebody pressed a button and it broke on our side',
    metric: METRICS.callFailed,
    // As for the endpoint's own errors: one may be a throttle that passes, three are an outage.
    ...THRICE,
    periodSeconds: FIVE_MINUTES,
    severity: 'high',
    runbookHeading: 'Slack gets errors',
  },
  {
    id: 'approval-channel-gone',
    ofSlack: true,
    title: 'Approvers cannot be asked in their channel; they are asked directly',
    metric: METRICS.approvalChannelGone,
    ...ONCE,
    periodSeconds: FIVE_MINUTES,
    severity: 'high',
    runbookHeading: 'Approvers cannot be asked in their channel',
    names: 'approvalChannel',
  },
  {
    id: 'report-failed',
    title: 'A report could not be read or sent',
    metric: METRICS.reportFailed,
    ...ONCE,
    periodSeconds: FIVE_MINUTES,
    severity: 'low',
    runbookHeading: 'A report is missing',
  },
  {
    id: 'mail-failed',
    title: 'Somebody could not be written to by mail',
    metric: METRICS.mailFailed,
    ...THRICE,
    periodSeconds: FIVE_MINUTES,
    severity: 'low',
    runbookHeading: 'People get no mail',
  },
  {
    id: 'malformed-record',
    title: 'A record of the access table cannot be read',
    metric: METRICS.malformedRecord,
    ...ONCE,
    periodSeconds: FIVE_MINUTES,
    severity: 'low',
    runbookHeading: 'A record cannot be read',
  },
  {
    id: 'forbids-nobody',
    title: 'A record forbids something to somebody whom nobody is',
    metric: METRICS.forbidsNobody,
    ...ONCE,
    periodSeconds: FIVE_MINUTES,
    severity: 'low',
    runbookHeading: 'A record forbids something to nobody',
  },
  {
    id: 'forged-calls',
    ofSlack: true,
    title: 'Somebody other than Slack calls the Slack address',
    metric: METRICS.forgedCall,
    statistic: 'Sum',
    // Scanners find every address; a stream of calls is a wrong signing secret or an attack.
    threshold: 20,
    periodSeconds: FIVE_MINUTES,
    evaluationPeriods: 1,
    severity: 'low',
    runbookHeading: 'Calls that are not from Slack',
  },
  {
    id: 'unproven-calls',
    title: 'Signed calls to the API come from somebody who is not proven',
    metric: METRICS.unprovenCall,
    statistic: 'Sum',
    // One is a session that is not of Identity Center, by mistake; a stream of them is a wrong policy or an attack.
    threshold: 5,
    periodSeconds: FIVE_MINUTES,
    evaluationPeriods: 1,
    severity: 'low',
    runbookHeading: 'Calls to the API that nobody is proven for',
  },
  {
    id: 'audit-failed',
    title: 'Events cannot be handed to the bus or the archive; they are kept and retried',
    metric: METRICS.auditFailed,
    statistic: 'Sum',
    threshold: 1,
    periodSeconds: FIVE_MINUTES,
    // One throttled call is ordinary; a quarter of an hour of failures is an outage or a missing right.
    evaluationPeriods: 3,
    severity: 'low',
    runbookHeading: 'The audit is late',
  },
  {
    id: 'records-tampered',
    title: 'Somebody changed a request, a lease, a vote or the history of one in the table',
    metric: METRICS.tampered,
    ...ONCE,
    periodSeconds: 60,
    severity: 'high',
    runbookHeading: 'Records were changed by hand',
  },
  {
    id: 'drift-found',
    title:
      'An assignment was made or removed outside of Glasshammer; glasshammer drift status and the audit say which and by whom',
    metric: METRICS.driftFound,
    ...ONCE,
    // A minute, so that the alarm is not later than the message.
    periodSeconds: 60,
    severity: 'high',
    runbookHeading: 'Access that nobody asked Glasshammer for',
  },
  {
    id: 'drift-unseen',
    title: 'Changes of assignments by others cannot be looked at',
    metric: METRICS.driftUnseen,
    statistic: 'Sum',
    threshold: 1,
    periodSeconds: FIVE_MINUTES,
    // A step that was throttled goes on with the next one, five minutes later.
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    severity: 'low',
    runbookHeading: 'Drift cannot be seen',
  },
  {
    id: 'canary-failed',
    title: 'The nightly trial did not get access, or it was not taken back',
    metric: METRICS.canaryFailed,
    ...ONCE,
    periodSeconds: FIVE_MINUTES,
    severity: 'high',
    runbookHeading: 'The canary failed',
    onlyWith: 'nightly-canary',
  },
];
