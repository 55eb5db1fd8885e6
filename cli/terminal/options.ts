import type { Command } from 'commander';

/** The options of every command that works on the tables. */
export function withTables(command: Command): Command {
  return command
    .option('--access-table <name>', 'without, ACCESS_TABLE')
    .option('--request-table <name>', 'without, REQUEST_TABLE');
}
