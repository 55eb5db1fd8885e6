/**
 * The metrics the functions write and the alarms on them. Data only: the stack makes CloudWatch alarms from it, and whoever runs
 * the same functions elsewhere can judge the same metrics by the same rules.
 */
export const METRIC_NAMESPACE = 'Glasshammer';

/** Watched by an alarm each. Counts without dimensions; what one unit means is said here and nowhere else. */
export const METRICS = {
  /** An attempt to take access back failed, whatever the reason. */
  revokeFailed: 'RevokeFailed',
  /** Sessions of an access that is over could not be cut; it is being retried for as long as they may live. */
  sessionsUncut: 'SessionsUncut',
  /** A grant ended without access. */
  grantFailed: 'GrantFailed',
  /** Leases past their end when a sweep looked; every sweep writes it, 0 included. */
  leasePastEnd: 'LeasePastEnd',
  /** One item of a sweep failed, or the sweep could not finish. */
  sweepFailed: 'SweepFailed',
  /** Whether access is still justified could not be found out. */
  recheckFailed: 'RecheckFailed',
  /** A call to Slack failed after its retries, so somebody was not told. */
  slackFailed: 'SlackFailed',
  /** Approvers could not be asked in their channel: the app is not in it, or it is archived or gone. */
  approvalChannelGone: 'ApprovalChannelGone',
  /** A report could not be read or sent. */
  reportFailed: 'ReportFailed',
  /** A record of the access table could not be read and was skipped. */
  malformedRecord: 'MalformedRecord',
  /** A workflow failed, timed out or was aborted, and its clean-up was started. */
  workflowStopped: 'WorkflowStopped',
  /** A call of Slack broke on our side; the person was asked to try again. */
  callFailed: 'CallFailed',
  /** A call to the Slack address was not from Slack: no signature, a wrong one, or a stale one. */
  forgedCall: 'ForgedCall',
  /** A signed call to the API whose caller AWS did not prove, or whose parts do not agree. */
  unprovenCall: 'UnprovenCall',
  /** An event could not be handed to the bus or the archive; it is being retried. */
  auditFailed: 'AuditFailed',
  /** History, a request or a lease in the table was changed by somebody other than the program. */
  tampered: 'RecordsTampered',
  /** An assignment was made or removed outside of Glasshammer and told of. */
  driftFound: 'DriftFound',
  /** A change of an assignment, or a part of the full pass over them, could not be looked at. */
  driftUnseen: 'DriftUnseen',
  /** The nightly trial was not given access, or it is still there. */
  canaryFailed: 'CanaryFailed',
} as const;

export type MetricName = (typeof METRICS)[keyof typeof METRICS];

/** What an operator looks at and nobody is woken for: counts, and times in seconds. On the dashboard, without alarms. */
export const DASHBOARD_METRICS = {
  /** People asked for access. Each request ends up in at most one of the outcomes below, apart from those still open. */
  requests: 'Requests',
  requestsGranted: 'RequestsGranted',
  requestsRefused: 'RequestsRefused',
  requestsDenied: 'RequestsDenied',
  requestsExpired: 'RequestsExpired',
  requestsCancelled: 'RequestsCancelled',
  requestsFailed: 'RequestsFailed',
  /** Seconds from the moment nothing stood in the way (asked, approved, or due to start) until access was there. */
  timeToAccess: 'TimeToAccess',
  /** Seconds from the end, planned or earlier, until access was gone. */
  timeFromEndToRemoved: 'TimeFromEndToRemoved',
  /** Seconds by which the most overdue access was past its end when a sweep looked; every sweep writes it, 0 included. */
  sweepLag: 'SweepLag',
} as const;

export type DashboardMetricName = (typeof DASHBOARD_METRICS)[keyof typeof DASHBOARD_METRICS];

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
  /** Heading in docs/runbook.md. */
  readonly runbookHeading: string;
  /** Only where the configuration asks for what it watches. */
  readonly onlyWith?: 'nightly-canary';
  /** The setting of `slack` whose value the alarm says. */
  readonly names?: 'approvalChannel';
}

const FIVE_MINUTES = 300;

/** Once is enough. */
const ONCE_IN_FIVE_MINUTES = {
  statistic: 'Sum',
  threshold: 1,
  periodSeconds: FIVE_MINUTES,
  evaluationPeriods: 1,
} as const;

