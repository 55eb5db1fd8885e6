import { type Command, Option } from 'commander';
import type { CliIo } from '../terminal/io.ts';
import { withTables } from '../terminal/options.ts';
import { testCases } from './cases.ts';
import { registerPolicyChanges } from './changes.ts';
import { checkFiles } from './check.ts';
import { explainPolicy } from './explain.ts';
import { planPolicies, tellReach } from './reach.ts';
import { diffPolicies, pullPolicies, pushPolicies } from './table.ts';

/** `glasshammer policy …` */
export function registerPolicy(program: Command, io: CliIo): void {
  const policy = program.command('policy').description('check, explain, test and store who may have what');

  policy
    .command('check')
    .description('errors, names nobody knows, rules that never apply, and who reaches what with no second person')
    .argument('<file...>', 'policy files')
    .option('--directory <file>', 'users, groups, accounts and permission sets')
    .option('--aws', 'read them from AWS')
    .option('--records <file>', 'access records, in DynamoDB JSON or plain')
    .option('--config <file>', 'the configuration, such as glasshammer.config.ts: in which accounts nothing is given')
    .action((files: string[], options) => checkFiles(files, options, io));

  withTables(policy.command('explain'))
    .description(
      'why somebody gets something, or why not; exit code 0 granted, 3 needs approval, 4 refused, 2 bad input',
    )
    .option('--file <file...>', 'policy files; without, the access table')
    .option('--records <file>', 'access records, in DynamoDB JSON or plain')
    .option('--directory <file>', 'users, groups, accounts and permission sets')
    .option('--aws', 'read them from AWS')
    .requiredOption('--user <user>', 'id, user name or e-mail')
    .option('--account <account>', 'id or name')
    .option('--permission-set <set>', 'name or ARN')
    .option('--group <group>', 'id or name, instead of account and permission set')
    .option('--duration <duration>', 'how long, such as 1h or 30m', '1h')
    .option('--at <instant>', 'when access would start, such as 2026-01-05T09:00:00Z; without, now')
    .option('--reason <text>', 'as the person would write it')
    .option('--ticket <ticket>', 'as the person would write it')
    .addOption(
      new Option('--vote <user=vote>', 'a click of an approver, USER=approve or USER=deny; repeatable').argParser(
        collect,
      ),
    )
    .option('--waited <duration>', 'how long the request has waited: escalation adds approvers')
    .option('--max-duration <duration>', 'the longest access anybody gets')
    .addOption(
      new Option(
        '--held <start/end>',
        'access of this that the person has or had, in place of what the tables say; repeatable',
      ).argParser(collect),
    )
    .option('--extends', 'it is for more time on what lasts')
    .option('--json', 'for programs')
    .action((options) => explainPolicy(options, io));

  policy
    .command('test')
    .description('run cases with their expected outcome; exit code 1 when one comes out differently')
    .argument('<cases>', 'a file with cases')
    .option('--file <file...>', 'policy files, instead of those the cases name')
    .option('--directory <file>', 'directory file, instead of the one the cases name')
    .option('--records <file>', 'access records')
    .action((path: string, options) => testCases(path, options, io));

  policy
    .command('reach')
    .description('who reaches what with no second person, uncut; exit code 1 where --fail-on names it')
    .argument('<file...>', 'policy files')
    .option('--alone', 'with no second person; the default')
    .option('--account <account>', 'only in this account, by id or name')
    .option('--records <file>', 'access records')
    .option('--directory <file>', 'users, groups, accounts and permission sets')
    .option('--aws', 'read them from AWS')
    .option('--fail-on <set...>', 'permission sets that nobody may reach so, by name or ARN')
    .option('--json', 'for programs')
    .action((files: string[], options) => tellReach(files, options, io));

  withTables(policy.command('plan'))
    .description('what a push would change, and who would gain or lose what with no second person')
    .argument('<file...>', 'policy files')
    .option('--directory <file>', 'users, groups, accounts and permission sets')
    .option('--aws', 'read them from AWS')
    .action((files: string[], options) => planPolicies(files, options, io));

  withTables(policy.command('diff'))
    .description('what a push would change')
    .argument('<file...>', 'policy files')
    .action((files: string[], options) => diffPolicies(files, options, io));

  withTables(policy.command('push'))
    .description('make the access table hold exactly the policies of these files')
    .argument('<file...>', 'policy files')
    .option('--directory <file>', 'check names against this directory file first')
    .option('--aws', 'check names against AWS first')
    .option('--config <file>', 'check first in which accounts this configuration gives nothing')
    .option('--yes', 'write; without, only say what would change')
    .option('--allow-removing <n>', 'policies that may be removed; without, three, and none that denies or requires')
    .action((files: string[], options) => pushPolicies(files, options, io));

  withTables(policy.command('pull'))
    .description('print the policies of the access table as a file')
    .option('-o, --out <file>', 'write them there')
    .action((options) => pullPolicies(options, io));

  registerPolicyChanges(policy, io);
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
