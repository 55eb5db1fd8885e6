import type { AccessItem } from '../../../../core/model/access-item.ts';
import type { Decision } from '../../../../core/model/decision.ts';
import type { Directory } from '../../../../core/model/directory.ts';
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
  record,
  requestInputOf,
  STAGING,
  WORLD,
} from '../world.ts';

/** Decides, and returns every look-up as `call argument`, sorted. */
async function lookUps(
  policies: readonly object[],
  ask: DecisionInput = {},
  records: readonly AccessItem[] = [],
  real: Directory = directoryOf(WORLD),
): Promise<{ decision: Decision; calls: string[] }> {
  const calls: string[] = [];
  const directory = new Proxy(real, {
    get: (target, call: Exclude<keyof Directory, 'givenMemberships'>) =>
      target[call] &&
      ((argument: string) => {
        calls.push(`${call} ${argument}`);
        return target[call](argument);
      }),
  });
  const policySet = policySetOf(policies);
  const requestInput = requestInputOf(ask);
  const facts = await gatherFacts(factsNeeded(policySet, records, requestInput), directory);
  return { decision: decide(policySet, records, requestInput, facts), calls: calls.sort((a, b) => (a < b ? -1 : 1)) };
}

describe('only what the outcome depends on is looked up', () => {
  test('nothing if policies name the person, the account and the permission set by id', async () => {
    expect(
      (await lookUps([allow({ who: ['user:ana'] }), deny({ who: ['group:g-sre'], accounts: [STAGING] })])).calls,
    ).toEqual([]);
  });

  test('nothing about policies for other accounts, however many they are', async () => {
    const others = Array.from({ length: 500 }, (_, index) =>
      allowAfter(
        { approvers: [`group:Approvers${index}`] },
        { name: `other-${index}`, accounts: [STAGING], who: [`group:Team${index}`] },
      ),
    );
    expect((await lookUps([allow(), ...others])).calls).toEqual([]);
  });

  test('nothing about approvers or allow policies for a person with an access record', async () => {
    const policies = [allowAfter({}, { who: ['group:SRE'], accounts: ['ou:ou-prod'] })];
    expect((await lookUps(policies, {}, [record('ana')])).calls).toEqual([]);
  });

  test('what a deny or require depends on, also for a person with an access record', async () => {
    const policies = [
      deny({ who: ['group:Developers'] }),
      demand({ accounts: ['ou:ou-test'], reason: { minLength: 5 } }),
    ];
    const { calls, decision } = await lookUps(policies, {}, [record('ana')]);
    expect(calls).toEqual(['groupIdByName Developers', 'ouPathOf 123456789012']);
    expect(decision.outcome).toBe('granted');
  });

  test('no approvers of a request that a deny refuses', async () => {
    const { calls } = await lookUps([allowAfter({}, { who: ['group:SRE'] }), deny({ accounts: ['tag:env=prod'] })]);
    expect(calls.filter((call) => call.startsWith('memberIdsOf'))).toEqual([]);
  });

  test('tags only where a tag is named, units only where a unit is', async () => {
    expect((await lookUps([allow({ accounts: ['tag:env=prod'] })])).calls).toEqual(['tagsOf 123456789012']);
    expect((await lookUps([allow({ accounts: ['ou:ou-prod'] })])).calls).toEqual(['ouPathOf 123456789012']);
  });

  test('approvers of the paths that match, and of no others', async () => {
    const { calls } = await lookUps([
      allowAfter({ approvers: ['group:Security'] }, { name: 'a' }),
      allowAfter({ approvers: ['group:Leads'] }, { name: 'b', who: ['user:ben'] }),
    ]);
    expect(calls).toEqual(['groupIdByName Security', 'memberIdsOf g-security', 'user eve']);
  });

  test('the same group once, however many policies name it', async () => {
    const policies = Array.from({ length: 20 }, (_, index) =>
      allowAfter({}, { name: `p-${index}`, who: ['group:SRE'] }),
    );
    const { calls } = await lookUps(policies);
    expect(calls.filter((call) => call === 'groupIdByName SRE')).toHaveLength(1);
    expect(calls.filter((call) => call === 'memberIdsOf g-leads')).toHaveLength(1);
  });

  test('the names of the person’s own groups, if policies name more groups than the person is in', async () => {
    const policies = Array.from({ length: 300 }, (_, index) =>
      allow({ name: `p-${index}`, who: [`group:Team${index}`] }),
    );
    const { calls } = await lookUps([...policies, allow({ name: 'mine', who: ['group:SRE'] })]);
    expect(calls).toEqual(['group g-sre']);
  });

  test('no group by its name if the name has the form of an Identity Center id', async () => {
    const id = '906751234a-0123abcd-4567-89ab-cdef-0123456789ab';
    expect((await lookUps([allow({ who: [`group:${id}`] })])).calls).toEqual([]);
  });

  test('of hundreds of approvers only as many as the count needs', async () => {
    const crowd = Array.from({ length: 400 }, (_, index) => `lead-${String(index).padStart(3, '0')}`);
    const real = directoryOf(WORLD);
    const { calls, decision } = await lookUps([allowAfter({ count: 2 })], {}, [], {
      ...real,
      memberIdsOf: async () => crowd,
      user: async (id) => ({ id, userName: id, displayName: id, email: '', enabled: true }),
    });
    expect(calls.filter((call) => call.startsWith('user ')).length).toBeLessThanOrEqual(3);
    expect(decision.approvals[0]?.approvers).toHaveLength(400);
  });
});

test('a request does not wait for an approver group that has only disabled people', async () => {
  const { decision } = await lookUps([allowAfter({ approvers: ['group:Leavers'] })]);
  expect(decision.refusal?.reason).toBe('no-approver');
});

test('the names of the permission set and group are looked up if the caller has not done so', async () => {
  const policySet = policySetOf([allow(), { name: 'join', effect: 'allow', who: ['everyone'], groups: ['OnCall'] }]);
  for (const ask of [{}, { group: 'g-oncall' }]) {
    const { names: _names, ...requestInput } = requestInputOf(ask);
    const facts = await gatherFacts(factsNeeded(policySet, [], requestInput), directoryOf(WORLD));
    expect(decide(policySet, [], requestInput, facts).outcome).toBe('granted');
  }
});

test('a directory that fails ends the decision: nothing is granted on half the facts', async () => {
  const broken: Directory = { ...directoryOf(WORLD), ouPathOf: () => Promise.reject(new Error('throttled')) };
  await expect(lookUps([allow({ accounts: ['ou:ou-prod'] })], {}, [], broken)).rejects.toThrow('throttled');
});

test('without the facts a deny depends on, everything is refused; without those an allow depends on, nothing is allowed', () => {
  const nothing = { groupIds: new Map(), userIds: new Map(), approvers: new Map(), users: new Map() };
  const deciding = (policies: readonly object[]) =>
    decide(policySetOf(policies), [], requestInputOf({}), nothing).refusal?.reason;
  expect(deciding([allow(), deny({ accounts: ['ou:ou-test'] })])).toBe('directory-unreadable');
  expect(deciding([allow(), demand({ who: ['group:Developers'], reason: { minLength: 1 } })])).toBe(
    'directory-unreadable',
  );
  expect(deciding([allow({ who: ['group:SRE'] })])).toBe('not-allowed');
});
