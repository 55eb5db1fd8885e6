/**
 * Structured logs: one JSON line per event, named after what happened. Only ids, states, counts and error names may be
 * passed here; never a body, a token, a reason or other text that a person typed.
 */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Logs an event as one line of JSON. @param event a dotted name such as `request.granted` */
export function log(event: string, fields: LogFields = {}): void {
  writeLine({ level: 'INFO', event, ...fields });
}

/** Logs an error by its name only: its message may repeat what a service echoed. */
export function logFailure(event: string, error: unknown, fields: LogFields = {}): void {
  writeLine({ level: 'ERROR', event, error: errorName(error), ...fields });
}

/** Does work for a request. An error is logged with the request's id and thrown again, for the workflow to retry. */
export async function forRequest<T>(failureEvent: string, requestId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    logFailure(failureEvent, error, { requestId });
    throw error;
  }
}

/** The error name that Step Functions matches. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/**
 * Writes one line of JSON to stdout. Not `console.log`: under Lambda's JSON log format it wraps the line, and
 * CloudWatch does not recognise embedded metrics in a wrapped line.
 *
 * @see https://github.com/awslabs/aws-embedded-metrics-node/issues/158
 */
export function writeLine(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
