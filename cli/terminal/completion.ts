import type { Command, Option } from 'commander';
import { type CliIo, UsageError } from './io.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** One command, with its subcommands and options. */
interface Node {
  /** The command's words; empty for the program itself. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly what: string }[];
  readonly options: readonly { readonly long: string; readonly what: string; readonly takesValue: boolean }[];
}

/** `glasshammer completion <shell>`: a script with which a shell completes all commands and options. */
export function registerCompletion(program: Command, io: CliIo): void {
  program
    .command('completion')
    .description('print what makes a shell complete commands and options: bash, zsh or fish')
    .argument('<shell>', SHELLS.join(', '))
    .action((shell: string) => {
      const known = SHELLS.find((one) => one === shell);
      if (known === undefined) throw new UsageError(`there is completion for ${SHELLS.join(', ')}, not for ${shell}`);
      io.stdout(completionFor(known, program));
    });
}

/** The script for a shell, generated from the commands. */
export function completionFor(shell: Shell, program: Command): string {
  const nodes = nodesOf(program, '');
  if (shell === 'bash') return bash(nodes);
  return shell === 'zsh' ? zsh(nodes) : fish(nodes);
}

function nodesOf(command: Command, path: string): readonly Node[] {
  const own: Node = {
    path,
    commands: command.commands.map((below) => ({ name: below.name(), what: below.description() })),
    options: [
      ...command.options.flatMap(optionOf),
      { long: '--help', what: 'what there is to say', takesValue: false },
    ],
  };
  return [own, ...command.commands.flatMap((below) => nodesOf(below, `${path} ${below.name()}`.trim()))];
}

function optionOf({ long, description, required, optional }: Option): Node['options'] {
  return long == null ? [] : [{ long, what: description, takesValue: required || optional }];
}

/** The paths of all commands, without the program itself. */
function pathsIn(nodes: readonly Node[]): readonly string[] {
  return nodes.map(({ path }) => path).filter((path) => path !== '');
}

function bash(nodes: readonly Node[]): string {
  const words = ({ commands, options }: Node) =>
    [...commands.map(({ name }) => name), ...options.map(({ long }) => long)].join(' ');
  return `# glasshammer: completion for bash. In ~/.bashrc: source <(npx glasshammer completion bash)
_glasshammer() {
  local current="\${COMP_WORDS[COMP_CWORD]}" at='' next='' words='' index
  for ((index = 1; index < COMP_CWORD; index++)); do
    next="\${at:+$at }\${COMP_WORDS[index]}"
    case "$next" in
      ${pathsIn(nodes).map(quoted).join(' | ')}) at="$next" ;;
    esac
  done
  case "$at" in
${nodes.map((node) => `    ${quoted(node.path)}) words=${quoted(words(node))} ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _glasshammer glasshammer
`;
}

function zsh(nodes: readonly Node[]): string {
  // A colon separates a word from its description.
  const entry = (word: string, what: string) => quoted(`${word}:${what.replaceAll(':', ' -')}`);
  const entries = ({ commands, options }: Node) =>
    [
      ...commands.map(({ name, what }) => entry(name, what)),
      ...options.map(({ long, what }) => entry(long, what)),
    ].join(' ');
  return `#compdef glasshammer
# glasshammer: completion for zsh. In ~/.zshrc, after compinit: source <(npx glasshammer completion zsh)
_glasshammer() {
  local at='' next='' word
  local -a known
  for word in "\${(@)words[2,CURRENT-1]}"; do
    next="\${at:+$at }$word"
    case "$next" in
      (${pathsIn(nodes).map(quoted).join('|')}) at="$next" ;;
    esac
  done
  case "$at" in
${nodes.map((node) => `    (${quoted(node.path)}) known=(${entries(node)}) ;;`).join('\n')}
  esac
  _describe 'glasshammer' known || _files
}
compdef _glasshammer glasshammer
`;
}

function fish(nodes: readonly Node[]): string {
  const lines = nodes.flatMap(({ path, commands, options }) => {
    const when = `complete -c glasshammer -n ${fishQuoted(`__glasshammer_at '${path}'`)}`;
    return [
      ...commands.map(({ name, what }) => `${when} -f -a ${fishQuoted(name)} -d ${fishQuoted(what)}`),
      ...options.map(
        ({ long, what, takesValue }) =>
          `${when} -l ${fishQuoted(long.replace(/^--/, ''))}${takesValue ? ' -r' : ''} -d ${fishQuoted(what)}`,
      ),
    ];
  });
  return `# glasshammer: completion for fish. npx glasshammer completion fish > ~/.config/fish/completions/glasshammer.fish
set -g __glasshammer_commands ${pathsIn(nodes).map(fishQuoted).join(' ')}
function __glasshammer_at
    set -l at ''
    for word in (commandline -opc)
        set -l next (string trim -- "$at $word")
        contains -- "$next" $__glasshammer_commands; and set at "$next"
    end
    test "$at" = "$argv[1]"
end
${lines.join('\n')}
`;
}

/**
 * For bash and zsh: nothing is special within single quotes; a quote is written by closing, escaping and reopening
 * them.
 */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** For fish, where a backslash escapes a quote within single quotes. */
function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
