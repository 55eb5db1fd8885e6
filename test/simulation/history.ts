import { type Fault, randomFaults } from './faults.ts';
import { APPROVERS, ASKERS, WANTED } from './parts/fixture.ts';
import { Random } from './random.ts';

/** One step of a history. `at` is in seconds since the start; `wanted` is an index of `WANTED`. */
export type Step = { readonly at: number } & (
  | {
      readonly do: 'ask';
      readonly who: string;
      readonly wanted: number;
      readonly minutes: number;
      /** How often the same button is pressed; with `redelivered`, one press is delivered so often. */
      readonly presses: number;
      readonly redelivered: boolean;
    }
  | { readonly do: 'approve' | 'deny'; readonly who: string; readonly nth: number }
  | { readonly do: 'done' | 'cancel' | 'extend'; readonly who: string; readonly nth: number }
  /** An administrator removes an assignment that Glasshammer made. */
  | { readonly do: 'remove-behind'; readonly nth: number }
  /** An administrator makes an assignment outside Glasshammer, and may remove it later. */
  | { readonly do: 'give-standing' | 'take-standing'; readonly who: string; readonly wanted: number }
  | { readonly do: 'forbid' | 'allow'; readonly wanted: number; readonly by: 'deny' | 'record' }
  | { readonly do: 'freeze' | 'thaw' }
  | { readonly do: 'disable' | 'enable'; readonly who: string }
  /** Aborts the n-th execution that runs. */
  | { readonly do: 'kill'; readonly nth: number }
  | { readonly do: 'provisioning'; readonly seconds: number }
  /**
   * The records of the n-th lasting access are lost or altered outside Glasshammer, and its workflow may be aborted.
   */
  | { readonly do: 'lose'; readonly what: Loss; readonly nth: number; readonly kills: boolean }
);

/**
 * What happens to Glasshammer's records: deleted, marked as over, marked as standing, the request restored to its first
 * version, or all items of the access restored to just before its grant.
 */
export type Loss = 'request' | 'lease' | 'both' | 'over' | 'over-and-lease' | 'disowned' | 'restored' | 'table';

/** A whole history before it is played: plain data, so that it can be printed and shrunk. */
export interface History {
  readonly seed: number;
  readonly steps: readonly Step[];
  readonly faults: readonly Fault[];
  /** How far each container's clock may be from the true time; milliseconds, both ways. */
  readonly skewMs: number;
  /** Every scheduled sweep is played, even one that can find nothing to do; otherwise those are skipped, for speed. */
  readonly everySweep: boolean;
  /** How drift is handled: by CloudTrail events alone, by the full pass as well, or also removed. */
  readonly drift: 'events' | 'pass' | 'enforcing';
}

const MINUTE = 60;

/** Makes a history from a seed. One in five has no faults at all and is held to the tighter promises of quiet days. */
export function randomHistory(seed: number): History {
  const random = new Random(seed);
  const quiet = random.chance(0.2);
  const steps = isAboutMemberships(seed) ? aboutMemberships(randomSteps(random.fork())) : randomSteps(random.fork());
  // Drawn from a random generator of its own, so that other seeds keep their meaning.
  if (quiet) steps.push(...againAtOnce(new Random(seed + AGAIN)));
  steps.sort((a, b) => a.at - b.at);
  const faults = quiet ? [] : randomFaults(random.fork());
  const loses = seed % LOSING_EVERY === LOSING_AT;
  return {
    seed,
    steps: loses ? losing(steps, new Random(seed ^ 0x10c0de), seed % RESTORING_EVERY === RESTORING_AT) : steps,
    faults: loses ? [] : faults,
    skewMs: !quiet && random.chance(0.4) ? 15_000 : 0,
    everySweep: random.chance(0.2),
    drift: random.pick(['events', 'events', 'events', 'events', 'pass', 'enforcing'] as const),
  };
}

/**
 * In every third history all requests are for the group: creating or deleting a membership takes effect at once, has no
 * operation of its own to follow, and CloudTrail says less about it. Decided by the seed alone, and also true for every
 * third history that loses records.
 */
function isAboutMemberships(seed: number): boolean {
  return seed % 3 === 1 || seed % (3 * LOSING_EVERY) === LOSING_AT;
}

function aboutMemberships(steps: readonly Step[]): Step[] {
  const group = WANTED.findIndex(({ target }) => 'groupId' in target);
  return steps.map((step) => ('wanted' in step ? { ...step, wanted: group } : step));
}

/** One history in this many loses records; decided by the seed alone, so that all others keep their meaning. */
const LOSING_EVERY = 12;
const LOSING_AT = 6;
/** Every fourth of those restores the whole table from a backup. */
const RESTORING_EVERY = 4 * LOSING_EVERY;
const RESTORING_AT = LOSING_AT + LOSING_EVERY;

/** Whether a step alters Glasshammer's records. */
export function loses({ steps }: Pick<History, 'steps'>): boolean {
  return steps.some((step) => step.do === 'lose');
}

/** In these histories nobody else gives access: who made an assignment is among what is lost. */
function losing(steps: readonly Step[], random: Random, restores: boolean): Step[] {
  const asked = steps.filter((step) => step.do === 'ask').map(({ at }) => at);
  const lost = Array.from(
    { length: random.int(1, 2) },
    (): Step => ({
      at: random.pick(asked) + random.int(20, 8 * MINUTE),
      do: 'lose',
      what: random.pick([
        'request',
        'lease',
        'both',
        'both',
        'over',
        'over-and-lease',
        'disowned',
        'restored',
      ] as const),
      nth: random.int(0, 2),
      kills: random.chance(0.6),
    }),
  );
  const altered = restores ? lost.map((step) => ({ ...step, what: 'table' as const })) : lost;
  return [...steps.filter((step) => step.do !== 'give-standing'), ...altered].sort((a, b) => a.at - b.at);
}

