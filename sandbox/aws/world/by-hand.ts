import type { TrailWriter } from '../trail/trail-writer.ts';
import type { Call } from '../wire/service.ts';
import type { AssignmentKey, World } from './world.ts';
import { dropAssignment, putAssignment, sameAssignment } from './world-changes.ts';

/**
 * Creates or deletes an assignment as an administrator does in the console, but at once, so that a test or script need
 * not wait. CloudTrail records the call either way. Returns whether anything changed.
 */
export function changeByHand(
  world: World,
  trail: TrailWriter,
  kind: 'create' | 'delete',
  assignment: AssignmentKey,
  call: Call,
): boolean {
  const { principalType, principalId, accountId, permissionSetArn } = assignment;
  const had = world.assignments.some((held) => sameAssignment(held, assignment));
  if (kind === 'delete') dropAssignment(world, assignment);
  else
    putAssignment(world, {
      ...assignment,
      createdBy: 'an administrator',
      createdAt: new Date(call.nowMs).toISOString(),
    });
  trail.write(call, {
    eventSource: 'sso.amazonaws.com',
    eventName: kind === 'create' ? 'CreateAccountAssignment' : 'DeleteAccountAssignment',
    requestParameters: {
      instanceArn: world.instanceArn,
      targetId: accountId,
      targetType: 'AWS_ACCOUNT',
      permissionSetArn,
      principalType,
      principalId,
    },
  });
  return had === (kind === 'delete');
}
