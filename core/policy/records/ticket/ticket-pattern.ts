import { isAnchored, parseExpression } from './linear-expression.ts';
import { compile, type Machine, runs } from './linear-machine.ts';

/** The most characters of a pattern. */
const MAX_PATTERN_LENGTH = 200;

/** The most characters of a ticket. A longer ticket matches no pattern, so matching stays cheap. */
export const MAX_TICKET_LENGTH = 100;

/**
 * The most steps of a compiled pattern. Matching a ticket of 100 characters takes at most 100 times as many operations:
 * half a millisecond at this limit, and five for the first match in a new process, whose code is not compiled yet; the
 * budget is ten. `^(INC|CHG)-[0-9]{4,8}$` has 22 steps, and any text of 1 to 100 characters 200.
 */
const MAX_STEPS = 300;

/** A compiled pattern for tickets. */
export interface TicketPattern {
  /** The pattern as its author wrote it. */
  readonly source: string;
  readonly machine: Machine;
}

/**
 * Compiles a ticket pattern: a JavaScript regular expression without look-around, back-references and named groups.
 * Matching takes linear time in the length of the ticket, because the person who types the ticket is not the author of
 * the pattern and must not be able to make it slow.
 *
 * @returns the pattern, or a phrase that says what it must be
 */
export function parseTicketPattern(source: string): TicketPattern | { readonly problem: string } {
  if (source === '' || source.length > MAX_PATTERN_LENGTH) {
    return { problem: `must be a regular expression of 1 to ${MAX_PATTERN_LENGTH} characters` };
  }
  try {
    new RegExp(source);
  } catch {
    return { problem: "must be a regular expression, such as '^INC-[0-9]+$'" };
  }
  const expression = parseExpression(source);
  if (expression === undefined)
    return { problem: 'must be a regular expression without look-around, back-references or named groups' };
  const machine = compile(expression, MAX_STEPS);
  if (machine === undefined)
    return { problem: 'must be a simpler regular expression: written out, its repetitions are too many' };
  return { source, machine };
}

/** Can no text match that has more before or after a match? */
export function matchesWholeTicket({ source }: TicketPattern): boolean {
  const expression = parseExpression(source);
  return expression !== undefined && isAnchored(expression, 'start') && isAnchored(expression, 'end');
}

/** Does the ticket match the pattern? The whole ticket is matched, without surrounding spaces. */
export function matchesTicket({ machine }: TicketPattern, ticket: string): boolean {
  const text = ticket.trim();
  return text !== '' && text.length <= MAX_TICKET_LENGTH && runs(machine, text);
}
