import { IAMClient } from '@aws-sdk/client-iam';
import { judgeOf } from '../../core/activity/report/advice/policy-judgement.ts';
import { ATTACHED_GUARD_POLICY, GUARD_POLICY } from '../../core/sessions/guard-policy.ts';
import { createPermissionSetContents } from '../../gateways/identity-center/permission-set-contents.ts';
import { emulateAws } from './emulated.ts';

const READ = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-read';

function contents() {
  const aws = emulateAws();
  const { sso, instanceArn, config, world } = aws;
  const set = world.permissionSets.find(({ arn }) => arn === READ);
  if (set === undefined) throw new Error('the default seed has it');
  const iam = new IAMClient(config);
  const policies = { guard: GUARD_POLICY, attached: ATTACHED_GUARD_POLICY };
  const reader = createPermissionSetContents({ sso, iam, instanceArn, ...policies });
  return { aws, set, of: (arn = READ) => reader.of(arn) };
}

describe('what a permission set allows', () => {
  it('is read from its inline policy and its AWS managed policies', async () => {
    const { set, of } = contents();
    set.inlinePolicy = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }] });
    const { policies, unread, boundary } = await of();
    expect([unread, boundary]).toEqual([[], undefined]);
    const judge = judgeOf(policies);
    const actions = ['sqs:SendMessage', 's3:GetObject', 's3:PutObject'];
    expect(actions.map((action) => judge?.(action))).toEqual(['yes', 'yes', 'no']);
  });

  it('is unknown where the customer manages a part of it, however many there are', async () => {
    const { set, of } = contents();
    set.customerManagedPolicies = Array.from({ length: 101 }, (_, n) => `Ops${n}`);
    expect((await of()).unread).toHaveLength(101);
    expect((await of()).unread[0]).toBe('the customer managed policy Ops0');
    // The session guard only denies, in both forms, so it hides nothing.
    set.customerManagedPolicies = [`${ATTACHED_GUARD_POLICY.path}${ATTACHED_GUARD_POLICY.name}`];
    expect((await of()).unread).toEqual([]);
  });

  it('is limited by its boundary, unless that is the session guard', async () => {
    const { set, of } = contents();
    set.permissionsBoundary = { CustomerManagedPolicyReference: { Name: GUARD_POLICY.name, Path: GUARD_POLICY.path } };
    expect(await of()).toMatchObject({ unread: [] });
    set.permissionsBoundary = { CustomerManagedPolicyReference: { Name: 'Other', Path: '/' } };
    expect((await of()).unread).toEqual(['its permissions boundary']);
    set.permissionsBoundary = { ManagedPolicyArn: 'arn:aws:iam::aws:policy/PowerUserAccess' };
    expect((await of()).boundary).toContain('NotAction');
  });

  it('is never guessed: a missing policy or permission set is an error', async () => {
    const { set, of } = contents();
    await expect(of(`${READ}-gone`)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    set.managedPolicies = ['Unknown'];
    await expect(of()).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });
});
