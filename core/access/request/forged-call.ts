import type { AuditLog } from '../../audit/ports.ts';

/** A call that Slack did not send, or did not send just now. */
export interface ForgedCall {
  /** The route the call came in by. */
  readonly route: string;
  /** What is wrong with its signature. */
  readonly why: string;
}

/**
 * Notes in the audit that calls came in which Slack did not send: one fact per hour and reason, because anybody on the
 * internet may send any number of them. The metric counts the calls. Nothing of the content of such a call is kept, as
 * the sender chose all of it.
 *
 * @returns a function to call with each forged call and the time it came in (ISO 8601). It writes each fact once per
 * container, and throws any error of the log
 */
export function createForgedCallLog(log: AuditLog): (call: ForgedCall, at: string) => Promise<void> {
  let hour = '';
  let noted = new Set<string>();
  return async ({ route, why }, at) => {
    if (!at.startsWith(hour) || hour === '') [hour, noted] = [at.slice(0, 13), new Set()];
    if (noted.has(why)) return;
    // Marked before the write, so that only one of several simultaneous calls writes.
    noted.add(why);
    try {
      await log.write(`forged-${hour}-${why}`, { type: 'call-forged', at, by: 'unknown', note: `${route}: ${why}` });
    } catch (error) {
      noted.delete(why);
      throw error;
    }
  };
}
