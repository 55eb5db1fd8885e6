import type { ApproverRef, RequirePolicy } from '../../records/policy.ts';
import type { TicketPattern } from '../../records/ticket/ticket-pattern.ts';

/** What the matching `require` policies demand of every path, together. Each part names the policy it comes from. */
export interface Requirements {
  /** The smallest wins. Seconds. */
  readonly maxDuration?: { readonly seconds: number; readonly policy: string };
  /** The smallest wins. Seconds within 24 hours. */
  readonly perDay?: { readonly seconds: number; readonly policy: string };
  /** The longest wins. Seconds. */
  readonly cooldown?: { readonly seconds: number; readonly policy: string };
  /** The longest wins. */
  readonly reason?: { readonly minLength: number; readonly policy: string };
  /** All of them must match. */
  readonly tickets: readonly { readonly pattern: TicketPattern; readonly policy: string }[];
  /** At least so many votes of the path's own approvers; the largest wins. */
  readonly ownVotes?: { readonly count: number; readonly policy: string };
  /** Votes on top of the path's own, for each policy. */
  readonly extraVotes: readonly {
    readonly count: number;
    readonly approvers: readonly ApproverRef[];
    readonly policy: string;
    readonly leased?: true;
  }[];
  /** Nobody's own vote counts. */
  readonly noSelf?: { readonly policy: string };
}

/** Puts the demands of several policies together; the order of the policies does not matter, except for which is named. */
export function combineRequirements(policies: readonly RequirePolicy[]): Requirements {
  let combined: Requirements = { tickets: [], extraVotes: [] };
  for (const { name: policy, maxDurationSeconds: seconds, perDaySeconds, cooldownSeconds, ...rest } of policies) {
    const { reason, ticket, approval } = rest;
    if (seconds !== undefined && seconds < (combined.maxDuration?.seconds ?? Number.POSITIVE_INFINITY)) {
      combined = { ...combined, maxDuration: { seconds, policy } };
    }
    if (perDaySeconds !== undefined && perDaySeconds < (combined.perDay?.seconds ?? Number.POSITIVE_INFINITY)) {
      combined = { ...combined, perDay: { seconds: perDaySeconds, policy } };
    }
    if (cooldownSeconds !== undefined && cooldownSeconds > (combined.cooldown?.seconds ?? 0)) {
      combined = { ...combined, cooldown: { seconds: cooldownSeconds, policy } };
    }
    if (reason !== undefined && reason.minLength > (combined.reason?.minLength ?? 0)) {
      combined = { ...combined, reason: { minLength: reason.minLength, policy } };
    }
    if (ticket !== undefined) {
      combined = { ...combined, tickets: [...combined.tickets, { pattern: ticket.pattern, policy }] };
    }
    if (approval?.self === false && combined.noSelf === undefined) combined = { ...combined, noSelf: { policy } };
    if (approval?.approvers !== undefined) {
      const { approvers, count = 1 } = approval;
      combined = {
        ...combined,
        extraVotes: [
          ...combined.extraVotes,
          { count, approvers, policy, ...(approval.leased === true ? { leased: true as const } : {}) },
        ],
      };
    } else if (approval?.count !== undefined && approval.count > (combined.ownVotes?.count ?? 0)) {
      combined = { ...combined, ownVotes: { count: approval.count, policy } };
    }
  }
  return combined;
}
