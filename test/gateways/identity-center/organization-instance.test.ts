import { awsErrorInWords } from '../../../cli/deployment/aws-errors.ts';
import { NoInstanceError, organizationInstance } from '../../../gateways/identity-center/organization-instance.ts';
import { emulateAws } from '../../contracts/emulated.ts';

const { world, sso, organizations, instanceArn, identityStoreId } = emulateAws();
const ours = {
  InstanceArn: instanceArn,
  IdentityStoreId: identityStoreId,
  OwnerAccountId: world.organization.managementAccountId,
  Status: 'ACTIVE' as const,
};
const ofAccount = {
  InstanceArn: 'arn:aws:sso:::instance/ssoins-account',
  IdentityStoreId: 'd-account',
  OwnerAccountId: world.homeAccountId,
  Status: 'ACTIVE' as const,
};

test.each([
  ['alone', [ours]],
  ['after an account instance', [ofAccount, ours]],
  ['beside one that could not be made', [{ ...ofAccount, Status: 'CREATE_FAILED' as const }, ours]],
])("the organization's instance is found: %s", async (_where, instances) => {
  world.instancesShown = instances;
  expect(await organizationInstance(sso, organizations)).toEqual({ instanceArn, identityStoreId });
});

test.each([
  ['there is none', [], /^there is no active instance of Identity Center here: set AWS_REGION/],
  ['it is being deleted', [{ ...ours, Status: 'DELETE_IN_PROGRESS' as const }], /^there is no active instance/],
  ['none of several is its own', [ofAccount, { ...ofAccount, InstanceArn: 'x' }], /cannot be told: .*, x of \d{12}/],
  ['nobody says whose they are', [{ ...ours, OwnerAccountId: undefined }, ofAccount], /cannot be told/],
  ['it has no name', [{ ...ours, InstanceArn: undefined }], /cannot be told/],
])('where %s, the operator is told so in one sentence', async (_what, instances, says) => {
  world.instancesShown = instances as never;
  const error = await organizationInstance(sso, organizations).catch((found: unknown) => found);
  expect(error).toBeInstanceOf(NoInstanceError);
  expect(awsErrorInWords(error, { env: {} })).toEqual({ text: expect.stringMatching(says), refused: false });
});
