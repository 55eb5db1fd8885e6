import type { Expression, Place } from './linear-expression.ts';

/** One step of a machine: take a character, stand at a place, or go on in two ways. `next` are places in the list of steps. */
type Step =
  | { readonly take: RegExp; readonly next: number }
  | { readonly where: Place; readonly next: number }
  | { readonly next: number; readonly other: number };

/**
 * Steps that match a text character by character, standing at every possible step at once (Thompson's construction), so that no
 * text takes longer than its length times the number of steps.
 *
 * @see https://swtch.com/~rsc/regexp/regexp1.html
 */
export interface Machine {
  readonly steps: readonly Step[];
  readonly first: number;
}

/** The step after which a text is matched. */
const DONE = -1;

/** What is repeated may hold nothing, and then makes no step however often it is written out: so that is counted as well. */
const PARTS_PER_STEP = 10;

/** Compiles an expression; `undefined` when it takes more steps than that, or ten times as many parts. */
export function compile(expression: Expression, mostSteps: number): Machine | undefined {
  const steps: Step[] = [];
  let built = 0;
  const add = (step: Step): number => {
    if (steps.length >= mostSteps) throw new TooManyStepsError(mostSteps);
    return steps.push(step) - 1;
  };
  /** Steps for a part, so that `next` follows it. Built from the end, because each step names what comes after. */
  const build = (part: Expression, next: number): number => {
    built += 1;
    if (built > mostSteps * PARTS_PER_STEP) throw new TooManyStepsError(mostSteps);
    switch (part.kind) {
      case 'character':
        return add({ take: part.accepts, next });
      case 'place':
        return add({ where: part.where, next });
      case 'sequence':
        return part.parts.reduceRight((after, one) => build(one, after), next);
      case 'choice':
        return part.parts.map((one) => build(one, next)).reduceRight((other, first) => add({ next: first, other }));
      case 'repeat':
        return repeat(part, next);
    }
  };
  const repeat = ({ part, fewest, most }: Expression & { readonly kind: 'repeat' }, next: number): number => {
    let entry = next;
    if (most === undefined) {
      // The step that decides to go round again is known only by its place, which is the next free one.
      const again = add({ next, other: next });
      steps[again] = { next: build(part, again), other: next };
      entry = again;
    } else {
      for (let optional = fewest; optional < most; optional++) entry = add({ next: build(part, entry), other: next });
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

/** Stops a compilation half way; never leaves this file. */
class TooManyStepsError extends Error {
  override readonly name = 'TooManyStepsError';
  constructor(most: number) {
    super(`more than ${most} steps`);
  }
}

/** True when the machine matches anywhere in the text. */
export function runs({ steps, first }: Machine, text: string): boolean {
  // At which character a step was last stood at, counted from 1; an array, because a set is ten times as slow.
  const reachedAt = new Uint32Array(steps.length);
  let standing: number[] = [];
  for (let at = 0; at <= text.length; at++) {
    const taking: (Step & { readonly take: RegExp })[] = [];
    // A match may begin at every character.
    standing.push(first);
    if (follow({ steps, reachedAt, taking }, standing, text, at)) return true;
    const character = text[at];
    if (character === undefined) return false;
    // What was written once and repeated is one expression in many steps.
    const accepted = new Map<RegExp, boolean>();
    standing = [];
    for (const { take, next } of taking) {
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
  /** The steps reached that take a character. */
  readonly taking: (Step & { readonly take: RegExp })[];
}

/** Finds every step that can be reached without taking a character, each once. True when the end is among them. */
function follow({ steps, reachedAt, taking }: Walk, open: number[], text: string, at: number): boolean {
  for (let number = open.pop(); number !== undefined; number = open.pop()) {
    if (number === DONE) return true;
    if (reachedAt[number] === at + 1) continue;
    reachedAt[number] = at + 1;
    const step = steps[number];
    if (step === undefined) continue;
    if ('take' in step) taking.push(step);
    else if ('other' in step) open.push(step.other, step.next);
    else if (stands(step.where, text, at)) open.push(step.next);
  }
  return false;
}

function stands(where: Place, text: string, at: number): boolean {
  if (where === 'start') return at === 0;
  if (where === 'end') return at === text.length;
  const isEdge = isWord(text[at - 1]) !== isWord(text[at]);
  return where === 'edge' ? isEdge : !isEdge;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /\w/.test(character);
}
