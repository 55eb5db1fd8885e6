import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isMadeByUs } from '../../../core/access/recovery/made.ts';
import { handleChange } from '../../../core/drift/handle-change.ts';
import { forgetGone } from '../../../core/drift/note-made.ts';
import type { AssignmentChange } from '../../../core/drift/types.ts';
import { madeId } from '../../../core/model/stored-ids.ts';
import { type Assignment, assignmentKey } from '../../../core/model/target.ts';
import { REQUEST_TABLE } from '../../contracts/emulated.ts';
import { ANAS_ASSIGNMENT } from '../access/requests.ts';
import { aChange, BENS, REVOKE, type Workbench, workbench } from './workbench.ts';

const OURS = { assignment: ANAS_ASSIGNMENT, caller: 'ours', operationId: 'operation-1' } as const;
const THEIRS = { assignment: ANAS_ASSIGNMENT, at: '2026-01-05T12:03:00.000Z', eventId: 'event-2' } as const;

let bench: Workbench;
const heed = (change: Partial<AssignmentChange>) => handleChange(aChange(change), bench.services);

async function known() {
  const found = [];
  for await (const { assignment: _, theirsBy: _by, ...times } of bench.services.made.all()) found.push(times);
  return found;
}

beforeEach(async () => {
  bench = workbench();
  bench.pass(90);
  await bench.grant({ grant: { askedAt: 'x', standing: false, operationId: 'operation-1' } });
});

