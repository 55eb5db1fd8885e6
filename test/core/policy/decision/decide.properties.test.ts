import fc from 'fast-check';
import type { AccessItem } from '../../../../core/model/access-item.ts';
import type { Decision } from '../../../../core/model/decision.ts';
import { policySetOf } from '../../../../core/policy/records/policy-set.ts';
import {
  type DecisionInput,
  decideIn,
  explainIn,
  type Fields,
  type Held,
  PROD,
  READ,
  record,
  STAGING,
} from '../world.ts';

/** People who are approvers in none of the generated policies. */
const BYSTANDERS = ['ben', 'nobody-at-all'];

/** Mostly the value that matches the request, so that many of the generated policies apply to it. */
const mostly = <T>(usual: T, rare: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: rare });
const few = (items: string[]) => fc.subarray(items, { minLength: 1, maxLength: 2 });

const who = mostly(
  ['everyone'],
  few(['everyone', 'user:ana', 'user:ANA@example.com', 'group:SRE', 'group:g-leads', 'user:eve', 'group:Gone']),
);
const accounts = mostly([PROD], few([PROD, STAGING, 'ou:ou-prod', 'tag:env=prod', '*', 'ou:ou-gone']));
const permissionSets = mostly(['*'], few(['AdministratorAccess', 'ReadOnlyAccess', '*', READ]));
const approvers = fc.subarray(
  ['group:Leads', 'group:g-directors', 'user:eve', 'user:ana', 'group:Empty', 'group:Gone'],
  {
    minLength: 1,
    maxLength: 3,
  },
);
const maxDuration = fc.constantFrom('1h', '2h', '4h', '8h');
const hours = fc.constantFrom({ days: ['mon'], timeZone: 'UTC' }, { days: ['tue'], timeZone: 'UTC' });
const reason = fc.constantFrom({ minLength: 1 }, { minLength: 6 });
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 1 });

const allowFields = fc.record({
  who,
  accounts,
  permissionSets,
  maxDuration: some(maxDuration),
  hours: some(hours),
  reason: some(reason),
  approval: mostly<Fields | undefined>(
    { approvers: ['group:Leads', 'user:eve'], count: 2 },
    some(fc.record({ approvers, count: fc.constantFrom(1, 1, 2), self: fc.boolean() })),
  ),
  breakGlass: fc.constantFrom(false, false, false, true),
});
const denyFields = fc.record({
  who,
  accounts: some(accounts),
  permissionSets: some(permissionSets),
  hours: some(hours),
});
const demandFields = fc.record({
  who,
  accounts: some(accounts),
  hours: some(hours),
  maxDuration: some(maxDuration),
  reason: some(reason),
  approval: fc.oneof(
    fc.record({ count: fc.constantFrom(1, 2) }),
    fc.record({ approvers, count: fc.constant(1) }),
    fc.constant({ self: false }),
    fc.record({ count: fc.constantFrom(1, 2), self: fc.constant(false) }),
  ),
});

/** Names come from the position, so that each policy has its own. */
const named = (effect: string, list: readonly Fields[]) =>
  list.map((fields, index) => defined({ name: `${effect}-${index}`, effect, ...fields }));

function defined(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const allows = fc.array(allowFields, { minLength: 1, maxLength: 4 }).map((list) => named('allow', list));
const denies = mostly<Fields[]>([], fc.array(denyFields, { maxLength: 1 })).map((list) => named('deny', list));
const demands = fc.array(demandFields, { maxLength: 2 }).map((list) => named('require', list));
const records: fc.Arbitrary<AccessItem[]> = fc.subarray(
  [record('ana', { maxDuration: '1h' }), record('g-sre'), record('ana ')],
  { maxLength: 1 },
);
const vote = fc.constantFrom('cleo', 'dan', 'eve', '!dan', '!eve', 'ana', '!ana', ...BYSTANDERS);
const ask: fc.Arbitrary<DecisionInput> = fc.record({
  user: fc.constantFrom('ana', 'ana', 'cleo', 'eve'),
  hours: fc.constantFrom(0.5, 1, 3),
  reason: fc.constantFrom('', 'because', 'disk full'),
  votes: fc.array(vote, { maxLength: 4 }),
});
const held = fc.record({ allows, denies, demands, records, ask });

type Generated = typeof held extends fc.Arbitrary<infer T> ? T : never;

const toHeld = ({ allows, denies, demands, records, ask }: Generated): Held => ({
  policies: [...allows, ...denies, ...demands],
  records,
  ask,
});

/** How much a person gets. */
const WIDTH = { refused: 0, 'needs-approval': 1, granted: 2 } as const;

/** What a decision means to the person. Its trace and hints are left out: they name policies, and so always differ. */
const essence = ({ policies: _policies, nearest: _nearest, skippedApprovers: _skipped, ...rest }: Decision) => rest;

async function always<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => Promise<void>): Promise<void> {
  await fc.assert(fc.asyncProperty(arbitrary, holds), { numRuns: 200 });
}

