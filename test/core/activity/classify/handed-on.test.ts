import { parseCall } from '../../../../core/activity/classify/call.ts';
import { handedOnBy } from '../../../../core/activity/classify/handed-on.ts';
import { aCall, type RecordChange } from '../records.ts';

const ROLE = 'arn:aws:iam::123456789012:role/app';

function handedOn(action: string, requestParameters: unknown, change: RecordChange = {}): readonly string[] {
  const call = parseCall(aCall(action, { requestParameters, ...change }));
  return call === undefined ? ['no call'] : handedOnBy(call).map(({ to, power }) => `${to}: ${power}`);
}

describe('what may act after the access, because it was given a role or credentials', () => {
  test.each([
    ['a function', 'lambda:CreateFunction20150331', { functionName: 'f', role: ROLE }, `f: ${ROLE}`],
    [
      'a function whose role was changed',
      'lambda:UpdateFunctionConfiguration20150331v2',
      { functionName: 'f', role: ROLE },
      `f: ${ROLE}`,
    ],
    ['a stack', 'cloudformation:CreateStack', { stackName: 's', roleARN: ROLE }, `s: ${ROLE}`],
    ['a task', 'ecs:RegisterTaskDefinition', { family: 't', taskRoleArn: ROLE }, `t: ${ROLE}`],
    ['a task whose role is replaced as it is run', 'ecs:RunTask', { overrides: { taskRoleArn: ROLE } }, `: ${ROLE}`],
    [
      'an automation',
      'ssm:StartAutomationExecution',
      { documentName: 'd', parameters: { AutomationAssumeRole: [ROLE] } },
      `d: ${ROLE}`,
    ],
    ['a command', 'ssm:SendCommand', { documentName: 'd', serviceRoleArn: ROLE }, `d: ${ROLE}`],
    [
      'a profile for an instance that runs',
      'ec2:AssociateIamInstanceProfile',
      { AssociateIamInstanceProfileRequest: { IamInstanceProfile: { Name: 'p' }, InstanceId: 'i-1' } },
      'i-1: p',
    ],
    ['a console password', 'iam:CreateLoginProfile', { userName: 'u' }, 'user u: console password'],
  ])('%s', (_what, action, parameters, expected) => {
    expect(handedOn(action, parameters)).toEqual([expected]);
  });

  test('a new instance is named by its id', () => {
    const change = { responseElements: { instancesSet: { items: [{ instanceId: 'i-0new' }] } } };
    expect(handedOn('ec2:RunInstances', { iamInstanceProfile: { name: 'web' } }, change)).toEqual(['i-0new: web']);
  });

  test.each([
    ['a call that AWS refused', 'lambda:CreateFunction', { role: ROLE }, { errorCode: 'AccessDenied' }],
    ['a look at a role', 'iam:GetRole', { roleName: 'app', role: ROLE }, { readOnly: true }],
    ['a role that is made', 'iam:CreateRole', { roleName: 'app', role: ROLE }, {}],
    ['a function without a new role', 'lambda:UpdateFunctionConfiguration', { functionName: 'f' }, {}],
  ])('%s hands nothing on', (_what, action, parameters, change) => {
    expect(handedOn(action, parameters, change)).toEqual([]);
  });
});
