import { restartCut } from '../../../../core/access/recovery/restart-cut.ts';
import type { Assignment } from '../../../../core/model/target.ts';
import { ANAS_ASSIGNMENT, NOON } from '../requests.ts';

const KEY = 'a'.repeat(64);

function starts() {
  const started: unknown[] = [];
  const startCut = async (...input: [string, Assignment, string]) => void started.push(input);
  return { started, services: { workflow: { startCut } } };
}

test('a cut without a request is started again when its workflow dies, with the time at which the access ended', async () => {
  const { started, services } = starts();
  const dead = { made: ANAS_ASSIGNMENT, cutSince: NOON };
  expect(await restartCut({ requestId: `lost-${KEY}`, ...dead }, services)).toBe(true);
  expect(await restartCut({ requestId: `lost-${KEY}-2`, ...dead }, services)).toBe(true);
  expect(started).toEqual([
    [`${KEY}-2`, ANAS_ASSIGNMENT, NOON],
    [`${KEY}-3`, ANAS_ASSIGNMENT, NOON],
  ]);
});

test.each([`lost-${KEY}-4`, 'req-1', 'lost-by-hand'])(
  'no cut is started again after the workflow %s, so that it cannot go on for ever',
  async (requestId) => {
    const { started, services } = starts();
    expect(await restartCut({ requestId, made: ANAS_ASSIGNMENT, cutSince: NOON }, services)).toBe(false);
    expect(started).toEqual([]);
  },
);