test('another deny or require never gives anybody more than they had', async () => {
  const more = fc.oneof(
    denyFields.map((fields) => named('deny', [fields])),
    demandFields.map((fields) => named('require', [fields])),
  );
  await always(fc.tuple(held, more), async ([generated, added]) => {
    const before = await decideIn(toHeld(generated));
    const extra = added.map((policy) => ({ ...policy, name: 'one-more' }));
    const after = await decideIn({ ...toHeld(generated), policies: [...toHeld(generated).policies, ...extra] });
    expect(WIDTH[after.outcome]).toBeLessThanOrEqual(WIDTH[before.outcome]);
    if (before.outcome !== 'needs-approval' || after.outcome !== 'needs-approval') return;
    const missing = (decision: Decision) =>
      Math.min(...decision.waitingPaths.map(({ approvals }) => approvals.reduce((sum, { count }) => sum + count, 0)));
    expect(missing(after)).toBeGreaterThanOrEqual(missing(before));
  });
});

test('the order in which records and policies were written never matters', async () => {
  await always(fc.tuple(held, fc.infiniteStream(fc.nat())), async ([generated, keys]) => {
    const { policies, records = [], ask = {} } = toHeld(generated);
    const shuffle = <T>(list: readonly T[]) =>
      list
        .map((one) => ({ one, key: keys.next().value ?? 0 }))
        .sort((a, b) => a.key - b.key)
        .map(({ one }) => one);
    expect(await decideIn({ policies: shuffle(policies), records: shuffle(records), ask })).toEqual(
      await decideIn({ policies, records, ask }),
    );
  });
});

test('whatever is granted, one path grants alone: conditions of different paths are never mixed', async () => {
  await always(held, async (generated) => {
    const together = await decideIn(toHeld(generated));
    if (together.outcome === 'refused') return;
    const ways = [
      ...generated.allows.map((allow) => ({ ...generated, allows: [allow], records: [] })),
      ...generated.records.map((one) => ({ ...generated, allows: [], records: [one] })),
    ];
    const alone = await Promise.all(ways.map((way) => decideIn(toHeld(way))));
    expect(Math.max(...alone.map(({ outcome }) => WIDTH[outcome]))).toBeGreaterThanOrEqual(WIDTH[together.outcome]);
    const path = alone.find((decision) => decision.path === together.path);
    expect(path?.maxDurationSeconds).toBe(together.maxDurationSeconds);
  });
});

test('nobody approves their own request where no policy allows it', async () => {
  await always(held, async (generated) => {
    const withoutSelf = generated.allows.map((allow) => {
      const { approval } = allow as { approval?: Fields };
      return approval === undefined ? allow : { ...allow, approval: { ...approval, self: false } };
    });
    const own = generated.ask.user ?? 'ana';
    const votes = (generated.ask.votes ?? []).filter((one) => one.replace('!', '') !== own);
    const quiet = await decideIn(toHeld({ ...generated, allows: withoutSelf, ask: { ...generated.ask, votes } }));
    const eager = await decideIn(
      toHeld({ ...generated, allows: withoutSelf, ask: { ...generated.ask, votes: [own, ...votes] } }),
    );
    expect(eager.outcome).toBe(quiet.outcome);
    expect(eager.approvals).toEqual(quiet.approvals);
    expect(quiet.approvers).not.toContain(own);
  });
});

test('one require with self: false decides as if every path forbade to approve one’s own request', async () => {
  await always(held, async (generated) => {
    const forbid = { name: 'no-self', effect: 'require', who: ['everyone'], approval: { self: false } };
    const { allows } = generated;
    const withoutSelf = allows.map((allow) => {
      const { approval } = allow as { approval?: Fields };
      return approval === undefined ? allow : { ...allow, approval: { ...approval, self: false } };
    });
    const forbidden = await decideIn(toHeld({ ...generated, demands: [...generated.demands, forbid] }));
    const never = await decideIn(toHeld({ ...generated, allows: withoutSelf }));
    expect(essence(forbidden)).toEqual(essence(never));
  });
});

