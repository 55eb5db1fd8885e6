import { compareText } from '../../model/text.ts';
import { type ActivityDigest, callsIn, rowsOf } from '../classify/digest.ts';
import { iamActionsOf } from '../classify/iam-actions.ts';

/** The smaller policy that would have allowed what was done. */
export interface Suggestion {
  /** IAM actions, sorted. */
  readonly actions: readonly string[];
  /** How many services they belong to. */
  readonly services: number;
  /** An IAM policy document, as JSON text. */
  readonly policy: string;
  /** What the suggestion does not know. */
  readonly limits: readonly string[];
}

/**
 * Suggests a policy from the calls that succeeded with the permission set's own role. Calls made as another role needed that
 * role's permissions, and refused calls needed permissions the person did not have.
 *
 * @returns `undefined` when nothing was done, so there is nothing to suggest
 */
export function suggestPolicy(digest: ActivityDigest): Suggestion | undefined {
  if (callsIn(digest) === 0) return undefined;
  // A write that failed for another reason than permission was allowed, and meant.
  const rows = (['write', 'failed', 'read'] as const).flatMap((kind) => rowsOf(digest, kind));
  const used = rows.filter((row) => row.as === '').flatMap((row) => iamActionsOf(row.action));
  const actions = [...new Set(used)].filter((action) => /^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action)).sort(compareText);
  if (actions.length === 0) return undefined;
  return {
    actions,
    services: new Set(actions.map((action) => action.split(':')[0])).size,
    policy: JSON.stringify(
      { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] },
      undefined,
      2,
    ),
    limits: [
      'Made from the calls seen this time; another time may need others.',
      'Resources are not narrowed.',
      'Calls that CloudTrail event history does not hold (data events such as s3:GetObject) and permissions that are no calls (iam:PassRole) are missing.',
      ...(digest.cut.write + digest.cut.read + digest.cut.failed > 0
        ? ['Some calls did not fit into this report and are missing here.']
        : []),
    ],
  };
}
