import type { AssignmentPort } from '../../core/access/ports.ts';
import { type Assignment, assignmentKey, isGroupTarget } from '../../core/model/target.ts';
import { createAssignments } from '../../gateways/identity-center/assignments.ts';
import { FakeAssignments } from '../core/access/fakes.ts';
import { ANAS_ASSIGNMENT, ANAS_TARGET } from '../core/access/requests.ts';
import { emulateAws } from './emulated.ts';

const MEMBERSHIP: Assignment = { principalId: 'user-ana', target: { groupId: 'group-oncall' } };

/** Ids of operations that Identity Center no longer knows, or refuses to look for because of their form. */
const LOST_IDS = ['0f0f0f0f-0000-4000-8000-0f0f0f0f0f0f', 'written-by-hand'];

/** The port, and ways to change what is behind it. */
interface Subject {
  readonly port: AssignmentPort;
  /** Lets Identity Center finish the operations under way. */
  settle(): void;
  /** Makes the next operation end as FAILED. */
  failNext(reason: string): void;
  held(): string[];
}

function inMemory(): Subject {
  const port = new FakeAssignments();
  return {
    port,
    settle: () => port.settle(),
    failNext: (reason) => {
      port.failNext = reason;
    },
    held: () => [...port.held],
  };
}

function inIdentityCenter(): Subject {
  const aws = emulateAws();
  return {
    port: createAssignments(aws),
    settle: () => aws.pass(aws.world.provisioningSeconds),
    failNext: (reason) => {
      for (const operation of ['CreateAccountAssignment', 'DeleteAccountAssignment'])
        aws.faults.add({ operation: `sso-admin:${operation}`, asyncFailure: reason });
    },
    held: () => [
      ...aws.world.assignments.map(({ principalId, ...target }) =>
        assignmentKey({
          principalId,
          target: { accountId: target.accountId, permissionSetArn: target.permissionSetArn },
        }),
      ),
      ...aws.world.memberships
        .filter(({ groupId }) => groupId === 'group-oncall')
        .map(({ userId, groupId }) => assignmentKey({ principalId: userId, target: { groupId } })),
    ],
  };
}

describe.each([
  ['in memory', inMemory],
  ['in Identity Center', inIdentityCenter],
])('assignments %s', (_where, create) => {
  /** Asks for a change of the assignment. @returns the id of the operation, which must be polled */
  async function begin({ port }: Subject, change: 'create' | 'remove'): Promise<string> {
    const { status, operationId } = await port[change](ANAS_ASSIGNMENT);
    expect(status).toBe('in-progress');
    if (operationId === undefined) throw new Error('nothing to poll');
    return operationId;
  }

  async function given(): Promise<Subject> {
    const subject = create();
    await begin(subject, 'create');
    subject.settle();
    expect(await subject.port.exists(ANAS_ASSIGNMENT)).toBe(true);
    return subject;
  }

  it('exist when the creation has succeeded, and not a moment earlier', async () => {
    const subject = create();
    const operation = await begin(subject, 'create');
    expect(await subject.port.creationStatus(ANAS_ASSIGNMENT, operation)).toMatchObject({ status: 'in-progress' });
    expect(await subject.port.exists(ANAS_ASSIGNMENT)).toBe(false);
    subject.settle();
    expect(await subject.port.creationStatus(ANAS_ASSIGNMENT, operation)).toMatchObject({ status: 'succeeded' });
    expect(await subject.port.exists(ANAS_ASSIGNMENT)).toBe(true);
    expect(subject.held()).toEqual([assignmentKey(ANAS_ASSIGNMENT)]);
  });

  it('are gone when the removal has succeeded, and not a moment earlier', async () => {
    const subject = await given();
    const operation = await begin(subject, 'remove');
    expect(await subject.port.removalStatus(ANAS_ASSIGNMENT, operation)).toMatchObject({ status: 'in-progress' });
    expect(await subject.port.exists(ANAS_ASSIGNMENT)).toBe(true);
    subject.settle();
    expect(await subject.port.removalStatus(ANAS_ASSIGNMENT, operation)).toMatchObject({ status: 'succeeded' });
    expect(subject.held()).toEqual([]);
  });

  it('that are created twice exist once', async () => {
    const subject = await given();
    const operation = await begin(subject, 'create');
    subject.settle();
    expect(await subject.port.creationStatus(ANAS_ASSIGNMENT, operation)).toMatchObject({ status: 'succeeded' });
    expect(subject.held()).toHaveLength(1);
  });

  it('that do not exist count as removed', async () => {
    const subject = create();
    const operation = await begin(subject, 'remove');
    subject.settle();
    expect(await subject.port.removalStatus(ANAS_ASSIGNMENT, operation)).toEqual({ status: 'succeeded' });
  });

  it('change one at a time: a second change is a conflict to be retried', async () => {
    const subject = await given();
    await begin(subject, 'remove');
    await expect(subject.port.create(ANAS_ASSIGNMENT)).rejects.toMatchObject({ name: 'ConflictException' });
    await expect(subject.port.remove(ANAS_ASSIGNMENT)).rejects.toMatchObject({ name: 'ConflictException' });
  });

  it('whose creation fails do not exist, and the reason is told', async () => {
    const subject = create();
    subject.failNext('the account is closing');
    const operation = await begin(subject, 'create');
    subject.settle();
    expect(await subject.port.creationStatus(ANAS_ASSIGNMENT, operation)).toMatchObject({
      status: 'failed',
      reason: 'the account is closing',
    });
    expect(subject.held()).toEqual([]);
  });

  it('whose removal fails still exist, and the removal is not called a success', async () => {
    const subject = await given();
    subject.failNext('busy');
    const operation = await begin(subject, 'remove');
    subject.settle();
    expect(await subject.port.removalStatus(ANAS_ASSIGNMENT, operation)).toMatchObject({
      status: 'failed',
      reason: 'busy',
    });
    expect(subject.held()).toHaveLength(1);
  });

  it.each(LOST_IDS)(
    'can be removed again if the status of the removal is lost: the operation id %s keeps no access',
    async (id) => {
      const subject = await given();
      expect(await subject.port.removalStatus(ANAS_ASSIGNMENT, id)).toMatchObject({ status: 'failed' });
      await begin(subject, 'remove');
      subject.settle();
      expect(await subject.port.removalStatus(ANAS_ASSIGNMENT, id)).toEqual({ status: 'succeeded' });
    },
  );

  it.each(LOST_IDS)('whose creation status is lost are judged by whether they exist, with the id %s', async (id) => {
    const subject = create();
    expect(await subject.port.creationStatus(ANAS_ASSIGNMENT, id)).toMatchObject({ status: 'failed' });
    await begin(subject, 'create');
    subject.settle();
    expect(await subject.port.creationStatus(ANAS_ASSIGNMENT, id)).toEqual({ status: 'succeeded' });
  });

  it('of other people and accounts are not confused with each other', async () => {
    const { port } = await given();
    const elsewhere = { ...ANAS_TARGET, accountId: '234567890123' };
    expect(await port.exists({ principalId: 'user-ben', target: ANAS_TARGET })).toBe(false);
    expect(await port.exists({ principalId: 'user-ana', target: elsewhere })).toBe(false);
  });

  it('to a group are created and removed at once, and doing either twice changes nothing', async () => {
    const { port, held } = create();
    for (const answer of [{ status: 'succeeded', fresh: true }, { status: 'succeeded' }]) {
      expect(await port.create(MEMBERSHIP)).toEqual(answer);
      expect(held()).toEqual([assignmentKey(MEMBERSHIP)]);
    }
    expect(await port.exists(MEMBERSHIP)).toBe(true);
    for (const _ of [1, 2]) {
      expect(await port.remove(MEMBERSHIP)).toEqual({ status: 'succeeded' });
      expect(held()).toEqual([]);
    }
    expect(await port.removalStatus(MEMBERSHIP, 'any')).toEqual({ status: 'succeeded' });
    expect(await port.creationStatus(MEMBERSHIP, 'any')).toEqual({ status: 'succeeded' });
  });
});

