import * as z from 'zod';

/** A planned fault of one operation, as a caller writes it. */
export interface FaultInput {
  /**
   * `service:Operation`, e.g. `sso-admin:CreateAccountAssignment`, `slack:chat.postMessage`, `lambda:grant-access`, or
   * `schedule:sweep-access` for a schedule that does not run.
   */
  operation: string;
  /** The error to answer with. `Timeout` and `ConnectionReset` close the connection without an answer. */
  error?: string | undefined;
  message?: string | undefined;
  /** How many calls it affects; -1 or `forever`: all until cleared. Default 1. */
  times?: number | 'forever' | undefined;
  /** `after` carries the call out and then answers with the error. Default `before`. */
  when?: 'before' | 'after' | undefined;
  /** Real milliseconds to wait first. */
  delayMs?: number | undefined;
  /** The call succeeds, and the operation it started later ends as FAILED with this reason. */
  asyncFailure?: string | undefined;
  /** ISO 8601. Outside of this window the fault is neither applied nor counted. */
  from?: string | undefined;
  until?: string | undefined;
}

/** A planned fault with its defaults filled in, as `take` and `list` return it. */
export interface Fault {
  readonly operation: string;
  readonly error?: string;
  readonly message?: string;
  /** The number of calls it still affects; -1: all until cleared. */
  readonly times: number;
  readonly when: 'before' | 'after';
  readonly delayMs?: number;
  readonly asyncFailure?: string;
  readonly from?: string;
  readonly until?: string;
}

/** The fault cannot be planned; the message says what to change. */
export class InvalidFaultError extends Error {
  override readonly name = 'InvalidFaultError';
}

const instant = z.iso.datetime({ offset: true });

/** Unknown keys are ignored, as in all of the sandbox's own calls; the answer shows what was planned. */
const faultSchema = z
  .object({
    operation: z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9._-]+$/, 'must look like sso-admin:CreateAccountAssignment'),
    error: z
      .string()
      .regex(/^[A-Za-z0-9_.]+$/, 'must be an error name')
      .optional(),
    message: z.string().optional(),
    times: z
      .union([z.literal('forever'), z.literal(-1), z.int().min(1)], {
        error: 'must be a count from 1, -1 or "forever"',
      })
      .optional(),
    when: z.enum(['before', 'after']).optional(),
    delayMs: z.number().min(0).max(600_000).optional(),
    asyncFailure: z.string().min(1).optional(),
    from: instant.optional(),
    until: instant.optional(),
  })
  .refine((fault) => fault.error !== undefined || fault.delayMs !== undefined || fault.asyncFailure !== undefined, {
    error: 'needs error, delayMs or asyncFailure',
  })
  .refine((fault) => fault.error !== undefined || (fault.message === undefined && fault.when === undefined), {
    error: 'message and when need an error',
  })
  .refine((fault) => !fault.from || !fault.until || Date.parse(fault.from) < Date.parse(fault.until), {
    error: 'from must lie before until',
  });

/** Errors that close the connection without an answer. */
const CONNECTION_ERRORS: ReadonlySet<string> = new Set(['Timeout', 'ConnectionReset']);

/** Does this fault close the connection without an answer? */
export function closesConnection(fault: Pick<Fault, 'error'>): boolean {
  return fault.error !== undefined && CONNECTION_ERRORS.has(fault.error);
}

/** What the plan needs to check operations and time windows. */
export interface FaultPlanOptions {
  /** The clock for `from` and `until`. */
  clock: { nowMs(): number };
  /** The operations known so far; `know` adds more. */
  operations?: Iterable<string>;
}

/**
 * The faults planned for AWS, Slack and Lambda. Faults of the same operation are applied in the order in which they
 * were added.
 */
export class FaultPlan {
  readonly #clock: { nowMs(): number };
  readonly #operations: Set<string>;
  readonly #asynchronous = new Set<string>();
  #faults: Fault[] = [];

  constructor(options: FaultPlanOptions) {
    this.#clock = options.clock;
    this.#operations = new Set(options.operations ?? []);
  }

  /**
   * Registers operations. A fault for an unregistered operation is refused, so that a test with a misspelt name does
   * not pass; so is `asyncFailure` for an operation that is not among the asynchronous ones.
   */
  know(operations: Iterable<string>, asynchronous: Iterable<string> = []): void {
    for (const operation of operations) this.#operations.add(operation);
    for (const operation of asynchronous) this.#asynchronous.add(operation);
  }

  /**
   * Plans one fault.
   *
   * @throws InvalidFaultError naming the field; for an unknown operation, the most similar one
   */
  add(input: FaultInput): Fault;
  add(input: unknown): Fault;
  add(input: unknown): Fault {
    const parsed = faultSchema.safeParse(input);
    if (!parsed.success) throw new InvalidFaultError(parsed.error.issues.map(describeIssue).join('; '));
    const { times, when, ...rest } = parsed.data;
    if (!this.#operations.has(rest.operation)) {
      const near = nearest(rest.operation, this.#operations);
      throw new InvalidFaultError(
        `operation: there is no ${rest.operation}${near === undefined ? '' : `; did you mean ${near}?`}`,
      );
    }
    if (rest.asyncFailure !== undefined && !this.#asynchronous.has(rest.operation))
      throw new InvalidFaultError(`asyncFailure: ${rest.operation} starts nothing that could fail later`);
    const fault: Fault = {
      ...withoutUndefined(rest),
      times: times === 'forever' ? -1 : (times ?? 1),
      when: when ?? 'before',
    };
    this.#faults.push(fault);
    return fault;
  }

  /** The fault for the next call of this operation, if there is one. Counts as one of its calls. */
  take(operation: string): Fault | undefined {
    const now = this.#clock.nowMs();
    const index = this.#faults.findIndex((fault) => fault.operation === operation && isLive(fault, now));
    const fault = this.#faults[index];
    if (fault === undefined || fault.times === -1) return fault;
    if (fault.times === 1) this.#faults.splice(index, 1);
    else this.#faults[index] = { ...fault, times: fault.times - 1 };
    return fault;
  }

  /** Deletes all planned faults. */
  clear(): void {
    this.#faults = [];
  }

  /** The faults that are still planned, in the order in which they apply. */
  list(): readonly Fault[] {
    return [...this.#faults];
  }
}

/** Counts the calls of each `service:Operation`, refused and failed ones included. */
export class CallCounter {
  #counts = new Map<string, number>();

  count(operation: string): void {
    this.#counts.set(operation, (this.#counts.get(operation) ?? 0) + 1);
  }

  /** The counts by `service:Operation`, sorted by name. Operations that were never called are missing. */
  snapshot(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  reset(): void {
    this.#counts = new Map();
  }
}

function isLive(fault: Fault, nowMs: number): boolean {
  if (fault.from !== undefined && nowMs < Date.parse(fault.from)) return false;
  return fault.until === undefined || nowMs < Date.parse(fault.until);
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** The most similar name, by edit distance; `undefined` if none is similar enough. */
function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(3, Math.floor(name.length / 2));
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] ?? a.length;
}
