import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../../cli/main.ts';
import { registerOperator } from '../../../cli/operator/register.ts';
import { forTerminal, line, row } from '../../../cli/terminal/terminal-text.ts';
import type { AccessRequest } from '../../../core/model/request.ts';

const ESCAPE = '\u001b[2J\u001b[1;1H';
const REVERSED = '\u202enimda\u202c';

/** A request whose texts are all hostile, as far as a requester can choose them. */
const HOSTILE = {
  id: 'req-1',
  state: 'active',
  requester: { slackId: 'U0EVE', principalId: 'user-eve', userName: `eve${REVERSED}`, displayName: '', email: '' },
  target: { accountId: '123456789012', permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1' },
  names: { accountName: 'Production\tX', permissionSetName: 'Admin' },
  endsAt: '2026-01-05T10:00:00.000Z',
  reason: `${ESCAPE}ok\nreq-2\tactive\tolga@example.com\tAdmin in Production`,
  tokens: {},
} as unknown as AccessRequest;

async function glasshammer(command: string, services: object, callerArn = async () => 'arn:olga'): Promise<string> {
  let out = '';
  const io = {
    stdout: (text: string) => {
      out += text;
    },
    stderr: (text: string) => {
      out += text;
    },
    about: (text: string) => {
      out += text;
    },
    now: () => new Date('2026-01-05T09:00:00Z'),
    env: { REQUEST_TABLE: 'requests', STATE_MACHINE_ARN: 'arn' },
    callerArn,
  };
  await main(command.split(' '), io as unknown as Parameters<typeof main>[1], [
    (program, withExit) => registerOperator(program, withExit, async () => services as never),
  ]);
  return out;
}

const store = {
  requests: {
    async *inStates(states: readonly string[]) {
      if (states.includes('active')) yield HOSTILE;
    },
  },
};

test("a request cannot clear the operator's screen, reverse a name, or forge a line of output", async () => {
  const printed = await glasshammer('requests', store);
  expect(printed.match(/[\p{Cc}\p{Cf}]/gu)?.filter((found) => found !== '\n' && found !== '\t') ?? []).toEqual([]);
  expect(printed.split('\n')).toHaveLength(2);
  expect(printed.split('\t')).toHaveLength(6);
  expect(printed).toContain('\\u001b[2J');
  expect(printed).toContain('\\u202enimda');
});

test('an invisible character in a name is printed as an escape, which a JSON parser reads back', () => {
  for (const unseen of ['\ufe0f', '\u{e0100}', '\u2800', '\u3164', '\u200b', '\u17b4', '\u{13441}']) {
    const printed = forTerminal(`SRE${unseen}`);
    expect(printed).toMatch(/^SRE(?:\\u[0-9a-f]{4}){1,2}$/);
    expect(JSON.parse(`"${printed}"`)).toBe(`SRE${unseen}`);
  }
});

test('with --json control characters are escaped, and a program reads back the original text', async () => {
  const printed = await glasshammer('requests --json', store);
  expect([printed.includes('\u001b'), printed.includes('\u202e')]).toEqual([false, false]);
  expect(JSON.parse(printed).requester.userName).toBe(`eve${REVERSED}`);
  expect(JSON.parse(printed).reason).toBe(HOSTILE.reason);
});

test('while STS does not say who the operator is, they can freeze but not thaw', async () => {
  const freezes = {
    turned: [] as unknown[],
    async freeze(change: unknown) {
      this.turned.push(change);
      return true;
    },
    async thaw() {
      throw new Error('nobody may thaw unnamed');
    },
    frozen: async () => undefined,
  };
  const down = async () => {
    throw Object.assign(new Error('STS does not answer'), { name: 'TimeoutError' });
  };
  expect(await glasshammer('freeze --reason incident', { freezes }, down)).toContain('frozen');
  expect(freezes.turned).toEqual([expect.objectContaining({ by: 'cli:unidentified' })]);
  expect(await glasshammer('thaw', { freezes }, down)).toContain('STS does not answer');
});

test('ordinary text stays as it is; in rows and lines, tabs and line breaks within a text become spaces', () => {
  expect(forTerminal('Zoë: 5 €\n\tok')).toBe('Zoë: 5 €\n\tok');
  expect(forTerminal('\u{e0041}')).toBe('\\udb40\\udc41');
  expect(row('a', 'b\r\nc')).toBe('a\tb c\n');
  expect(line('a\tb\nc')).toBe('a b c\n');
});

const CLI = join(import.meta.dirname, '../../../cli');

/** The calls in `source` that `names` finds: where each begins and ends, and the text of its arguments. */
function callsOf(
  names: RegExp,
  source: string,
): { readonly from: number; readonly to: number; readonly given: string }[] {
  return [...source.matchAll(names)].map(({ index: from, 0: call }) => {
    let depth = 1;
    let to = from + call.length;
    for (; depth > 0 && to < source.length; to += 1) depth += { '(': 1, ')': -1 }[source[to] ?? ''] ?? 0;
    return { from, to, given: source.slice(from + call.length, to - 1).trim() };
  });
}

function withoutCalls(names: RegExp, source: string): string {
  const [first] = callsOf(names, source);
  return first === undefined ? source : withoutCalls(names, source.slice(0, first.from) + source.slice(first.to));
}

test('no command prints a text in a template without line, row or JSON.stringify, so that no text can break a line in two', () => {
  // These may be several lines: the statement for Athena, the text of a proposal, an explanation in words.
  const meant = ['sql', 'detail.text.trimEnd()', 'explainInWords(decision, nameOf)'];
  const loose = (readdirSync(CLI, { recursive: true }) as string[])
    .filter((file) => file.endsWith('.ts') && !file.startsWith('terminal'))
    .flatMap((file) => callsOf(/\bio\.(?:stdout|stderr|about)\(/g, readFileSync(join(CLI, file), 'utf8')))
    .filter(({ given }) => /\$\{[^}]/.test(withoutCalls(/\b(?:line|row|JSON\.stringify)\(/g, given)))
    .map(({ given }) => given)
    .filter((given) => !meant.some((text) => given.includes(`\`\${${text}}`)));
  expect(loose).toEqual([]);
});

test('no command prints through another name for io.stdout, which the test above would not see', () => {
  // Allowed: the output of Commander, and an export that is written page by page.
  const meant = ['.configureOutput({ writeOut: io.stdout', 'session.exportAll(query, io.stdout)'];
  const others = (readdirSync(CLI, { recursive: true }) as string[])
    .filter((file) => file.endsWith('.ts') && !file.startsWith('terminal'))
    .flatMap((file) => readFileSync(join(CLI, file), 'utf8').split('\n'))
    .filter((text) => /\bio\.(?:stdout|stderr|about)\b(?!\()/.test(text) && !meant.some((one) => text.includes(one)));
  expect(others).toEqual([]);
});
