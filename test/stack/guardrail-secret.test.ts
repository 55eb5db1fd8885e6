import { defineConfig } from '../../lib/config/config.ts';
import { ADMIN, CLOUDFORMATION, configured, HERE, isForbidden, PIPELINE, statementsOf } from './guardrail-says.ts';
import { BASE, resources, synthesize } from './synthesized.ts';

/** The ARN that CloudFormation gives the secret, here or as a replica in another Region. */
const secretOf = (logicalId: string, region = 'eu-central-1') =>
  `arn:aws:secretsmanager:${region}:${HERE}:secret:${logicalId}-Zx8kQ2mVbN1p-a1B2c3`;
const READER = `arn:aws:iam::${HERE}:role/Glasshammer-FunctionsAccessRequestedRoleF79666FF-1ABC`;
const STACK_TAG = 'aws:ResourceTag/aws:cloudformation:stack-name';
/** Actions that read, change, share or remove the secret. */
const VERBS = [
  'GetSecretValue',
  'PutSecretValue',
  'UpdateSecret',
  'UpdateSecretVersionStage',
  'DeleteSecret',
  'RotateSecret',
  'RestoreSecret',
  'PutResourcePolicy',
  'DeleteResourcePolicy',
  'ReplicateSecretToRegions',
  'RemoveRegionsFromReplication',
];

test('an administrator cannot reach any secret of the stack, whatever the stack is called', () => {
  const config = configured({ targets: ['r-ab12'], policyWriters: [PIPELINE] });
  for (const [stackName, made] of [
    ['Glasshammer', config],
    ['Emergency', defineConfig({ ...BASE, stackName: 'Emergency' })],
  ] as const) {
    const secrets = resources(synthesize({ stackName }), 'AWS::SecretsManager::Secret');
    expect(secrets.length).toBeGreaterThan(0);
    for (const [id] of secrets)
      for (const verb of VERBS)
        for (const region of ['eu-central-1', 'us-east-1'])
          for (const keys of [undefined, { [STACK_TAG]: stackName }]) {
            const said = isForbidden(`secretsmanager:${verb}`, secretOf(id, region), ADMIN, made, keys);
            expect([id, verb, region, keys, said]).toEqual([id, verb, region, keys, true]);
          }
  }
});

test('the functions can read the secret, CloudFormation can make it, and only named roles can fill it in', () => {
  const config = configured({ targets: ['r-ab12'], policyWriters: [PIPELINE] });
  const [[id] = ['']] = resources(synthesize(), 'AWS::SecretsManager::Secret');
  for (const verb of VERBS)
    for (const by of [READER, CLOUDFORMATION, PIPELINE])
      expect([verb, by, isForbidden(`secretsmanager:${verb}`, secretOf(id), by, config)]).toEqual([verb, by, false]);
  // These tell nothing of its value.
  for (const verb of ['DescribeSecret', 'GetResourcePolicy', 'ListSecretVersionIds'])
    expect([verb, isForbidden(`secretsmanager:${verb}`, secretOf(id), ADMIN, config)]).toEqual([verb, false]);
});

test('other secrets of the account are not protected, nor those of another deployment', () => {
  const [[id] = ['']] = resources(synthesize(), 'AWS::SecretsManager::Secret');
  expect(isForbidden('secretsmanager:GetSecretValue', secretOf('TeamSlackSecret'), ADMIN)).toBe(false);
  const beside = `arn:aws:iam::${HERE}:role/Emergency-FunctionsAccessRequestedRoleF79666FF-1ABC`;
  const tagged = { [STACK_TAG]: 'Emergency' };
  expect(isForbidden('secretsmanager:GetSecretValue', secretOf(id), beside, configured(), tagged)).toBe(false);
  const { slack: _slack, ...rest } = BASE;
  expect(statementsOf(defineConfig(rest)).map(({ Sid }) => Sid)).not.toContain('Secret');
});
