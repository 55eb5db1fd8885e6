import {
  attachGuard,
  attachGuardBeside,
  detachGuard,
  type GuardDesk,
  type GuardStep,
  guardStatus,
} from '../../../core/sessions/guard-permission-sets.ts';
import {
  guardDocument,
  guardNames,
  OPEN_ATTACHED_GUARD,
  OPEN_GUARD,
  readGuardDocument,
} from '../../../core/sessions/guard-policy.ts';
import { leftOpen } from '../../../core/sessions/left-open.ts';
import { accountsWithSessions, lockSessions } from '../../../core/sessions/lock-person.ts';
import {
  type GuardChanges,
  type GuardReply,
  operateGuard,
  type PolicyState,
} from '../../../core/sessions/operate-guard.ts';
import type { BoundaryState } from '../../../core/sessions/ports.ts';
import { watchGuards } from '../../../core/sessions/watch-guards.ts';
import { all } from '../../contracts/emulated.ts';
import { FakeRequestStore } from '../access/fakes.ts';
import { aRequest } from '../access/requests.ts';
import { createGuards, createLocks, createPeople } from './fakes.ts';

const SET = { name: 'Admin', arn: 'arn:admin' };

/** The text of an attached guard after an attacker has edited it. */
const ADMINISTRATOR = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

/** The reply to a lock. Its overall `change` is the boundary's outcome here, unless the attached policy is full. */
function reply(boundary: GuardChanges['boundary'], attached: GuardChanges['attached']) {
  return { change: attached === 'full' ? attached : boundary, changes: { boundary, attached } };
}

/** Permission sets in two accounts, in memory. */
function desk(
  policies: Record<string, PolicyState> = {},
  boundary: 'guard' | 'none' | { other: string } = 'none',
  attached = false,
) {
  const did: string[] = [];
  const work: GuardDesk = {
    accountsOf: async () => ['1', '2'],
    stateOf: async (_arn, accountId) => (accountId === '1' ? 'attached' : 'outdated'),
    outdatedIn: async (accountId) => (accountId === '2' ? [SET.arn] : []),
    boundaryOf: async () => (typeof boundary === 'object' ? boundary : { state: boundary }),
    setBoundary: async () => void did.push('set'),
    removeBoundary: async () => void did.push('removed'),
    isAttached: async () => attached,
    attachPolicy: async () => void did.push('attached'),
    detachPolicy: async () => void did.push('detached'),
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
  it('changes nothing while an account lacks the guard policy or has an edited one, and names each', async () => {
    const { work, did } = desk({ '1': 'missing', '2': 'edited' });
    expect(await steps(attachGuard(SET, work))).toEqual([
      { what: 'missing', accountId: '1', policy: 'missing' },
      { what: 'missing', accountId: '2', policy: 'edited' },
    ]);
    expect(did).toEqual([]);
  });

  it('finishes what an earlier run left undone, and goes on after an account that fails', async () => {
    const { work, did } = desk({}, 'guard');
    expect((await steps(attachGuard(SET, work))).map(({ what }) => what)).toEqual(['already', 'provisioned', 'failed']);
    expect(did).toEqual(['provisioned 1', 'provisioned 2']);
  });

  it.each([attachGuard, detachGuard])('never touches a boundary that is not the guard', async (change) => {
    const { work, did } = desk({}, { other: '/team/Boundary' });
    expect(await steps(change(SET, work))).toEqual([{ what: 'other', boundary: '/team/Boundary' }]);
    expect(did).toEqual([]);
  });

  it('shows for each account what is missing for sessions to be cut', async () => {
    const states = async (policies: Record<string, PolicyState>) =>
      (await all(guardStatus([SET], desk(policies).work))).map(({ state }) => state);
    expect(await states({})).toEqual(['attached', 'drifted']);
    expect(await states({ '1': 'edited', '2': 'missing' })).toEqual(['drifted', 'missing']);
  });
});