/** A number far from the seeds that tests use. */
const AGAIN = 1_000_000_007;

/**
 * A person ends their access, asks for it again while its sessions are being cut, and uses the new access at once. Only
 * without other faults can a check say that it works from the first second on.
 */
function againAtOnce(random: Random): Step[] {
  if (random.chance(0.4)) return [];
  const wanted = WANTED.findIndex(({ recordId }) => recordId.startsWith('access#'));
  const ask = { do: 'ask', who: 'U0ANA', wanted, minutes: 5, presses: 1, redelivered: false } as const;
  const at = random.int(0, MINUTE);
  const done = at + random.int(40, 60);
  return [
    { ...ask, at },
    { at: done, do: 'done', who: 'U0ANA', nth: 0 },
    { ...ask, at: done + random.int(4, 30) },
  ];
}

function randomSteps(random: Random): Step[] {
  const steps: Step[] = [];
  const asks = random.pick([1, 1, 1, 2, 2, 3]);
  // Most people in a hurry ask at the same time, and for the same target.
  const popular = random.int(0, WANTED.length - 1);
  const period = random.pick([30, 5 * MINUTE, 20 * MINUTE]);
  for (let index = 0; index < asks; index += 1) {
    const who = random.pick(ASKERS);
    const wanted = random.chance(0.6) ? popular : random.int(0, WANTED.length - 1);
    const at = random.int(0, period);
    const minutes = random.pick([2, 3, 5, 10, 20]);
    const presses = random.chance(0.2) ? 2 : 1;
    steps.push({ at, do: 'ask', who, wanted, minutes, presses, redelivered: random.chance(0.5) });
    steps.push(...around(random, who, wanted, at, minutes * MINUTE));
  }
  // A change of the rules, or a stopped workflow, does the most harm just when somebody asks.
  const asked = steps.filter((step) => step.do === 'ask').map(({ at }) => at);
  const sometime = () =>
    random.chance(0.5) ? random.pick(asked) + random.int(0, 6_000) / 1_000 : random.int(0, period + 5 * MINUTE);
  if (random.chance(0.2)) steps.push(...policyChange(random, popular, sometime()));
  if (random.chance(0.1)) {
    const at = sometime();
    steps.push({ at, do: 'freeze' }, { at: at + random.int(1, 20 * MINUTE), do: 'thaw' });
  }
  if (random.chance(0.08)) {
    const at = sometime();
    const who = random.pick(ASKERS);
    steps.push({ at, do: 'disable', who }, { at: at + random.int(1, 20 * MINUTE), do: 'enable', who });
  }
  if (random.chance(0.25)) {
    steps.push({ at: random.int(0, period), do: 'provisioning', seconds: random.pick([0, 1, 10, 30, 120, 400]) });
  }
  if (random.chance(0.3)) {
    for (let left = random.int(1, 2); left > 0; left -= 1)
      steps.push({
        at: random.chance(0.4) ? sometime() : random.int(0, period + 90 * MINUTE),
        do: 'kill',
        nth: random.int(0, 3),
      });
  }
  return steps;
}

/** What happens to one request: votes, an early end, an extension, a cancellation, an administrator's changes. */
function around(random: Random, who: string, wanted: number, at: number, seconds: number): Step[] {
  const steps: Step[] = [];
  const target = WANTED[wanted];
  const nth = random.int(0, 2);
  const active = at + random.int(5, seconds + 30);
  if (target !== undefined && target.approvals > 0) {
    // Some votes arrive at the very end, when the request expires.
    const soon = () => at + (random.chance(0.2) ? random.int(24 * MINUTE, 26 * MINUTE) : random.int(5, 6 * MINUTE));
    for (const approver of APPROVERS) {
      if (random.chance(0.75)) steps.push({ at: soon(), do: 'approve', who: approver, nth });
      if (random.chance(0.15)) steps.push({ at: soon(), do: 'deny', who: approver, nth });
    }
  }
  if (random.chance(0.3)) steps.push({ at: active, do: 'done', who, nth });
  if (random.chance(0.2)) steps.push({ at: active, do: 'extend', who, nth });
  if (random.chance(0.15)) steps.push({ at: at + random.int(1, 5 * MINUTE), do: 'cancel', who, nth });
  if (random.chance(0.1)) steps.push({ at: active, do: 'remove-behind', nth });
  if (random.chance(0.3)) {
    // Before the grant, in the middle of it, or while the lease runs.
    const when = random.chance(0.6) ? at + random.int(-20_000, 10_000) / 1_000 : active;
    steps.push({ at: Math.max(0, when), do: 'give-standing', who, wanted });
    if (random.chance(0.4)) steps.push({ at: active, do: 'take-standing', who, wanted });
  }
  return steps;
}

function policyChange(random: Random, wanted: number, at: number): Step[] {
  const by = random.pick(['deny', 'record'] as const);
  const steps: Step[] = [{ at, do: 'forbid', wanted, by }];
  if (random.chance(0.6)) steps.push({ at: at + random.int(1, 10 * MINUTE), do: 'allow', wanted, by });
  return steps;
}
