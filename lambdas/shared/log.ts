/**
 * Structured logs: one JSON line an event, named by what happened. Only ids, states, counts and error names are ever passed
 * here; never a body, a token, a reason or any text a person typed.
 */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Logs what happened, as one line of JSON. @param event in a dotted name such as `request.granted` */
export function log(event: string, fields: LogFields = {}): void {
  writeLine({ level: 'INFO', event, ...fields });
}

/** Logs a failure by its name; the message may hold what a service echoed, so it stays out. */
export function logFailure(event: string, error: unknown, fields: LogFields = {}): void {
  writeLine({ level: 'ERROR', event, error: errorName(error), ...fields });
}

/** Does a piece of work for a request. What it throws is logged under the request's id and goes on to whoever retries. */
export async function forRequest<T>(failureEvent: string, requestId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    logFailure(failureEvent, error, { requestId });
    throw error;
  }
}

/** The name Step Functions would match. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/**
 * One line of JSON on stdout. Not `console.log`: under Lambda's JSON log format that wraps the line, and CloudWatch then sees no
 * embedded metrics in it.
 *
 * @see https://github.com/awslabs/aws-embedded-metrics-node/issues/158
 */
export function writeLine(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
