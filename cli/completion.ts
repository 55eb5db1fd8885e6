import type { Command } from 'commander';
import { type CliIo, UsageError } from './io.ts';

/** A command, or a group of them, as a shell completes it. */
interface Completed {
  /** The words before: `policy check`; empty for the program itself. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly { readonly long: string; readonly description: string }[];
}

const SHELLS: Readonly<Record<string, (all: readonly Completed[]) => string>> = {
  bash: bashScript,
  // Its own completion is another language; this one it understands.
  zsh: (all) => `autoload -Uz bashcompinit && bashcompinit\n${bashScript(all)}`,
  fish: fishScript,
};

/** `glasshammer completion <shell>`: prints what a shell needs to complete commands and options. */
export function registerCompletion(program: Command, io: CliIo): void {
  program
    .command('completion')
    .description('what a shell needs to complete commands and options: bash, zsh or fish')
    .argument('<shell>', 'bash, zsh or fish')
    .action((shell: string) => {
      const write = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
      if (write === undefined) throw new UsageError(`there is no completion for ${shell}: write bash, zsh or fish`);
      io.stdout(write(everyCommand(program, '')));
    });
}

function everyCommand(command: Command, path: string): Completed[] {
  const commands = command.commands.map((below) => ({ name: below.name(), description: below.description() }));
  const options = command.options.flatMap(({ long, description }) =>
    long === undefined || long === null ? [] : [{ long, description }],
  );
  const below = command.commands.flatMap((one) => everyCommand(one, `${path} ${one.name()}`.trim()));
  return [{ path, commands, options: [...options, { long: '--help', description: 'what it takes' }] }, ...below];
}

function bashScript(all: readonly Completed[]): string {
  // The longest first: `policy check` is also a line that begins with `policy`.
  const cases = all
    .toSorted((a, b) => b.path.length - a.path.length)
    .map(({ path, commands, options }) => {
      const words = [...commands.map(({ name }) => name), ...options.map(({ long }) => long)].join(' ');
      return `    ${path === '' ? '*' : `"${path} "*`}) words="${words}" ;;`;
    });
  return `_glasshammer() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[*]:1:COMP_CWORD-1}" words
  case "$before " in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _glasshammer glasshammer
`;
}

function fishScript(all: readonly Completed[]): string {
  const lines = all.flatMap(({ path, commands, options }) => {
    const when = path === '' ? '__fish_use_subcommand' : seen(path);
    const notYet =
      path === '' || commands.length === 0
        ? when
        : `${when}; and not __fish_seen_subcommand_from ${commands.map(({ name }) => name).join(' ')}`;
    return [
      ...commands.map(
        ({ name, description }) => `complete -c glasshammer -f -n '${notYet}' -a ${name} -d ${quoted(description)}`,
      ),
      ...options.map(
        ({ long, description }) => `complete -c glasshammer -n '${when}' -l ${long.slice(2)} -d ${quoted(description)}`,
      ),
    ];
  });
  return `${lines.join('\n')}\n`;
}

function seen(path: string): string {
  return path
    .split(' ')
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join('; and ');
}

/** In single quotes fish knows two escapes. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
