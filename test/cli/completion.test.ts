import { execFileSync } from 'node:child_process';
import { run } from './run.ts';

/** What bash would offer at the end of a line. */
async function offered(line: string): Promise<string[]> {
  const { out } = await run('completion bash');
  const words = line.split(' ');
  const script = `${out}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}
_glasshammer
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n');
}

test('a shell completes commands, those of a group, and the options of each', async () => {
  expect(await offered('glasshammer re')).toEqual(expect.arrayContaining(['request', 'requests', 'revoke', 'report']));
  expect(await offered('glasshammer policy ')).toEqual(expect.arrayContaining(['check', 'explain', 'push']));
  expect(await offered('glasshammer request prod admin 1h why --w')).toEqual(['--wait']);
  expect(await offered('glasshammer policy explain --acc')).toEqual(
    expect.arrayContaining(['--account', '--access-table']),
  );
  expect(await offered('glasshammer deny req-1 no --j')).toEqual(['--json']);
});

test('every shell is offered every command, and one that nobody knows is told which there are', async () => {
  const fish = (await run('completion fish')).out;
  expect(fish).toContain("-a why-not -d 'what would come of a request");
  expect(fish).toMatch(/__fish_seen_subcommand_from policy; and __fish_seen_subcommand_from check' -l/);
  expect(fish.split('\n').filter((line) => line !== '' && !line.startsWith('complete -c glasshammer '))).toEqual([]);
  expect((await run('completion zsh')).out).toMatch(/^autoload -Uz bashcompinit/);
  expect(await run('completion powershell')).toMatchObject({
    code: 2,
    err: expect.stringContaining('bash, zsh or fish'),
  });
});
