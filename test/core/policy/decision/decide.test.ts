import type { Decision } from '../../../../core/model/decision.ts';
import { decideIn, explainIn } from '../world.ts';
import { APPROVALS, BREAK_GLASS } from './approvals.ts';
import type { DecisionCase } from './case.ts';
import { CONDITIONS, UNREADABLE } from './conditions.ts';
import { DENIES, PATHS } from './effects.ts';
import { MATCHING } from './matching.ts';
import { REQUIREMENTS } from './requirements.ts';

const TABLES: Readonly<Record<string, readonly DecisionCase[]>> = {
  'who, target and hours': MATCHING,
  deny: DENIES,
  paths: PATHS,
  'length, reason and ticket': CONDITIONS,
  'policies that cannot be read': UNREADABLE,
  approvals: APPROVALS,
  'break glass': BREAK_GLASS,
  require: REQUIREMENTS,
};

describe.each(Object.entries(TABLES))('decide: %s', (_rule, cases) => {
  test.each(cases.map((one) => [one.it, one] as const))('%s', async (_it, one) => {
    const decision = await decideIn(one);
    expectDecision(decision, one);
    // An explanation looks everything up and judges every policy, and comes to the same.
    const explained = await explainIn(one);
    expect({ ...explained, policies: [] }).toEqual({ ...decision, policies: [] });
  });
});

function expectDecision(decision: Decision, one: DecisionCase): void {
  const told: Record<string, unknown> = { outcome: decision.outcome };
  const expected: Record<string, unknown> = { outcome: one.outcome };
  const hold = (key: keyof DecisionCase, value: unknown) => {
    if (one[key] === undefined) return;
    told[key] = value;
    expected[key] = one[key];
  };
  hold('path', decision.path);
  hold('refusal', decision.refusal?.reason);
  hold('maxHours', decision.maxDurationSeconds === undefined ? undefined : decision.maxDurationSeconds / 3600);
  hold('breakGlass', decision.breakGlass);
  hold('told', decision.skippedApprovers);
  hold('approvers', decision.approvers);
  hold(
    'needs',
    decision.approvals.map(({ policy, count, approvers }) => `${policy}: ${count} of ${approvers.join(', ')}`),
  );
  hold(
    'refusedVotes',
    decision.refusedVotes.map(({ principalId, why }) => {
      const denial = one.ask?.votes?.includes(`!${principalId}`) === true;
      return `${denial ? '!' : ''}${principalId}: ${why.reason}`;
    }),
  );
  expect(told).toEqual(expected);
  if (one.says !== undefined) expect(decision.reason).toContain(one.says);
  if (one.nearest !== undefined) {
    if (one.nearest === '') expect(decision.nearest).toBeUndefined();
    else expect(decision.nearest).toContain(one.nearest);
  }
  // A refusal is never without its reason, and nothing else has one.
  expect(decision.refusal === undefined).toBe(decision.outcome !== 'refused');
  expect(decision.reason).not.toBe('');
}

test('the table has at least 120 decisions, each with a name of its own within its rule', () => {
  const cases = Object.values(TABLES).flat();
  expect(cases.length).toBeGreaterThanOrEqual(120);
  for (const table of Object.values(TABLES)) expect(new Set(table.map(({ it }) => it)).size).toBe(table.length);
});
