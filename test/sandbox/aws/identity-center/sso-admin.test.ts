import {
  ConflictException,
  CreateAccountAssignmentCommand,
  type CreateAccountAssignmentCommandInput,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  DescribeInstanceCommand,
  DescribePermissionSetCommand,
  ListAccountAssignmentsCommand,
  ListAccountAssignmentsForPrincipalCommand,
  ListAccountsForProvisionedPermissionSetCommand,
  ListInstancesCommand,
  ListPermissionSetsCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  paginateListAccountAssignments,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import {
  ACCOUNT,
  BREAK_GLASS,
  errorName,
  type Harness,
  INSTANCE,
  MANAGEMENT,
  READ_ONLY,
  startHarness,
} from '../harness.ts';

describe('the emulated Identity Center', () => {
  let harness: Harness;
  let sso: SSOAdminClient;
  const ana: CreateAccountAssignmentCommandInput = {
    InstanceArn: INSTANCE,
    TargetType: 'AWS_ACCOUNT',
    TargetId: ACCOUNT,
    PermissionSetArn: BREAK_GLASS,
    PrincipalType: 'USER',
    PrincipalId: 'user-ana',
  };
  const create = async (change: Partial<CreateAccountAssignmentCommandInput> = {}) => {
    const answer = await sso.send(new CreateAccountAssignmentCommand({ ...ana, ...change }));
    return answer.AccountAssignmentCreationStatus;
  };
  const remove = async () => {
    const answer = await sso.send(new DeleteAccountAssignmentCommand(ana));
    return answer.AccountAssignmentDeletionStatus;
  };
  const creation = async (id = '') => {
    const command = new DescribeAccountAssignmentCreationStatusCommand({
      InstanceArn: INSTANCE,
      AccountAssignmentCreationRequestId: id,
    });
    return (await sso.send(command)).AccountAssignmentCreationStatus;
  };
  const deletion = async (id = '') => {
    const command = new DescribeAccountAssignmentDeletionStatusCommand({
      InstanceArn: INSTANCE,
      AccountAssignmentDeletionRequestId: id,
    });
    return (await sso.send(command)).AccountAssignmentDeletionStatus;
  };
  const held = async () => {
    const command = new ListAccountAssignmentsCommand({
      InstanceArn: INSTANCE,
      AccountId: ACCOUNT,
      PermissionSetArn: BREAK_GLASS,
    });
    return ((await sso.send(command)).AccountAssignments ?? []).map(({ PrincipalId }) => PrincipalId);
  };

  beforeEach(async () => {
    harness = await startHarness();
    sso = new SSOAdminClient(harness.overHttp());
  });
  afterEach(async () => {
    sso.destroy();
    await harness.close();
  });

  test('an assignment exists only after provisioning has succeeded, not when the call returns', async () => {
    const started = await create();
    expect(started).toMatchObject({ Status: 'IN_PROGRESS', PrincipalId: 'user-ana', TargetId: ACCOUNT });
    harness.clock.advance(1.9);
    expect(await held()).toEqual([]);
    expect((await creation(started?.RequestId))?.Status).toBe('IN_PROGRESS');
    harness.clock.advance(0.1);
    expect(await held()).toEqual(['user-ana']);
    expect(await creation(started?.RequestId)).toMatchObject({
      Status: 'SUCCEEDED',
      CreatedDate: new Date('2026-01-05T09:00:00Z'),
    });
  });

  test('an assignment exists until its deletion has succeeded', async () => {
    await create();
    harness.clock.advance(2);
    const started = await remove();
    expect(await held()).toEqual(['user-ana']);
    harness.clock.advance(2);
    expect(await held()).toEqual([]);
    expect((await deletion(started?.RequestId))?.Status).toBe('SUCCEEDED');
  });

  test('the id of a creation is unknown to the deletion status, and the other way round', async () => {
    const made = await create();
    harness.clock.advance(2);
    const gone = await remove();
    expect(await errorName(deletion(made?.RequestId))).toBe('ResourceNotFoundException');
    expect(await errorName(creation(gone?.RequestId))).toBe('ResourceNotFoundException');
  });

  test('a change while another change of the same assignment runs is a conflict', async () => {
    await create();
    await expect(create()).rejects.toThrow(ConflictException);
    expect(await errorName(remove())).toBe('ConflictException');
    expect(await errorName(create({ PermissionSetArn: READ_ONLY }))).toBe('none');
  });

  test('creating an existing assignment succeeds and makes no duplicate', async () => {
    await create();
    harness.clock.advance(2);
    const again = await create();
    harness.clock.advance(2);
    expect((await creation(again?.RequestId))?.Status).toBe('SUCCEEDED');
    expect(await held()).toEqual(['user-ana']);
  });

  test('deleting a missing assignment fails asynchronously, with the message of AWS', async () => {
    const started = await remove();
    harness.clock.advance(2);
    const status = await deletion(started?.RequestId);
    expect(status).toMatchObject({
      Status: 'FAILED',
      FailureReason: expect.stringContaining("Received a 404 status error: EntitlementItem doesn't exist"),
    });
  });

  test('an unknown account fails asynchronously; an unknown permission set, principal or instance fails at once', async () => {
    const started = await create({ TargetId: '111111111111' });
    harness.clock.advance(2);
    expect((await creation(started?.RequestId))?.Status).toBe('FAILED');
    expect(await errorName(create({ PermissionSetArn: `${BREAK_GLASS}x` }))).toBe('ResourceNotFoundException');
    expect(await errorName(create({ PrincipalId: 'user-nobody' }))).toBe('ResourceNotFoundException');
    expect(await errorName(create({ PrincipalType: 'GROUP' }))).toBe('ResourceNotFoundException');
    expect(await errorName(create({ InstanceArn: 'arn:aws:sso:::instance/other' }))).toBe('ResourceNotFoundException');
  });

  test('an assignment of a deleted user can still be deleted', async () => {
    await create();
    harness.clock.advance(2);
    harness.world.users = harness.world.users.filter(({ id }) => id !== 'user-ana');
    await remove();
    harness.clock.advance(2);
    expect(await held()).toEqual([]);
  });

  test('the management account is refused until the world includes it', async () => {
    expect(await errorName(create({ TargetId: MANAGEMENT }))).toBe('AccessDeniedException');
    harness.world.includeManagementAccount = true;
    expect(await errorName(create({ TargetId: MANAGEMENT }))).toBe('none');
  });

  test('an eleventh concurrent creation is throttled, and accepted after others have finished', async () => {
    for (const [index, account] of harness.world.accounts.entries())
      for (const [place, set] of harness.world.permissionSets.entries())
        if (account.id !== MANAGEMENT && index * 4 + place < 10)
          await create({ TargetId: account.id, PermissionSetArn: set.arn });
    expect(harness.world.operations).toHaveLength(10);
    expect(await errorName(create({ PrincipalId: 'user-ben' }))).toBe('ThrottlingException');
    harness.clock.advance(2);
    expect(await errorName(create({ PrincipalId: 'user-ben' }))).toBe('none');
  });

  test('lists come in pages whose tokens work only for that list', async () => {
    for (const user of ['user-ana', 'user-ben', 'user-cleo']) await create({ PrincipalId: user });
    harness.clock.advance(2);
    const pages: number[] = [];
    const input = { InstanceArn: INSTANCE, AccountId: ACCOUNT, PermissionSetArn: BREAK_GLASS };
    for await (const { AccountAssignments: page = [] } of paginateListAccountAssignments(
      { client: sso, pageSize: 2 },
      input,
    ))
      pages.push(page.length);
    expect(pages).toEqual([2, 1]);
    const { NextToken } = await sso.send(new ListPermissionSetsCommand({ InstanceArn: INSTANCE, MaxResults: 1 }));
    expect(await errorName(sso.send(new ListAccountAssignmentsCommand({ ...input, NextToken })))).toBe(
      'ValidationException',
    );
    expect(await errorName(sso.send(new ListAccountAssignmentsCommand({ ...input, MaxResults: 101 })))).toBe(
      'ValidationException',
    );
  });

  test('provisioned permission sets are listed by account, and accounts by permission set', async () => {
    await create();
    harness.clock.advance(2);
    const sets = await sso.send(
      new ListPermissionSetsProvisionedToAccountCommand({ InstanceArn: INSTANCE, AccountId: ACCOUNT }),
    );
    expect(sets.PermissionSets).toEqual([BREAK_GLASS]);
    const accounts = await sso.send(
      new ListAccountsForProvisionedPermissionSetCommand({ InstanceArn: INSTANCE, PermissionSetArn: BREAK_GLASS }),
    );
    expect(accounts.AccountIds).toEqual([ACCOUNT]);
  });

  test('only the management account can list the assignments of a principal, including those through groups', async () => {
    await create();
    await create({ PrincipalType: 'GROUP', PrincipalId: 'group-sre', PermissionSetArn: READ_ONLY });
    harness.clock.advance(2);
    const ask = () =>
      sso.send(
        new ListAccountAssignmentsForPrincipalCommand({
          InstanceArn: INSTANCE,
          PrincipalId: 'user-ana',
          PrincipalType: 'USER',
        }),
      );
    expect(await errorName(ask())).toBe('AccessDeniedException');
    harness.world.homeAccountId = MANAGEMENT;
    expect((await ask()).AccountAssignments?.map(({ PrincipalId }) => PrincipalId)).toEqual(['user-ana', 'group-sre']);
  });

  test('the instance and its permission sets are described, with name and session duration', async () => {
    const { Instances } = await sso.send(new ListInstancesCommand({}));
    expect(Instances).toMatchObject([{ InstanceArn: INSTANCE, IdentityStoreId: 'd-1234567890' }]);
    expect((await sso.send(new DescribeInstanceCommand({ InstanceArn: INSTANCE }))).Status).toBe('ACTIVE');
    const described = await sso.send(
      new DescribePermissionSetCommand({ InstanceArn: INSTANCE, PermissionSetArn: BREAK_GLASS }),
    );
    expect(described.PermissionSet).toMatchObject({ Name: 'BreakGlassAdmin', SessionDuration: 'PT1H' });
  });

  test('a call without required fields is refused with their names', async () => {
    const empty = {} as CreateAccountAssignmentCommandInput;
    await expect(sso.send(new CreateAccountAssignmentCommand(empty))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(/InstanceArn.*PrincipalId/s),
    });
  });

  test('a planned asynchronous failure ends as FAILED and creates no assignment', async () => {
    harness.faults.add({ operation: 'sso-admin:CreateAccountAssignment', asyncFailure: 'role quota exceeded' });
    const started = await create();
    harness.clock.advance(2);
    expect(await creation(started?.RequestId)).toMatchObject({
      Status: 'FAILED',
      FailureReason: 'role quota exceeded',
    });
    expect(await held()).toEqual([]);
  });

  test('a fault after the work creates the assignment, and a fault before it does not', async () => {
    harness.faults.add({
      operation: 'sso-admin:CreateAccountAssignment',
      error: 'InternalServerException',
      when: 'after',
    });
    harness.faults.add({ operation: 'sso-admin:CreateAccountAssignment', error: 'ConflictException' });
    await expect(create()).rejects.toMatchObject({
      name: 'InternalServerException',
      $metadata: { httpStatusCode: 500 },
    });
    await expect(create({ PrincipalId: 'user-ben' })).rejects.toThrow(ConflictException);
    harness.clock.advance(2);
    expect(await held()).toEqual(['user-ana']);
    expect(harness.calls.snapshot()).toMatchObject({ 'sso-admin:CreateAccountAssignment': 2 });
  });

  test('a change leaves a CloudTrail record that names the caller', async () => {
    await create();
    expect(harness.heard.trail).toMatchObject([
      {
        eventName: 'CreateAccountAssignment',
        eventSource: 'sso.amazonaws.com',
        userIdentity: { arn: expect.stringContaining('assumed-role') },
        requestParameters: { principalId: 'user-ana', targetId: ACCOUNT },
      },
    ]);
  });
});
