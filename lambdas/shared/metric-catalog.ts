/** The namespace of the metrics the functions write. */
export const METRIC_NAMESPACE = 'Glasshammer';

/** Watched by an alarm each. Counts without dimensions; what one unit means is said here and nowhere else. */
export const METRICS = {
  /** An attempt to take access back failed, whatever the reason. */
  revokeFailed: 'RevokeFailed',
  /** Sessions of an access that is over could not be cut; it is being retried for as long as they may live. */
  sessionsUncut: 'SessionsUncut',
  /** A session guard that is attached to permission sets was edited so that it allows something. */
  guardGrants: 'GuardGrants',
  /** A session guard that is attached to permission sets was edited, and allows nothing by it: sessions that were cut may work again. */
  guardEdited: 'GuardEdited',
  /** A look at the attached session guards could not see one of them: an account, or a permission set's accounts. */
  guardUnseen: 'GuardUnseen',
  /** A grant ended without access. */
  grantFailed: 'GrantFailed',
  /** Leases past their end when a sweep looked; every sweep writes it, 0 included. */
  leasePastEnd: 'LeasePastEnd',
  /** Access that is held and that the configuration has left out, so that no role may take it back; every sweep writes it, 0 included. */
  leftOut: 'LeftOut',
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
  /** A record that forbids or demands something names somebody whom the directory does not know, or could not be asked for. */
  forbidsNobody: 'ForbidsNobody',
  /** A workflow failed, timed out or was aborted, and its clean-up was started. */
  workflowStopped: 'WorkflowStopped',
  /** Somebody could not be written to by mail. */
  mailFailed: 'MailFailed',
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
