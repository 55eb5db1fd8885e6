import { bothOf, judgeOf } from '../../../../../core/activity/report/advice/policy-judgement.ts';

const document = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: unknown, more: object = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...more });
const deny = (Action: unknown, more: object = {}) => ({ Effect: 'Deny', Action, Resource: '*', ...more });

describe('what policies allow', () => {
  test.each<[string, readonly object[], string, string]>([
    ['names it', [allow('s3:GetObject')], 's3:GetObject', 'yes'],
    ['names it in other case', [allow('S3:getobject')], 's3:GetObject', 'yes'],
    ['names all', [allow('*')], 's3:GetObject', 'yes'],
    ['names it by a pattern', [allow(['ec2:*', 's3:Get*'])], 's3:GetObject', 'yes'],
    ['names a longer name', [allow('s3:GetObjectAcl')], 's3:GetObject', 'no'],
    ['has a ? for one character', [allow('s3:GetObjec?')], 's3:GetObject', 'yes'],
    ['has a pattern for the service', [allow('s*:GetObject')], 's3:GetObject', 'yes'],
    ['has a dot, which stands for itself', [allow('s3:Get.*')], 's3:GetObject', 'no'],
    ['allows everything but another', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], 's3:GetObject', 'yes'],
    ['allows everything but it', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], 'iam:CreateUser', 'no'],
    ['forbids it', [allow('*'), deny('s3:*')], 's3:GetObject', 'no'],
    [
      'forbids everything but it',
      [allow('*'), { Effect: 'Deny', NotAction: 's3:*', Resource: '*' }],
      's3:GetObject',
      'yes',
    ],
    ['allows it on one bucket', [allow('s3:*', { Resource: 'arn:aws:s3:::logs/*' })], 's3:GetObject', 'unclear'],
    ['allows it but on one bucket', [{ Effect: 'Allow', Action: 's3:*', NotResource: 'x' }], 's3:GetObject', 'unclear'],
    ['allows it on a condition', [allow('s3:*', { Condition: { Bool: { x: 'true' } } })], 's3:GetObject', 'unclear'],
    [
      'forbids it on a condition',
      [allow('*'), deny('*', { Condition: { Bool: { x: 'true' } } })],
      's3:GetObject',
      'unclear',
    ],
    ['forbids it somewhere and allows it nowhere', [deny('*', { Resource: 'x' })], 's3:GetObject', 'no'],
    ['is empty', [], 's3:GetObject', 'no'],
  ])('a policy that %s', (_what, statements, action, judgement) => {
    expect(judgeOf([document(...statements)])?.(action)).toBe(judgement);
  });

  test('several policies are judged as one, and a single statement needs no list', () => {
    const judge = judgeOf([document(allow('*')), JSON.stringify({ Statement: deny('iam:*') })]);
    expect([judge?.('s3:GetObject'), judge?.('iam:CreateUser')]).toEqual(['yes', 'no']);
  });

  test('a boundary takes away and gives nothing', () => {
    const [set, boundary] = [
      judgeOf([document(allow(['s3:*', 'ec2:*']))]),
      judgeOf([document(allow(['s3:*', 'iam:*']))]),
    ];
    const judge = set !== undefined && boundary !== undefined ? bothOf(set, boundary) : () => 'none';
    expect(['s3:GetObject', 'ec2:RunInstances', 'iam:CreateUser'].map(judge)).toEqual(['yes', 'no', 'no']);
    const some = judgeOf([document(allow('s3:*', { Resource: 'x' }))]) ?? (() => 'no' as const);
    expect(set && bothOf(set, some)('s3:GetObject')).toBe('unclear');
  });

  test.each([
    ['no JSON', '{'],
    ['no statement', '{}'],
    ['an unknown effect', document({ Effect: 'Maybe', Action: '*', Resource: '*' })],
    ['no action', document({ Effect: 'Allow', Resource: '*' })],
    ['both kinds of action', document({ Effect: 'Allow', Action: '*', NotAction: 's3:*', Resource: '*' })],
  ])('%s is not judged at all', (_what, text) => {
    expect(judgeOf([document(allow('*')), text])).toBeUndefined();
  });
});
