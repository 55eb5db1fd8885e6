/**
 * `npm run simulate -- [--seed N] [--histories N] [--jobs N] [--until-failure] [--trace]`: plays histories from seeds,
 * and prints for each that breaks an invariant its smallest form and the command that plays it again. With `--mutation
 * NAME` a deliberately broken build is played instead. With `--mutations` every broken build is played until it is
 * noticed: alone, or after `--histories` of the real build. Exit code 1 when an invariant broke or a broken build was
 * not noticed; 2 when the command is not understood.
 */
import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { MUTATIONS } from './mutants/mutations.ts';
import { type Run, runMutations, runSeeds } from './run.ts';

// The warning would appear once per job, and is of no use to readers of the output.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

class UsageError extends Error {}

interface Wanted extends Run {
  readonly jobs: number;
  readonly mutations: boolean;
  /** Whether histories of the real build are played. */
  readonly real: boolean;
}

/** A mutation counts as not noticed after this many histories. */
const SEEDS_PER_MUTATION = 200;

function readArguments(args: readonly string[]): Wanted {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      seed: { type: 'string' },
      histories: { type: 'string' },
      jobs: { type: 'string' },
      mutation: { type: 'string' },
      mutations: { type: 'boolean', default: false },
      'until-failure': { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
    },
  });
  const histories = wholeNumber('histories', values.histories ?? (values.seed === undefined ? '200' : '1'));
  const { mutation } = values;
  if (mutation !== undefined && MUTATIONS[mutation] === undefined)
    throw new UsageError(`--mutation must be one of ${Object.keys(MUTATIONS).join(', ')}`);
  return {
    firstSeed: wholeNumber('seed', values.seed ?? '1'),
    histories,
    jobs: wholeNumber('jobs', values.jobs ?? '1'),
    untilFailure: values['until-failure'],
    trace: values.trace,
    mutations: values.mutations,
    real: !values.mutations || values.histories !== undefined,
    ...(mutation === undefined ? {} : { mutation }),
  };
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new UsageError(`--${name} must be a whole number from 1, not ${text}`);
  return Number(text);
}

async function carryOut(wanted: Wanted): Promise<boolean> {
  if (wanted.jobs > 1 && !wanted.mutations) return inProcesses(wanted);
  const { allHeld, held } = wanted.real ? await runSeeds(wanted) : { allHeld: true, held: new Set<number>() };
  const noticed = wanted.mutations ? await runMutations(SEEDS_PER_MUTATION, held) : true;
  return allHeld && noticed;
}

/** Divides the seeds among processes, each of which prints its own failures. @returns whether all invariants held */
async function inProcesses({ jobs, firstSeed, histories, untilFailure, mutation }: Wanted): Promise<boolean> {
  const share = Math.ceil(histories / jobs);
  const ends = Array.from({ length: jobs }, (_, job) => {
    const args = [
      `--seed=${firstSeed + job * share}`,
      `--histories=${Math.max(1, Math.min(share, histories - job * share))}`,
      ...(untilFailure ? ['--until-failure'] : []),
      ...(mutation === undefined ? [] : [`--mutation=${mutation}`]),
    ];
    const child = fork(new URL(import.meta.url), args, { stdio: 'inherit' });
    return new Promise<boolean>((resolve) => child.once('exit', (code) => resolve(code === 0)));
  });
  return (await Promise.all(ends)).every(Boolean);
}

try {
  const wanted = readArguments(process.argv.slice(2));
  process.exitCode = (await carryOut(wanted)) ? 0 : 1;
} catch (error) {
  const { code } = error as { code?: string };
  if (!(error instanceof UsageError) && code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
  console.error(`simulate: ${(error as Error).message}`);
  process.exitCode = 2;
}
