import { ALARMS, METRICS, type MetricName } from '../../lambdas/alarms.ts';
import { AlarmBoard } from '../../sandbox/server/alarms.ts';

/** What is counted, and in which minute. */
type Counted = readonly (readonly [minute: number, value: number])[];

/** The alarms that have gone off when this was counted and the minute after it is over. */
function rung(metric: MetricName, counted: Counted): string[] {
  const board = new AlarmBoard();
  for (const [minute, value] of counted) board.record(metric, value, minute * 60_000);
  return board.raised.map(({ id }) => id);
}

const once = (value: number): Counted => [[60, value]];
/** In this many periods of five minutes, one after the other; sweeps come as often. */
const periods = (...values: readonly number[]): Counted => values.map((value, index) => [60 + 5 * index, value]);

/** Each alarm with what it must not wake anybody for, and with the least that it must. */
const CASES: readonly (readonly [id: string, metric: MetricName, quiet: readonly Counted[], loud: Counted])[] = [
  ['revoke-failed', METRICS.revokeFailed, [], once(1)],
  ['lease-past-end', METRICS.leasePastEnd, [once(7), periods(3, 0, 3)], periods(1, 1)],
  [
    'sweep-failed',
    METRICS.sweepFailed,
    [
      once(9),
      [
        [60, 1],
        [70, 1],
      ],
    ],
    periods(1, 1),
  ],
  ['workflow-stopped', METRICS.workflowStopped, [], once(1)],
  ['grant-failed', METRICS.grantFailed, [], once(1)],
  // A story that Slack does not take is tried this often within minutes; one slow moment of Slack is nobody's night.
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
  ['report-failed', METRICS.reportFailed, [], once(1)],
  ['malformed-record', METRICS.malformedRecord, [], once(1)],
  ['forged-calls', METRICS.forgedCall, [once(19), periods(19, 19)], once(20)],
  ['audit-failed', METRICS.auditFailed, [periods(5, 5), periods(1, 1, 0, 1)], periods(1, 1, 1)],
  ['drift-found', METRICS.driftFound, [], once(1)],
  ['drift-unseen', METRICS.driftUnseen, [periods(5, 5), periods(1, 1, 0, 1)], periods(1, 1, 1)],
];

describe('somebody is woken', () => {
  it.each(CASES)('by %s for no less than it takes, and for no more', (id, metric, quiet, loud) => {
    for (const counted of quiet) expect(rung(metric, counted)).toEqual([]);
    expect(rung(metric, loud)).toEqual([id]);
  });

  it('by none of them for nothing', () => {
    for (const { metric } of ALARMS) expect(rung(metric, periods(0, 0, 0, 0))).toEqual([]);
  });

  it('by every alarm there is, as looked at here', () => {
    expect(CASES.map(([id]) => id)).toEqual(ALARMS.map(({ id }) => id));
  });
});