test('an allow for somebody else changes nothing for this person', async () => {
  await always(fc.tuple(held, allowFields), async ([generated, fields]) => {
    const [other] = named('other', [{ ...fields, effect: 'allow', who: ['user:ben', 'group:Developers'] }]);
    const before = await decideIn(toHeld(generated));
    const after = await decideIn({
      ...toHeld(generated),
      policies: [{ ...other, effect: 'allow' }, ...toHeld(generated).policies],
    });
    expect(essence(after)).toEqual(essence(before));
  });
});

test('the vote of somebody who is no approver never changes anything', async () => {
  await always(
    fc.tuple(held, fc.constantFrom('ben', '!ben', '!nobody-at-all'), fc.nat(4)),
    async ([generated, bystander, position]) => {
      const votes = (generated.ask.votes ?? []).filter((one) => !BYSTANDERS.includes(one));
      const before = await decideIn(toHeld({ ...generated, ask: { ...generated.ask, votes } }));
      const more = [...votes.slice(0, position), bystander, ...votes.slice(position)];
      const after = await decideIn(toHeld({ ...generated, ask: { ...generated.ask, votes: more } }));
      const { refusedVotes, ...rest } = essence(after);
      const { refusedVotes: refusedBefore, ...restBefore } = essence(before);
      expect(rest).toEqual(restBefore);
      expect(refusedVotes.filter(({ principalId }) => !BYSTANDERS.includes(principalId))).toEqual(refusedBefore);
    },
  );
});

test('a decision on only the facts that it needs is the same as one on all facts', async () => {
  await always(held, async ({ ask, ...rest }) => {
    // A person who clicks has been found in the directory before; the vote of a stranger is refused in other words.
    const votes = (ask.votes ?? []).filter((one) => one !== 'nobody-at-all');
    const generated = { ...rest, ask: { ...ask, votes } };
    expect(essence(await explainIn(toHeld(generated)))).toEqual(essence(await decideIn(toHeld(generated))));
  });
});

test('the vote of everybody who is named as an approver counts', async () => {
  await always(held, async (generated) => {
    const before = await decideIn(toHeld(generated));
    for (const approver of before.approvers) {
      const votes = [...(generated.ask.votes ?? []), approver];
      const after = await decideIn(toHeld({ ...generated, ask: { ...generated.ask, votes } }));
      expect(after.refusedVotes.filter(({ principalId }) => principalId === approver)).toEqual(
        before.refusedVotes.filter(({ principalId }) => principalId === approver),
      );
      expect(after.approvers).not.toContain(approver);
    }
  });
});

test('the generated requests reach every outcome often enough for these properties to mean something', async () => {
  const decisions = await Promise.all(
    fc.sample(held, { numRuns: 300, seed: 7 }).map((generated) => decideIn(toHeld(generated))),
  );
  for (const outcome of ['granted', 'needs-approval', 'refused']) {
    expect(decisions.filter((decision) => decision.outcome === outcome).length).toBeGreaterThan(20);
  }
  expect(decisions.filter(({ refusedVotes }) => refusedVotes.length > 0).length).toBeGreaterThan(20);
});

test('policies for other people never change what one person gets, however many there are', async () => {
  const others = Array.from({ length: 600 }, (_, n): Fields => {
    const shared = {
      name: `other-${n}`,
      who: [n % 2 === 0 ? 'user:eve@elsewhere.example' : 'group:Gone'],
      accounts: [PROD],
    };
    if (n % 3 === 0) return { ...shared, effect: 'deny' };
    if (n % 3 === 1) return { ...shared, effect: 'require', approval: { count: 3 } };
    return { ...shared, effect: 'allow', permissionSets: ['*'] };
  });
  const { policies: alreadyRead, unreadable } = policySetOf(others);
  expect([alreadyRead.length, unreadable]).toEqual([others.length, []]);
  const property = fc.asyncProperty(held, async (generated) => {
    const alone = await decideIn(toHeld(generated));
    const among = await decideIn({ ...toHeld(generated), alreadyRead });
    expect(essence(among)).toEqual(essence(alone));
    // Facts about the other policies are looked up too, so the trace of a policy that does not match may say more.
    const matched = ({ policies: all }: Decision) => all.filter((trace) => trace.matched);
    expect(matched(among)).toEqual(matched(alone));
  });
  await fc.assert(property, { numRuns: 40 });
});

test('an approver who has approved can still deny while the request is undecided', async () => {
  const policies = [
    {
      name: 'two-leads',
      effect: 'allow',
      who: ['everyone'],
      accounts: [PROD],
      permissionSets: ['*'],
      approval: { approvers: ['group:Leads'], count: 2 },
    },
  ];
  const votes = ['dan', '!dan'];
  expect(await decideIn({ policies, ask: { user: 'ana', hours: 0.5, votes } })).toMatchObject({
    outcome: 'refused',
    deniedBy: 'dan',
  });
});
