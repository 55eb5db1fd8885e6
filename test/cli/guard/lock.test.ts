import { registerLock } from '../../../cli/guard/lock.ts';
import { main } from '../../../cli/main.ts';
import { createLockStore } from '../../../gateways/dynamodb/lock-store.ts';
import { emulateAws, REQUEST_TABLE } from '../../contracts/emulated.ts';
import { NOON } from '../../core/access/requests.ts';

const TURN = { by: 'cli:olga', at: NOON, reason: 'a stolen laptop' };
const ANA = { id: 'user-ana', userName: 'ana', email: 'ana@example.com' };

/** Runs `unlock` for Ana, who is locked. `meanwhile` runs while the session guard of her account allows her again. */
async function unlock(meanwhile: (locks: ReturnType<typeof createLockStore>) => Promise<unknown>) {
  let ids = 0;
  const newId = () => `id-${++ids}`;
  const locks = createLockStore({ client: emulateAws().dynamo, tableName: REQUEST_TABLE, newId });
  await locks.lock('user-ana', TURN, 'denied');
  await locks.noteAccounts('user-ana', ['123456789012']);
  const ask = async () => {
    await meanwhile(locks);
    return { changes: { boundary: 'in-force', attached: 'in-force' } };
  };
  let out = '';
  const write = (text: string) => {
    out += text;
  };
  const io = {
    ...{ stdout: write, stderr: write, about: write, newId },
    callerArn: async () => 'arn:aws:sts::456789012345:assumed-role/Operators/otto',
    now: () => new Date(NOON),
    organization: async () => ({ users: [ANA], groups: [], accounts: [], permissionSets: [] }),
    env: { REQUEST_TABLE, STATE_MACHINE_ARN: 'arn:aws:states:eu-central-1:456789012345:stateMachine:access' },
  };
  const build = {
    operator: async () => ({ requests: { async *inStates() {} } }),
    guard: async () => ({ desk: {}, ask }),
    locks: async () => locks,
  };
  const code = await main(['unlock', '--user', 'user-ana'], io as never, [
    (program, withExit) => registerLock(program, withExit, build as never),
  ]);
  return { code, out, lock: await locks.get('user-ana') };
}

describe('glasshammer unlock', () => {
  it('lifts a lock once the guards allow the sessions', async () => {
    const { code, out, lock } = await unlock(async () => undefined);
    expect([code, lock]).toEqual([0, undefined]);
    expect(out).toContain('user-ana is unlocked: they may ask again\n');
  });

  it('leaves a lock that another operator renewed meanwhile, whose guards deny sessions again, and says so', async () => {
    const { code, out, lock } = await unlock((locks) => locks.noteAccounts('user-ana', ['123456789012']));
    expect(code).toBe(1);
    expect(lock).toEqual({ ...TURN, accounts: ['123456789012'] });
    expect(out).toContain('user-ana stays locked: somebody has locked them again meanwhile\n');
  });

  it('says that the user was not locked if another operator lifted the lock meanwhile', async () => {
    const { code, out } = await unlock((locks) => locks.unlock('user-ana', TURN, 'allowed'));
    expect(code).toBe(0);
    expect(out).toContain('user-ana was not locked\n');
  });
});
