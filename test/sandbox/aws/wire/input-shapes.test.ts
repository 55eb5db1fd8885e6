import { checkInputShapes, isAwsShaped } from '../../../../sandbox/aws/wire/input-shapes.ts';

const ASSIGNMENT = {
  InstanceArn: 'arn:aws:sso:::instance/ssoins-7223b0a1c2d3e4f5',
  PermissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-7223b0a1c2d3e4f5/ps-0a1b2c3d4e5f6071',
  PrincipalId: '90670a1b2c-11111111-aaaa-4aaa-8aaa-0000000000a1',
  PrincipalType: 'USER',
  TargetId: '123456789012',
  TargetType: 'AWS_ACCOUNT',
};

const refused = (service: string, input: unknown): string => {
  try {
    checkInputShapes(service, input);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

test('ids in the formats of the API references are accepted, in every partition', () => {
  expect(refused('sso-admin', ASSIGNMENT)).toBe('');
  for (const partition of ['aws-us-gov', 'aws-cn', 'aws-iso-b'])
    expect(
      refused('sso-admin', JSON.parse(JSON.stringify(ASSIGNMENT).replaceAll('arn:aws:', `arn:${partition}:`))),
    ).toBe('');
  expect(refused('organizations', { ParentId: 'r-ab12' })).toBe('');
  expect(refused('organizations', { ParentId: 'ou-ab12-1prod0x7' })).toBe('');
});

test.each([
  ['a user name for an id', 'sso-admin', { ...ASSIGNMENT, PrincipalId: 'ana' }, /at 'principalId'.*regular expression/],
  [
    'a permission set by its name',
    'sso-admin',
    { ...ASSIGNMENT, PermissionSetArn: 'AdministratorAccess' },
    /permissionSetArn/,
  ],
  ['an account id of eleven digits', 'sso-admin', { ...ASSIGNMENT, TargetId: '12345678901' }, /targetId/],
  [
    'an operation id that is too long',
    'sso-admin',
    { AccountAssignmentCreationRequestId: 'x'.repeat(37) },
    /less than or equal to 36/,
  ],
  ['a group inside a list', 'identitystore', { GroupIds: [{ GroupId: 'SRE' }] }, /groupIds\.0\.groupId/],
  ['a malformed organizational unit', 'organizations', { ParentId: 'ou-prod' }, /parentId/],
  ['a session name with a blank', 'sts', { RoleSessionName: 'glass hammer' }, /roleSessionName/],
])('%s is refused with the message of AWS', (_what, service, input, words) => {
  expect(refused(service, input)).toMatch(/^1 validation error detected: Value '/);
  expect(refused(service, input)).toMatch(words);
});

test('the readable ids of the default seed are distinguished from ids in the format of AWS', () => {
  expect(isAwsShaped({ instanceArn: ASSIGNMENT.InstanceArn })).toBe(true);
  expect(isAwsShaped({ instanceArn: 'arn:aws:sso:::instance/ssoins-12345' })).toBe(false);
});
