import { readEntries } from '../../../cli/policy/inputs.ts';
import type { CliIo } from '../../../cli/terminal/io.ts';
import { readPolicies } from '../../../lambdas/change-policies/read-policies.ts';

/** The entries as the command line reads them; `undefined` where it refuses the file. */
async function byCommandLine(text: string): Promise<readonly unknown[] | undefined> {
  const io = { readFile: async () => text } as Pick<CliIo, 'readFile'> as CliIo;
  return readEntries(['policies.yaml'], io).catch((error: Error) => {
    if (error.name !== 'UsageError') throw error;
    return undefined;
  });
}

test.each([
  ['a list', '- name: a\n- name: b\n', [{ name: 'a' }, { name: 'b' }]],
  ['a map with policies', 'policies:\n  - name: a\n', [{ name: 'a' }]],
  ['JSON', '[{"name":"a"}]', [{ name: 'a' }]],
  ['a file that Windows wrote', '\uFEFF- name: a\r\n', [{ name: 'a' }]],
  ['words that older YAML took for something else', '- { who: no, from: 08:00 }\n', [{ who: 'no', from: '08:00' }]],
  ['an account id in quotes', '- accounts: ["012345678901"]\n', [{ accounts: ['012345678901'] }]],
])('%s proposes what a push of the same file would write', async (_what, text, entries) => {
  expect(readPolicies(text)).toEqual({ entries });
  expect(await byCommandLine(text)).toEqual(entries);
});

test.each([
  ['nothing', '', /^the text holds no policy$/],
  ['a comment alone', '# to be written\n', /^the text holds no policy$/],
  ['an emptied list', 'policies: []\n', /^the text holds no policy$/],
  ['a second document', '- name: a\n---\n- name: b\n', /^the text has more than one document; remove the ---$/],
  [
    'an account id without quotes',
    '- accounts: [012345678901]\n',
    /^YAML took 012345678901 for a number and lost its zero/,
  ],
  ['a name given twice', '- name: a\n  name: b\n', /^the text is no YAML: /],
  ['a bracket left open', '- [\n', /^the text is no YAML: /],
  ['aliases that multiply', `- &a [x, x]\n${aliases(12)}`, /^the text is no YAML: /],
  ['a word', 'policies\n', /^the text must be a list of policies, or a map with policies$/],
  [
    'a list under another name',
    'policy:\n  - name: a\n',
    /^the text must be a list of policies, or a map with policies$/,
  ],
])('%s proposes no change of the policies, as it pushes none', async (_what, text, problem) => {
  expect(readPolicies(text)).toEqual({ problem: expect.stringMatching(problem) });
  expect(await byCommandLine(text)).toBeUndefined();
});

/** Lines of which each names the line before several times. */
function aliases(lines: number): string {
  const name = (line: number) => String.fromCharCode(97 + line);
  const line = (at: number) => `- &${name(at + 1)} [${Array.from({ length: 8 }, () => `*${name(at)}`).join(', ')}]\n`;
  return Array.from({ length: lines }, (_, at) => line(at)).join('');
}
