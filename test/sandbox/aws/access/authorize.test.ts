import { authorize, type Statement } from '../../../../sandbox/aws/access/authorize.ts';

const READ: Statement = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::archive/events/*'] };
const get = (key: string) => [{ action: 's3:GetObject', resources: [`arn:aws:s3:::archive/${key}`] }];

test('a call that no statement allows is refused, with the missing right', () => {
  expect(authorize(get('events/a/b.jsonl'), [READ])).toBeUndefined();
  expect(authorize(get('secrets/a'), [READ])).toEqual({
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::archive/secrets/a',
    explicit: false,
  });
  expect(authorize([{ action: 's3:PutObject', resources: ['arn:aws:s3:::archive/events/a'] }], [READ])?.action).toBe(
    's3:PutObject',
  );
  expect(authorize(get('events/a'), [])).toBeDefined();
});

test('a call on several resources needs the right to each of them', () => {
  const right = [{ action: 's3:GetObject', resources: ['arn:aws:s3:::archive/events/a', 'arn:aws:s3:::other/a'] }];
  expect(authorize(right, [READ])?.resource).toBe('arn:aws:s3:::other/a');
  expect(authorize([...get('events/a'), { action: 's3:DeleteObject', resources: ['*'] }], [READ])?.action).toBe(
    's3:DeleteObject',
  );
});

test('an explicit deny takes precedence over every allow', () => {
  const never: Statement = { ...READ, resources: ['arn:aws:s3:::archive/events/private/*'], deny: true };
  expect(authorize(get('events/private/a'), [READ, never])).toMatchObject({ explicit: true });
  expect(authorize(get('events/public/a'), [READ, never])).toBeUndefined();
});

test('only a star in a resource matches other characters', () => {
  const dotted: Statement = { actions: ['a:B'], resources: ['arn:x.y'] };
  expect(authorize([{ action: 'a:B', resources: ['arn:xzy'] }], [dotted])).toBeDefined();
  const starred: Statement = { actions: ['a:B'], resources: ['arn:x.y/*'] };
  expect(authorize([{ action: 'a:B', resources: ['arn:xzy/1'] }], [starred])).toBeDefined();
  expect(authorize([{ action: 'a:B', resources: ['prefix-arn:x.y/1'] }], [starred])).toBeDefined();
});

test('a condition on a missing key is not met, and an unknown condition operator throws', () => {
  const ours: Statement = { ...READ, conditions: { StringEquals: { 'aws:ResourceOrgID': ['o-1', 'o-2'] } } };
  expect(authorize(get('events/a'), [ours])).toBeDefined();
  const from = (org: string) => get('events/a').map((right) => ({ ...right, context: { 'aws:ResourceOrgID': org } }));
  expect(authorize(from('o-2'), [ours])).toBeUndefined();
  expect(authorize(from('o-3'), [ours])).toBeDefined();
  const unknown: Statement = { ...READ, conditions: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } };
  expect(() => authorize(get('events/a'), [unknown])).toThrow('IpAddress');
});

test('ForAllValues needs every value of a key to match, and ForAnyValue denies if one value matches', () => {
  const write = (ids?: string[]) => [
    { action: 'dynamodb:PutItem', resources: ['t'], ...(ids && { context: { 'dynamodb:LeadingKeys': ids } }) },
  ];
  const keys = { 'dynamodb:LeadingKeys': ['report#*', 'review#*'] };
  const right: Statement = { actions: ['dynamodb:PutItem'], resources: ['t'] };
  const all: Statement = { ...right, conditions: { 'ForAllValues:StringLike': keys } };
  expect(authorize(write(['report#1', 'review#1']), [all])).toBeUndefined();
  expect(authorize(write(['report#1', 'lease#1']), [all])).toBeDefined();
  // AWS documents that ForAllValues is true for a missing key, and that a Null condition prevents this.
  expect(authorize(write(), [all])).toBeUndefined();
  const named: Statement = { ...all, conditions: { ...all.conditions, Null: { 'dynamodb:LeadingKeys': 'false' } } };
  expect(authorize(write(), [named])).toBeDefined();
  expect(authorize(write(['report#1']), [named])).toBeUndefined();

  const never: Statement = { ...right, deny: true, conditions: { 'ForAnyValue:StringLike': keys } };
  expect(authorize(write(['req-1', 'report#1']), [right, never])).toMatchObject({ explicit: true });
  expect(authorize(write(['req-1']), [right, never])).toBeUndefined();
  expect(authorize(write(), [right, never])).toBeUndefined();
});

describe('a deny with NotResource or a negated condition', () => {
  const own = 'arn:aws:execute-api:eu-central-1:1:abc/v1/GET/people/ana/*';
  const right = { org: 'o-1', who: 'arn:role/a/b' };
  const statements: Statement[] = [
    { actions: ['execute-api:Invoke'], resources: ['*'] },
    { actions: ['execute-api:Invoke'], resources: [], notResources: [own], deny: true },
    { actions: ['execute-api:Invoke'], resources: ['*'], conditions: { StringNotEquals: { org: 'o-1' } }, deny: true },
    {
      actions: ['execute-api:Invoke'],
      resources: ['*'],
      conditions: { ArnNotLike: { who: 'arn:role/a/*' } },
      deny: true,
    },
  ];
  const denial = (path: string, context: Partial<typeof right>) =>
    authorize(
      [
        {
          action: 'execute-api:Invoke',
          resources: [`arn:aws:execute-api:eu-central-1:1:abc/v1/GET/people/${path}`],
          context,
        },
      ],
      statements,
    );

  it('allows only the excepted resources, and denies a request without the compared key', () => {
    expect(denial('ana/requests', right)).toBeUndefined();
    expect(denial('ben/requests', right)).toMatchObject({ explicit: true });
    for (const context of [
      { ...right, org: 'o-2' },
      { ...right, who: 'arn:role/b' },
      { org: 'o-1' },
      { who: right.who },
      {},
    ])
      expect(denial('ana/requests', context)).toMatchObject({ explicit: true });
  });
});
