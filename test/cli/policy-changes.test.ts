import { Command } from 'commander';
import type { ApiServices } from '../../cli/access/api-client.ts';
import { registerPolicyChanges } from '../../cli/policy/changes.ts';
import type { CliIo } from '../../cli/terminal/io.ts';

const CHANGE = {
  id: 'change-1',
  state: 'proposed',
  proposedBy: { userId: 'user-ana', userName: 'ana@example.com' },
  proposedAt: '2026-01-05T12:00:00.000Z',
  expiresAt: '2026-01-12T12:00:00.000Z',
  note: 'why',
  textHash: 'abc',
};
const CHECK = {
  findings: [{ severity: 'warning', text: 'look here' }],
  differences: [{ name: 'one', kind: 'change', fields: [{ field: 'maxDuration', before: '1h', after: '2h' }] }],
  plan: ['1 person gains it'],
  refusal: null,
};
const FILE = '# mine\n- name: one\n  effect: deny\n  who: [everyone]\n  accounts: ["*"]\n';

const ANSWERS: Readonly<Record<string, unknown>> = {
  'GET /whoami': { userId: 'user-ana', userName: 'ana@example.com', portalUrl: '' },
  'GET /people/user-ana/policy-changes': { text: FILE, proposals: [CHANGE] },
  'POST /people/user-ana/policy-changes': CHANGE,
  'POST /people/user-ana/policy-changes/check': CHECK,
  'GET /people/user-ana/policy-changes/change-1': { ...CHANGE, text: FILE, stale: true, check: CHECK },
  'POST /people/user-ana/policy-changes/change-1/accept': { ...CHANGE, state: 'accepted' },
  'POST /people/user-ana/policy-changes/change-1/withdraw': { ...CHANGE, state: 'withdrawn' },
};

/** Runs one command against an API that has one proposal. */
async function run(...argv: readonly string[]) {
  let out = '';
  const bodies: unknown[] = [];
  const io = {
    stdout: (text: string) => {
      out += text;
    },
    readFile: async () => FILE,
    newId: () => 'key-1',
    env: { GLASSHAMMER_API: 'https://api.example.com/v1' },
  } as unknown as CliIo;
  const services = {
    call: async (method: string, path: string, body: unknown) => {
      if (body !== undefined) bodies.push(body);
      return { status: 200, json: ANSWERS[`${method} ${path}`], text: '' };
    },
  } as unknown as ApiServices;
  const policy = new Command('policy');
  registerPolicyChanges(policy, io, async () => services);
  await policy.parseAsync(argv, { from: 'user' });
  return { out, bodies };
}

const ROW = 'ana@example.com\tuntil 2026-01-12T12:00:00.000Z\tabc\twhy\n';

test('policy propose sends the file unchanged, with its comments', async () => {
  const { out, bodies } = await run('propose', 'policies.yaml', '--note', 'why', '--allow-removing', '2');
  expect(bodies).toEqual([{ text: FILE, allowRemoving: 2, note: 'why' }]);
  expect(out).toBe(`change-1\tproposed\t${ROW}`);
});

test('policy propose --check proposes nothing and prints what the change would do', async () => {
  const { out, bodies } = await run('propose', 'policies.yaml', '--check');
  expect(bodies).toEqual([{ text: FILE }]);
  expect(out).toBe('warning: look here\nchange one\n  maxDuration: "1h" -> "2h"\n1 person gains it\n');
});

test('a waiting proposal is listed, shown with its hash, accepted by that hash, and withdrawn', async () => {
  expect((await run('proposals')).out).toBe(`change-1\tproposed\t${ROW}`);
  const seen = (await run('proposal', 'change-1')).out;
  expect(seen).toContain(FILE);
  expect(seen).toContain('stale: ');
  expect(seen.endsWith('hash abc\n')).toBe(true);
  const accepted = await run('accept', 'change-1', '--hash', 'abc');
  expect([accepted.out, accepted.bodies]).toEqual([`change-1\taccepted\t${ROW}`, [{ textHash: 'abc' }]]);
  expect((await run('withdraw', 'change-1', '--note', 'no')).bodies).toEqual([{ note: 'no' }]);
});

test('--allow-removing takes only a number', async () => {
  await expect(run('propose', 'policies.yaml', '--allow-removing', 'all')).rejects.toThrow('--allow-removing');
});