const ONCE_IN_A_MINUTE = { ...ONCE_IN_FIVE_MINUTES, periodSeconds: 60 } as const;

export const ALARMS: readonly AlarmDefinition[] = [
  {
    id: 'revoke-failed',
    title: 'Access could not be taken back; it is being retried',
    metric: METRICS.revokeFailed,
    // Retries are less than five minutes apart, so the alarm stays on until one succeeds.
    ...ONCE_IN_FIVE_MINUTES,
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
    datapointsToAlarm: 3,
    severity: 'low',
    runbookHeading: 'Access could not be checked again',
  },
  {
    id: 'sessions-uncut',
    title: 'Sessions begun before an access ended could not be cut; it is being retried',
    metric: METRICS.sessionsUncut,
    // Retries are less than five minutes apart, so the alarm stays on until one succeeds or the sessions have run out.
    ...ONCE_IN_FIVE_MINUTES,
    severity: 'high',
    runbookHeading: 'Live sessions are not cut',
  },
  {
    id: 'workflow-stopped',
    title: 'A workflow stopped before its end; its clean-up was started',
    metric: METRICS.workflowStopped,
    ...ONCE_IN_FIVE_MINUTES,
    severity: 'high',
    runbookHeading: 'A workflow stopped',
  },
  {
    id: 'grant-failed',
    title: 'Somebody was allowed access and did not get it',
    metric: METRICS.grantFailed,
    ...ONCE_IN_FIVE_MINUTES,
    severity: 'high',
    runbookHeading: 'Access could not be given',
  },
  {
    id: 'slack-failed',
    title: 'Slack did not take a message',
    metric: METRICS.slackFailed,
    ...ONCE_IN_FIVE_MINUTES,
    // A story that cannot be told is tried this often within minutes; in a quiet week it may be the only one.
    threshold: 3,
    severity: 'low',
    runbookHeading: 'Slack cannot be reached',
  },
  {
    id: 'slack-call-failed',
    title: 'Somebody pressed a button and it broke on our side',
    metric: METRICS.callFailed,
    ...ONCE_IN_FIVE_MINUTES,
    // As for the endpoint's own errors: one may be a throttle that passes, three are an outage.
    threshold: 3,
    severity: 'high',
    runbookHeading: 'Slack gets errors',
  },
  {
    id: 'approval-channel-gone',
    title: 'Approvers cannot be asked in their channel; they are asked directly',
    metric: METRICS.approvalChannelGone,
    ...ONCE_IN_FIVE_MINUTES,
    severity: 'high',
    runbookHeading: 'Approvers cannot be asked in their channel',
    names: 'approvalChannel',
  },
  {
    id: 'report-failed',
    title: 'A report could not be read or sent',
    metric: METRICS.reportFailed,
    ...ONCE_IN_FIVE_MINUTES,
    severity: 'low',
    runbookHeading: 'A report is missing',
  },
  {
    id: 'malformed-record',
    title: 'A record of the access table cannot be read',
    metric: METRICS.malformedRecord,
    ...ONCE_IN_FIVE_MINUTES,
    severity: 'low',
    runbookHeading: 'A record cannot be read',
  },
  {
    id: 'forged-calls',
    title: 'Somebody other than Slack calls the Slack address',
    metric: METRICS.forgedCall,
    ...ONCE_IN_FIVE_MINUTES,
    // Scanners find every address; a stream of calls is a wrong signing secret or an attack.
    threshold: 20,
    severity: 'low',
    runbookHeading: 'Calls that are not from Slack',
  },
  {
    id: 'unproven-calls',
    title: 'Signed calls to the API come from somebody who is not proven',
    metric: METRICS.unprovenCall,
    ...ONCE_IN_FIVE_MINUTES,
    // One is a session that is not of Identity Center, by mistake; a stream of them is a wrong policy or an attack.
    threshold: 5,
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
    ...ONCE_IN_A_MINUTE,
    severity: 'high',
    runbookHeading: 'Records were changed by hand',
  },
  {
    id: 'drift-found',
    title: 'An assignment was made or removed outside of Glasshammer; the operators were told which and by whom',
    metric: METRICS.driftFound,
    // A minute, so that the alarm is not later than the message.
    ...ONCE_IN_A_MINUTE,
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
    ...ONCE_IN_FIVE_MINUTES,
    severity: 'high',
    runbookHeading: 'The canary failed',
    onlyWith: 'nightly-canary',
  },
];
