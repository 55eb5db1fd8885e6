import { batchesOf, comparePolicies, itemOfPolicy, policyOfItem } from '../../../../core/policy/authoring/plan.ts';
import { MOST_RECORDS_IN_BATCH } from '../../../../core/policy/authoring/ports.ts';
import { policiesHash } from '../../../../core/policy/changing/proposal.ts';
import { allow, demand, deny, type Fields } from '../world.ts';

const entry = (policy: object) => policy as Fields;

test('the same list in another order, or stored as a set, is no difference', () => {
  const stored = [
    { ...itemOfPolicy(entry(allow())), who: new Set(['group:b', 'group:a']), permissionSets: ['AdministratorAccess'] },
  ];
  expect(comparePolicies(stored, [entry(allow({ who: ['group:a', 'group:b'] }))])).toEqual([]);
});

test.each<[unknown, unknown]>([
  [[{ a: 1 }], [{ a: 2 }]],
  [[['a', 'b']], [['a,b']]],
  [['1'], [1]],
  [['null'], [null]],
  [['49'], new Set([new Uint8Array([49])])],
])('malformed fields that differ only within a list are told: %j', (before, after) => {
  const stored = [itemOfPolicy(entry({ ...allow(), hours: before }))];
  const file = [entry({ ...allow(), hours: after })];
  expect(comparePolicies(stored, file)).toMatchObject([{ kind: 'change', fields: [{ field: 'hours' }] }]);
  expect(policiesHash(stored, (text) => text)).not.toBe(policiesHash(file.map(itemOfPolicy), (text) => text));
});

test('maps in a list are the same in any order', () => {
  const stored = [itemOfPolicy(entry({ ...allow(), hours: [{ a: 1, b: 2 }, 'x'] }))];
  expect(comparePolicies(stored, [entry({ ...allow(), hours: ['x', { b: 2, a: 1 }] })])).toEqual([]);
});

test('what differs is told field by field', () => {
  const [difference] = comparePolicies(
    [itemOfPolicy(entry(allow({ maxDuration: '4h' })))],
    [entry(allow({ maxDuration: '1h', breakGlass: true }))],
  );
  expect(difference).toMatchObject({
    name: 'allow',
    kind: 'change',
    fields: [
      { field: 'breakGlass', before: undefined, after: true },
      { field: 'maxDuration', before: '4h', after: '1h' },
    ],
  });
});

test('a policy that is only in the table is removed, one that is only in the file is added', () => {
  const differences = comparePolicies([itemOfPolicy(entry(deny()))], [entry(allow())]);
  expect(differences.map(({ name, kind }) => `${kind} ${name}`)).toEqual(['add allow', 'remove deny']);
});

test('a policy comes back from the table as it went in', () => {
  const policy = entry(demand({ approval: { approvers: ['group:a'], self: false } }));
  expect(policyOfItem(itemOfPolicy(policy))).toEqual(policy);
});

test('a push that stops half way leaves less access, not more', () => {
  const stored = [entry(allow({ name: 'old-allow' })), entry(deny({ name: 'old-deny' }))].map(itemOfPolicy);
  const fresh = Array.from({ length: 150 }, (_, index) => entry(allow({ name: `allow-${index}` })));
  const batches = batchesOf(comparePolicies(stored, [...fresh, entry(deny({ name: 'new-deny' }))]));
  expect(batches.map((batch) => batch.length)).toEqual([MOST_RECORDS_IN_BATCH, 153 - MOST_RECORDS_IN_BATCH]);
  const order = batches.flat().map(({ id }) => id);
  expect(order.slice(0, 2)).toEqual(['policy#new-deny', 'policy#old-allow']);
  expect(order.at(-1)).toBe('policy#old-deny');
});
