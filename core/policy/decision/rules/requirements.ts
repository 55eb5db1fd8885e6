import type { ApproverRef, RequirePolicy } from '../../records/policy.ts';
import type { TicketPattern } from '../../records/ticket/ticket-pattern.ts';

/** What the matching `require` policies together demand of every path. Each part names the policy it comes from. */
export interface Requirements {
  /** The smallest of all policies. Seconds. */
  readonly maxDuration?: { readonly seconds: number; readonly policy: string };
  /** The smallest of all policies. Seconds within 24 hours. */
  readonly perDay?: { readonly seconds: number; readonly policy: string };
  /** The longest of all policies. Seconds. */
  readonly cooldown?: { readonly seconds: number; readonly policy: string };
  /** The longest of all policies. */
  readonly reason?: { readonly minLength: number; readonly policy: string };
  /** The ticket must match every pattern. */
  readonly tickets: readonly { readonly pattern: TicketPattern; readonly policy: string }[];
  /** The fewest votes by the path's own approvers; the largest number of all policies. */
  readonly ownVotes?: { readonly count: number; readonly policy: string };
  /** Votes in addition to the path's own, one entry per policy. */
  readonly extraVotes: readonly {
    readonly count: number;
    readonly approvers: readonly ApproverRef[];
    readonly policy: string;
    readonly leased?: true;
  }[];
  /** The requester's own vote never counts. */
  readonly noSelf?: { readonly policy: string };
}

/** Combines the demands of several policies. Their order only decides which of two equal policies is named. */
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
