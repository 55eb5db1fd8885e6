import type { RequestList } from '../../../core/access/request/find-requests.ts';
import type { DriftItem } from '../../../core/drift/types.ts';
import type { KnownLock } from '../../../core/sessions/lock-person.ts';
import type { FreezeChange } from '../../../gateways/dynamodb/freeze-store.ts';
import type { Services } from '../../../lambdas/api/services.ts';
import { NOON } from '../../core/access/requests.ts';
import type { createWorld } from '../../core/access/services.ts';

type World = ReturnType<typeof createWorld>;
type Overseeing = Pick<
  Services,
  'personas' | 'list' | 'drift' | 'freezes' | 'locks' | 'heartbeat' | 'schema' | 'alarms' | 'deployment'
>;

/** What auditors read and operators change, in memory: Olga and Otto are operators, Uma an auditor; none may ask. */
export function overseeing(world: World, findings: readonly DriftItem[]): Overseeing {
  const names = ['olga', 'otto', 'uma'];
  const userOf = (name: string) => ({
    id: `user-${name}`,
    userName: `${name}@example.com`,
    displayName: name,
    email: `${name}@example.com`,
    enabled: true,
  });
  world.directory.users = [...world.directory.users, ...names.map(userOf)];
  Object.assign(world.directory.members, { 'group-directors': ['user-uma'], 'group-sre': ['user-olga', 'user-otto'] });
  const { state } = world.policyStore;
  let frozen: FreezeChange | undefined;
  const locks = new Map<string, KnownLock>();
  const turn = () => {
    const { frozen: _before, ...rest } = world.policyStore.state;
    world.policyStore.state = { ...state, ...rest, ...(frozen && { frozen }) };
  };
  const storeState = world.policyStore.storeState.bind(world.policyStore);
  const read = world.policyStore.read.bind(world.policyStore);
  const lockedIn = (principalId: string | undefined) => {
    const lock = locks.get(principalId ?? '');
    return lock === undefined ? {} : { locked: { reason: lock.reason } };
  };
  Object.assign(world.policyStore, {
    storeState: async (principalId?: string) => ({ ...(await storeState()), ...lockedIn(principalId) }),
    read: async (ids: readonly string[], principalId: string) => {
      const found = await read(ids);
      return { ...found, storeState: { ...found.storeState, ...lockedIn(principalId) } };
    },
  });
  return {
    personas: { auditors: ['group-directors'], operators: ['group-sre'] },
    list: listOf(world),
    drift: {
      mode: async () => ({ mode: 'report-only' }),
      pass: async () => undefined,
      async *inStatus(status: DriftItem['status']) {
        yield* findings.filter((item) => item.status === status);
      },
    } as unknown as Services['drift'],
    freezes: {
      frozen: async () => frozen,
      freeze: async (change) => {
        if (frozen !== undefined) return false;
        frozen = change;
        turn();
        return true;
      },
      thaw: async () => {
        const was = frozen !== undefined;
        frozen = undefined;
        turn();
        return was;
      },
    },
    locks: {
      get: async (id) => locks.get(id),
      lock: async (id, change) => !locks.has(id) && locks.set(id, { ...change, accounts: [] }) === locks,
      noteAccounts: async (id, accounts) => {
        const lock = locks.get(id);
        return lock !== undefined && locks.set(id, { ...lock, accounts }) === locks;
      },
      // Only the command line can allow denied sessions again.
      beginUnlock: async () => false,
      unlock: async (id, _change, sessions) =>
        (sessions === 'allowed' || locks.get(id)?.accounts.length === 0) && locks.delete(id),
    },
    heartbeat: async () => NOON,
    schema: async () => undefined,
    alarms: async () => [],
    deployment: {
      prefix: 'glasshammer',
      accountId: '111122223333',
      managementAccountId: '999999999999',
      stack: 'Glasshammer',
      version: '1.2.3',
    },
  };
}

function listOf({ requests }: World): RequestList {
  return {
    async askedIn(month, _filter, { from, to, after, limit }) {
      const key = ({ requestedAt, id }: { requestedAt: string; id: string }) => `${requestedAt} ${id}`;
      const all = [...requests.requests.values()]
        .filter(({ requestedAt }) => requestedAt.startsWith(month) && requestedAt >= from && requestedAt < to)
        .sort((a, b) => (key(a) < key(b) ? 1 : -1))
        .filter((request) => after === undefined || key(request) < key(after));
      const page = all.slice(0, limit);
      const last = page.at(-1);
      return {
        requests: page,
        looked: page.length,
        ...(all.length > limit && last !== undefined ? { goesOn: last } : {}),
      };
    },
    read: async (ids) => ids.flatMap((id) => requests.requests.get(id) ?? []),
  };
}
