/** The namespace of the metrics the functions write. */
export const METRIC_NAMESPACE = 'Glasshammer';

/** Metrics that are watched by one alarm each: counts without dimensions. The comments define what one unit means. */
export const METRICS = {
  /** An attempt to take access back failed, whatever the reason. */
  revokeFailed: 'RevokeFailed',
  /** Sessions of an access that is over could not be cut. This is retried for as long as such sessions may live. */
  sessionsUncut: 'SessionsUncut',
  /** A session guard that is attached to permission sets was edited so that it allows something. */
  guardGrants: 'GuardGrants',
  /**
   * A session guard that is attached to permission sets was edited but allows nothing: sessions that were cut may work
   * again.
   */
  guardEdited: 'GuardEdited',
  /** A look at the attached session guards failed for an account, or for the list of a permission set's accounts. */
  guardUnseen: 'GuardUnseen',
  /** A grant ended without access. */
  grantFailed: 'GrantFailed',
  /**
   * Access that was still there after its end, and assignments that no live request holds, when a sweep looked; every
   * sweep writes it, 0 included.
   */
  leasePastEnd: 'LeasePastEnd',
  /**
   * Held access whose target the configuration no longer names, so no role may remove it; every sweep writes it, 0
   * included.
   */
  leftOut: 'LeftOut',
  /** One item of a sweep failed, or the sweep could not finish. */
  sweepFailed: 'SweepFailed',
  /** It could not be determined whether an access is still justified. */
  recheckFailed: 'RecheckFailed',
  /** A call to Slack failed after its retries, so a message did not arrive. */
  slackFailed: 'SlackFailed',
  /** Approvers could not be asked in their channel: the app is not in it, or it is archived or gone. */
  approvalChannelGone: 'ApprovalChannelGone',
  /** A report could not be read or sent. */
  reportFailed: 'ReportFailed',
  /** A record of the access table could not be read and was skipped. */
  malformedRecord: 'MalformedRecord',
  /**
   * A record that forbids or demands something names a principal whom the directory does not know, or the directory
   * could not be asked.
   */
  forbidsNobody: 'ForbidsNobody',
  /** A workflow failed, timed out or was aborted, and its clean-up was started. */
  workflowStopped: 'WorkflowStopped',
  /** A mail to a person failed. */
  mailFailed: 'MailFailed',
  /** A call of Slack failed in Glasshammer; the person was asked to try again. */
  callFailed: 'CallFailed',
  /** A call to the Slack endpoint did not come from Slack: its signature is missing, wrong or stale. */
  forgedCall: 'ForgedCall',
  /**
   * A call to the API whose caller is not proven: what AWS or the token says about the caller is missing or does not
   * agree.
   */
  unprovenCall: 'UnprovenCall',
  /** An event could not be handed to the bus or the archive; it is being retried. */
  auditFailed: 'AuditFailed',
  /**
   * Something other than Glasshammer changed a record in the table (history, a request, a lease), filled an item, or
   * removed all records of access that is held.
   */
  tampered: 'RecordsTampered',
  /** An assignment was made or removed outside of Glasshammer. Counted before operators are told. */
  driftFound: 'DriftFound',
  /** A change of an assignment, or a part of the full pass over all assignments, could not be examined. */
  driftUnseen: 'DriftUnseen',
  /** The nightly canary did not get access, or its access was not removed. */
  canaryFailed: 'CanaryFailed',
} as const;

export type MetricName = (typeof METRICS)[keyof typeof METRICS];

/** Metrics for the dashboard, without alarms: counts, and times in seconds. */
export const DASHBOARD_METRICS = {
  /** People asked for access. Each request ends in at most one of the outcomes below; an open request has none yet. */
  requests: 'Requests',
  requestsGranted: 'RequestsGranted',
  requestsRefused: 'RequestsRefused',
  requestsDenied: 'RequestsDenied',
  requestsExpired: 'RequestsExpired',
  requestsCancelled: 'RequestsCancelled',
  requestsFailed: 'RequestsFailed',
  /**
   * Seconds from the moment nothing stood in the way (asked, approved, or due to start) until the assignment was there.
   */
  timeToAccess: 'TimeToAccess',
  /** Seconds from the end, planned or earlier, until the assignment was gone. */
  timeFromEndToRemoved: 'TimeFromEndToRemoved',
  /**
   * How many seconds the most overdue access was past its end when a sweep looked; every sweep writes it, 0 included.
   */
  sweepLag: 'SweepLag',
} as const;

export type DashboardMetricName = (typeof DASHBOARD_METRICS)[keyof typeof DASHBOARD_METRICS];
