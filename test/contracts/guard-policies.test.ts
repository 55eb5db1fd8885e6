import { STSClient } from '@aws-sdk/client-sts';
import type { GuardForm } from '../../core/sessions/guard-policy.ts';
import {
  GUARD_POLICIES,
  guardDocument,
  OPEN_ATTACHED_GUARD,
  OPEN_GUARD,
  withLock,
} from '../../core/sessions/guard-policy.ts';
import type { GuardLocks, GuardPolicies } from '../../core/sessions/ports.ts';
import { createGuardLocks } from '../../gateways/dynamodb/guard-locks.ts';
import { createGuardPolicies } from '../../gateways/iam/guard-policies.ts';
import { createAccountSessions } from '../../gateways/sts/account-sessions.ts';
import { createGuards, createLocks } from '../core/sessions/fakes.ts';
import { emulateAws, REQUEST_TABLE } from './emulated.ts';

const GUARDED = '123456789012';
const UNGUARDED = '234567890123';

function inIam(form: GuardForm = 'boundary') {
  const aws = emulateAws({ seed: { guardedAccounts: [GUARDED], attachedGuards: ['PowerUserAccess'] } });
  const { config } = aws;
  const sessions = createAccountSessions({
    sts: new STSClient(config),
    roleName: 'GlasshammerSessionGuard',
    now: aws.now,
    partition: 'aws',
  });
  const guards = createGuardPolicies({
    sessions,
    form,
    policy: GUARD_POLICIES[form],
    partition: 'aws',
    client: config,
  });
  return { aws, guards };
}

describe.each<[string, () => GuardPolicies]>([
  ['in memory', () => createGuards({ [GUARDED]: guardDocument(OPEN_GUARD) }).guards],
  ['in IAM', () => inIam().guards],
])('guard policies %s', (_where, create) => {
  it('are read as they were written, a hundred times in a row: old versions are deleted to make room', async () => {
    const guards = create();
    for (let n = 0; n < 100; n++) {
      const document = guardDocument(withLock(OPEN_GUARD, `user-${n}`, true));
      await guards.write(GUARDED, document);
      expect((await guards.read(GUARDED))?.document).toBe(document);
    }
  });

  it('are absent in an account that has none', async () => {
    expect(await create().read(UNGUARDED)).toBeUndefined();
  });
});

describe('guard policies in IAM', () => {
  it('are absent in an account whose role does not trust Glasshammer', async () => {
    const { aws, guards } = inIam();
    aws.world.rolesMissing.add(`${GUARDED}/GlasshammerSessionGuard`);
    expect(await guards.read(GUARDED)).toBeUndefined();
  });

  it('are not taken for absent when IAM is down', async () => {
    const { aws, guards } = inIam();
    aws.faults.add({ operation: 'iam:GetPolicy', error: 'ServiceFailure' });
    await expect(guards.read(GUARDED)).rejects.toThrow();
  });

  it('are refused in the attached form if they allow anything', async () => {
    const { aws, guards } = inIam('attached');
    const locked = guardDocument(withLock(OPEN_ATTACHED_GUARD, 'user-ana', true));
    await guards.write(GUARDED, locked);
    await expect(guards.write(GUARDED, guardDocument(OPEN_GUARD))).rejects.toThrow(GUARDED);
    expect((await guards.read(GUARDED))?.document).toBe(locked);
    // A member stack that is older than the attached form has no right to read the policy either.
    aws.faults.add({ operation: 'iam:GetPolicy', error: 'AccessDenied' });
    expect(await guards.read(GUARDED)).toBeUndefined();
    expect((await inIam('boundary').guards.read(GUARDED))?.document).toBe(guardDocument(OPEN_GUARD));
  });

  it('are read with a role that is assumed once an hour per account', async () => {
    const { aws, guards } = inIam();
    await guards.read(GUARDED);
    await guards.read(GUARDED);
    expect(aws.calls.snapshot()['sts:AssumeRole']).toBe(1);
    aws.pass(3500);
    await guards.read(GUARDED);
    expect(aws.calls.snapshot()['sts:AssumeRole']).toBe(2);
  });
});

describe.each<[string, () => GuardLocks]>([
  ['in memory', createLocks],
  [
    'in DynamoDB',
    () => {
      const { dynamo: client } = emulateAws();
      return createGuardLocks({ client, tableName: REQUEST_TABLE });
    },
  ],
])("locks on accounts' guards %s", (_where, create) => {
  const NOW = '2026-01-05T12:00:00.000Z';
  const LATER = '2026-01-05T12:02:00.000Z';

  it('have one holder at a time', async () => {
    const locks = create();
    const taken = await Promise.all(['a', 'b', 'c'].map((holder) => locks.take(GUARDED, holder, NOW, LATER)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it('can be taken again by their holder, and by anybody once they are released', async () => {
    const locks = create();
    expect(await locks.take(GUARDED, 'a', NOW, LATER)).toBe(true);
    expect(await locks.take(GUARDED, 'a', NOW, LATER)).toBe(true);
    await locks.release(GUARDED, 'b');
    expect(await locks.take(GUARDED, 'b', NOW, LATER)).toBe(false);
    await locks.release(GUARDED, 'a');
    expect(await locks.take(GUARDED, 'b', NOW, LATER)).toBe(true);
  });

  it('expire by themselves, so that a writer that died blocks nobody', async () => {
    const locks = create();
    await locks.take(GUARDED, 'a', NOW, LATER);
    expect(await locks.take(GUARDED, 'b', LATER, '2026-01-05T12:04:00.000Z')).toBe(true);
  });

  it('are separate for each account', async () => {
    const locks = create();
    await locks.take(GUARDED, 'a', NOW, LATER);
    expect(await locks.take(UNGUARDED, 'b', NOW, LATER)).toBe(true);
  });
});
