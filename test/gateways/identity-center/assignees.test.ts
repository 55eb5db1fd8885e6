import { createAssignees } from '../../../gateways/identity-center/assignees.ts';
import { putAssignment } from '../../../sandbox/aws/world/world-changes.ts';
import { emulateAws } from '../../contracts/emulated.ts';

const TARGET = { accountId: '234567890123', permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-read' };

/** So many people are assigned the same, and a group. */
function assignedTo(people: number) {
  const { world, sso: client, instanceArn, now, calls } = emulateAws();
  const common = { ...TARGET, createdBy: 'x', createdAt: 'x' };
  world.assignments = [];
  for (let n = 1; n < people; n += 1)
    putAssignment(world, { ...common, principalType: 'USER', principalId: `user-${n}` });
  putAssignment(world, { ...common, principalType: 'GROUP', principalId: 'group-sre' });
  return { assignees: createAssignees({ client, instanceArn, now, waitMs: 10_000 }), calls };
}

describe('the assignees of a target', () => {
  it('are all that Identity Center lists', async () => {
    const found = await assignedTo(500).assignees.assigneesOf(TARGET);
    expect(found?.users.size).toBe(499);
    expect(found?.groups).toEqual(new Set(['group-sre']));
  });

  it('are unknown, not a part of them, where there are more than are read while a person waits', async () => {
    expect(await assignedTo(501).assignees.assigneesOf(TARGET)).toBeUndefined();
  });
});
