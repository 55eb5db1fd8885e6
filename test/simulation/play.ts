import { type History, loses } from './history.ts';
import { createSimulatedWorld, type Mutant, type SimulatedWorld, START_MS } from './parts/world.ts';
import { carryOut } from './steps.ts';
import {
  BrokenInvariantError,
  createViolationReporter,
  type Invariant,
  type ReportViolation,
} from './watch/invariants.ts';

/** After the last step and the last outage, every request has this long to come to its end. */
const AFTERMATH_MS = 3 * 24 * 3600_000;
/** Assignments that the drift rules remove have this long: two full passes over all assignments. */
const DRIFT_REMOVED_MS = 12 * 3600_000;

/**
 * Invariants that must hold even where Glasshammer's records are lost: then no message and no report can be expected.
 */
const WHATEVER_IS_LOST: readonly Invariant[] = [1, 2, 3];

/** What came of a history. */
export interface Outcome {
  readonly broken?: { readonly invariant: Invariant; readonly facts: string; readonly atMs: number };
  /** Virtual seconds from the first step to the end. */
  readonly seconds: number;
  readonly calls: number;
  /** One line per call, oldest first. */
  readonly trace: readonly string[];
  /** How many requests ended in each state. */
  readonly states: Readonly<Record<string, number>>;
  /** How many of the requests were for a group. */
  readonly memberships: number;
}

/**
 * Plays one history from its first step until nothing is left to happen, and stops at the first broken invariant.
 *
 * @param only the one invariant that is checked; absent: all are
 */
export async function play(history: History, mutant: Mutant = {}, only?: Invariant): Promise<Outcome> {
  const counted = loses(history)
    ? WHATEVER_IS_LOST.filter((one) => only === undefined || one === only)
    : only && [only];
  const reportViolation = createViolationReporter(counted);
  const simulatedWorld = await createSimulatedWorld(history, mutant, reportViolation);
  try {
    await playOut(history, simulatedWorld, reportViolation);
    return outcomeOf(simulatedWorld);
  } catch (error) {
    if (!(error instanceof BrokenInvariantError)) throw error;
    const atMs = simulatedWorld.timeline.nowMs() - START_MS;
    return { ...outcomeOf(simulatedWorld), broken: { invariant: error.invariant, facts: error.message, atMs } };
  } finally {
    simulatedWorld.leave();
  }
}

async function playOut(
  history: History,
  simulatedWorld: SimulatedWorld,
  reportViolation: ReportViolation,
): Promise<void> {
  const { timeline, stage, requests, access, archive, outsiders, sessions } = simulatedWorld;
  for (const step of history.steps) {
    timeline.schedule(START_MS + step.at * 1000, () => {
      simulatedWorld.note(`step ${step.do}`);
      carryOut(step, stage).catch((error: unknown) => timeline.fail(error));
    });
  }
  const faultEnds = history.faults.map((fault) => (fault.kind === 'outage' ? fault.until : fault.from));
  const lastMs = START_MS + Math.max(0, ...history.steps.map(({ at }) => at), ...faultEnds) * 1000;
  const check = () => {
    access.check();
    sessions.check();
  };
  await timeline.run(lastMs + 60_000, check, () => false);
  const isOver = () => (loses(history) ? access.ours().length === 0 && !requests.isAnythingHeld() : isAllOver());
  const isAllOver = () =>
    requests.open().length === 0 &&
    requests.leases.size === 0 &&
    access.ours().length === 0 &&
    outsiders.leftToRemove().length === 0 &&
    archive.isComplete();
  const overSoon = await timeline.run(lastMs + DRIFT_REMOVED_MS, check, isOver);
  const left = outsiders.leftToRemove();
  if (left.length > 0) reportViolation(10, `the rules remove it, and it is still there: ${left.join(', ')}`);
  const over = overSoon || (await timeline.run(lastMs + AFTERMATH_MS, check, isOver));
  checkEnd(over, simulatedWorld, reportViolation);
}

/** Checks the end of a history, when nothing is left to happen: invariants 5 and 8, and 1 and 4 once more. */
function checkEnd(
  over: boolean,
  { requests, words, access, archive }: SimulatedWorld,
  reportViolation: ReportViolation,
): void {
  const open = requests.open();
  const said = open
    .map(({ id, state, events }) => `${id} ${state} (${events.map(({ type }) => type).join(', ')})`)
    .join('; ');
  if (access.ours().length > 0) reportViolation(1, `still there at the end: ${access.ours().join(', ')}`);
  const unreported = open.filter(({ state }) => state === 'ended');
  if (unreported.length > 0) reportViolation(5, `neither reported nor said to be unreportable: ${said}`);
  if (open.length > 0) reportViolation(8, `never came to an end: ${said}`);
  archive.checkEnd();
  if (!over) reportViolation(8, `lease items that nobody owns are left: ${[...requests.leases.keys()].join(', ')}`);
  for (const { request } of requests.requests.values()) {
    if (request.state === 'reported' && !words.reported.has(request.id))
      reportViolation(5, `${request.id} is said to be reported, and no mail about it went out`);
  }
}

function outcomeOf({ timeline, trace, requests }: SimulatedWorld): Outcome {
  const states: Record<string, number> = {};
  let memberships = 0;
  for (const { request } of requests.requests.values()) {
    states[request.state] = (states[request.state] ?? 0) + 1;
    if ('groupId' in request.target) memberships += 1;
  }
  return { seconds: (timeline.nowMs() - START_MS) / 1000, calls: trace.length, trace, states, memberships };
}
