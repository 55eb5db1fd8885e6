import { newPolicy } from '../../../../sandbox/aws/access/iam.ts';
import { fetchCredentials, useCredentials } from '../../../../sandbox/aws/identity-center/portal.ts';
import { createWorld } from '../../../../sandbox/aws/world/create-world.ts';
import { readSeed } from '../../../../sandbox/aws/world/seed.ts';
import { putAssignment } from '../../../../sandbox/aws/world/world-changes.ts';
import { ACCOUNT, READ_ONLY } from '../harness.ts';

const NOW = Date.parse('2026-01-05T12:00:00Z');
const ALLOW = { Effect: 'Allow', Action: '*', Resource: '*' };

/** Is a call denied to a person whose role has this policy attached? */
function useWith(statement: unknown, action = 's3:GetObject') {
  const world = createWorld(readSeed({}));
  const role = { principalId: 'user-ana', accountId: ACCOUNT, permissionSetArn: READ_ONLY };
  const arn = `arn:aws:iam::${ACCOUNT}:policy/Denies`;
  world.policies[arn] = newPolicy(arn, JSON.stringify({ Version: '2012-10-17', Statement: statement }), 'x');
  for (const set of world.permissionSets) if (set.arn === READ_ONLY) set.customerManagedPolicies = ['/Denies'];
  putAssignment(world, { ...role, principalType: 'USER', createdBy: 'x', createdAt: 'x' });
  const session = fetchCredentials(world, role, NOW);
  if (session === undefined) throw new Error('the portal does not offer the role');
  return useCredentials(world, session, action, NOW).allowed;
}

test.each<[string, unknown, boolean]>([
  ['any action', [{ Effect: 'Deny', Action: '*', Resource: '*' }], false],
  ['the action by name', [{ Effect: 'Deny', Action: ['s3:GetObject'], Resource: '*' }], false],
  ['the action in other case', [{ Effect: 'Deny', Action: 'S3:getobject', Resource: '*' }], false],
  ['every action of the service', [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }], false],
  ['some actions of the service', [{ Effect: 'Deny', Action: 's3:Get*', Resource: '*' }], false],
  ['other actions of the service', [{ Effect: 'Deny', Action: 's3:Put*', Resource: '*' }], true],
  ['all actions but others', [{ Effect: 'Deny', NotAction: 'iam:*', Resource: '*' }], false],
  ['all actions but this', [{ Effect: 'Deny', NotAction: ['iam:*', 's3:Get*'], Resource: '*' }], true],
  ['all resources but one', [{ Effect: 'Deny', Action: '*', NotResource: 'arn:aws:s3:::kept/*' }], false],
  ['any action, as the only statement', { Effect: 'Deny', Action: '*', Resource: '*' }, false],
])('a policy that denies %s', (_what, statement, isAllowed) => {
  expect(useWith([statement, ALLOW].flat())).toBe(isAllowed);
  expect(useWith(statement)).toBe(isAllowed);
});

test('a policy with an element that the sandbox does not know is no policy to it, and says so', () => {
  expect(() => useWith([{ Effect: 'Deny', Action: '*', Resource: '*', NotPrincipal: '*' }])).toThrow('NotPrincipal');
});
