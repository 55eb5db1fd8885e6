import {
  attachGuard,
  detachGuard,
  type GuardDesk,
  type GuardStep,
  guardStatus,
} from '../../../core/sessions/guard-permission-sets.ts';
import { guardDocument, OPEN_GUARD, readGuardDocument } from '../../../core/sessions/guard-policy.ts';
import { accountsWithSessions, lockSessions } from '../../../core/sessions/lock-person.ts';
import { type GuardReply, operateGuard, type PolicyState } from '../../../core/sessions/operate-guard.ts';
import { all } from '../../contracts/emulated.ts';
import { FakeRequestStore } from '../access/fakes.ts';
import { aRequest } from '../access/requests.ts';
import { createGuards, createLocks } from './fakes.ts';

const SET = { name: 'Admin', arn: 'arn:admin' };

/** Permission sets in two accounts, in memory. */
function desk(policies: Record<string, PolicyState> = {}, boundary: 'guard' | 'none' | { other: string } = 'none') {
  const did: string[] = [];
  const work: GuardDesk = {
    accountsOf: async () => ['1', '2'],
    stateOf: async (_arn, accountId) => (accountId === '1' ? 'attached' : 'outdated'),
    boundaryOf: async () => (typeof boundary === 'object' ? boundary : { state: boundary }),
    setBoundary: async () => void did.push('set'),
    removeBoundary: async () => void did.push('removed'),
    provision: async (_arn, accountId) => {
      did.push(`provisioned ${accountId}`);
      return accountId === '2' ? 'role limit' : undefined;
    },
    look: async (accountId) => policies[accountId] ?? 'there',
  };
  return { work, did };
}

const steps = (run: AsyncIterable<GuardStep>) => all(run);

describe('attaching the guard', () => {
  it('changes nothing while one account has no policy, and names each', async () => {
    const { work, did } = desk({ '1': 'missing', '2': 'edited' });
    expect(await steps(attachGuard(SET, work))).toEqual([
      { what: 'missing', accountId: '1', policy: 'missing' },
      { what: 'missing', accountId: '2', policy: 'edited' },
    ]);
    expect(did).toEqual([]);
  });

  it('finishes what an earlier run left, and goes on after an account that fails', async () => {
    const { work, did } = desk({}, 'guard');
    expect((await steps(attachGuard(SET, work))).map(({ what }) => what)).toEqual(['already', 'provisioned', 'failed']);
    expect(did).toEqual(['provisioned 1', 'provisioned 2']);
  });

  it.each([attachGuard, detachGuard])('never touches a boundary of somebody else', async (change) => {
    const { work, did } = desk({}, { other: '/team/Boundary' });
    expect(await steps(change(SET, work))).toEqual([{ what: 'other', boundary: '/team/Boundary' }]);
    expect(did).toEqual([]);
  });

  it('says of each account what is missing for sessions to be cut', async () => {
    const states = async (policies: Record<string, PolicyState>) =>
      (await all(guardStatus([SET], desk(policies).work))).map(({ state }) => state);
    expect(await states({})).toEqual(['attached', 'drifted']);
    expect(await states({ '1': 'edited', '2': 'missing' })).toEqual(['drifted', 'missing']);
  });
});

describe('locking a person', () => {
  it('denies them in every account that it can, whatever fails in another', async () => {
    const replies: Record<string, GuardReply | Error> = {
      '1': { change: 'in-force' },
      '2': new Error('ServiceFailure'),
      '3': { change: 'unguarded' },
      '4': { change: 'full' },
    };
    const outcomes = await all(
      lockSessions('user-ana', true, {
        accounts: async () => Object.keys(replies),
        ask: async ({ accountId }) => {
          const reply = replies[accountId];
          if (reply === undefined || reply instanceof Error) throw reply;
          return reply;
        },
      }),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'failed', 'unguarded', 'failed']);
  });

  it('finds the accounts in which sessions live on although nobody has anything there any more', async () => {
    const target = (accountId: string) => ({ target: { accountId, permissionSetArn: 'arn:aws:sso:::x' } });
    const endedAt = '2026-01-05T12:30:00.000Z';
    const requests = new FakeRequestStore().put(
      aRequest('failed', { id: 'r1', ...target('1'), endedAt }),
      aRequest('reported', { id: 'r2', ...target('2'), endedAt }),
      aRequest('active', { id: 'r3', ...target('3') }),
      aRequest('ended', { id: 'cut', ...target('4'), endedAt, sessionsCutAt: endedAt }),
      aRequest('ended', { id: 'long-ago', ...target('5'), endedAt: '2026-01-05T09:00:00.000Z' }),
      aRequest('refused', { id: 'never', ...target('6') }),
      aRequest('ended', { id: 'group', target: { groupId: 'group-oncall' }, endedAt }),
      aRequest('ended', {
        id: 'another',
        ...target('7'),
        endedAt,
        requester: { ...aRequest('ended').requester, principalId: 'user-ben' },
      }),
    );
    const found = await accountsWithSessions('user-ana', requests, '2026-01-05T12:45:00.000Z');
    expect(new Set(found)).toEqual(new Set(['1', '2', '3']));
  });

  it('is written into the policy of the account and taken out again, without touching what else is there', async () => {
    const { guards, documents } = createGuards();
    const services = { guards, locks: createLocks(), now: () => new Date('2026-01-05T10:00:00Z') };
    const turn = (locked: boolean) =>
      operateGuard({ ask: 'lock', accountId: '123456789012', principalId: 'user-ana', locked }, 'run', services);
    expect(await turn(true)).toEqual({ change: 'in-force' });
    expect(readGuardDocument(documents['123456789012'] ?? '')?.locked).toEqual(['user-ana']);
    await turn(false);
    expect(documents['123456789012']).toBe(guardDocument(OPEN_GUARD));
    expect(await operateGuard({ ask: 'look', accountId: '9' }, 'run', services)).toEqual({ policy: 'missing' });
  });

  it('comes again while somebody else writes the same policy', async () => {
    const { guards } = createGuards();
    const locks = createLocks();
    await locks.take('123456789012', 'other', '2026-01-05T10:00:00Z', '2026-01-05T10:02:00Z');
    const services = { guards, locks, now: () => new Date('2026-01-05T10:00:30Z') };
    const question = { ask: 'lock', accountId: '123456789012', principalId: 'user-ana', locked: true } as const;
    await expect(operateGuard(question, 'run', services)).rejects.toThrow('being written');
  });
});
