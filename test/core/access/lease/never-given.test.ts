import { grantAccess } from '../../../../core/access/lease/grant/grant-access.ts';
import { ANAS_TARGET, aRequest, NOON } from '../requests.ts';
import { createWorld } from '../services.ts';

const MANAGEMENT = '999999999999';

test.each([
  ['an account that is excluded', { ...ANAS_TARGET, accountId: MANAGEMENT }],
  ['a permission set that is not configured', { ...ANAS_TARGET, permissionSetArn: `${ANAS_TARGET.permissionSetArn}x` }],
  ['a group that is not configured', { groupId: 'group-leads' }],
])(
  'a target that the configuration gives nobody is not granted, even if approved and allowed by a policy: %s',
  async (_what, target) => {
    const world = createWorld();
    world.policyStore.write(
      { id: 'policy#all', effect: 'allow', who: ['everyone'], accounts: ['*'], permissionSets: ['*'] },
      { id: 'policy#groups', effect: 'allow', who: ['everyone'], groups: ['*'] },
    );
    world.requests.put(aRequest('approved', { decidedAt: NOON, accessVersion: '2', path: 'all', target }));
    const givable = { ...world.givable, excludedAccounts: [MANAGEMENT] };
    expect(await grantAccess('r1', { ...world, givable })).toMatchObject({ next: 'tell' });
    expect(world.assignments.asked.create).toBe(0);
    expect(world.requests.now('r1')).toMatchObject({
      state: 'refused',
      refusal: { reason: 'no-longer-allowed', detail: expect.stringContaining('gives nobody access to this') },
    });
  },
);
