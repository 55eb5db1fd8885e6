import { after } from '../../model/events.ts';
import type { AccessRequest } from '../../model/request.ts';

/** The next time a pending request must be woken, and why. ISO 8601. */
export interface NextStep {
  readonly what: 'remind' | 'escalate' | 'expire';
  readonly at: string;
}

/**
 * Reminders come at growing intervals: the first after `remindSeconds`, each later one after twice the wait before it.
 * The escalation comes once, and before a reminder that is due at the same instant: its message mentions the added
 * approvers too, so everybody is mentioned only once. The expiry comes last.
 */
export function nextStep(request: AccessRequest): NextStep {
  const { approvalTiming: timing, requestedAt, expiresAt } = request;
  const expire: NextStep = { what: 'expire', at: expiresAt ?? requestedAt };
  if (timing === undefined) return expire;
  const reminded = request.events.filter((event) => event.type === 'reminded').length;
  const steps: NextStep[] = [expire];
  if (timing.escalate !== undefined && !request.events.some((event) => event.type === 'escalated')) {
    steps.push({ what: 'escalate', at: after(requestedAt, timing.escalate.afterSeconds) });
  }
  if (timing.remindSeconds > 0) {
    steps.push({ what: 'remind', at: after(requestedAt, timing.remindSeconds * (2 ** (reminded + 1) - 1)) });
  }
  return steps.reduce((first, step) => (step.at < first.at ? step : first));
}
