import { parseExpression } from './linear-expression.ts';
import { compile, type Machine, runs } from './linear-machine.ts';

/** Characters a pattern may have. */
const MAX_PATTERN_LENGTH = 200;

/** Characters a ticket may have; a longer one matches no pattern, so that matching stays cheap. */
export const MAX_TICKET_LENGTH = 100;

/**
 * Steps a compiled pattern may have. A ticket of 100 characters takes at most a hundred times as many: half a millisecond at this size,
 * and five, of the ten it may take, for the first match of a process that has compiled nothing yet. `^(INC|CHG)-[0-9]{4,8}$` has
 * twenty-two, and any text of 1 to 100 characters two hundred.
 */
const MAX_STEPS = 300;

/** A pattern for tickets, ready to be matched. */
export interface TicketPattern {
  /** As it was written. */
  readonly source: string;
  readonly machine: Machine;
}

/**
 * Reads a ticket pattern: a JavaScript regular expression without look-around, back-references and named groups. It is matched in
 * time that grows with the ticket and never explodes, because the person who types the ticket is not the one who wrote the pattern.
 *
 * @returns the pattern, or a phrase saying what it must be
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

/** True when the ticket satisfies the pattern; the whole ticket is looked at without its surrounding spaces. */
export function matchesTicket({ machine }: TicketPattern, ticket: string): boolean {
  const text = ticket.trim();
  return text !== '' && text.length <= MAX_TICKET_LENGTH && runs(machine, text);
}
