import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { offerStack } from '../../cli/deployment/stack.ts';
import { GROUPS } from '../../cli/main.ts';
import { commandAt, EXAMPLES } from '../../cli/terminal/examples.ts';
import { run } from './run.ts';

function program(): Command {
  const all = new Command('glasshammer');
  for (const register of GROUPS) register(all, {} as never);
  offerStack(all);
  return all;
}

function leaves(command: Command, path: string): string[] {
  if (command.commands.length === 0) return [path];
  return command.commands.flatMap((below) => leaves(below, `${path} ${below.name()}`.trim()));
}

test('every example in the help names a command and options that exist', async () => {
  for (const [path, lines] of Object.entries(EXAMPLES)) {
    const command = commandAt(program(), path);
    expect([path, command?.name()]).toEqual([path, path.split(' ').at(-1)]);
    const { out } = await run([...path.split(' '), '--help']);
    for (const line of lines) {
      expect(out).toContain(`  ${line}\n`);
      expect(line).toMatch(new RegExp(`^glasshammer ${path}( |$)`));
      const options = command?.options.flatMap(({ long, short }) => [long, short]) ?? [];
      for (const given of line.match(/(?<= )--?[a-z][a-z-]*/g) ?? [])
        expect([line, options]).toEqual([line, expect.arrayContaining([given])]);
    }
  }
});

/** The commands of a row's first cell; the first may name a group that those after it are in as well. */
function commandsOf(cell: string): string[] {
  const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  const [group, isGrouped] = names[0]?.split(' ') ?? [];
  return names.map((name) => (isGrouped === undefined || name.includes(' ') ? name : `${group} ${name}`));
}

test('docs/cli.md names every command', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/cli.md'), 'utf8');
  const [table = ''] = /^\| command \|.*\n(?:\|.*\n)+/m.exec(page) ?? [];
  const named = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) => commandsOf(cell));
  const commands = leaves(program(), '');
  expect(commands.filter((path) => !named.includes(path))).toEqual([]);
  expect(named.filter((path) => !commands.includes(path))).toEqual([]);
});

test('--version prints the version of the checkout', async () => {
  const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8')) as {
    version: string;
  };
  expect(await run('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
});
