import type { AlarmDefinition } from './alarm-definition.ts';
import { METRICS } from './metric-catalog.ts';

const FIVE_MINUTES = 300;
/** One count in one period is enough. */
const ONCE = { statistic: 'Sum', threshold: 1, evaluationPeriods: 1 } as const;
const THRICE = { ...ONCE, threshold: 3 } as const;

/**
 * The alarms on the metrics that the functions write. This is data only: the stack makes CloudWatch alarms from it, and
 * an operator who runs the same functions elsewhere can apply the same rules.
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
    // The first sweep that sees a lease past its end usually ends it; a second sighting means that it does not end.
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    severity: 'high',
    runbookHeading: 'Access outlived its end',
  },
  {
    id: 'left-out',
    title: 'The configuration no longer names access that is held, so it cannot be taken back: retire it and deploy',
    metric: METRICS.leftOut,
    ...ONCE,
    periodSeconds: FIVE_MINUTES,
    // Every sweep counts it. The alarm goes off at the first count, and stays on until the target is listed under
    // `retired` or the access is over.
    evaluationPeriods: 3,
    datapointsToAlarm: 1,
    severity: 'high',
    runbookHeading: 'Access was left out of the configuration',
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
    // An hour, with four looks of the schedule in it, so that the alarm stays on while the policy grants something.
    periodSeconds: 3600,
    severity: 'high',
    runbookHeading: 'A session guard grants something',
  },
  {
    id: 'guard-edited',
    title: 'Somebody has edited an attached session guard, and sessions that were cut may work again',
    metric: METRICS.guardEdited,
    ...ONCE,
    // As for `guard-grants`.
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
    // Two looks of the schedule fall into each period. One throttled look is no reason to wake anybody; an hour of them
    // means a missing right or an outage.
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
    // A failed message is tried at least three times within minutes, so even in a quiet week, with a single message, an
    // outage reaches this.
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
    // As for the endpoint's own errors: one may be a passing throttle, three are an outage.
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
    // Scanners find every public address; a stream of calls means a wrong signing secret or an attack.
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
    // A single call is a session that is not of Identity Center, used by mistake; a stream of calls means a wrong
    // policy or an attack.
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
    // One throttled call is ordinary; a quarter of an hour of failures means an outage or a missing right.
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
    // A minute, so that the alarm goes off no later than the message to operators.
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
    // One throttled step is ordinary: the next step, five minutes later, goes on where it stopped.
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
