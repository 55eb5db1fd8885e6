import { everyNight } from '../../../sandbox/server/schedules.ts';

test('every night the sandbox runs both steps of the canary at the hours of the deployed rules', () => {
  const due: [number, () => void][] = [];
  const sent: string[] = [];
  let nowMs = Date.parse('2026-01-05T02:30:00Z');
  everyNight({ nowMs: () => nowMs, schedule: (at, fn) => (due.push([at, fn]) > 0 ? () => {} : () => {}) }, (event) =>
    sent.push(`${new Date(nowMs).toISOString()} ${JSON.stringify(event)}`),
  );
  for (let nth = 0; nth < 4; nth++) {
    due.sort(([a], [b]) => a - b);
    const [at = 0, fire = () => {}] = due.shift() ?? [];
    nowMs = at;
    fire();
  }
  expect(sent).toEqual([
    '2026-01-05T03:45:00.000Z {"nightly":"judge"}',
    '2026-01-06T02:00:00.000Z {"nightly":"ask"}',
    '2026-01-06T03:45:00.000Z {"nightly":"judge"}',
    '2026-01-07T02:00:00.000Z {"nightly":"ask"}',
  ]);
});