describe('the guard status of permission sets', () => {
  it('shows as unseen what cannot be read, and everything else all the same', async () => {
    const { work } = desk();
    const sets = [{ name: 'Gone', arn: 'arn:gone' }, SET];
    const shy: GuardDesk = {
      ...work,
      accountsOf: async (arn) => (arn === 'arn:gone' ? Promise.reject(new Error('no such set')) : ['1', '2']),
      look: async (accountId) => (accountId === '1' ? Promise.reject(new Error('away')) : 'there'),
    };
    expect(
      (await all(guardStatus(sets, shy))).map(({ set, accountId, state, why }) => [set.name, accountId, state, why]),
    ).toEqual([
      ['Gone', '', 'unseen', 'Error: no such set'],
      ['Admin', '1', 'unseen', 'Error: away'],
      ['Admin', '2', 'drifted', undefined],
    ]);
  });
});

describe('attaching the guard beside the permission set’s own boundary', () => {
  const OWN = { other: '/team/Boundary' };

  it('is refused without such a boundary, because nothing would limit what an edited policy could give', async () => {
    const { work, did } = desk();
    expect(await steps(attachGuardBeside(SET, work))).toEqual([{ what: 'unbounded' }]);
    expect(did).toEqual([]);
    expect(await steps(attachGuardBeside(SET, desk({}, 'guard').work))).toEqual([{ what: 'bounded' }]);
  });

  it('changes nothing while an account has no policy or one that allows something, or nobody has opted in', async () => {
    for (const policy of ['missing', 'grants', 'unnamed'] as const) {
      const { work, did } = desk({ '2': policy }, OWN);
      expect(await steps(attachGuardBeside(SET, work))).toEqual([{ what: 'missing', accountId: '2', policy }]);
      expect(did).toEqual([]);
    }
  });

  it('finishes what an earlier run left undone, and detaching leaves the boundary alone', async () => {
    const first = desk({}, OWN);
    expect((await steps(attachGuardBeside(SET, first.work))).map(({ what }) => what)).toEqual([
      'attached',
      'provisioned',
      'failed',
    ]);
    const again = desk({}, OWN, true);
    await steps(attachGuardBeside(SET, again.work));
    expect([first.did[0], again.did[0]]).toEqual(['attached', 'provisioned 1']);
    const off = desk({}, OWN, true);
    await steps(detachGuard(SET, off.work));
    expect(off.did).toEqual(['detached', 'provisioned 1', 'provisioned 2']);
  });

  it('shows for each account that it has the attached form, and what is wrong with it', async () => {
    const states = async (policy: PolicyState, state: BoundaryState, boundary: typeof OWN | 'none' = OWN) => {
      const { work } = desk({ '1': policy, '2': policy }, boundary, true);
      return (await all(guardStatus([SET], { ...work, stateOf: async () => state })))[0]?.state;
    };
    expect(await states('there', 'attached-form')).toBe('attached-form');
    expect(await states('there', 'attached-form', 'none')).toBe('unbounded');
    expect(await states('there', 'attached-form-outdated')).toBe('drifted');
    for (const policy of ['missing', 'grants', 'unnamed'] as const)
      expect(await states(policy, 'attached-form')).toBe(policy);
  });

  it('is watched without waiting for a cut: a policy that allows something is found, and an unread one is reported', async () => {
    const guards = (documents: Record<string, string>) => createGuards(documents).guards;
    const attachedGuards = guards({
      '1': guardDocument(OPEN_ATTACHED_GUARD),
      '2': ADMINISTRATOR,
      '3': '{}',
      // A statement that Glasshammer has not written: its author may have taken one of Glasshammer's own out.
      '6': guardDocument(OPEN_ATTACHED_GUARD).replace('nobody', 'somebody'),
    });
    const read = attachedGuards.read;
    attachedGuards.read = async (accountId) =>
      accountId === '5' ? Promise.reject(new Error('away')) : read(accountId);
    const services = {
      guards: guards({}),
      attachedGuards,
      boundaries: { accountsOf: async (arn: string) => (arn === 'a' ? ['1', '2'] : ['2', '3', '4', '5', '6']) },
      attachedSets: ['a', 'b'],
    };
    // Account 3 has an empty document. It is not a policy that only denies, so it counts as one that allows something.
    expect(await watchGuards(services)).toEqual({
      accounts: 6,
      granting: ['2', '3'],
      edited: ['6'],
      missing: ['4'],
      unseen: ['5'],
      unseenSets: [],
    });
  });

  it('is watched under the other permission sets even if Identity Center cannot list the accounts of one', async () => {
    const services = {
      guards: createGuards({}).guards,
      attachedGuards: createGuards({ '2': ADMINISTRATOR }).guards,
      boundaries: {
        accountsOf: async (arn: string) => (arn === 'gone' ? Promise.reject(new Error('no such set')) : ['2']),
      },
      attachedSets: ['gone', 'b'],
    };
    expect(await watchGuards(services)).toMatchObject({ granting: ['2'], unseen: [], unseenSets: ['gone'] });
  });
});

