import type { Command } from 'commander';
import { examine } from '../../core/doctor/examine.ts';
import type { Checkout, Deployed } from '../../core/doctor/expected.ts';
import type { Finding, FindingStatus } from '../../core/doctor/finding.ts';
import { deployedFunctions } from '../../lib/config/deployed-functions.ts';
import { checkoutVersion } from '../../lib/config/version.ts';
import { awsErrorInWords } from '../deployment/aws-errors.ts';
import { BOT_SCOPES } from '../deployment/slack-manifest.ts';
import { type CliIo, type DescribedStack, UsageError } from '../terminal/io.ts';
import { line } from '../terminal/terminal-text.ts';
import { awsLook, type BuildLook } from './aws-look.ts';
import {
  awsCanary,
  type BuildCanary,
  type CanaryOptions,
  canaryFunctionOf,
  canaryTargets,
  tryTargets,
} from './canary.ts';
import { readExpected } from './expected.ts';

interface DoctorOptions extends CanaryOptions {
  readonly config?: string;
  readonly stack?: string;
  readonly json?: boolean;
}

/**
 * `glasshammer doctor`: does the deployment have everything it needs, and does it run? It only reads, except that
 * `--canary` gives access to a test user and takes it back.
 */
export function registerDoctor(
  program: Command,
  io: CliIo,
  build: BuildLook = awsLook,
  buildCanary: BuildCanary = awsCanary,
): void {
  program
    .command('doctor')
    .description(
      'look at a deployment as a whole: what is wrong, why it matters, how to put it right; exit code 1 on a fault',
    )
    .option(
      '--config <file>',
      'the configuration it is held against; without, GLASSHAMMER_CONFIG, or the one of this checkout',
    )
    .option('--stack <name>', 'the deployed stack; without, GLASSHAMMER_STACK or the stackName of the configuration')
    .option('--canary', 'then really give access to the canary, see it, and take it back')
    .option('--account <id>', 'with --canary: an account in which nothing is')
    .option('--permission-set <name>', 'with --canary: what it is given there')
    .option('--group <name>', 'with --canary: a group it is put into')
    .option('--json', 'as JSON')
    .action((options: DoctorOptions) => diagnose(options, io, build, buildCanary));
}

async function diagnose(options: DoctorOptions, io: CliIo, build: BuildLook, buildCanary: BuildCanary): Promise<void> {
  const targets = canaryTargets(options);
  const expected = await readExpected(options.config, io);
  const name = options.stack ?? io.env.GLASSHAMMER_STACK ?? expected.stackName;
  const stack = await io.stack(name);
  if (stack === undefined)
    throw new UsageError(
      `there is no stack ${name} in ${io.env.AWS_REGION ?? 'this Region'} of this account; the configuration says ${expected.account}, ${expected.region}`,
    );
  if (targets.length > 0) canaryFunctionOf(stack);
  const deployed = deployedFrom(name, stack);
  const look = await build(expected, deployed, io);
  const functions = deployedFunctions({
    withSlack: expected.slack !== undefined,
    withApi: stack.outputs.ApiUrl !== undefined || stack.outputs.ConsoleUrl !== undefined,
    withCanary: stack.outputs.CanaryFunction !== undefined,
    withPolicyChanges: stack.outputs.PolicyChangesFunction !== undefined,
  });
  const checkout: Checkout = { version: checkoutVersion(), scopes: [...BOT_SCOPES], functions };
  const words = (error: unknown) => awsErrorInWords(error, io)?.text ?? wordsOf(error);
  const now = await look.caller().then(
    ({ at }) => new Date(at),
    // Without AWS's time the local clock is used; each check that needs the caller then reports why it failed.
    () => io.now(),
  );
  const findings: Finding[] = [];
  const tell = (finding: Finding) => {
    findings.push(finding);
    if (options.json !== true) io.stdout(linesOf(finding));
  };
  for await (const finding of examine({ expected, deployed, checkout, now }, look, words, io.now())) tell(finding);
  for await (const finding of tryTargets(targets, stack, io, words, buildCanary)) tell(finding);
  const count = (status: FindingStatus) => findings.filter((finding) => finding.status === status).length;
  const [faults, unseen, notes, right] = [count('fault'), count('unseen'), count('note'), count('ok')];
  if (options.json === true) io.stdout(`${JSON.stringify({ faults, unseen, notes, right, findings }, null, 2)}\n`);
  else
    io.stdout(
      line(
        `${faults} ${faults === 1 ? 'fault' : 'faults'}, ${unseen} not seen, ${notes} ${notes === 1 ? 'note' : 'notes'}, ${right} right`,
      ),
    );
  if (faults + unseen > 0) io.exitWith(1);
}

function deployedFrom(name: string, { status, changedAt, outputs }: DescribedStack): Deployed {
  const output = (key: string): string => {
    const value = outputs[key];
    if (value === undefined)
      throw new UsageError(
        `stack ${name} has no output ${key}: it is no Glasshammer, or an older one; deploy this checkout`,
      );
    return value;
  };
  return {
    status,
    changedAt,
    accessTable: output('AccessTable'),
    requestTable: output('RequestTable'),
    stateMachineArn: output('StateMachineArn'),
    alarmTopicArn: output('AlarmTopicArn'),
    auditBucket: output('AuditBucket'),
    auditBus: output('AuditBus'),
    slackSecretArn: outputs.SlackSecretArn,
    urlEvents: outputs.UrlEvents,
    version: outputs.Version,
  };
}

const MARKS: Readonly<Record<FindingStatus, string>> = {
  ok: 'ok    ',
  fault: 'FAULT ',
  unseen: 'UNSEEN',
  note: 'note  ',
};

function linesOf({ check, status, what, why, fix }: Finding): string {
  const below = [...(why === undefined ? [] : [`why: ${why}`]), ...(fix === undefined ? [] : [`fix: ${fix}`])];
  return `${line(`${MARKS[status]}  ${check}: ${what}`)}${below.map((text) => `          ${line(text)}`).join('')}`;
}

function wordsOf(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).replace(/\s*\n\s*/g, ' ');
}
