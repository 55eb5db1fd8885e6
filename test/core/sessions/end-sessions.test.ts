import { accessOf } from '../../../core/model/access.ts';
import { MalformedItemError } from '../../../core/model/errors.ts';
import { enter, happen } from '../../../core/model/events.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { type EndSessionsServices, endSessions } from '../../../core/sessions/end-sessions.ts';
import { guardDocument, guardNames, OPEN_GUARD, readGuardDocument } from '../../../core/sessions/guard-policy.ts';
import type { BoundaryState, SetSessions } from '../../../core/sessions/ports.ts';
import { FakeLeaseStore, FakeRequestStore } from '../access/fakes.ts';
import { ANAS_ASSIGNMENT, aRequest, BREAK_GLASS, NOON, PRODUCTION } from '../access/requests.ts';
import { createGuards, createLocks } from './fakes.ts';

const ENDED_AT = '2026-01-05T13:00:04.000Z';
const ended = (overrides: Partial<AccessRequest> = {}) =>
  aRequest('ended', { endedAt: ENDED_AT, grant: { askedAt: NOON, standing: false }, ...overrides });

function world(request: AccessRequest = ended(), documents?: Record<string, string>) {
  const requests = new FakeRequestStore().put(request);
  const leases = new FakeLeaseStore();
  const { guards, documents: written, writes } = createGuards(documents);
  let at = Date.parse('2026-01-05T13:00:06.000Z');
  let boundary: BoundaryState | Error = 'attached';
  let set: SetSessions | undefined = { permissionSetName: 'BreakGlassAdmin', sessionSeconds: 3600 };
  const services: EndSessionsServices = {
    requests,
    leases,
    guards,
    locks: createLocks(),
    boundaries: {
      async stateOf() {
        if (boundary instanceof Error) throw boundary;
        return boundary;
      },
      async sessionsOf() {
        return set;
      },
    },
    policies: guardNames('emergency').policies,
    deliveryDelaySeconds: 900,
    newHolder: () => 'run-1',
    now: () => new Date(at),
  };
  return {
    requests,
    leases,
    guards,
    writes,
    services,
    cuts: () => readGuardDocument(written[PRODUCTION] ?? '')?.cuts,
    later: (iso: string) => {
      at = Date.parse(iso);
    },
    see: (state: BoundaryState | Error) => {
      boundary = state;
    },
    describe: (found: SetSessions | undefined) => {
      set = found;
    },
    run: () => endSessions('r1', services),
    now: () => requests.now('r1'),
    failures: () => requests.now('r1').events.filter(({ type }) => type === 'sessions-cut-failed'),
  };
}

