import { execFileSync } from 'node:child_process';
import { Command } from 'commander';
import { offerStack } from '../../../cli/deployment/stack.ts';
import { GROUPS } from '../../../cli/main.ts';
import { completionFor } from '../../../cli/terminal/completion.ts';
import { run } from '../run.ts';

function program(): Command {
  const all = new Command('glasshammer');
  for (const register of GROUPS) register(all, {} as never);
  offerStack(all);
  return all;
}

/** What bash offers when the last of these words is being typed. */
function offered(...words: readonly string[]): string[] {
  const script = `${completionFor('bash', program())}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _glasshammer; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

test('bash completes commands, subcommands and the options of the typed command, and no options of others', () => {
  expect(offered('glasshammer', 'comp')).toEqual(['completion']);
  expect(offered('glasshammer', 'policy', 'ch')).toEqual(['check']);
  expect(offered('glasshammer', 'policy', 'check', '--di')).toEqual(['--directory']);
  expect(offered('glasshammer', 'policy', 'check', 'policies.yaml', '--re')).toEqual(['--records']);
  expect(offered('glasshammer', 'freeze', '--d')).toEqual([]);
});

/** Every command of the program with its words, the program itself first, without any. */
function commandsIn(command: Command, path = ''): readonly (readonly [path: string, command: Command])[] {
  return [[path, command], ...command.commands.flatMap((below) => commandsIn(below, `${path} ${below.name()}`.trim()))];
}

/** The words that a script offers after the words of a command: each follows the quoted path in a line of its own. */
const OFFERED = {
  bash: (script: string, path: string) =>
    script.split(`\n    '${path}') words='`)[1]?.split("' ;;\n")[0]?.split(' ') ?? [],
  zsh: (script: string, path: string) =>
    [...(script.split(`\n    ('${path}') known=(`)[1]?.split(') ;;\n')[0] ?? '').matchAll(/(?:^| )'([\w-]+):/g)].map(
      ([, word = '']) => word,
    ),
  fish: (script: string, path: string) =>
    script.split('\n').flatMap((line) => {
      const [, offered] = line.split(`complete -c glasshammer -n '__glasshammer_at \\'${path}\\'' `);
      const [, name, option] = /^(?:-f -a '([\w-]+)'|-l '([\w-]+)')/.exec(offered ?? '') ?? [];
      return [name ?? (option === undefined ? [] : `--${option}`)].flat();
    }),
} as const;

test.each(['bash', 'zsh', 'fish'] as const)('the completion for %s has every command and every option', (shell) => {
  const script = completionFor(shell, program());
  const commands = commandsIn(program());
  expect(commands.length).toBeGreaterThan(50);
  for (const [path, command] of commands) {
    const options = [...command.options.map(({ long }) => long ?? 'an option with no long form'), '--help'];
    const words = [...command.commands.map((below) => below.name()), ...options];
    expect([path, OFFERED[shell](script, path)]).toEqual([path, words]);
  }
});

test('a quote in the description of a command does not break the completion script', () => {
  const odd = new Command('glasshammer');
  odd.command('odd').description("it's: `echo no` $(echo no)").option('--why <text>', "the person's words");
  expect(() => execFileSync('bash', ['-n', '-c', completionFor('bash', odd)])).not.toThrow();
  expect(completionFor('zsh', odd)).toContain("'odd:it'\\''s - `echo no` $(echo no)'");
  expect(completionFor('fish', odd)).toContain("-d 'it\\'s: `echo no` $(echo no)'");
});

test('an unsupported shell is answered with the list of supported shells', async () => {
  expect(await run('completion tcsh')).toEqual({
    code: 2,
    out: '',
    err: 'there is completion for bash, zsh, fish, not for tcsh\n',
  });
  expect((await run('completion bash')).out).toContain('complete -o default -F _glasshammer glasshammer');
});

test('a mistyped command or option is answered with a suggestion', async () => {
  expect((await run('polcy')).err).toBe("unknown command 'polcy'; did you mean policy?\n");
  expect((await run('policy chek x.yaml')).err).toBe("unknown command 'chek'; did you mean check?\n");
  expect((await run('policy check x.yaml --diretory y')).err).toBe(
    "unknown option '--diretory'; did you mean --directory?\n",
  );
  expect((await run('nothing-like-it')).err).toBe("unknown command 'nothing-like-it'; see glasshammer --help\n");
});
