import { leftOut, leftOutNote } from '../../../../../core/access/lease/revoke/removable.ts';
import { revokeAccess } from '../../../../../core/access/lease/revoke/revoke-access.ts';
import { ANAS_ASSIGNMENT, aRequest } from '../../requests.ts';
import { createWorld } from '../../services.ts';

const NOTHING = { accounts: [], permissionSets: [], groups: [] };

test('a target that the configuration lacks is named as people know it, with the list that it belongs to', () => {
  const target = { accountId: '123456789012', permissionSetArn: 'arn:set' };
  const names = { accountName: 'Production', permissionSetName: 'PowerUserAccess' };
  expect(leftOut(target, NOTHING, names)).toEqual({ list: 'permissionSets', what: 'permission set PowerUserAccess' });
  const sets = { ...NOTHING, permissionSets: [{ arn: 'arn:set' }] };
  expect(leftOut(target, sets, names)).toEqual({ list: 'accounts', what: 'account Production 123456789012' });
  expect(leftOut(target, { ...sets, accounts: '*' }, names)).toBeUndefined();
  expect(leftOut({ groupId: 'group-leads' }, sets)).toEqual({ list: 'groups', what: 'group group-leads' });
});

test.each([
  [
    'AccessDeniedException',
    'what is to be done',
    /^left out of the configuration: permission set BreakGlassAdmin; put/,
  ],
  ['ThrottlingException', 'the error', /^ThrottlingException$/],
])('a removal that is refused with %s for something left out has %s in the history', async (name, _what, note) => {
  const world = createWorld();
  world.requests.put(aRequest('ending', { endingAt: world.now().toISOString() }));
  world.assignments.give(ANAS_ASSIGNMENT);
  world.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r1'], standing: false });
  world.assignments.remove = () => Promise.reject(Object.assign(new Error('no'), { name }));
  world.pass(30);
  await expect(revokeAccess('r1', { ...world, removable: NOTHING })).rejects.toThrow('no');
  expect(world.requests.now('r1').events.at(-1)).toMatchObject({
    type: 'removal-retried',
    note: expect.stringMatching(note),
  });
});

test('the history says what is to be done also if the lease item is lost and only a look is refused', async () => {
  const world = createWorld();
  world.requests.put(
    aRequest('ending', { endingAt: world.now().toISOString(), grant: { askedAt: '', standing: false } }),
  );
  world.assignments.exists = () => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
  world.pass(30);
  await expect(revokeAccess('r1', { ...world, removable: NOTHING })).rejects.toThrow('no');
  expect(world.requests.now('r1').events.at(-1)?.note).toBe(
    leftOutNote({ list: 'permissionSets', what: 'permission set BreakGlassAdmin' }),
  );
});
