import type { AuditLog } from '../../audit/ports.ts';

/** A call that Slack did not send, or not just now. */
export interface ForgedCall {
  /** Where it came in. */
  readonly route: string;
  /** What its signature lacks. */
  readonly why: string;
}

/**
 * What keeps in the audit that there were calls which Slack did not send: one fact for each hour and reason, because anybody may send
 * as many as they like. The metric counts them. Nothing that such a call says is kept; it may say anything.
 *
 * @returns to be called with each, and when it came (ISO 8601); it asks the table once for each fact and container, and throws whatever
 * the log throws
 */
export function createForgedCallLog(log: AuditLog): (call: ForgedCall, at: string) => Promise<void> {
  let hour = '';
  let noted = new Set<string>();
  return async ({ route, why }, at) => {
    if (!at.startsWith(hour) || hour === '') [hour, noted] = [at.slice(0, 13), new Set()];
    if (noted.has(why)) return;
    // Before the write: of calls in the same instant one writes.
    noted.add(why);
    try {
      await log.write(`forged-${hour}-${why}`, { type: 'call-forged', at, by: 'unknown', note: `${route}: ${why}` });
    } catch (error) {
      noted.delete(why);
      throw error;
    }
  };
}
