import type { Command } from 'commander';
import { type CliIo, UsageError } from '../terminal/io.ts';

/** Variable for the longest access that a deployment gives. Stacks of earlier versions have no such output. */
export const LONGEST_ACCESS = 'GLASSHAMMER_MAX_DURATION';

/** The stack's outputs that commands use, by the variable that each stands for. */
const OUTPUTS: Readonly<Record<string, string>> = {
  [LONGEST_ACCESS]: 'LongestAccess',
  ACCESS_TABLE: 'AccessTable',
  REQUEST_TABLE: 'RequestTable',
  STATE_MACHINE_ARN: 'StateMachineArn',
  REPORT_FUNCTION: 'ReportFunction',
  GLASSHAMMER_API: 'ApiUrl',
  AUDIT_BUCKET: 'AuditBucket',
  AUDIT_BUS: 'AuditBus',
  AUDIT_DATABASE: 'AuditDatabase',
};

/** The variable that each of these options stands for. */
const OPTIONS: Readonly<Record<string, string>> = {
  '--api': 'GLASSHAMMER_API',
  '--access-table': 'ACCESS_TABLE',
  '--request-table': 'REQUEST_TABLE',
  '--state-machine': 'STATE_MACHINE_ARN',
  '--report-function': 'REPORT_FUNCTION',
  '--bucket': 'AUDIT_BUCKET',
  '--bus': 'AUDIT_BUS',
  '--database': 'AUDIT_DATABASE',
  '--max-duration': LONGEST_ACCESS,
};

/**
 * Adds the option `--stack` to every command that works on a deployment: the stack's outputs replace the other options.
 */
export function offerStack(command: Command): void {
  for (const below of command.commands) offerStack(below);
  if (command.options.some(({ long }) => long !== undefined && long in OPTIONS))
    command.option('--stack <name>', 'read the names from the outputs of this stack; without, GLASSHAMMER_STACK');
}

/**
 * The environment of a command. A stack named by `--stack` takes precedence over variables. A stack named by
 * `GLASSHAMMER_STACK` only fills in what is missing, and is not read when nothing is.
 *
 * @throws UsageError when there is no such stack, or it is not Glasshammer's
 */
export async function environmentOf(command: Command, io: Pick<CliIo, 'env' | 'stack'>): Promise<CliIo['env']> {
  const given: Readonly<Record<string, unknown>> = command.opts();
  const wanted = command.options.flatMap((option) => {
    const variable = OPTIONS[option.long ?? ''];
    return variable === undefined || given[option.attributeName()] !== undefined ? [] : [variable];
  });
  const { stack: named } = command.opts() as { readonly stack?: string };
  const name = named ?? io.env.GLASSHAMMER_STACK;
  const missing = named === undefined ? wanted.filter((variable) => !io.env[variable]) : wanted;
  if (!name || missing.length === 0) return io.env;
  const described = await io.stack(name);
  if (described === undefined)
    throw new UsageError(`there is no stack ${name} in ${io.env.AWS_REGION ?? 'this Region'} of this account`);
  const found = missing.flatMap((variable) => {
    const value = described.outputs[OUTPUTS[variable] ?? ''];
    return value === undefined ? [] : [[variable, value] as const];
  });
  const [needed] = missing.filter((variable) => variable !== LONGEST_ACCESS);
  if (found.length === 0 && needed !== undefined)
    throw new UsageError(`stack ${name} has no output ${OUTPUTS[needed]}: is it Glasshammer's?`);
  return { ...io.env, ...Object.fromEntries(found) };
}