describe('assignments in Identity Center', () => {
  it.each(['users', 'groups'] as const)(
    'to a group are gone when its %s are deleted, so that the removal is not retried for ever',
    async (kind) => {
      const aws = emulateAws();
      const port = createAssignments(aws);
      await port.create(MEMBERSHIP);
      // Identity Store deletes the memberships of a deleted user or group.
      aws.world[kind] = [];
      aws.world.memberships = [];
      expect(await port.remove(MEMBERSHIP)).toEqual({ status: 'succeeded' });
      expect(await port.exists(MEMBERSHIP)).toBe(false);
    },
  );

  const held = (principalType: 'USER' | 'GROUP', principalId: string) => {
    if (isGroupTarget(ANAS_TARGET)) throw new Error('not an account');
    const made = { createdBy: 'somebody', createdAt: '2026-01-05T00:00:00.000Z' };
    return { principalType, principalId, ...ANAS_TARGET, ...made };
  };

  it('are found among hundreds, on any page', async () => {
    const aws = emulateAws();
    for (let n = 0; n < 250; n++) aws.world.assignments.push(held('USER', `user-${n}`));
    aws.world.assignments.push(held('USER', 'user-ana'));
    expect(await createAssignments(aws).exists(ANAS_ASSIGNMENT)).toBe(true);
  });

  it('of a group are not taken for one of a person, even under the same id', async () => {
    const aws = emulateAws();
    aws.world.assignments.push(held('GROUP', 'user-ana'));
    expect(await createAssignments(aws).exists(ANAS_ASSIGNMENT)).toBe(false);
  });

  it('are not called absent because the call was throttled or refused', async () => {
    for (const error of ['ThrottlingException', 'AccessDeniedException', 'InternalServerException']) {
      const aws = emulateAws();
      aws.faults.add({ operation: 'sso-admin:ListAccountAssignments', error });
      aws.faults.add({ operation: 'sso-admin:DeleteAccountAssignment', error });
      const port = createAssignments(aws);
      await expect(port.exists(ANAS_ASSIGNMENT)).rejects.toMatchObject({ name: error });
      await expect(port.remove(ANAS_ASSIGNMENT)).rejects.toMatchObject({ name: error });
    }
  });

  it('of a deleted permission set count as removed', async () => {
    const aws = emulateAws();
    aws.world.permissionSets = [];
    expect(await createAssignments(aws).remove(ANAS_ASSIGNMENT)).toEqual({ status: 'succeeded' });
    expect(await createAssignments(aws).exists(ANAS_ASSIGNMENT)).toBe(false);
  });

  it('to a group that is being changed are a conflict, not a success', async () => {
    const aws = emulateAws();
    aws.faults.add({ operation: 'identitystore:CreateGroupMembership', error: 'ConflictException' });
    await expect(createAssignments(aws).create(MEMBERSHIP)).rejects.toMatchObject({ name: 'ConflictException' });
  });

  it('to a group whose answer was lost exist all the same', async () => {
    const aws = emulateAws();
    aws.faults.add({
      operation: 'identitystore:CreateGroupMembership',
      error: 'InternalServerException',
      when: 'after',
    });
    const port = createAssignments(aws);
    await expect(port.create(MEMBERSHIP)).rejects.toMatchObject({ name: 'InternalServerException' });
    expect(await port.create(MEMBERSHIP)).toEqual({ status: 'succeeded' });
  });
});
