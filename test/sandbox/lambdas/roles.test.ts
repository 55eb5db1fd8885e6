import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAwsEmulator } from '../../../sandbox/aws/emulator.ts';
import { type Listening, listen } from '../../../sandbox/aws/wire/listen.ts';
import { createWorld } from '../../../sandbox/aws/world/create-world.ts';
import { readSeed } from '../../../sandbox/aws/world/seed.ts';
import { CallCounter, FaultPlan } from '../../../sandbox/faults.ts';
import { LambdaHost } from '../../../sandbox/lambdas/host.ts';
import { environmentFor, settingsFor } from '../../../sandbox/server/environment.ts';
import { createAuthorizer } from '../../../sandbox/server/function-roles.ts';

/** A function that keeps its client between invocations, as the deployed ones do, and makes the call of its input. */
const CALLS_WHAT_IT_IS_TOLD = `
import { createRequire } from 'node:module';
const require = createRequire(${JSON.stringify(join(import.meta.dirname, '../../../package.json'))});
const { SSOAdminClient, CreateAccountAssignmentCommand } = require('@aws-sdk/client-sso-admin');
const client = new SSOAdminClient({ maxAttempts: 1 });
export async function handler({ input }) {
  const answer = await client.send(new CreateAccountAssignmentCommand(input));
  return answer.AccountAssignmentCreationStatus.Status;
}
`;

const world = createWorld(readSeed({}));
const settings = settingsFor(world, { teamId: 'T0HOME' });
const clock = { nowMs: () => Date.parse('2026-01-05T09:00:00Z') };
const faults = new FaultPlan({ clock });
const calls = new CallCounter();
const refused: string[] = [];

let codeRoot: string;
let server: Listening;
let host: LambdaHost;

beforeAll(async () => {
  codeRoot = mkdtempSync(join(tmpdir(), 'glasshammer-roles-'));
  for (const name of ['grant-access', 'access-requested']) {
    mkdirSync(join(codeRoot, name));
    writeFileSync(join(codeRoot, name, 'index.mjs'), CALLS_WHAT_IT_IS_TOLD);
  }
  let ids = 0;
  const emulator = createAwsEmulator({
    world,
    clock,
    faults,
    calls,
    newId: () => `id-${++ids}`,
    authorize: createAuthorizer(
      world,
      () => settings,
      ({ role, action }) => refused.push(`${role} ${action}`),
    ),
  });
  server = await listen(emulator.handle);
  const environment = environmentFor({ world, settings, awsUrl: server.url, slackApiUrl: 'http://127.0.0.1:9/' });
  host = new LambdaHost({ codeRoot, environment, clock, faults, onLog: () => undefined });
});

afterAll(async () => {
  await host.close();
  await server.close();
  rmSync(codeRoot, { recursive: true, force: true });
});

beforeEach(() => {
  refused.length = 0;
});

const input = {
  InstanceArn: world.instanceArn,
  TargetId: '234567890123',
  TargetType: 'AWS_ACCOUNT',
  PermissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-read',
  PrincipalType: 'USER',
  PrincipalId: 'user-ben',
};

test('a call without a right is refused, also when a function with the right runs at the same time in the same thread', async () => {
  const outcomes = await Promise.allSettled([
    host.invoke('access-requested', { input }),
    host.invoke('grant-access', { input }),
    host.invoke('access-requested', { input }),
  ]);
  expect(outcomes).toEqual([
    { status: 'rejected', reason: expect.objectContaining({ name: 'AccessDeniedException' }) },
    { status: 'fulfilled', value: 'IN_PROGRESS' },
    { status: 'rejected', reason: expect.objectContaining({ name: 'AccessDeniedException' }) },
  ]);
  expect(refused).toEqual([
    'access-requested sso:CreateAccountAssignment',
    'access-requested sso:CreateAccountAssignment',
  ]);
  expect(world.operations).toHaveLength(1);
});

test('a planned fault hits only a call that the role allows', async () => {
  faults.add({ operation: 'sso-admin:CreateAccountAssignment', error: 'ConflictException' });
  await expect(host.invoke('access-requested', { input })).rejects.toMatchObject({ name: 'AccessDeniedException' });
  await expect(host.invoke('grant-access', { input })).rejects.toMatchObject({ name: 'ConflictException' });
});
