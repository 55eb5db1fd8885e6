import { isSchedule, readTrailEvent } from '../../../lambdas/watch-assignments/trail-event.ts';

const INSTANCE = 'arn:aws:sso:::instance/ssoins-12345';
const STORE = 'd-1234567890';
const WATCHED = {
  instanceArn: INSTANCE,
  identityStoreId: STORE,
  ownRoles: ['arn:aws:iam::111122223333:role/Glasshammer-GrantRole-1', 'arn:aws:iam::111122223333:role/path/Sweep-2'],
};
const ASKED = {
  instanceArn: INSTANCE,
  targetId: '123456789012',
  targetType: 'AWS_ACCOUNT',
  permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-admin',
  principalType: 'USER',
  principalId: 'user-ana',
};
const ASSUMED = 'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/olga@example.com';

function anEvent(detail: Record<string, unknown> = {}, identity: Record<string, unknown> = {}): unknown {
  return {
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.sso',
    detail: {
      eventID: 'event-1',
      eventName: 'CreateAccountAssignment',
      eventSource: 'sso.amazonaws.com',
      eventTime: '2026-01-05T12:00:00Z',
      userIdentity: { type: 'AssumedRole', arn: ASSUMED, accountId: '111122223333', ...identity },
      requestParameters: ASKED,
      responseElements: { accountAssignmentCreationStatus: { status: 'IN_PROGRESS' } },
      ...detail,
    },
  };
}

const read = (...parts: Parameters<typeof anEvent>) => readTrailEvent(anEvent(...parts), WATCHED);

test('the CloudTrail record gives who made which assignment, for which principal, and when', () => {
  expect(read()).toEqual({
    kind: 'made',
    eventId: 'event-1',
    at: '2026-01-05T12:00:00.000Z',
    by: { id: ASSUMED, name: 'olga@example.com (role AWSReservedSSO_Admin_0123456789abcdef in 111122223333)' },
    caller: 'other',
    assignment: {
      principalId: 'user-ana',
      target: { accountId: '123456789012', permissionSetArn: ASKED.permissionSetArn },
    },
    principalType: 'USER',
  });
  expect(read({ eventName: 'DeleteAccountAssignment' })?.kind).toBe('removed');
});

const ROLE_CALL = { sessionContext: { sessionIssuer: { arn: WATCHED.ownRoles[1] } } };

test.each([
  [
    'a role in the session issuer',
    { arn: 'arn:aws:sts::111122223333:assumed-role/Sweep-2/sweep', ...ROLE_CALL },
    'ours',
  ],
  [
    'a role in the ARN of the session',
    { arn: 'arn:aws:sts::111122223333:assumed-role/Glasshammer-GrantRole-1/grant' },
    'ours',
  ],
  [
    'an unknown role in the account of Glasshammer',
    { arn: 'arn:aws:sts::111122223333:assumed-role/Glasshammer-Old-9/x' },
    'unknown',
  ],
  [
    'a role of the same name in another account',
    { arn: 'arn:aws:sts::999999999999:assumed-role/Glasshammer-GrantRole-1/x' },
    'other',
  ],
  [
    'an IAM user with the name of a role',
    { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/Glasshammer-GrantRole-1' },
    'other',
  ],
])('%s decides whether Glasshammer made the call', (_what, identity, caller) => {
  expect(read({}, identity)?.caller).toBe(caller);
});

test('the id of the operation is read from the response, and a response without one has none', () => {
  const answered = { accountAssignmentCreationStatus: { status: 'IN_PROGRESS', requestId: 'operation-1' } };
  expect(read({ responseElements: answered })?.operationId).toBe('operation-1');
  expect(read({ responseElements: null })?.operationId).toBeUndefined();
});

test.each([
  [
    'the root user',
    { type: 'Root', arn: 'arn:aws:iam::999999999999:root', accountId: '999999999999' },
    'the root user of 999999999999',
  ],
  [
    'an IAM user',
    { type: 'IAMUser', arn: 'arn:aws:iam::1:user/olga', userName: 'olga', accountId: '1' },
    'IAM user olga of 1',
  ],
  ['a service', { type: 'AWSService', arn: undefined, invokedBy: 'sso.amazonaws.com' }, 'sso.amazonaws.com'],
  [
    'an Identity Center user',
    { type: 'IdentityCenterUser', arn: undefined, onBehalfOf: { userId: 'user-olga' } },
    'user-olga',
  ],
  ['an identity without a name', { type: 'Unknown', arn: undefined }, 'unknown'],
])('%s is named in words that an operator recognizes', (_what, identity, name) => {
  expect(read({}, identity)?.by.name).toBe(name);
});

test.each([
  ['a failed call', { errorCode: 'ConflictException' }],
  ['a call on another instance', { requestParameters: { ...ASKED, instanceArn: 'arn:aws:sso:::instance/other' } }],
  ['an assignment to an application', { requestParameters: { ...ASKED, targetType: 'APPLICATION' } }],
  ['another call', { eventName: 'CreatePermissionSet' }],
  ['a call without parameters', { requestParameters: null }],
])('%s is no change of a watched assignment', (_what, detail) => {
  expect(read(detail)).toBeUndefined();
});

test('a membership is read with its group and member; the record of its removal names neither', () => {
  const directory = { eventSource: 'sso-directory.amazonaws.com', eventName: 'CreateGroupMembership' };
  const asked = { identityStoreId: STORE, groupId: 'group-oncall', memberId: { userId: 'user-ana' } };
  expect(read({ ...directory, requestParameters: asked })).toMatchObject({
    kind: 'made',
    assignment: { principalId: 'user-ana', target: { groupId: 'group-oncall' } },
  });
  const removal = read({
    ...directory,
    eventName: 'DeleteGroupMembership',
    requestParameters: { identityStoreId: STORE, membershipId: 'm-1' },
  });
  expect(removal).toMatchObject({ kind: 'removed', principalType: 'USER' });
  expect(removal).not.toHaveProperty('assignment');
  expect(read({ ...directory, requestParameters: { ...asked, identityStoreId: 'd-other' } })).toBeUndefined();
});

test('an event that is no CloudTrail record throws and is not skipped', () => {
  expect(() => readTrailEvent({ 'detail-type': 'Scheduled Event', detail: {} }, WATCHED)).toThrow();
  expect(() => read({ eventTime: 'noon' })).toThrow();
});

test('the event of the schedule and a CloudTrail record are told apart', () => {
  expect(isSchedule({ checkProvisioned: true })).toBe(true);
  expect(isSchedule(anEvent())).toBe(false);
});

test('a change of a membership in the AWS console is read from CloudTrail with the group and the user', () => {
  const requestParameters = { groupId: 'group-oncall', member: { memberId: 'user-ana' } };
  for (const [eventName, kind] of [
    ['AddMemberToGroup', 'made'],
    ['RemoveMemberFromGroup', 'removed'],
  ]) {
    expect(read({ eventSource: 'sso-directory.amazonaws.com', eventName, requestParameters })).toMatchObject({
      kind,
      principalType: 'USER',
      assignment: { principalId: 'user-ana', target: { groupId: 'group-oncall' } },
    });
  }
});
