import fc from 'fast-check';
import type { AccessItem } from '../../../../core/model/access-item.ts';
import { type Organization, parseOrganization } from '../../../../core/policy/authoring/organization.ts';
import { ADMIN, allow, allowAfter, type DecisionInput, decideIn, deny, explainIn, PROD, WORLD } from '../world.ts';

/** Ana has a second user, for administration; it is a lead. Cleo has two users that are leads. */
function worldWith(users: readonly object[]): Organization {
  const parsed = parseOrganization({
    users: [...WORLD.users, ...users],
    groups: WORLD.groups,
    accounts: WORLD.accounts,
    permissionSets: WORLD.permissionSets,
  });
  if ('problems' in parsed) throw new Error(parsed.problems.join('\n'));
  return parsed;
}

const ANA_ADMIN = { id: 'ana-admin', userName: 'ana-admin', groups: ['g-leads'] };
const CLEO_ADMIN = { id: 'cleo-admin', userName: 'cleo-admin', groups: ['g-leads'] };
const LINKS: AccessItem[] = [
  { id: 'person#ana', principals: new Set(['ana', 'ana-admin']) },
  { id: 'person#cleo', principals: ['cleo', 'cleo-admin'] },
];

const LINKED = {
  'by their e-mail': {
    world: worldWith([
      { ...ANA_ADMIN, email: 'ANA@example.com' },
      { ...CLEO_ADMIN, email: 'cleo@EXAMPLE.com' },
    ]),
    records: [],
  },
  'by a person record': { world: worldWith([ANA_ADMIN, CLEO_ADMIN]), records: LINKS },
  'by a person record and the e-mail of a user it names': {
    world: worldWith([
      { ...ANA_ADMIN, email: 'admin-1@example.com' },
      { id: 'ana-old', userName: 'ana-old', email: 'Admin-1@example.com', enabled: false, groups: [] },
      { ...CLEO_ADMIN, email: 'admin-2@example.com' },
      { id: 'cleo-old', userName: 'cleo-old', email: 'admin-2@example.com', groups: [] },
    ]),
    records: [
      { id: 'person#ana', principals: ['ana', 'ana-old'] },
      { id: 'person#cleo', principals: ['cleo-old', 'cleo'] },
    ],
  },
  'by a person record that has a fault': {
    world: worldWith([ANA_ADMIN, CLEO_ADMIN]),
    records: [
      { id: 'person#ana', principals: ['ana', 'ana-admin', ' x'], note: 'typed' },
      { id: 'person#cleo', principals: ['cleo', 7, 'cleo-admin'] },
    ],
  },
};

describe.each(Object.entries(LINKED))('two users known to be one person %s', (_how, { world, records }) => {
  const decided = (policy: object, ask: DecisionInput) => decideIn({ policies: [policy], records, ask }, world);

  test('nobody approves their own request with their other user', async () => {
    const decision = await decided(allowAfter(), { votes: ['ana-admin'] });
    expect(decision).toMatchObject({ outcome: 'needs-approval', refusedVotes: [{ why: { reason: 'own-request' } }] });
    expect(decision.approvers).not.toContain('ana-admin');
  });

  test('nobody gives two votes with two users', async () => {
    const policy = allowAfter({ count: 2 });
    const decision = await decided(policy, { votes: ['cleo', 'cleo-admin'] });
    expect(decision.outcome).toBe('needs-approval');
    expect(decision.refusedVotes).toMatchObject([{ principalId: 'cleo-admin', why: { reason: 'already-voted' } }]);
    expect(await decided(policy, { votes: ['cleo', 'cleo-admin', 'dan'] })).toMatchObject({ outcome: 'granted' });
  });

  test('a requester with two users counts once where self: true counts their own vote', async () => {
    const policy = allowAfter({ self: true, count: 2, approvers: ['group:Leads', 'user:ana'] });
    expect(await decided(policy, { votes: ['ana-admin'] })).toMatchObject({ outcome: 'needs-approval' });
    expect(await decided(policy, { votes: ['ana-admin', 'dan'] })).toMatchObject({ outcome: 'granted' });
  });
});

test('a person with two users is not enough where two approvals are needed', async () => {
  const held = { policies: [allowAfter({ count: 2, approvers: ['user:cleo', 'user:cleo-admin'] })], records: LINKS };
  expect(await decideIn(held, LINKED['by a person record'].world)).toMatchObject({
    outcome: 'refused',
    refusal: { reason: 'no-approver' },
  });
});

test('person records that have a user in common make one person of all their users', async () => {
  const records = [
    { id: 'person#one', principals: ['ana', 'eve'] },
    { id: 'person#two', principals: ['eve', 'cleo'] },
  ];
  const decision = await decideIn({ policies: [allowAfter()], records, ask: { votes: ['cleo'] } });
  expect(decision).toMatchObject({ outcome: 'needs-approval', refusedVotes: [{ why: { reason: 'own-request' } }] });
});

test('nobody gets the access of another user by taking that user’s id as their user name', async () => {
  const id = '906751234a-11111111-2222-3333-4444-555555555555';
  const world = worldWith([{ id: 'mallory', userName: id, email: 'm@example.com', groups: [] }]);
  const policies = [allow({ who: [`user:${id}`] })];
  expect(await decideIn({ policies, ask: { user: 'mallory' } }, world)).toMatchObject({ outcome: 'refused' });
  expect(await explainIn({ policies, ask: { user: 'mallory' } }, world)).toMatchObject({ outcome: 'refused' });
  const approver = [allowAfter({ approvers: [`user:${id}`] })];
  expect(await decideIn({ policies: approver, ask: { votes: ['mallory'] } }, world)).not.toMatchObject({
    outcome: 'granted',
  });
  // A deny for the id does not bind a user who has the id as their user name.
  const barred = [allow(), deny({ who: [`user:${id}`], accounts: [PROD], permissionSets: [ADMIN] })];
  expect(await decideIn({ policies: barred, ask: { user: 'mallory' } }, world)).toMatchObject({ outcome: 'granted' });
});

test('linking users as one person never gives anybody more', async () => {
  const pair = fc.subarray(['ana', 'ben', 'cleo', 'dan', 'eve'], { minLength: 2, maxLength: 3 });
  const votes = fc.array(fc.constantFrom('ana', 'ben', 'cleo', 'dan', 'eve'), { maxLength: 4 });
  const approval = fc.record({
    approvers: fc.constantFrom(['group:Leads'], ['group:Leads', 'user:eve'], ['user:ana', 'user:dan', 'user:eve']),
    count: fc.constantFrom(1, 2),
    self: fc.boolean(),
  });
  const width = { refused: 0, 'needs-approval': 1, granted: 2 };
  await fc.assert(
    fc.asyncProperty(pair, votes, approval, async (principals, cast, rule) => {
      const held = { policies: [allowAfter(rule)], ask: { votes: cast } };
      const apart = await decideIn(held);
      const together = await decideIn({ ...held, records: [{ id: 'person#x', principals }] });
      expect(width[together.outcome]).toBeLessThanOrEqual(width[apart.outcome]);
    }),
    { numRuns: 200 },
  );
});