describe('what there is of our making', () => {
  it('is known by CloudTrail’s word, and by whom else it was given, in whatever order that is told', async () => {
    await heed(OURS);
    expect(await known()).toEqual([{ madeAt: '2026-01-05T12:01:00.000Z' }]);
    await heed(THEIRS);
    const both = [{ madeAt: '2026-01-05T12:01:00.000Z', theirsAt: THEIRS.at }];
    expect(await known()).toEqual(both);
    // Once more, and late.
    await heed(OURS);
    expect(await known()).toEqual(both);
  });

  it('is nobody else’s because a role of our own account is unknown', async () => {
    await heed(OURS);
    await heed({ ...THEIRS, caller: 'unknown', operationId: 'another' });
    expect(await known()).toEqual([{ madeAt: '2026-01-05T12:01:00.000Z' }]);
  });

  it('is forgotten when CloudTrail tells that it was removed since, by whomever, and not when it was before', async () => {
    await heed(OURS);
    await heed({ ...OURS, kind: 'removed', at: '2026-01-05T12:00:59.000Z' });
    expect(await known()).toHaveLength(1);
    await heed({ ...THEIRS, kind: 'removed' });
    expect(await known()).toEqual([]);
  });

  /** Nothing is told of these, so what others give is remembered nowhere else. */
  describe('once it was removed, is not made of CloudTrail’s telling of it again', () => {
    const REMOVED = { ...OURS, kind: 'removed', at: '2026-01-05T12:02:00.000Z', eventId: 'event-0' } as const;
    beforeEach(async () => {
      bench.services.rules = [{ ...REVOKE, action: 'ignore' }];
      const item = await bench.leaseStore.drop(ANAS_ASSIGNMENT, 'r1');
      if (item !== undefined) await bench.leaseStore.forget(item);
    });

    it.each<[string, readonly Partial<AssignmentChange>[]]>([
      ['a second time', [OURS, REMOVED, THEIRS, OURS]],
      ['after its removal', [REMOVED, THEIRS, OURS]],
      ['late, and both twice', [REMOVED, REMOVED, THEIRS, OURS, REMOVED, OURS]],
    ])('%s: what an administrator has given since is theirs', async (_how, told) => {
      for (const change of told) await heed(change);
      expect((await known()).filter(({ madeAt }) => madeAt !== undefined)).toEqual([]);
    });

    it('but is ours again when one of our roles has made it since, and nobody else’s by what was before', async () => {
      for (const change of [OURS, THEIRS, { ...REMOVED, at: '2026-01-05T12:04:00.000Z' }]) await heed(change);
      await heed({ ...OURS, at: '2026-01-05T12:05:00.000Z', eventId: 'event-4' });
      expect(await known()).toEqual([{ madeAt: '2026-01-05T12:05:00.000Z' }]);
    });

    it('nor where it was found gone, but is where it was made just before, and is not to be seen yet', async () => {
      bench.take(ANAS_ASSIGNMENT);
      await heed(OURS);
      bench.pass(1800);
      await forgetGone(bench.services);
      expect(await known()).toEqual([]);
      await heed(OURS);
      expect(await known()).toEqual([]);
      const justBefore = new Date(bench.now().getTime() - 5000).toISOString();
      await heed({ ...OURS, at: justBefore, eventId: 'event-5' });
      expect(await known()).toEqual([{ madeAt: justBefore }]);
    });

    it('for as long as an event may wait in a queue, and not for ever', async () => {
      await heed(REMOVED);
      const Key = { id: madeId(assignmentKey(ANAS_ASSIGNMENT)) };
      const { Item } = await bench.dynamo.send(new GetCommand({ TableName: REQUEST_TABLE, Key }));
      const days = (Number(Item?.ttl) * 1000 - Date.parse(REMOVED.at)) / 86_400_000;
      expect(days).toBeGreaterThan(14);
      expect(days).toBeLessThan(32);
    });
  });

  describe('and theirs before it, which somebody took away in between', () => {
    const at = (seconds: number) => ({ at: `2026-01-05T12:01:${seconds}.000Z` });
    const GIVEN = { ...THEIRS, ...at(10) };
    const TAKEN = { ...THEIRS, ...at(20), kind: 'removed', eventId: 'event-3' } as const;
    const MADE = { ...OURS, ...at(30) };

    it.each<[string, readonly Partial<AssignmentChange>[]]>([
      ['in order', [GIVEN, TAKEN, MADE]],
      ['ours first', [MADE, GIVEN, TAKEN]],
      ['the other way round', [MADE, TAKEN, GIVEN]],
      ['the end first', [TAKEN, MADE, GIVEN]],
    ])('is ours alone, told %s', async (_how, told) => {
      for (const change of told) await heed(change);
      const found = [];
      for await (const made of bench.services.made.all()) found.push(isMadeByUs(made));
      expect(found).toEqual([true]);
    });
  });

  it('is forgotten by a look alone where it was made in the second in which CloudTrail tells that it was removed', async () => {
    for (const change of [OURS, { ...OURS, kind: 'removed', eventId: 'event-3' } as const]) await heed(change);
    expect(await known()).toEqual([{ madeAt: '2026-01-05T12:01:00.000Z' }]);
  });

  it('is not made of what others give, and what they gave is remembered where ours is told of late', async () => {
    await heed({ assignment: BENS, at: THEIRS.at });
    expect(await known()).toEqual([]);
    bench.give(BENS);
    await heed({ assignment: BENS, caller: 'ours', operationId: 'of-an-ended-request', eventId: 'event-3' });
    expect(await known()).toEqual([{ madeAt: '2026-01-05T12:01:00.000Z', theirsAt: THEIRS.at }]);
  });

  it('that cannot be looked at keeps nothing else from being forgotten', async () => {
    const leftOut = { principalId: 'user-ben', target: { groupId: 'group-left-out' } };
    for (const assignment of [leftOut, BENS]) await heed({ ...OURS, assignment });
    bench.pass(700);
    const { exists } = bench.assignments;
    const assignments = {
      exists: async (assignment: Assignment) => {
        if ('groupId' in assignment.target) throw new Error('AccessDenied');
        return exists(assignment);
      },
    };
    expect(await forgetGone({ ...bench.services, assignments })).toBe(1);
    expect(bench.told.failures).toHaveLength(1);
    expect(await known()).toHaveLength(1);
  });

  describe('is ours alone where it is a membership that others had given before: it could not be made while that was there', () => {
    const MEMBER = { principalId: 'user-ana', target: { groupId: 'group-oncall' } };
    const BEFORE = { ...THEIRS, assignment: MEMBER, at: '2026-01-05T12:01:20.000Z' };
    const MADE = { assignment: MEMBER, caller: 'ours', at: '2026-01-05T12:01:31.000Z' } as const;
    const LATER = { ...BEFORE, at: '2026-01-05T12:02:00.000Z', eventId: 'event-4' };

    it.each<[string, readonly Partial<AssignmentChange>[], boolean]>([
      ['theirs is told first', [BEFORE, MADE], false],
      ['ours is told first', [MADE, BEFORE], false],
      ['they have given it since', [BEFORE, MADE, LATER], true],
      ['they have given it since, which is told first', [LATER, MADE, BEFORE], true],
    ])('%s', async (_order, told, standing) => {
      await bench.grant({ id: 'r2', target: MEMBER.target });
      for (const change of told) await heed(change);
      expect((await bench.leaseStore.get(MEMBER))?.standing).toBe(standing);
      expect((await known()).map(({ theirsAt }) => theirsAt)).toEqual([standing ? LATER.at : undefined]);
    });
  });

  it('says nothing of what others have given after its removal, and a later lease has found there', async () => {
    const member = { principalId: 'user-ana', target: { groupId: 'group-oncall' } };
    await bench.leaseStore.noteAbsent(member, '2026-01-05T12:01:00.050Z');
    await bench.leaseStore.noteAbsent(member, '2026-01-05T12:01:03.400Z');
    await bench.grant({ id: 'r2', target: member.target }, true);
    const made = { assignment: member, caller: 'ours', at: '2026-01-05T12:01:00.000Z' } as const;
    await heed(made);
    await heed({ ...made, kind: 'removed', at: '2026-01-05T12:01:03.000Z', eventId: 'event-3' });
    expect((await bench.leaseStore.get(member))?.standing).toBe(true);
  });

  it('is known though somebody has spoiled its request', async () => {
    await bench.dynamo.send(
      new UpdateCommand({
        TableName: REQUEST_TABLE,
        Key: { id: 'r1' },
        UpdateExpression: 'SET events = :none',
        ExpressionAttributeValues: { ':none': 5 },
      }),
    );
    await heed(OURS);
    expect(await known()).toEqual([{ madeAt: '2026-01-05T12:01:00.000Z' }]);
    await heed(THEIRS);
    expect((await bench.leaseStore.get(ANAS_ASSIGNMENT))?.standing).toBe(true);
  });

  it('is forgotten where it is found gone and no lease speaks of it', async () => {
    const member = { principalId: 'user-ben', target: { groupId: 'group-oncall' } };
    for (const assignment of [ANAS_ASSIGNMENT, member]) await heed({ ...OURS, assignment });
    await forgetGone(bench.services);
    expect(await known()).toHaveLength(2);
    bench.pass(700);
    await forgetGone(bench.services);
    // Ana's has a lease.
    expect(await known()).toHaveLength(1);
  });
});
