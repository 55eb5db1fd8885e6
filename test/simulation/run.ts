import { describeHistory } from './describe-history.ts';
import { type History, randomHistory } from './history.ts';
import { MUTATIONS } from './mutants/mutations.ts';
import type { Mutant } from './parts/world.ts';
import { type Outcome, play } from './play.ts';
import { shrink } from './shrink.ts';
import { INVARIANTS } from './watch/invariants.ts';

export interface Run {
  readonly firstSeed: number;
  /** How many seeds, one after the other. */
  readonly histories: number;
  readonly untilFailure: boolean;
  /** Prints every call. */
  readonly trace: boolean;
  /** Name of the mutation to play instead of the real build. */
  readonly mutation?: string;
}

/** Plays a failing history at most this often to make it smaller. */
const SHRINKING_TRIES = 150;

/** Plays the histories and prints what broke. @returns the seeds whose history held, and whether all of them did */
export async function runSeeds(run: Run): Promise<{ readonly allHeld: boolean; readonly held: ReadonlySet<number> }> {
  // A mutation may break several invariants; only the one that has to notice it is checked.
  const mutation = run.mutation === undefined ? undefined : MUTATIONS[run.mutation];
  const mutant = mutation?.mutant ?? {};
  const states: Record<string, number> = {};
  const held = new Set<number>();
  let calls = 0;
  let memberships = 0;
  let broken = 0;
  let played = 0;
  for (let seed = run.firstSeed; seed < run.firstSeed + run.histories; seed += 1) {
    const history = randomHistory(seed);
    const outcome = await play(history, mutant, mutation?.breaks);
    played += 1;
    calls += outcome.calls;
    memberships += outcome.memberships;
    for (const [state, count] of Object.entries(outcome.states)) states[state] = (states[state] ?? 0) + count;
    if (run.trace) console.log([...describeHistory(history), ...outcome.trace].join('\n'));
    if (outcome.broken === undefined) {
      held.add(seed);
      continue;
    }
    broken += 1;
    console.log(
      `\n${await reportBroken(history, outcome.broken, { mutant, ...(run.mutation === undefined ? {} : { mutation: run.mutation }) })}\n`,
    );
    if (run.untilFailure) break;
  }
  const which = `seeds ${run.firstSeed} to ${run.firstSeed + played - 1}`;
  const ends = Object.entries(states)
    .sort()
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
  const requests = Object.values(states).reduce((sum, count) => sum + count, 0);
  const share = `${memberships} of ${requests} for a group`;
  console.log(`${played} histories (${which}), ${calls} calls; requests, ${share}: ${ends}`);
  // Where no request was made, nothing could break.
  const hasAsked = requests > 0;
  if (broken > 0) console.log(`${broken} histories broke an invariant.`);
  else console.log(hasAsked ? 'Every invariant held.' : 'Nobody asked for anything, so nothing is shown.');
  return { allHeld: broken === 0 && hasAsked, held };
}

/**
 * Plays every mutation until its invariant notices it, for at most `mostSeeds` seeds each, and plays the same history
 * with the real build, which has to hold. Prints the seed.
 *
 * @param held seeds whose history is known to hold with the real build and is not played again
 * @returns whether every mutation was noticed
 */
export async function runMutations(mostSeeds: number, held: ReadonlySet<number> = new Set()): Promise<boolean> {
  let unnoticed = 0;
  // Several mutations may be noticed in the same history.
  const holding = new Set(held);
  for (const [name, { what, breaks, mutant, firstSeed }] of Object.entries(MUTATIONS)) {
    const seed = await firstNoticed(firstSeed, mostSeeds, async (candidate) => {
      const { broken } = await play(randomHistory(candidate), mutant, breaks);
      return broken !== undefined;
    });
    const holds = seed === undefined || holding.has(seed) || (await play(randomHistory(seed))).broken === undefined;
    if (seed !== undefined && holds) holding.add(seed);
    if (seed === undefined || !holds) unnoticed += 1;
    const found = seed === undefined ? `NOT noticed in ${mostSeeds} histories` : `noticed in seed ${seed}`;
    console.log(
      `${name}: ${what} Invariant ${breaks}: ${found}.${holds ? '' : ' BUT the real build fails there, too.'}`,
    );
  }
  console.log(unnoticed === 0 ? 'Every broken build was noticed.' : `${unnoticed} broken builds were not noticed.`);
  return unnoticed === 0;
}

/** The first of `most` seeds whose history notices the mutation. */
async function firstNoticed(
  from: number,
  most: number,
  isNoticed: (seed: number) => Promise<boolean>,
): Promise<number | undefined> {
  for (let seed = from; seed < from + most; seed += 1) if (await isNoticed(seed)) return seed;
  return undefined;
}

/**
 * Describes a broken invariant: which one, the facts, the smallest history found that breaks it, and the command that
 * plays it again.
 */
export async function reportBroken(
  history: History,
  { invariant, facts, atMs }: NonNullable<Outcome['broken']>,
  build: { readonly mutant: Mutant; readonly mutation?: string } = { mutant: {} },
): Promise<string> {
  const { seed } = history;
  const stillBreaks = async (candidate: History) =>
    (await play(candidate, build.mutant, invariant)).broken !== undefined;
  const smallest = await shrink(history, stillBreaks, SHRINKING_TRIES);
  const mutation = build.mutation === undefined ? '' : ` --mutation ${build.mutation}`;
  return [
    `Seed ${seed} breaks invariant ${invariant}: ${INVARIANTS[invariant]}`,
    `  after ${Math.round(atMs / 1000)} s: ${facts}`,
    'The smallest history found that breaks it:',
    ...describeHistory(smallest),
    `Play it again: npm run simulate -- --seed ${seed}${mutation} --trace`,
  ].join('\n');
}
