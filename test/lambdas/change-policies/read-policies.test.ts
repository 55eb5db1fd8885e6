import { readEntries } from '../../../cli/policy/inputs.ts';
import type { CliIo } from '../../../cli/terminal/io.ts';
import { readPolicies } from '../../../lambdas/change-policies/read-policies.ts';

/** The entries as the command line reads them; `undefined` if it refuses the file. */
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
  ['a file with a byte order mark and CRLF', '\uFEFF- name: a\r\n', [{ name: 'a' }]],
  [
    'values that YAML 1.1 reads as booleans and numbers',
    '- { who: no, from: 08:00 }\n',
    [{ who: 'no', from: '08:00' }],
  ],
  ['an account id in quotes', '- accounts: ["012345678901"]\n', [{ accounts: ['012345678901'] }]],
])('%s in a proposal is read as policy push reads it', async (_what, text, entries) => {
  expect(readPolicies(text)).toEqual({ entries });
  expect(await byCommandLine(text)).toEqual(entries);
});

test.each([
  ['an empty text', '', /^the text holds no policy$/],
  ['a comment alone', '# to be written\n', /^the text holds no policy$/],
  ['an empty list', 'policies: []\n', /^the text holds no policy$/],
  ['a second document', '- name: a\n---\n- name: b\n', /^the text has more than one document; remove the ---$/],
  [
    'an account id without quotes',
    '- accounts: [012345678901]\n',
    /^YAML took 012345678901 for a number and lost its zero/,
  ],
  ['a field given twice', '- name: a\n  name: b\n', /^the text is no YAML: /],
  ['a bracket left open', '- [\n', /^the text is no YAML: /],
  ['YAML aliases that multiply', `- &a [x, x]\n${aliases(12)}`, /^the text is no YAML: /],
  ['a word', 'policies\n', /^the text must be a list of policies, or a map with policies$/],
  [
    'a list under another name',
    'policy:\n  - name: a\n',
    /^the text must be a list of policies, or a map with policies$/,
  ],
])('%s is refused in a proposal, as policy push refuses it', async (_what, text, problem) => {
  expect(readPolicies(text)).toEqual({ problem: expect.stringMatching(problem) });
  expect(await byCommandLine(text)).toBeUndefined();
});

/** Lines of YAML in which each line refers to the one before eight times. */
function aliases(lines: number): string {
  const name = (line: number) => String.fromCharCode(97 + line);
  const line = (at: number) => `- &${name(at + 1)} [${Array.from({ length: 8 }, () => `*${name(at)}`).join(', ')}]\n`;
  return Array.from({ length: lines }, (_, at) => line(at)).join('');
}
