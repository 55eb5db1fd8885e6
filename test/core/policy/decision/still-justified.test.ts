import type { EndsWith } from '../../../../core/model/decision.ts';
import { directoryOf } from '../../../../core/policy/authoring/organization.ts';
import { factsNeeded, gatherFacts } from '../../../../core/policy/decision/facts.ts';
import { NO_FACTS } from '../../../../core/policy/decision/known-facts.ts';
import { inputOfLive, stillJustified } from '../../../../core/policy/decision/still-justified.ts';
import { policySetOf } from '../../../../core/policy/records/policy-set.ts';
import { allow, allowAfter, deny, MONDAY_MORNING, requestInputOf, WORLD } from '../world.ts';

const EVERYTHING: EndsWith[] = ['policy', 'membership', 'hours'];
const SUNDAY = '2026-01-04T09:00:00Z';
const WEEKDAYS = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], timeZone: 'UTC' };

interface Now {
  readonly policies: readonly object[];
  readonly endsWith?: readonly EndsWith[];
  readonly groupIds?: readonly string[];
  readonly leasedGroupIds?: readonly string[];
  readonly at?: string;
  readonly blind?: boolean;
}

/** Ana has access by the policy `allow`. */
async function justification({ policies, endsWith = EVERYTHING, at = MONDAY_MORNING, ...more }: Now) {
  const { person, target } = requestInputOf({});
  const { groupIds = person.groupIds, leasedGroupIds = [] } = more;
  const live = { person: { ...person, groupIds, leasedGroupIds }, target, path: 'allow', endsWith };
  const policySet = policySetOf(policies);
  const request = factsNeeded(policySet, [], inputOfLive(live, at), undefined, true);
  const facts = more.blind === true ? NO_FACTS : await gatherFacts(request, directoryOf(WORLD));
  return stillJustified(live, policySet, [], facts, at);
}

async function judged(now: Now) {
  const answer = await justification(now);
  return answer.holds === 'no' ? answer.because : answer.holds;
}

const SRE = allow({ who: ['group:SRE'], hours: WEEKDAYS });

test('access goes on while everything that justified it holds, whatever approval it took', async () => {
  expect(await judged({ policies: [SRE] })).toBe('yes');
  expect(await judged({ policies: [allowAfter({}, { maxDuration: '30m', reason: { minLength: 20 } })] })).toBe('yes');
});

test('access ends when its policy is gone or is about something else, or a deny applies', async () => {
  expect(await judged({ policies: [] })).toBe('policy');
  expect(await judged({ policies: [allow({ accounts: ['ou:ou-test'] })] })).toBe('policy');
  expect(await judged({ policies: [SRE, deny()] })).toBe('policy');
  expect(await judged({ policies: [SRE, { name: 'x', effect: 'deny', who: [] }] })).toBe('policy');
});

test.each<[string, object[], string]>([
  ['is gone', [], 'policy "allow" no longer allows this'],
  ['cannot be read', [{ ...SRE, accounts: 'x' }], 'policy "allow" cannot be read any more, so it allows nothing'],
  ['has no effect', [{ ...SRE, effect: 'x' }], 'policy "allow" cannot be read any more, so it allows nothing'],
  ['is denied', [SRE, deny()], 'policy "deny" forbids this now'],
  ['may be denied', [SRE, { ...deny(), hours: 'x' }], 'policy "deny" cannot be read and might forbid this'],
])('the person is told truly why it ends when the policy %s', async (_what, policies, sentence) => {
  expect(await justification({ policies })).toEqual({ holds: 'no', because: 'policy', sentence });
});

test('it ends when the person has left the group, or was in it only for a time', async () => {
  expect(await judged({ policies: [SRE], groupIds: [] })).toBe('membership');
  expect(await judged({ policies: [SRE], leasedGroupIds: ['g-sre'] })).toBe('membership');
});

test('access ends when the hours of its policy are over', async () => {
  expect(await judged({ policies: [SRE], at: SUNDAY })).toBe('hours');
});

test('access ends only for a reason that its policy names in endsWith', async () => {
  expect(await judged({ policies: [], endsWith: ['membership', 'hours'] })).toBe('yes');
  expect(await judged({ policies: [SRE], endsWith: ['policy', 'hours'], groupIds: [] })).toBe('yes');
  expect(await judged({ policies: [SRE], endsWith: ['policy', 'membership'], at: SUNDAY })).toBe('yes');
  expect(await judged({ policies: [deny()], endsWith: [] })).toBe('yes');
});

test('access does not end because a fact could not be looked up', async () => {
  expect(await judged({ policies: [SRE], blind: true })).toBe('unknown');
  expect(await judged({ policies: [allow({ accounts: ['ou:ou-prod'] })], blind: true })).toBe('unknown');
});
