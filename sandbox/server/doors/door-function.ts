import { POLICY_CHANGES } from '../../../lib/rights/door-policy.ts';

/** The functions that the doors of the API call. */
export type DoorFunction = 'api' | 'change-policies';

/** Which of them the deployed doors call. @param parts of the path below the stage: `people`, a user, and what is wanted */
export function functionAt([first, , wanted]: readonly string[]): DoorFunction {
  return first === 'people' && wanted === POLICY_CHANGES ? 'change-policies' : 'api';
}
