import { registerLock } from '../../../cli/guard/lock.ts';
import { registerGuard } from '../../../cli/guard/register.ts';
import { main } from '../../../cli/main.ts';
import { NOON } from '../../core/access/requests.ts';

const ACCOUNT = '123456789012';
const ANA = { id: 'user-ana', userName: 'ana', email: 'ana@example.com' };
const ADMIN = { name: 'Admin', arn: 'arn:admin' };

/** Runs a command on the deployment of the stack `Emergency`; its account has no guard, and a permission set needs one. */
async function run(...argv: readonly string[]): Promise<string> {
  let out = '';
  const write = (text: string) => {
    out += text;
  };
  const io = {
    ...{ stdout: write, stderr: write, about: write, newId: () => 'id-1' },
    callerArn: async () => 'arn:aws:sts::456789012345:assumed-role/Operators/otto',
    now: () => new Date(NOON),
    organization: async () => ({ users: [ANA], groups: [], accounts: [], permissionSets: [ADMIN] }),
    env: {
      REQUEST_TABLE: 'requests',
      STATE_MACHINE_ARN: 'arn:aws:states:eu-central-1:456789012345:stateMachine:emergency-access',
    },
  };
  const isBeside = argv.includes('--attached');
  const guard = async () => ({
    desk: {
      accountsOf: async () => [ACCOUNT],
      outdatedIn: async () => [],
      boundaryOf: async () =>
        isBeside ? { other: '/team/Boundary' } : { state: argv[0] === 'lock' ? 'guard' : 'none' },
      isAttached: async () => false,
      look: async () => 'missing',
    },
    ask: async () => ({ changes: { boundary: 'unguarded', attached: 'full' } }),
  });
  const build = {
    operator: async () => ({ requests: { async *inStates() {} } }),
    guard,
    locks: async () => ({ lock: async () => true, noteAccounts: async () => true }),
  };
  await main([...argv], io as never, [
    (program, withExit) => registerLock(program, withExit, build as never),
    (program, withExit) => registerGuard(program, withExit, guard as never),
  ]);
  return out;
}

describe('a deployment whose stack has another name', () => {
  it('is told its own guard policies by lock, not those of a deployment beside it', async () => {
    const out = await run('lock', '--user', 'user-ana', '--reason', 'a stolen laptop');
    expect(out).toContain('the policy emergency-SessionGuardAttached has no room left');
    expect(out).toContain('the account has no policy emergency-SessionGuard that Glasshammer may write');
  });

  it('is told by guard attach which policy and role of its own an account lacks, or an attacker could use', async () => {
    const attach = ['guard', 'attach', '--permission-set', 'Admin'];
    expect(await run(...attach)).toContain(`account ${ACCOUNT} has no policy emergency-SessionGuard;`);
    const beside = await run(...attach, '--attached', '--accept-risk');
    expect(beside).toContain('denials alone into emergency-SessionGuardAttached, but');
    expect(beside).toContain('the role emergency-SessionGuard, or');
    expect(beside).toContain(`account ${ACCOUNT} has no policy emergency-SessionGuardAttached;`);
  });
});
