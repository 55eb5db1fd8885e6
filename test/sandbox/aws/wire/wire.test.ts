import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import {
  CreatePermissionSetCommand,
  ListAccountAssignmentsCommand,
  ListInstancesCommand,
  SSOAdminClient,
} from '@aws-sdk/client-sso-admin';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { ACCOUNT, errorName, type Harness, INSTANCE, startHarness } from '../harness.ts';

const SIGNED =
  'AWS4-HMAC-SHA256 Credential=AKIASANDBOX/20260105/eu-central-1/sso/aws4_request, SignedHeaders=host, Signature=0';

describe('the wire protocols of the emulator', () => {
  let harness: Harness;
  const clients: { destroy(): void }[] = [];
  const made = <T extends { destroy(): void }>(client: T): T => {
    clients.push(client);
    return client;
  };
  const raw = async (headers: Record<string, string>, body = '{}') => {
    const answer = await harness.emulator.handle({ method: 'POST', path: '/', headers, body: Buffer.from(body) });
    return { status: answer.status, name: answer.status === 0 ? '' : JSON.parse(answer.body.toString()).__type };
  };

  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await harness.close();
  });

  test('every protocol works in process, without sockets', async () => {
    const config = harness.inProcess();
    const { Instances } = await made(new SSOAdminClient(config)).send(new ListInstancesCommand({}));
    expect(Instances?.[0]?.InstanceArn).toBe(INSTANCE);
    expect((await made(new STSClient(config)).send(new GetCallerIdentityCommand({}))).Account).toBe('456789012345');
    const identity = await made(new SESv2Client(config)).send(
      new GetEmailIdentityCommand({ EmailIdentity: 'example.com' }),
    );
    expect(identity.IdentityType).toBe('DOMAIN');
    const s3 = made(new S3Client(config));
    await s3.send(new PutObjectCommand({ Bucket: 'glasshammer-archive', Key: 'a b', Body: Buffer.from('kept') }));
    const got = await s3.send(new GetObjectCommand({ Bucket: 'glasshammer-archive', Key: 'a b' }));
    expect(await got.Body?.transformToString()).toBe('kept');
    const missing = made(new DynamoDBClient(config)).send(
      new GetItemCommand({ TableName: 'none', Key: { id: { S: 'x' } } }),
    );
    expect(await errorName(missing)).toBe('ResourceNotFoundException');
  });

  test('an operation that is not emulated is refused by name and not counted', async () => {
    const sso = made(new SSOAdminClient(harness.overHttp()));
    const call = sso.send(new CreatePermissionSetCommand({ InstanceArn: INSTANCE, Name: 'x' }));
    await expect(call).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'sso-admin:CreatePermissionSet is not emulated',
    });
    expect(harness.calls.snapshot()).toEqual({});
  });

  test('unsigned calls, unknown services and malformed bodies are refused', async () => {
    const target = { 'x-amz-target': 'SWBExternalService.ListInstances' };
    expect(await raw(target)).toEqual({ status: 403, name: 'MissingAuthenticationTokenException' });
    expect(await raw({ authorization: SIGNED, 'x-amz-target': 'Nobody.ListInstances' })).toEqual({
      status: 400,
      name: 'UnknownOperationException',
    });
    expect(await raw({ authorization: SIGNED, ...target }, '{')).toEqual({
      status: 400,
      name: 'SerializationException',
    });
    expect(await raw({ authorization: SIGNED, ...target }, '{"MaxResults":"ten"}')).toEqual({
      status: 400,
      name: 'SerializationException',
    });
  });

  test.each(['overHttp', 'inProcess'] as const)(
    'a closed connection is retried by the SDK like a real one (%s)',
    async (way) => {
      harness.faults.add({ operation: 'sso-admin:ListInstances', error: 'ConnectionReset' });
      const sso = made(new SSOAdminClient({ ...harness[way](), maxAttempts: 2 }));
      expect((await sso.send(new ListInstancesCommand({}))).Instances).toHaveLength(1);
      expect(harness.calls.snapshot()).toEqual({ 'sso-admin:ListInstances': 2 });
      harness.faults.add({ operation: 'sso-admin:ListInstances', error: 'Timeout', times: 'forever' });
      const lost = sso.send(new ListInstancesCommand({}));
      await expect(lost).rejects.toMatchObject({
        message: expect.stringContaining('socket hang up'),
        $metadata: { attempts: 2 },
      });
    },
  );

  test('a planned error has its message, and a planned delay waits before the call works', async () => {
    const sso = made(new SSOAdminClient(harness.overHttp()));
    harness.faults.add({
      operation: 'sso-admin:ListInstances',
      error: 'AccessDeniedException',
      message: 'the key is gone',
    });
    harness.faults.add({ operation: 'sso-admin:ListInstances', delayMs: 30 });
    await expect(sso.send(new ListInstancesCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: 'the key is gone',
      $metadata: { httpStatusCode: 403 },
    });
    const before = performance.now();
    await sso.send(new ListInstancesCommand({}));
    expect(performance.now() - before).toBeGreaterThan(25);
  });

  test('an answer that does not fit the schema of the service fails', async () => {
    harness.world.assignments.push({
      principalType: 'ROBOT' as 'USER',
      principalId: 7 as unknown as string,
      accountId: ACCOUNT,
      permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-read',
      createdBy: 'a test',
      createdAt: '2026-01-05T09:00:00Z',
    });
    const sso = made(new SSOAdminClient(harness.inProcess()));
    const PermissionSetArn = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-read';
    const list = sso.send(
      new ListAccountAssignmentsCommand({ InstanceArn: INSTANCE, AccountId: ACCOUNT, PermissionSetArn }),
    );
    await expect(list).rejects.toThrow('AccountAssignments[0].PrincipalId that is not a string');
  });

  test('a closed emulator answers no calls', async () => {
    await harness.emulator.close();
    expect((await raw({ authorization: SIGNED, 'x-amz-target': 'SWBExternalService.ListInstances' })).status).toBe(0);
  });
});
