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
  'a temporary membership in %s counts for an allow policy only if that says leased: true',
  async (who) => {
    expect(await decided([allow({ who: [who] })])).toMatchObject({ outcome: 'refused' });
    expect(await decided([allow({ who: [who], leased: true })])).toMatchObject({ outcome: 'granted' });
    expect(await decided([allow({ who: [who], leased: false })])).toMatchObject({ outcome: 'refused' });
  },
);

test('a temporary membership does not give the use of the group’s access record', async () => {
  expect(await decided([], {}, [record('g-sre')])).toMatchObject({ outcome: 'refused' });
  expect(await decided([], {}, [record('ana')])).toMatchObject({ outcome: 'granted' });
});

test('a deny or require for the group binds its temporary members too', async () => {
  expect(await decided([allow(), deny({ who: ['group:SRE'] })])).toMatchObject({
    refusal: { reason: 'denied-by-policy' },
  });
  expect(await decided([allow(), demand({ who: ['group:g-sre'], ticket: { pattern: '^INC' } })])).toMatchObject({
    refusal: { reason: 'ticket-required' },
  });
});

test('a temporary member of an approver group is not asked, and neither their yes nor their no counts', async () => {
  const decision = await decided([allowAfter()], { user: 'ben', votes: ['dan'] });
  expect(decision).toMatchObject({ outcome: 'needs-approval', refusedVotes: [{ why: { reason: 'not-approver' } }] });
  expect(decision.approvers).toEqual(['cleo']);
  // A denial by Dan does not count either.
  expect(await decided([allowAfter()], { user: 'ben', votes: ['!dan', 'cleo'] })).toMatchObject({ outcome: 'granted' });
});

test('a policy with leased: true lets temporary members of an approver group vote', async () => {
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

test('a temporary member who is an approver by another group as well can vote', async () => {
  const policy = allowAfter({ approvers: ['group:Leads', 'group:Directors'] });
  expect(await decided([policy], { user: 'ben', votes: ['dan'] })).toMatchObject({ outcome: 'granted' });
});

test('a policy whose count is reached only with temporary members is unusable', async () => {
  expect(await decided([allowAfter({ count: 2 })], { user: 'ben' })).toMatchObject({
    refusal: { reason: 'no-approver' },
  });
});

test('the policy check reports a group that people may join and that another policy relies on', () => {
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
