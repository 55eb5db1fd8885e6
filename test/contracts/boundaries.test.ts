import { ATTACHED_GUARD_POLICY, GUARD_POLICY } from '../../core/sessions/guard-policy.ts';
import { createBoundaries } from '../../gateways/identity-center/boundaries.ts';
import { createGuardDesk } from '../../gateways/identity-center/guard-desk.ts';
import { putAssignment } from '../../sandbox/aws/world/world-changes.ts';
import { emulateAws } from './emulated.ts';

const POWER = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-power';
const PRODUCTION = '123456789012';

function world() {
  const aws = emulateAws({ seed: { attachedGuards: ['PowerUserAccess'] } });
  const { sso, instanceArn } = aws;
  const set = aws.world.permissionSets.find(({ arn }) => arn === POWER);
  if (set === undefined) throw new Error('the default seed has it');
  set.permissionsBoundary = { ManagedPolicyArn: 'arn:aws:iam::aws:policy/PowerUserAccess' };
  const held = {
    principalType: 'USER',
    principalId: 'user-cleo',
    accountId: PRODUCTION,
    permissionSetArn: POWER,
  } as const;
  putAssignment(aws.world, { ...held, createdBy: 'somebody', createdAt: '2026-01-05T09:00:00.000Z' });
  const desk = createGuardDesk({
    sso,
    instanceArn,
    guard: GUARD_POLICY,
    attached: ATTACHED_GUARD_POLICY,
    questions: { ask: async () => ({ policy: 'there' }) },
    pause: async (ms) => aws.pass(ms / 1000),
  });
  return { aws, set, desk };
}

describe('a permission set with the attached session guard', () => {
  it('is guarded in an account once it is provisioned there, and keeps its own boundary', async () => {
    const { set, desk } = world();
    expect(await desk.stateOf(POWER, PRODUCTION)).toBe('other');
    await desk.attachPolicy(POWER);
    expect([await desk.isAttached(POWER), await desk.stateOf(POWER, PRODUCTION)]).toEqual([
      true,
      'attached-form-outdated',
    ]);
    expect(await desk.provision(POWER, PRODUCTION)).toBeUndefined();
    expect(await desk.stateOf(POWER, PRODUCTION)).toBe('attached-form');
    expect(set.permissionsBoundary).toEqual({ ManagedPolicyArn: 'arn:aws:iam::aws:policy/PowerUserAccess' });
    await desk.detachPolicy(POWER);
    expect(await desk.isAttached(POWER)).toBe(false);
  });

  it('is recognized behind a hundred other policies, which AWS lists page by page', async () => {
    const { set, desk } = world();
    set.customerManagedPolicies = [...Array.from({ length: 100 }, (_, n) => `Ops${n}`), 'SessionGuardAttached'];
    // A policy of the same name under another path is not the guard.
    expect(await desk.isAttached(POWER)).toBe(false);
    set.customerManagedPolicies.push('/glasshammer/SessionGuardAttached');
    expect(await desk.isAttached(POWER)).toBe(true);
  });

  it('passes on why AWS refuses: attached already, too many policies, no such policy in the account', async () => {
    const { aws, set, desk } = world();
    await desk.attachPolicy(POWER);
    await expect(desk.attachPolicy(POWER)).rejects.toMatchObject({ name: 'ConflictException' });
    for (const arn of Object.keys(aws.world.policies)) delete aws.world.policies[arn];
    expect(await desk.provision(POWER, PRODUCTION)).toContain('SessionGuardAttached does not exist');
    await desk.detachPolicy(POWER);
    await expect(desk.detachPolicy(POWER)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    set.customerManagedPolicies = Array.from({ length: 20 }, (_, n) => `Ops${n}`);
    await expect(desk.attachPolicy(POWER)).rejects.toMatchObject({ name: 'ServiceQuotaExceededException' });
  });
});

describe('what Identity Center says of the sessions of a permission set', () => {
  const ask = ({ sso, instanceArn }: ReturnType<typeof emulateAws>, arn: string) =>
    createBoundaries({ sso, instanceArn, guard: GUARD_POLICY, attached: ATTACHED_GUARD_POLICY }).sessionsOf(arn);

  it('is the name and the duration of the set', async () => {
    const { aws, set } = world();
    set.sessionDuration = 'PT1H30M';
    expect(await ask(aws, POWER)).toEqual({ permissionSetName: 'PowerUserAccess', sessionSeconds: 5400 });
  });

  it('is nothing once the set is deleted', async () => {
    const { aws, set } = world();
    aws.world.permissionSets.splice(aws.world.permissionSets.indexOf(set), 1);
    expect(await ask(aws, POWER)).toBeUndefined();
  });

  it('is an error, not nothing, while it refuses to answer', async () => {
    const { aws } = world();
    aws.faults.add({ operation: 'sso-admin:DescribePermissionSet', error: 'AccessDeniedException', times: 'forever' });
    await expect(ask(aws, POWER)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
