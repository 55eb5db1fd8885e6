import type { Decision, NeededApproval } from '../../model/decision.ts';
import { formatDuration, toIsoDuration } from '../../model/duration.ts';

/** A decision as `glasshammer policy explain --json` prints it. Members that do not apply are left out. */
export interface Explanation {
  readonly outcome: Decision['outcome'];
  /** A sentence. */
  readonly reason: string;
  /** The refusal's code; absent where not refused. */
  readonly refusal?: string;
  /** For a refusal: the nearest request that would be allowed. */
  readonly nearest?: string;
  /** Name of the policy, or id of the access record. */
  readonly path?: string;
  /** The votes that the path still needs. */
  readonly approvals: readonly NeededApproval[];
  /** Every path that waits for votes, where there are several. */
  readonly waitingPaths?: Decision['waitingPaths'];
  /** ISO 8601. */
  readonly maxDuration?: string;
  readonly breakGlass?: true;
  readonly skippedApprovers?: readonly string[];
  readonly refusedVotes?: readonly { readonly user: string; readonly reason: string }[];
  readonly policies: Decision['policies'];
}

/** A decision as plain data for programs. */
export function explanationOf(decision: Decision): Explanation {
  const { outcome, reason, refusal, nearest, path, approvals, waitingPaths, maxDurationSeconds, policies } = decision;
  return {
    outcome,
    reason,
    ...(refusal === undefined ? {} : { refusal: refusal.reason }),
    ...(nearest === undefined ? {} : { nearest }),
    ...(path === undefined ? {} : { path }),
    approvals,
    ...(waitingPaths.length > 1 ? { waitingPaths } : {}),
    ...(maxDurationSeconds === undefined ? {} : { maxDuration: toIsoDuration(maxDurationSeconds) }),
    ...(decision.breakGlass ? { breakGlass: true as const, skippedApprovers: decision.skippedApprovers } : {}),
    ...(decision.refusedVotes.length === 0
      ? {}
      : {
          refusedVotes: decision.refusedVotes.map(({ principalId, why }) => ({
            user: principalId,
            reason: why.reason,
          })),
        }),
    policies,
  };
}

const OUTCOMES: Readonly<Record<Decision['outcome'], string>> = {
  granted: 'granted',
  'needs-approval': 'needs approval',
  refused: 'refused',
};

/**
 * A decision as text for a terminal. Line breaks in names are replaced, so that no name can fake a line. The command
 * line escapes the other control and invisible characters of all that it prints.
 *
 * @param nameOf display name of a principal id
 */
export function explainInWords(decision: Decision, nameOf: (principalId: string) => string): string {
  const lines = [`${OUTCOMES[decision.outcome]}: ${decision.reason}`];
  if (decision.nearest !== undefined) lines.push(`nearest: ${decision.nearest}`);
  if (decision.outcome !== 'refused' && decision.maxDurationSeconds !== undefined) {
    lines.push(`longest: ${formatDuration(decision.maxDurationSeconds)}`);
  }
  for (const { path, approvals } of decision.waitingPaths) {
    lines.push(`waits on ${path}:`);
    for (const { policy, count, approvers } of approvals) {
      const from = policy === path ? '' : ` for ${policy}`;
      lines.push(`  ${count} of ${approvers.map(nameOf).join(', ')}${from}`);
    }
  }
  if (decision.breakGlass) lines.push(`told: ${decision.skippedApprovers.map(nameOf).join(', ') || 'nobody'}`);
  for (const { principalId, why } of decision.refusedVotes) {
    lines.push(
      `vote of ${nameOf(principalId)} does not count: ${why.reason}${why.detail === undefined ? '' : ` (${why.detail})`}`,
    );
  }
  const matched = decision.policies.filter((trace) => trace.matched);
  const others = decision.policies.filter((trace) => !trace.matched);
  for (const [heading, traces] of [
    ['matched', matched],
    ['did not match', others],
  ] as const) {
    if (traces.length === 0) continue;
    lines.push(`${heading}:`);
    for (const { name, effect, why } of traces) lines.push(`  ${effect} ${name}: ${why}`);
  }
  return `${lines.map((line) => line.replace(/ *[\t\n\r]\s*/g, ' ')).join('\n')}\n`;
}
