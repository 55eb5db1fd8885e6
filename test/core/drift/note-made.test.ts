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

describe('the record of an assignment that Glasshammer’s roles have made', () => {
  it('holds when Glasshammer and when an administrator made it, in whatever order the events come', async () => {
    await heed(OURS);
    expect(await known()).toEqual([{ madeAt: '2026-01-05T12:01:00.000Z' }]);
    await heed(THEIRS);
    const both = [{ madeAt: '2026-01-05T12:01:00.000Z', theirsAt: THEIRS.at }];
    expect(await known()).toEqual(both);
    // The same event again, and late.
    await heed(OURS);
    expect(await known()).toEqual(both);
  });

  it('does not take an unknown role in Glasshammer’s account for an administrator', async () => {
    await heed(OURS);
    await heed({ ...THEIRS, caller: 'unknown', operationId: 'another' });
    expect(await known()).toEqual([{ madeAt: '2026-01-05T12:01:00.000Z' }]);
  });

  it('is deleted when CloudTrail shows a later removal by any caller, but not for an earlier removal', async () => {
    await heed(OURS);
    await heed({ ...OURS, kind: 'removed', at: '2026-01-05T12:00:59.000Z' });
    expect(await known()).toHaveLength(1);
    await heed({ ...THEIRS, kind: 'removed' });
    expect(await known()).toEqual([]);
  });

  /** A rule ignores these assignments, so no drift item remembers what an administrator gave. */
  describe('is not written once more by the event of an assignment that has been removed', () => {
    const REMOVED = { ...OURS, kind: 'removed', at: '2026-01-05T12:02:00.000Z', eventId: 'event-0' } as const;
    beforeEach(async () => {
      bench.services.rules = [{ ...REVOKE, action: 'ignore' }];
      const item = await bench.leaseStore.drop(ANAS_ASSIGNMENT, 'r1');
      if (item !== undefined) await bench.leaseStore.forget(item);
    });

    it.each<[string, readonly Partial<AssignmentChange>[]]>([
      ['a second time', [OURS, REMOVED, THEIRS, OURS]],
      ['after the removal’s', [REMOVED, THEIRS, OURS]],
      ['late, and both events come twice', [REMOVED, REMOVED, THEIRS, OURS, REMOVED, OURS]],
    ])(
      'when it comes %s: an administrator’s assignment since then is not taken for Glasshammer’s',
      async (_how, told) => {
        for (const change of told) await heed(change);
        expect((await known()).filter(({ madeAt }) => madeAt !== undefined)).toEqual([]);
      },
    );

    it('but is when a role of Glasshammer makes the assignment anew, and without the administrator’s older making', async () => {
      for (const change of [OURS, THEIRS, { ...REMOVED, at: '2026-01-05T12:04:00.000Z' }]) await heed(change);
      await heed({ ...OURS, at: '2026-01-05T12:05:00.000Z', eventId: 'event-4' });
      expect(await known()).toEqual([{ madeAt: '2026-01-05T12:05:00.000Z' }]);
    });

    it('even if it was only found gone, unless it was made seconds before and AWS may not show it yet', async () => {
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

    it('for longer than an event may wait in a queue, but not for ever', async () => {
      await heed(REMOVED);
      const Key = { id: madeId(assignmentKey(ANAS_ASSIGNMENT)) };
      const { Item } = await bench.dynamo.send(new GetCommand({ TableName: REQUEST_TABLE, Key }));
      const days = (Number(Item?.ttl) * 1000 - Date.parse(REMOVED.at)) / 86_400_000;
      expect(days).toBeGreaterThan(14);
      expect(days).toBeLessThan(32);
    });
  });

  describe('does not count an administrator’s making that was undone before Glasshammer’s', () => {
    const at = (seconds: number) => ({ at: `2026-01-05T12:01:${seconds}.000Z` });
    const GIVEN = { ...THEIRS, ...at(10) };
    const TAKEN = { ...THEIRS, ...at(20), kind: 'removed', eventId: 'event-3' } as const;
    const MADE = { ...OURS, ...at(30) };

    it.each<[string, readonly Partial<AssignmentChange>[]]>([
      ['in order', [GIVEN, TAKEN, MADE]],
      ['with Glasshammer’s first', [MADE, GIVEN, TAKEN]],
      ['in reverse order', [MADE, TAKEN, GIVEN]],
      ['with the removal first', [TAKEN, MADE, GIVEN]],
    ])('when the events come %s', async (_how, told) => {
      for (const change of told) await heed(change);
      const found = [];
      for await (const made of bench.services.made.all()) found.push(isMadeByUs(made));
      expect(found).toEqual([true]);
    });
  });

  it('is kept when making and removal have the same second in CloudTrail, until a look shows the assignment gone', async () => {
    for (const change of [OURS, { ...OURS, kind: 'removed', eventId: 'event-3' } as const]) await heed(change);
    expect(await known()).toEqual([{ madeAt: '2026-01-05T12:01:00.000Z' }]);
  });

  it('is not written for an administrator’s making alone, which it remembers for when Glasshammer’s event comes late', async () => {
    await heed({ assignment: BENS, at: THEIRS.at });
    expect(await known()).toEqual([]);
    bench.give(BENS);
    await heed({ assignment: BENS, caller: 'ours', operationId: 'of-an-ended-request', eventId: 'event-3' });
    expect(await known()).toEqual([{ madeAt: '2026-01-05T12:01:00.000Z', theirsAt: THEIRS.at }]);
  });

  it('is deleted for what is gone even if another membership cannot be looked at', async () => {
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

  describe('drops an administrator’s older making of a membership, which Identity Center would refuse to make twice', () => {
    const MEMBER = { principalId: 'user-ana', target: { groupId: 'group-oncall' } };
    const BEFORE = { ...THEIRS, assignment: MEMBER, at: '2026-01-05T12:01:20.000Z' };
    const MADE = { assignment: MEMBER, caller: 'ours', at: '2026-01-05T12:01:31.000Z' } as const;
    const LATER = { ...BEFORE, at: '2026-01-05T12:02:00.000Z', eventId: 'event-4' };

    it.each<[string, readonly Partial<AssignmentChange>[], boolean]>([
      ['when the administrator’s event comes first', [BEFORE, MADE], false],
      ['when Glasshammer’s event comes first', [MADE, BEFORE], false],
      ['but keeps a newer one', [BEFORE, MADE, LATER], true],
      ['but keeps a newer one whose event comes first', [LATER, MADE, BEFORE], true],
    ])('%s', async (_order, told, standing) => {
      await bench.grant({ id: 'r2', target: MEMBER.target });
      for (const change of told) await heed(change);
      expect((await bench.leaseStore.get(MEMBER))?.standing).toBe(standing);
      expect((await known()).map(({ theirsAt }) => theirsAt)).toEqual([standing ? LATER.at : undefined]);
    });
  });

  it('does not change a later lease that found an administrator’s membership, when the older events come late', async () => {
    const member = { principalId: 'user-ana', target: { groupId: 'group-oncall' } };
    await bench.leaseStore.noteAbsent(member, '2026-01-05T12:01:00.050Z');
    await bench.leaseStore.noteAbsent(member, '2026-01-05T12:01:03.400Z');
    await bench.grant({ id: 'r2', target: member.target }, true);
    const made = { assignment: member, caller: 'ours', at: '2026-01-05T12:01:00.000Z' } as const;
    await heed(made);
    await heed({ ...made, kind: 'removed', at: '2026-01-05T12:01:03.000Z', eventId: 'event-3' });
    expect((await bench.leaseStore.get(member))?.standing).toBe(true);
  });

  it('does not change a later lease although Glasshammer’s membership was gone within a second: others have made it since', async () => {
    const member = { principalId: 'user-ana', target: { groupId: 'group-oncall' } };
    const made = { assignment: member, caller: 'ours', at: '2026-01-05T12:01:00.000Z' } as const;
    // Its first attempt fails after this, so the event comes once more when the next lease is there.
    await heed(made);
    await bench.leaseStore.noteAbsent(member, '2026-01-05T12:01:00.600Z');
    await heed({ ...THEIRS, assignment: member, at: '2026-01-05T12:01:04.000Z' });
    await bench.grant({ id: 'r2', target: member.target }, true);
    await heed(made);
    expect((await bench.leaseStore.get(member))?.standing).toBe(true);
  });

  it('is written even if somebody has spoiled the stored request', async () => {
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

  it('is deleted when the assignment is found gone and no lease holds it', async () => {
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
