import type { Expression, Place } from './linear-expression.ts';

/**
 * One step of a machine: consume a character, check a position, or fork. `next` and `other` are indexes into the list
 * of steps. All steps have the same members, because property access is faster that way before the code is compiled.
 */
interface Step {
  readonly take: RegExp | undefined;
  readonly where: Place | undefined;
  readonly next: number;
  readonly other: number | undefined;
}

/**
 * Steps that match a text character by character, following all possible steps at once (Thompson's construction), so
 * that a match takes at most length times number of steps.
 *
 * @see https://swtch.com/~rsc/regexp/regexp1.html
 */
export interface Machine {
  readonly steps: readonly Step[];
  readonly first: number;
}

/** The index that means that the text matches. */
const DONE = -1;

/** A repeated part may be empty and then adds no step, however often; so the built parts are limited, too. */
const PARTS_PER_STEP = 10;

/** Compiles an expression; `undefined` when it needs more than `mostSteps` steps, or ten times as many parts. */
export function compile(expression: Expression, mostSteps: number): Machine | undefined {
  const steps: Step[] = [];
  let built = 0;
  const add = (step: Step): number => {
    if (steps.length >= mostSteps) throw new TooManyStepsError(mostSteps);
    return steps.push(step) - 1;
  };
  /** Adds the steps of a part, followed by `next`. Built from the end, because each step refers to the one after it. */
  const build = (part: Expression, next: number): number => {
    built += 1;
    if (built > mostSteps * PARTS_PER_STEP) throw new TooManyStepsError(mostSteps);
    switch (part.kind) {
      case 'character':
        return add({ take: part.accepts, where: undefined, next, other: undefined });
      case 'place':
        return add({ take: undefined, where: part.where, next, other: undefined });
      case 'sequence':
        return part.parts.reduceRight((after, one) => build(one, after), next);
      case 'choice':
        return part.parts.map((one) => build(one, next)).reduceRight((other, first) => add(fork(first, other)));
      case 'repeat':
        return repeat(part, next);
    }
  };
  const repeat = ({ part, fewest, most }: Expression & { readonly kind: 'repeat' }, next: number): number => {
    let entry = next;
    if (most === undefined) {
      // The fork of the loop must exist before its body, which refers to its index.
      const again = add(fork(next, next));
      steps[again] = fork(build(part, again), next);
      entry = again;
    } else {
      for (let optional = fewest; optional < most; optional++) entry = add(fork(build(part, entry), next));
    }
    for (let times = 0; times < fewest; times++) entry = build(part, entry);
    return entry;
  };
  try {
    const first = build(expression, DONE);
    return { steps, first };
  } catch (error) {
    if (error instanceof TooManyStepsError) return undefined;
    throw error;
  }
}

function fork(next: number, other: number): Step {
  return { take: undefined, where: undefined, next, other };
}

/** Aborts a compilation; caught in this file. */
class TooManyStepsError extends Error {
  override readonly name = 'TooManyStepsError';
  constructor(most: number) {
    super(`more than ${most} steps`);
  }
}

/** Does the machine match anywhere in the text? */
export function runs({ steps, first }: Machine, text: string): boolean {
  // The character, counted from 1, at which each step was last reached. An array, because a set is ten times as slow.
  const reachedAt = new Uint32Array(steps.length);
  let standing: number[] = [];
  let afterWord = false;
  for (let at = 0; at <= text.length; at++) {
    const taking: Step[] = [];
    // A match may begin at every character.
    standing.push(first);
    const character = text[at];
    // Computed once per character instead of once per step: an expression may check it in hundreds of steps.
    const beforeWord = character !== undefined && /\w/.test(character);
    const place = { at, isStart: at === 0, isEnd: character === undefined, isEdge: afterWord !== beforeWord };
    afterWord = beforeWord;
    if (follow({ steps, reachedAt, taking }, standing, place)) return true;
    if (character === undefined) return false;
    // A repeated expression appears in many steps, so its result is kept per character.
    const accepted = new Map<RegExp, boolean>();
    standing = [];
    for (const { take, next } of taking) {
      if (take === undefined) continue;
      let isAccepted = accepted.get(take);
      if (isAccepted === undefined) {
        isAccepted = take.test(character);
        accepted.set(take, isAccepted);
      }
      if (isAccepted) standing.push(next);
    }
  }
  return false;
}

interface Walk {
  readonly steps: readonly Step[];
  readonly reachedAt: Uint32Array;
  /** The reached steps that consume a character. */
  readonly taking: Step[];
}

/** A position in the text, between two characters. */
interface Standing {
  readonly at: number;
  readonly isStart: boolean;
  readonly isEnd: boolean;
  readonly isEdge: boolean;
}

/** Finds every step that can be reached without consuming a character, each once. True when the end is among them. */
function follow({ steps, reachedAt, taking }: Walk, open: number[], standing: Standing): boolean {
  const mark = standing.at + 1;
  for (let number = open.pop(); number !== undefined; number = open.pop()) {
    if (number === DONE) return true;
    if (reachedAt[number] === mark) continue;
    reachedAt[number] = mark;
    const step = steps[number];
    if (step === undefined) continue;
    const { take, where, next, other } = step;
    if (other !== undefined) open.push(other, next);
    else if (take !== undefined) taking.push(step);
    else if (where !== undefined && stands(where, standing)) open.push(next);
  }
  return false;
}

function stands(where: Place, { isStart, isEnd, isEdge }: Standing): boolean {
  if (where === 'start') return isStart;
  if (where === 'end') return isEnd;
  return where === 'edge' ? isEdge : !isEdge;
}
