import { AwsError } from '../wire/aws-error.ts';
import type { PermissionSet, World } from '../world/world.ts';

/** @throws AwsError ResourceNotFoundException for any instance but the world's. */
export function requireInstance(world: World, arn: string): void {
  if (arn !== world.instanceArn) throw new AwsError('ResourceNotFoundException', `No instance ${arn}`);
}

/** @throws AwsError ResourceNotFoundException when there is no such permission set. */
export function requirePermissionSet(world: World, arn: string): PermissionSet {
  const found = world.permissionSets.find((permissionSet) => permissionSet.arn === arn);
  if (found === undefined) throw new AwsError('ResourceNotFoundException', `No permission set ${arn}`);
  return found;
}