describe('ending the sessions of an access that is over', () => {
  it('cuts them, records when, and has the report made without waiting for them to expire', async () => {
    const all = world();
    expect(await all.run()).toMatchObject({ next: 'done', report: true, reportAt: '2026-01-05T13:15:06.000Z' });
    expect(all.cuts()).toMatchObject([{ userId: 'user-ana', issuedBefore: '2026-01-05T13:00:34Z' }]);
    expect(all.now()).toMatchObject({ sessionsCutAt: '2026-01-05T13:00:06.000Z' });
    expect(all.now().events.at(-1)).toMatchObject({ type: 'sessions-cut', at: '2026-01-05T13:00:06.000Z' });
    expect(
      accessOf({
        ...all.now(),
        events: [...all.now().events, { type: 'granting', state: 'granting', at: NOON, by: '' }],
      }),
    ).toMatchObject({ sessionsCutAt: '2026-01-05T13:00:06.000Z' });
    await all.run();
    expect(all.writes).toHaveLength(1);
  });

  it('makes a new grant of the same access wait until its credentials would work', async () => {
    const all = world();
    await all.run();
    expect((await all.leases.get(ANAS_ASSIGNMENT))?.opensAt).toBe('2026-01-05T13:00:34.000Z');
  });

  it('does not deny the sessions of a new grant that began before it could be made to wait', async () => {
    const all = world();
    all.requests.put(aRequest('granting', { id: 'r2', startsAt: '2026-01-05T13:00:05.700Z' }));
    await all.leases.add(ANAS_ASSIGNMENT, 'r2');
    await all.run();
    expect(all.cuts()).toMatchObject([{ issuedBefore: '2026-01-05T13:00:05Z' }]);
  });

  it('does not deny them either if the new grant began before the old access was seen gone', async () => {
    const all = world();
    all.requests.put(aRequest('granting', { id: 'r2', startsAt: '2026-01-05T13:00:01.000Z' }));
    await all.leases.add(ANAS_ASSIGNMENT, 'r2');
    await all.run();
    expect(all.cuts()).toMatchObject([{ issuedBefore: '2026-01-05T13:00:01Z' }]);
  });

  it('goes by the name and the duration that Identity Center says, not by what was written into the request', async () => {
    const names = { accountName: 'production', permissionSetName: 'Other' };
    const all = world(ended({ names, sessionSeconds: 3600 }));
    all.describe({ permissionSetName: 'BreakGlassAdmin', sessionSeconds: 8 * 3600 });
    expect(await all.run()).toMatchObject({ next: 'done' });
    expect(all.cuts()).toMatchObject([{ permissionSetName: 'BreakGlassAdmin', until: '2026-01-05T21:00:34Z' }]);
  });

  it('denies them for as long as they last, if the duration of the permission set was shortened since', async () => {
    const all = world(ended({ sessionSeconds: 8 * 3600 }));
    await all.run();
    expect(all.cuts()).toMatchObject([{ until: '2026-01-05T21:00:34Z' }]);
  });

  it('cuts and has reported what somebody says was cancelled, and does not wait until that can be noted', async () => {
    const granted = { type: 'granted', at: NOON, by: 'glasshammer' } as const;
    const all = world(ended({ state: 'cancelled', events: [granted] }));
    expect(await all.run()).toMatchObject({ next: 'done', report: false });
    expect(all.cuts()).toMatchObject([{ userId: 'user-ana' }]);
    const own = await endSessions('r1', all.services, ANAS_ASSIGNMENT);
    expect(own).toMatchObject({ next: 'done', report: true, firstReportAt: '2026-01-05T13:05:04.000Z' });
  });

  it('tries again if the permission set is deleted just then', async () => {
    const all = world();
    all.describe(undefined);
    expect(await all.run()).toMatchObject({ next: 'again', failed: 'UnknownPermissionSet' });
    expect(all.writes).toEqual([]);
  });

  it('is not kept from it by a new request that began at no instant', async () => {
    const all = world();
    all.requests.put(aRequest('active', { id: 'r2', startsAt: 'soon' }));
    await all.leases.add(ANAS_ASSIGNMENT, 'r2');
    await all.run();
    expect(all.cuts()).toMatchObject([{ issuedBefore: '2026-01-05T13:00:34Z' }]);
  });

  it('tries for an hour at least, even if the request says that its sessions last a second', async () => {
    const all = world(ended({ sessionSeconds: 1 }));
    all.later('2026-01-05T13:30:00.000Z');
    await all.run();
    expect(all.cuts()).toMatchObject([{ until: '2026-01-05T14:00:34Z' }]);
  });

  it.each<[string, BoundaryState]>([
    ['no boundary', 'none'],
    ['a boundary of its own', 'other'],
  ])('cuts nothing under a permission set with %s, and records once that sessions are left', async (_what, state) => {
    const all = world();
    all.see(state);
    expect(await all.run()).toMatchObject({ next: 'done', report: true, reportAt: '2026-01-05T14:15:04.000Z' });
    expect(all.now()).toMatchObject({ sessionsLeft: 'unguarded' });
    const why = { type: 'sessions-left', note: 'the permission set has no session guard' };
    expect(all.now().events).toEqual([
      ...ended().events,
      { ...why, at: '2026-01-05T13:00:06.000Z', by: 'glasshammer' },
    ]);
    await all.run();
    expect(all.now().events).toHaveLength(ended().events.length + 1);
    expect(all.writes).toEqual([]);
  });

  it.each<[string, Partial<AccessRequest>]>([
    ['that stays with the person', { sessionsLeft: 'kept' }],
    ['that was assigned before the request', { grant: { askedAt: NOON, standing: true } }],
    ['of a group', { target: { groupId: 'group-oncall' } }],
    ['whose last session has expired', { endedAt: '2026-01-05T11:59:00.000Z' }],
  ])('cuts no sessions of access %s', async (_what, overrides) => {
    const all = world(ended(overrides));
    expect(await all.run()).toMatchObject({ next: 'done' });
    expect(all.writes).toEqual([]);
  });

  it.each<[string, Partial<AccessRequest>]>([
    ['stays', { sessionsLeft: 'kept' }],
    ['cannot be cut', { sessionsLeft: 'unguarded' }],
    ['is cut', { sessionsCutAt: NOON }],
  ])('cuts them all the same if a stored field, but no event, says that the access %s', async (_what, said) => {
    const all = world({ ...ended(), ...said });
    expect(await all.run()).toMatchObject({ next: 'done' });
    expect(all.cuts()).toHaveLength(1);
  });

  it.each(['sessions-cut', 'sessions-left'] as const)(
    'cuts them, where the workflow remembers the access, even if a %s was added to the history, and adds none',
    async (type) => {
      const forged = happen(type, ENDED_AT, { by: 'attacker' });
      const all = world(ended({ events: [...ended().events, forged] }));
      expect(await endSessions('r1', all.services, ANAS_ASSIGNMENT)).toMatchObject({ next: 'done', report: true });
      expect(all.cuts()).toHaveLength(1);
      expect(all.now().events.at(-1)).toEqual(forged);
    },
  );

  it('cuts them if the history says that they were cut before the end', async () => {
    const all = world(ended({ events: [happen('sessions-cut', NOON), enter('ended', ENDED_AT)] }));
    await all.run();
    expect(all.cuts()).toHaveLength(1);
  });

  it('cuts them for a failed request, whose grant may have given access without recording it', async () => {
    const all = world({ ...ended(), state: 'failed' });
    expect(await all.run()).toMatchObject({ next: 'done', report: false, reportAt: '' });
    expect(all.cuts()).toHaveLength(1);
  });

  it('cuts them even if the request that holds the same assignment now cannot be read', async () => {
    const all = world();
    all.leases.put({ assignment: ANAS_ASSIGNMENT, leases: ['r2'], standing: false });
    const { get } = all.requests;
    all.requests.get = async (id) => {
      if (id === 'r2') throw new MalformedItemError('request item r2 has no state or no events');
      return get.call(all.requests, id);
    };
    expect(await all.run()).toMatchObject({ next: 'done' });
    expect(all.cuts()).toHaveLength(1);
  });

  describe('when its request is lost or does not know of the access', () => {
    const lost = (all: ReturnType<typeof world>) => endSessions('r1', all.services, ANAS_ASSIGNMENT);
    const without = () => {
      const all = world();
      all.requests.requests.clear();
      return all;
    };

    it('denies them for as long as the longest session may live, and makes a new grant wait', async () => {
      const all = without();
      expect(await lost(all)).toMatchObject({ next: 'over', report: false });
      expect(all.cuts()).toMatchObject([
        { userId: 'user-ana', permissionSetName: 'BreakGlassAdmin', until: '2026-01-06T01:00:36Z' },
      ]);
      expect((await all.leases.get(ANAS_ASSIGNMENT))?.opensAt).toBe('2026-01-05T13:00:36.000Z');
      const older = world(aRequest('cancelled'));
      expect(await lost(older)).toMatchObject({ next: 'done', report: false });
      expect(older.cuts()).toHaveLength(1);
    });

    it('denies only sessions from before the assignment was seen gone: later ones belong to other access', async () => {
      const all = without();
      await endSessions('r1', all.services, ANAS_ASSIGNMENT, '2026-01-05T12:00:00.000Z');
      expect(all.cuts()).toMatchObject([{ issuedBefore: '2026-01-05T12:00:30Z', until: '2026-01-06T00:00:30Z' }]);
    });

    it('cuts them if somebody has spoiled the stored request', async () => {
      const all = world();
      all.requests.get = () => Promise.reject(new MalformedItemError('request item r1 has no state or no events'));
      expect(await lost(all)).toMatchObject({ next: 'over', report: false });
      expect(all.cuts()).toHaveLength(1);
    });

    it('tries again until it succeeds, and reports the failure to the operators meanwhile', async () => {
      const all = without();
      all.see('outdated');
      expect(await lost(all)).toMatchObject({ next: 'again', failed: expect.stringContaining('provision it') });
      all.see('none');
      expect(await lost(all)).toMatchObject({ next: 'over' });
      expect(all.writes).toEqual([]);
    });

    it.each<[string, Partial<AccessRequest>]>([
      ['another account', { target: { accountId: '234567890123', permissionSetArn: BREAK_GLASS } }],
      ['a group', { target: { groupId: 'group-oncall' } }],
      ['another person', { requester: { ...aRequest('ended').requester, principalId: 'user-zoe' } }],
    ])('cuts the sessions of what was given if the stored request names %s', async (_what, altered) => {
      const all = world(ended(altered));
      expect(await lost(all)).toMatchObject({ next: 'done' });
      expect(all.cuts()).toMatchObject([{ userId: 'user-ana', permissionSetName: 'BreakGlassAdmin' }]);
    });

    it('follows the request if that does know of the access', async () => {
      const all = world(ended({ sessionsLeft: 'kept' }));
      expect(await lost(all)).toMatchObject({ next: 'done', report: true });
      expect(all.writes).toEqual([]);
    });
  });

  it.each<[string, (all: ReturnType<typeof world>) => void, string]>([
    [
      'Identity Center',
      (all) => all.see(Object.assign(new Error(), { name: 'ThrottlingException' })),
      'ThrottlingException',
    ],
    [
      'IAM',
      (all) => {
        all.guards.beforeWrite = () => {
          throw Object.assign(new Error(), { name: 'ServiceFailure' });
        };
      },
      'ServiceFailure',
    ],
    ['an account that is not provisioned', (all) => all.see('outdated'), 'provision it'],
  ])('records that %s prevents the cut, and tries again until it succeeds', async (_who, breakIt, why) => {
    const all = world();
    breakIt(all);
    expect(await all.run()).toMatchObject({ next: 'again', failed: expect.stringContaining(why) });
    expect(all.failures()).toMatchObject([{ note: expect.stringContaining(why) }]);
    all.see('attached');
    delete all.guards.beforeWrite;
    expect(await all.run()).toMatchObject({ next: 'done' });
    expect(all.now().sessionsCutAt).toBeDefined();
  });

  it.each([
    ['has no guard', {}, 'no policy emergency-SessionGuard,'],
    [
      'has a guard that somebody edited',
      { [PRODUCTION]: guardDocument(OPEN_GUARD).replace('"*"', '"s3:*"') },
      'edited the policy emergency-SessionGuard of the account by hand',
    ],
  ])('reports a failure for an account that %s although the set is guarded', async (_what, documents, why) => {
    const all = world(ended(), documents);
    expect(await all.run()).toMatchObject({ next: 'again', failed: expect.stringContaining(why) });
    expect(all.writes).toEqual([]);
  });

  it('stops trying when the last session has expired, without filling the request’s history', async () => {
    const all = world();
    all.see('outdated');
    for (let minute = 1; minute < 60; minute += 1) {
      all.later(`2026-01-05T13:${String(minute).padStart(2, '0')}:00.000Z`);
      expect((await all.run()).waitSeconds).toBeLessThanOrEqual(240);
    }
    all.later('2026-01-05T14:00:35.000Z');
    expect(await all.run()).toMatchObject({ next: 'done', reportAt: '2026-01-05T14:15:04.000Z' });
    expect(all.failures().length).toBeLessThan(8);
  });
});
