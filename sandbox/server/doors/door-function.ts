import { POLICY_CHANGES } from '../../../lib/rights/door-policy.ts';

/** The functions that the API invokes. */
export type DoorFunction = 'api' | 'change-policies';

/**
 * The function that the deployed API invokes for a path.
 *
 * @param parts the path below the stage: `people`, a user id, the resource
 */
export function functionAt([first, , wanted]: readonly string[]): DoorFunction {
  return first === 'people' && wanted === POLICY_CHANGES ? 'change-policies' : 'api';
}