/** Of a deployment that is not called Glasshammer. */
const { policies: POLICIES } = guardNames('emergency');

describe('locking a person', () => {
  it('denies their sessions in every account that it can, whatever fails in another', async () => {
    const replies: Record<string, GuardReply | Error> = {
      '1': reply('in-force', 'unguarded'),
      '2': new Error('ServiceFailure'),
      '3': reply('unguarded', 'unguarded'),
      '4': reply('in-force', 'full'),
    };
    const outcomes = await all(
      lockSessions('user-ana', true, {
        policies: POLICIES,
        accounts: async () => Object.keys(replies),
        ask: async ({ accountId }) => {
          const answer = replies[accountId];
          if (answer === undefined || answer instanceof Error) throw answer;
          return answer;
        },
      }),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'failed', 'unguarded', 'failed']);
    expect(outcomes[3]?.why).toBe('the policy emergency-SessionGuardAttached has no room left');
  });

  it('lists the permission sets whose sessions it does not deny, with the accounts and the reason', async () => {
    const set = (name: string) => ({ name, arn: `arn:${name}` });
    const accounts = ['1', '2', '3'];
    const work = {
      boundaryOf: async (arn: string) => {
        if (arn === 'arn:Gone') throw new Error('no such set');
        return arn === 'arn:Bounded' ? { state: 'guard' as const } : { other: '/team/Boundary' };
      },
      isAttached: async (arn: string) => arn === 'arn:Beside',
      outdatedIn: async (accountId: string) => (accountId === '2' ? ['arn:Bounded'] : []),
    };
    const changes = new Map([
      ['1', reply('in-force', 'unguarded').changes],
      ['2', reply('in-force', 'in-force').changes],
      // Account 3 could not be asked.
    ]);
    const places = ['Bounded', 'Beside', 'Own', 'Gone'].map((name) => ({ set: set(name), accounts }));
    const open = await all(leftOpen(places, { desk: work, changes, policies: POLICIES }));
    expect(open.map(({ set: { name }, accounts: there, why }) => [name, there.join(' '), why])).toEqual([
      ['Bounded', '2', expect.stringContaining('older version')],
      ['Bounded', '3', expect.stringContaining('policy emergency-SessionGuard of the account does not deny')],
      ['Beside', '1', expect.stringContaining('no policy emergency-SessionGuardAttached')],
      ['Beside', '3', expect.stringContaining('policy emergency-SessionGuardAttached of the account does not deny')],
      ['Own', '1 2 3', 'it has no guard'],
      ['Gone', '1 2 3', expect.stringContaining('nobody could see')],
    ]);
  });

  it('finds the accounts in which the person’s sessions may live on after their access has ended', async () => {
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
    expect(new Set(found.map(({ accountId }) => accountId))).toEqual(new Set(['1', '2', '3']));
  });

  it('is written into the policy of the account and taken out again, without touching the rest', async () => {
    const { guards, documents } = createGuards();
    const people = createPeople('user-ana');
    const services = {
      guards,
      locks: createLocks(),
      people,
      now: () => new Date('2026-01-05T10:00:00Z'),
      attachedTo: [],
    };
    const turn = (locked: boolean) =>
      operateGuard({ ask: 'lock', accountId: '123456789012', principalId: 'user-ana', locked }, 'run', services);
    expect(await turn(true)).toEqual(reply('in-force', 'unguarded'));
    expect(readGuardDocument(documents['123456789012'] ?? '')?.locked).toEqual(['user-ana']);
    people.locked.delete('user-ana');
    await turn(false);
    expect(documents['123456789012']).toBe(guardDocument(OPEN_GUARD));
    expect(await operateGuard({ ask: 'look', accountId: '9' }, 'run', services)).toEqual({ policy: 'missing' });
  });

  it('is neither written nor lifted against the lock that operators have stored', async () => {
    const { guards, documents } = createGuards();
    const people = createPeople('user-ana');
    const services = {
      guards,
      locks: createLocks(),
      people,
      now: () => new Date('2026-01-05T10:00:00Z'),
      attachedTo: [],
    };
    const turn = (principalId: string, locked: boolean) =>
      operateGuard({ ask: 'lock', accountId: '123456789012', principalId, locked }, 'run', services);
    expect(await turn('user-ben', true)).toEqual({ refused: 'not-locked' });
    await turn('user-ana', true);
    const denied = documents['123456789012'];
    expect(await turn('user-ana', false)).toEqual({ refused: 'locked' });
    expect(documents['123456789012']).toBe(denied);
    people.locked.set('user-ana', { isLifting: true });
    expect(await turn('user-ana', true)).toEqual({ refused: 'not-locked' });
    expect(await turn('user-ana', false)).toEqual(reply('in-force', 'unguarded'));
    expect(documents['123456789012']).toBe(guardDocument(OPEN_GUARD));
  });

  it('is written into both policies of an account; one that allows something is reported and not changed', async () => {
    const account = '123456789012';
    const boundary = createGuards();
    const attached = createGuards({ [account]: guardDocument(OPEN_ATTACHED_GUARD) });
    const services = {
      guards: boundary.guards,
      attachedGuards: attached.guards,
      attachedTo: ['Admin'],
      locks: createLocks(),
      people: createPeople('user-ana', 'user-ben'),
      now: () => new Date('2026-01-05T10:00:00Z'),
    };
    const question = { ask: 'lock', accountId: account, principalId: 'user-ana', locked: true } as const;
    expect(await operateGuard(question, 'run', services)).toEqual(reply('in-force', 'in-force'));
    for (const [{ documents }, form] of [
      [boundary, 'boundary'],
      [attached, 'attached'],
    ] as const)
      expect(readGuardDocument(documents[account] ?? '', form)?.locked).toEqual(['user-ana']);
    attached.documents[account] = ADMINISTRATOR;
    expect(await operateGuard({ ...question, principalId: 'user-ben' }, 'run', services)).toEqual({
      change: 'grants',
      changes: { boundary: 'in-force', attached: 'grants' },
    });
    expect(attached.documents[account]).toBe(ADMINISTRATOR);
    const look = (attachedTo: string) => operateGuard({ ask: 'look', accountId: account, attachedTo }, 'run', services);
    expect([await look('Admin'), await look('Other')]).toEqual([{ policy: 'grants' }, { policy: 'unnamed' }]);
  });

  it('is written into the attached guard even if the boundary cannot be written, and is not called done', async () => {
    const account = '123456789012';
    const attached = createGuards({ [account]: guardDocument(OPEN_ATTACHED_GUARD) });
    const services = {
      guards: { ...createGuards().guards, write: () => Promise.reject(new Error('AccessDenied')) },
      attachedGuards: attached.guards,
      attachedTo: ['Admin'],
      locks: createLocks(),
      people: createPeople('user-ana', 'user-ben'),
      now: () => new Date('2026-01-05T10:00:00Z'),
    };
    const question = { ask: 'lock', accountId: account, principalId: 'user-ana', locked: true } as const;
    await expect(operateGuard(question, 'run', services)).rejects.toThrow('AccessDenied');
    expect(readGuardDocument(attached.documents[account] ?? '', 'attached')?.locked).toEqual(['user-ana']);
  });

  it('is an error while somebody else writes the same policy, so that it is tried again', async () => {
    const { guards } = createGuards();
    const locks = createLocks();
    await locks.take('123456789012', 'other', '2026-01-05T10:00:00Z', '2026-01-05T10:02:00Z');
    const people = createPeople('user-ana');
    const services = { guards, locks, people, now: () => new Date('2026-01-05T10:00:30Z'), attachedTo: [] };
    const question = { ask: 'lock', accountId: '123456789012', principalId: 'user-ana', locked: true } as const;
    await expect(operateGuard(question, 'run', services)).rejects.toThrow('being written');
  });
});
