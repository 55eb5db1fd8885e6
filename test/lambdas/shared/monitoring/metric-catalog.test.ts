import { ALARMS } from '../../../../lambdas/shared/monitoring/alarm-catalog.ts';
import { METRICS, type MetricName } from '../../../../lambdas/shared/monitoring/metric-catalog.ts';
import { AlarmBoard } from '../../../../sandbox/server/alarms.ts';

/** Values of a metric, each with the minute in which it is recorded. */
type Counted = readonly (readonly [minute: number, value: number])[];

/** The ids of the alarms that these values raise. */
function rung(metric: MetricName, counted: Counted): string[] {
  const board = new AlarmBoard(0);
  for (const [minute, value] of counted) board.record(metric, value, minute * 60_000);
  return board.raised.map(({ id }) => id);
}

const once = (value: number): Counted => [[60, value]];
/** One value in each of consecutive periods of five minutes, the interval of the sweep. */
const periods = (...values: readonly number[]): Counted => values.map((value, index) => [60 + 5 * index, value]);

/** Each alarm with values that must not raise it, and with the least that must. */
const CASES: readonly (readonly [id: string, metric: MetricName, quiet: readonly Counted[], loud: Counted])[] = [
  ['revoke-failed', METRICS.revokeFailed, [], once(1)],
  ['lease-past-end', METRICS.leasePastEnd, [once(7), periods(3, 0, 0, 3)], periods(1, 1)],
  ['left-out', METRICS.leftOut, [once(0)], once(1)],
  [
    'sweep-failed',
    METRICS.sweepFailed,
    [
      once(9),
      [
        [60, 1],
        [75, 1],
      ],
    ],
    periods(1, 1),
  ],
  ['recheck-failed', METRICS.recheckFailed, [periods(5, 5), periods(1, 1, 0, 1)], periods(1, 1, 1)],
  ['sessions-uncut', METRICS.sessionsUncut, [], once(1)],
  ['guard-grants', METRICS.guardGrants, [], once(1)],
  ['guard-edited', METRICS.guardEdited, [], once(1)],
  [
    'guard-unseen',
    METRICS.guardUnseen,
    [once(1), periods(1, 0, 0, 1)],
    [
      [60, 1],
      [75, 1],
      [90, 1],
      [105, 1],
    ],
  ],
  ['workflow-stopped', METRICS.workflowStopped, [], once(1)],
  ['grant-failed', METRICS.grantFailed, [], once(1)],
  // A status message that Slack refuses is tried three times within minutes; one slow moment of Slack wakes nobody.
  [
    'slack-failed',
    METRICS.slackFailed,
    [once(2), periods(2, 2, 2)],
    [
      [60, 1],
      [61, 1],
      [62, 1],
    ],
  ],
  [
    'slack-call-failed',
    METRICS.callFailed,
    [once(2), periods(1, 1, 1)],
    [
      [60, 1],
      [61, 1],
      [62, 1],
    ],
  ],
  ['approval-channel-gone', METRICS.approvalChannelGone, [], once(1)],
  ['report-failed', METRICS.reportFailed, [], once(1)],
  ['mail-failed', METRICS.mailFailed, [once(2)], once(3)],
  ['malformed-record', METRICS.malformedRecord, [], once(1)],
  ['forbids-nobody', METRICS.forbidsNobody, [], once(1)],
  ['forged-calls', METRICS.forgedCall, [once(19), periods(19, 19)], once(20)],
  ['unproven-calls', METRICS.unprovenCall, [once(4)], once(5)],
  ['audit-failed', METRICS.auditFailed, [periods(5, 5), periods(1, 1, 0, 1)], periods(1, 1, 1)],
  ['records-tampered', METRICS.tampered, [], once(1)],
  ['drift-found', METRICS.driftFound, [], once(1)],
  ['drift-unseen', METRICS.driftUnseen, [periods(5, 5), periods(1, 1, 0, 0, 0, 1)], periods(1, 1, 1)],
  ['canary-failed', METRICS.canaryFailed, [], once(1)],
];

describe('an alarm is raised', () => {
  it.each(CASES)('by %s at its threshold, and not below', (id, metric, quiet, loud) => {
    for (const counted of quiet) expect(rung(metric, counted)).toEqual([]);
    expect(rung(metric, loud)).toEqual([id]);
  });

  it.each([
    ['lease-past-end', METRICS.leasePastEnd],
    ['sweep-failed', METRICS.sweepFailed],
    ['drift-unseen', METRICS.driftUnseen],
  ])('once by %s while the fault lasts, even if the schedule drifts across the periods of the metric', (id, metric) => {
    const board = new AlarmBoard(0);
    const second = 1000;
    // For six hours, a value every five minutes, some seconds early or late; the alarms are evaluated in between.
    for (let at = 0; at < 72; at += 1) {
      const due = (at * 300 + ([0, 4, -3, 9, -8, 2][at % 6] ?? 0)) * second;
      board.record(metric, 1, due);
      for (let seconds = 10; seconds < 290; seconds += 20) board.evaluate(due + seconds * second);
    }
    expect(board.raised).toEqual([expect.objectContaining({ id, state: 'ALARM' })]);
    const [raised] = board.raised;
    expect(Date.parse(raised?.at ?? '')).toBeLessThanOrEqual(3 * 300 * second);
    board.evaluate((72 * 300 + 1500) * second);
    expect(raised?.state).toBe('OK');
  });

  it('by no metric that stays zero', () => {
    for (const { metric } of ALARMS) expect(rung(metric, periods(0, 0, 0, 0))).toEqual([]);
  });

  it('in the cases above for every alarm of the catalog', () => {
    expect(CASES.map(([id]) => id)).toEqual(ALARMS.map(({ id }) => id));
  });
});

test('the title of an alarm that also exists without Slack does not mention Slack, channels, buttons or threads', () => {
  const spoken = ALARMS.filter(
    ({ ofSlack, title }) => ofSlack !== true && /slack|channel|button|thread|were told/i.test(title),
  );
  expect(spoken.map(({ id }) => id)).toEqual([]);
});
