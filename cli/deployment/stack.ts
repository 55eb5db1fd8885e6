import type { Command } from 'commander';
import { type CliIo, UsageError } from '../terminal/io.ts';

/** The stack's outputs that commands name things by, and the variable that each stands for. */
const OUTPUTS: Readonly<Record<string, string>> = {
  ACCESS_TABLE: 'AccessTable',
  REQUEST_TABLE: 'RequestTable',
  STATE_MACHINE_ARN: 'StateMachineArn',
  REPORT_FUNCTION: 'ReportFunction',
  GLASSHAMMER_API: 'ApiUrl',
  AUDIT_BUCKET: 'AuditBucket',
  AUDIT_BUS: 'AuditBus',
  AUDIT_DATABASE: 'AuditDatabase',
};

/** What each of these options names, where a command has it. */
const OPTIONS: Readonly<Record<string, string>> = {
  '--api': 'GLASSHAMMER_API',
  '--access-table': 'ACCESS_TABLE',
  '--request-table': 'REQUEST_TABLE',
  '--state-machine': 'STATE_MACHINE_ARN',
  '--report-function': 'REPORT_FUNCTION',
  '--bucket': 'AUDIT_BUCKET',
  '--bus': 'AUDIT_BUS',
  '--database': 'AUDIT_DATABASE',
};

/** Gives every command that works on a deployment the option `--stack`: its outputs say what the other options would. */
export function offerStack(command: Command): void {
  for (const below of command.commands) offerStack(below);
  if (command.options.some(({ long }) => long !== undefined && long in OPTIONS))
    command.option('--stack <name>', 'read the names from the outputs of this stack; without, GLASSHAMMER_STACK');
}

/**
 * The environment a command goes by. A stack that is named on the line outweighs variables; one named by `GLASSHAMMER_STACK` fills in
 * only what is not named otherwise, and is not asked for where nothing is missing.
 *
 * @throws UsageError when there is no such stack, or it is no Glasshammer
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
  if (found.length === 0)
    throw new UsageError(`stack ${name} has no output ${OUTPUTS[missing[0] ?? '']}: is it Glasshammer's?`);
  return { ...io.env, ...Object.fromEntries(found) };
}
