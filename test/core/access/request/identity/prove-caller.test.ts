import { identifyPerson } from '../../../../../core/access/request/identity/identify.ts';
import { type Door, proveCaller, type SignedCall } from '../../../../../core/access/request/identity/prove-caller.ts';
import { createWorld } from '../../services.ts';

const DOOR: Door = { organizationId: 'o-example1234', accounts: ['*'] };
const ACCOUNT = '111122223333';
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_ReadOnlyAccess_0123456789abcdef/ana@example.com`;

/** Ana, in her own path, as API Gateway describes her; with what an attacker changes. */
function call(changed: Partial<SignedCall> = {}): SignedCall {
  return {
    pathUserId: 'user-ana',
    accountId: ACCOUNT,
    callerArn: SESSION,
    callerId: 'AROAEXAMPLE123:ana@example.com',
    organizationId: 'o-example1234',
    ...changed,
  };
}

const role = (name: string) => ({
  callerArn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/ana@example.com`,
});

it('takes the user of the path for the caller if everything that AWS says agrees', () => {
  const caller = { principalId: 'user-ana', userName: 'ana@example.com' };
  expect(proveCaller(call(), DOOR)).toEqual({ proven: true, caller });
  const china = call({ callerArn: SESSION.replace('arn:aws:', 'arn:aws-cn:') });
  expect(proveCaller(china, { ...DOOR, accounts: [ACCOUNT] })).toEqual({ proven: true, caller });
});

describe('a call that proves nobody', () => {
  it.each<[string, Partial<SignedCall>]>([
    ['without a signature', { accountId: null, callerArn: null, callerId: null, organizationId: null }],
    ['without an organization', { organizationId: undefined }],
    ['of another organization', { organizationId: 'o-somebodyelse' }],
    ['of a path that names nobody', { pathUserId: undefined }],
    ['of a path with ../ in it', { pathUserId: '../user-ben' }],
    ['with an empty user id', { pathUserId: '' }],
    ['of an IAM user', { callerArn: `arn:aws:iam::${ACCOUNT}:user/ana@example.com`, callerId: 'AIDAEXAMPLE' }],
    ['of a role with a look-alike name', role('MyAWSReservedSSO_ReadOnlyAccess_0123456789abcdef')],
    ['of a role that lacks the digits', role('AWSReservedSSO_ReadOnlyAccess')],
    ['of a role with too many digits', role('AWSReservedSSO_ReadOnlyAccess_0123456789abcdef0')],
    ['of a role whose digits are no digits', role('AWSReservedSSO_ReadOnlyAccess_0123456789ABCDEF')],
    ['of a role below another', role('x/AWSReservedSSO_ReadOnlyAccess_0123456789abcdef')],
    ['of a federated user', { callerArn: `arn:aws:sts::${ACCOUNT}:federated-user/ana@example.com` }],
    ['with a session of another account than it says', { accountId: '444455556666' }],
    ['with a caller that is no role', { callerId: 'AIDAEXAMPLE:ana@example.com' }],
    ['with a caller of another name', { callerId: 'AROAEXAMPLE123:ben@example.com' }],
    ['without a caller', { callerId: undefined }],
    ['with a line break behind the session', { callerArn: `${SESSION}\n` }],
  ])('%s', (_how, changed) => {
    expect(proveCaller(call(changed), DOOR)).toMatchObject({
      proven: false,
      refusal: { reason: 'caller-unproven' },
    });
  });

  it('from an account whose sessions are not taken', () => {
    expect(proveCaller(call(), { ...DOOR, accounts: ['444455556666'] })).toMatchObject({ proven: false });
  });
});

describe('a caller with a proof', () => {
  const prove = (principalId: string, userName: string, change = (_world: ReturnType<typeof createWorld>) => {}) => {
    const world = createWorld();
    change(world);
    return identifyPerson({ principalId, userName }, world);
  };

  it('is found without Slack, with their groups', async () => {
    const found = await prove('user-dan', 'Dan@example.com', (world) => {
      world.chat.user = () => Promise.reject(new Error('Slack is away'));
    });
    expect(found).toMatchObject({ identified: true, person: { principalId: 'user-dan', groupIds: ['group-leads'] } });
  });

  it.each<[string, string, string, string, (world: ReturnType<typeof createWorld>) => void]>([
    ["another's session in one's own path", 'user-ana', 'ben@example.com', 'caller-unproven', () => {}],
    ["one's own session in another's path", 'user-ben', 'ana@example.com', 'caller-unproven', () => {}],
    ['nobody of this id', 'user-eve', 'ana@example.com', 'principal-not-found', () => {}],
    [
      'somebody who was disabled',
      'user-ana',
      'ana@example.com',
      'principal-disabled',
      ({ directory }) => directory.change('user-ana', { enabled: false }),
    ],
    [
      'somebody without a name in the directory',
      'user-ana',
      '',
      'caller-unproven',
      ({ directory }) => directory.change('user-ana', { userName: '' }),
    ],
    [
      'a directory that does not answer',
      'user-ana',
      'ana@example.com',
      'directory-unreadable',
      ({ directory }) => {
        directory.groupIdsOf = () => Promise.reject(new Error('away'));
      },
    ],
  ])('is not identified: %s', async (_how, principalId, userName, reason, change) => {
    expect(await prove(principalId, userName, change)).toMatchObject({ identified: false, refusal: { reason } });
  });
});
