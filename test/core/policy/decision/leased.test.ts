import { checkPolicies } from '../../../../core/policy/authoring/check.ts';
import { directoryOf } from '../../../../core/policy/authoring/organization.ts';
import { decide } from '../../../../core/policy/decision/decide.ts';
import { factsNeeded, gatherFacts } from '../../../../core/policy/decision/facts.ts';
import { policySetOf } from '../../../../core/policy/records/policy-set.ts';
import {
  allow,
  allowAfter,
  type DecisionInput,
  demand,
  deny,
  MONDAY_MORNING,
  record,
  requestInputOf,
  WORLD,
} from '../world.ts';

/** Ana is in SRE, and Dan in Leads, only because Glasshammer put them there. */
const GIVEN = [
  { principalId: 'ana', groupId: 'g-sre' },
  { principalId: 'dan', groupId: 'g-leads' },
];
const DIRECTORY = {
  ...directoryOf(WORLD),
  givenMemberships: async (asked: readonly { principalId: string; groupId: string }[]) =>
    asked.filter((one) => GIVEN.some((g) => g.principalId === one.principalId && g.groupId === one.groupId)),
};

async function decided(
  policies: readonly object[],
  ask: DecisionInput = {},
  records = [] as ReturnType<typeof record>[],
) {
  const policySet = policySetOf(policies);
  const asked = requestInputOf(ask);
  const requestInput = {
    ...asked,
    person: { ...asked.person, leasedGroupIds: ask.user === undefined ? ['g-sre'] : [] },
  };
  const facts = await gatherFacts(factsNeeded(policySet, records, requestInput), DIRECTORY);
  return decide(policySet, records, requestInput, facts);
}

test.each(['group:SRE', 'group:g-sre'])(
  'membership in %s that was given for a time opens no door by itself',
  async (who) => {
    expect(await decided([allow({ who: [who] })])).toMatchObject({ outcome: 'refused' });
    expect(await decided([allow({ who: [who], leased: true })])).toMatchObject({ outcome: 'granted' });
    expect(await decided([allow({ who: [who], leased: false })])).toMatchObject({ outcome: 'refused' });
  },
);

test('nor does it use an access record of the group', async () => {
  expect(await decided([], {}, [record('g-sre')])).toMatchObject({ outcome: 'refused' });
  expect(await decided([], {}, [record('ana')])).toMatchObject({ outcome: 'granted' });
});

test('it frees nobody from what binds the group', async () => {
  expect(await decided([allow(), deny({ who: ['group:SRE'] })])).toMatchObject({
    refusal: { reason: 'denied-by-policy' },
  });
  expect(await decided([allow(), demand({ who: ['group:g-sre'], ticket: { pattern: '^INC' } })])).toMatchObject({
    refusal: { reason: 'ticket-required' },
  });
});

test('nobody approves by a membership they were given, and nobody is asked for it', async () => {
  const decision = await decided([allowAfter()], { user: 'ben', votes: ['dan'] });
  expect(decision).toMatchObject({ outcome: 'needs-approval', refusedVotes: [{ why: { reason: 'not-approver' } }] });
  expect(decision.approvers).toEqual(['cleo']);
  // Nor does such a no count.
  expect(await decided([allowAfter()], { user: 'ben', votes: ['!dan', 'cleo'] })).toMatchObject({ outcome: 'granted' });
});

test('a policy may say that they do', async () => {
  expect(await decided([allowAfter({}, { leased: true })], { user: 'ben', votes: ['dan'] })).toMatchObject({
    outcome: 'granted',
  });
  const two = (leased: boolean) =>
    demand({ name: 'two', approval: { approvers: ['group:Leads'] }, ...(leased ? { leased } : {}) });
  const alone = allowAfter({ approvers: ['user:eve'] });
  expect(await decided([alone, two(false)], { user: 'ben', votes: ['eve', 'dan'] })).toMatchObject({
    outcome: 'needs-approval',
  });
  expect(await decided([alone, two(true)], { user: 'ben', votes: ['eve', 'dan'] })).toMatchObject({
    outcome: 'granted',
  });
});

test('who is an approver by another way stays one', async () => {
  const policy = allowAfter({ approvers: ['group:Leads', 'group:Directors'] });
  expect(await decided([policy], { user: 'ben', votes: ['dan'] })).toMatchObject({ outcome: 'granted' });
});

test('enough approvers is counted without those', async () => {
  expect(await decided([allowAfter({ count: 2 })], { user: 'ben' })).toMatchObject({
    refusal: { reason: 'no-approver' },
  });
});

test('a check names the chain from a group that can be joined to what it would open', () => {
  const join = (groups: readonly string[]) => ({ name: 'join', effect: 'allow', who: ['group:Developers'], groups });
  const found = (policies: readonly object[]) =>
    checkPolicies(policySetOf(policies), [], WORLD, MONDAY_MORNING)
      .filter(({ text }) => text.includes('join,'))
      .map(({ severity, text }) => `${severity}: ${text}`);
  expect(found([join(['g-leads']), allowAfter()])).toEqual([
    expect.stringMatching(/^error: policy "allow": approval.approvers names group:Leads.*"join" lets group:Developers/),
  ]);
  expect(found([join(['SRE']), allow({ who: ['group:g-sre'] })])).toEqual([
    expect.stringMatching(/^error: .*who names/),
  ]);
  expect(found([join(['SRE']), allow({ who: ['group:g-sre'], leased: true })])).toEqual([
    expect.stringMatching(/^warning: /),
  ]);
  expect(found([join(['OnCall']), allowAfter(), deny({ who: ['group:OnCall'] })])).toEqual([]);
  expect(
    found([
      join(['SRE']),
      allowAfter({ escalate: { after: '10m', to: ['group:SRE'] } }),
      demand({ who: ['group:SRE'], reason: { minLength: 1 } }),
    ]),
  ).toEqual([expect.stringContaining('approval.escalate.to names group:SRE')]);
});
