import { parseCall } from '../../../../core/activity/classify/call.ts';
import { createMatcher, type Ownership } from '../../../../core/activity/read/match.ts';
import { ACCOUNT, aCall, aPlan, aRecord, endedRequest, type RecordChange } from '../records.ts';

function ownership(record: unknown, followed?: string, request: Parameters<typeof aPlan>[0] = {}): Ownership {
  const call = parseCall(record);
  if (call === undefined) throw new Error('the test wrote a record that is none');
  return createMatcher(aPlan(request))(call, followed === undefined ? undefined : { accessKeyId: followed });
}

const ROLE_OF = (permissionSet: string) => `AWSReservedSSO_${permissionSet}_0123456789abcdef`;

describe('whose call it is', () => {
  const table: readonly (readonly [string, RecordChange, Ownership])[] = [
    ['the same user id in the same role', {}, 'ours'],
    ['no user id, but the very same user name', { onBehalfOf: null }, 'ours'],
    ['the user name in another case', { onBehalfOf: null, session: 'Ana@Example.com' }, 'ours'],
    ['a renamed person, by id', { session: 'ana.new@example.com' }, 'ours'],
    ['a user name that begins alike', { onBehalfOf: null, session: 'ana@example.com.evil.org' }, 'other'],
    ['a user name that ends alike', { onBehalfOf: null, session: 'joana@example.com' }, 'other'],
    ['a shorter user name', { onBehalfOf: null, session: 'ana' }, 'other'],
    ['an empty session name', { onBehalfOf: null, session: '' }, 'other'],
    ['another user id under the same user name', { onBehalfOf: 'user-ana-2' }, 'other'],
    ['a permission set whose name is longer', { role: ROLE_OF('AdministratorAccess_ReadOnly') }, 'other'],
    ['a permission set whose name is shorter', { role: ROLE_OF('Administrator') }, 'other'],
    ['another permission set of the same person', { role: ROLE_OF('ReadOnlyAccess') }, 'other'],
    ['a role with something after the digits', { role: `${ROLE_OF('AdministratorAccess')}0` }, 'other'],
    [
      'a role with digits that are no hexadecimals',
      { role: 'AWSReservedSSO_AdministratorAccess_0123456789abcdeg' },
      'other',
    ],
    ['a role with a similar name', { role: `My${ROLE_OF('AdministratorAccess')}` }, 'other'],
    ['the same role name in another account', { account: '210987654321' }, 'other'],
    ['the second of the grant', { eventTime: '2026-01-05T09:00:00Z', began: '2026-01-05T09:00:00Z' }, 'ours'],
    ['the second before the grant', { eventTime: '2026-01-05T08:59:59Z', began: '2026-01-05T08:59:00Z' }, 'before'],
    ['after the end, with credentials from before', { eventTime: '2026-01-05T10:59:00Z' }, 'ours'],
    ['after the last credentials ran out', { eventTime: '2026-01-05T11:01:10Z' }, 'after'],
    ['a session begun before the grant', { began: '2026-01-05T08:30:00Z' }, 'earlier-session'],
    ['no session start', { began: '' }, 'ours'],
  ];
  test.each(table)('%s', (_what, change, expected) => {
    expect(ownership(aRecord(change))).toBe(expected);
  });

  test('bob is not bobby, and a dot in a name is no wildcard', () => {
    const bob = { requester: { ...endedRequest().requester, principalId: 'user-bob', userName: 'b.b' } };
    const session = (name: string) => ownership(aRecord({ onBehalfOf: null, session: name }), undefined, bob);
    expect([session('b.b'), session('b.bby'), session('bob')]).toEqual(['ours', 'other', 'other']);
  });

  test('a plus or dot in the name of a permission set is that character and no pattern', () => {
    const names = { names: { permissionSetName: 'Dev.Ops+1' } };
    expect(ownership(aRecord({ role: ROLE_OF('Dev.Ops+1') }), undefined, names)).toBe('ours');
    expect(ownership(aRecord({ role: ROLE_OF('DevXOpsss1') }), undefined, names)).toBe('other');
  });

  test('an IAM user with the same name is somebody else', () => {
    const identity = {
      type: 'IAMUser',
      userName: 'ana@example.com',
      accountId: ACCOUNT,
      arn: `arn:aws:iam::${ACCOUNT}:user/ana@example.com`,
    };
    expect(ownership(aRecord({ userIdentity: identity }))).toBe('other');
  });

  test('the role and session are read from the ARN where CloudTrail gives no session context', () => {
    const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/${ROLE_OF('AdministratorAccess')}/ana@example.com`;
    expect(ownership(aRecord({ userIdentity: { type: 'AssumedRole', arn } }))).toBe('ours');
  });

  test('a SAML sign-in is matched by the role and session that it begins, because it carries no user id', () => {
    const signIn = (sessionName: string, permissionSet = 'AdministratorAccess') =>
      ownership(
        aCall('sts:AssumeRoleWithSAML', {
          readOnly: true,
          userIdentity: { type: 'SAMLUser', userName: sessionName },
          requestParameters: {
            roleArn: `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/eu-west-1/${ROLE_OF(permissionSet)}`,
            roleSessionName: sessionName,
          },
        }),
      );
    expect([signIn('ana@example.com'), signIn('ana@example.co'), signIn('ana@example.com', 'Admin')]).toEqual([
      'ours',
      'other',
      'other',
    ]);
  });

  test('a session as another role is matched by its access key alone, whatever its name says', () => {
    const hopped = aRecord({ role: 'Deploy', session: 'deploy', onBehalfOf: null, key: 'ASIAHOP' });
    expect(ownership(hopped, 'ASIAHOP')).toBe('ours');
    expect(ownership(hopped, 'ASIAHOP2')).toBe('other');
    expect(ownership(hopped)).toBe('other');
  });

  test('a call in the person’s own role is not matched a second time by its key', () => {
    expect(ownership(aRecord({ key: 'ASIADIRECT' }), 'ASIADIRECT')).toBe('other');
  });
});
