import { compareText } from '../../../model/text.ts';
import { type ActivityDigest, callsIn, rowsOf } from '../../classify/aggregate/digest.ts';
import { iamActionsOf } from '../../classify/iam-actions.ts';
import { tellsResources } from '../../classify/policy-resources.ts';
import { FLAG_RULES } from '../../classify/rules/flag-actions.ts';
import type { SourceWords } from '../../read/plan.ts';

/** The smaller policy that would have allowed what was done. */
export interface Suggestion {
  /** IAM actions, sorted. */
  readonly actions: readonly string[];
  /** `actions` and those that are left out of the policy: all that a permission set must allow for this to be done. */
  readonly used: readonly string[];
  /** How many services they belong to. */
  readonly services: number;
  /** An IAM policy document, as JSON text. */
  readonly policy: string;
  /** What the suggestion does not know. */
  readonly limits: readonly string[];
}

/** Calls that can grant rights. They are left out, because a small policy with them is as powerful as a large one. */
const ESCALATING: ReadonlySet<string> = new Set(
  FLAG_RULES.filter(({ flag }) => flag === 'identity-persistence').flatMap(({ actions }) => actions),
);

/** The resources of single actions, for actions whose every call names them. */
function narrowed(digest: ActivityDigest, calls: readonly string[]): ReadonlyMap<string, readonly string[]> {
  // Calls without room in the digest may have been about any resource.
  if (digest.cut.write + digest.cut.read + digest.cut.failed > 0) return new Map();
  const untold = new Set(calls.filter((call) => !tellsResources(call)).flatMap(iamActionsOf));
  return new Map(
    Object.entries(digest.policyResources ?? {}).flatMap(([action, arns]) =>
      arns === null || untold.has(action) ? [] : [[action, arns] as const],
    ),
  );
}

/** Actions with the same resources share a statement; actions whose resources are not known come last, for `*`. */
function statementsOf(
  actions: readonly string[],
  resources: ReadonlyMap<string, readonly string[]>,
): readonly {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: '*' | readonly string[];
}[] {
  const groups = new Map<string, string[]>();
  for (const action of actions) {
    const key = JSON.stringify(resources.get(action) ?? '*');
    groups.set(key, [...(groups.get(key) ?? []), action]);
  }
  const all = '"*"';
  const keys = [...groups.keys()].sort((a, b) => Number(a === all) - Number(b === all));
  return keys.map((key) => ({
    Effect: 'Allow',
    Action: groups.get(key) ?? [],
    Resource: JSON.parse(key) as '*' | readonly string[],
  }));
}

/**
 * Suggests a policy from the calls that AWS allowed to the permission set's own role: reads, writes, and writes that
 * failed for another reason than a missing permission. Calls made as another role needed that role's permissions, and
 * refused calls needed permissions that the requester did not have.
 *
 * @param source describes where the calls were read; absent for CloudTrail's event history
 * @returns `undefined` when nothing was done, so there is nothing to suggest
 */
export function suggestPolicy(digest: ActivityDigest, source?: SourceWords): Suggestion | undefined {
  if (callsIn(digest) === 0) return undefined;
  const rows = (['write', 'failed', 'read'] as const).flatMap((kind) => rowsOf(digest, kind));
  const own = rows.filter((row) => row.as === '').map(({ action }) => action);
  const left = [...new Set(own.filter((action) => ESCALATING.has(action)))].sort(compareText);
  const used = own.filter((action) => !ESCALATING.has(action)).flatMap(iamActionsOf);
  const { passed } = digest;
  const roles = passed?.roles ?? [];
  const actions = [...new Set(used)].filter((action) => /^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action)).sort(compareText);
  if (actions.length === 0) return undefined;
  const resources = narrowed(digest, own);
  return {
    actions,
    used: [
      ...new Set([...actions, ...left.flatMap(iamActionsOf), ...(passed === undefined ? [] : ['iam:PassRole'])]),
    ].sort(compareText),
    services: new Set(actions.map((action) => action.split(':')[0])).size,
    policy: JSON.stringify(
      {
        Version: '2012-10-17',
        Statement: [
          ...statementsOf(actions, resources),
          ...(roles.length === 0 ? [] : [{ Effect: 'Allow', Action: 'iam:PassRole', Resource: roles }]),
        ],
      },
      undefined,
      2,
    ),
    limits: [
      'Made from the calls seen this time; another time may need others.',
      resources.size === 0
        ? 'Resources are not narrowed.'
        : `Resources are those of the calls seen, for ${resources.size} of the ${actions.length} actions; the others are allowed for all.`,
      source === undefined
        ? 'Calls that CloudTrail event history does not hold, data events such as s3:GetObject, are missing.'
        : `${source.sees} Calls that were not recorded there are missing.`,
      ...passedSentences(digest),
      ...(left.length === 0
        ? []
        : [`Left out, because anybody who may do it can give themselves more: ${left.join(', ')}.`]),
      ...(digest.cut.write + digest.cut.read + digest.cut.failed > 0
        ? ['Some calls did not fit into this report and are missing here.']
        : []),
    ],
  };
}

function passedSentences({ passed }: ActivityDigest): readonly string[] {
  if (passed === undefined) return ['No role was seen to be passed to a service, so iam:PassRole is not in it.'];
  const { roles, others, cut } = passed;
  const more =
    cut === true
      ? `${roles.length} of the roles that were passed to services; there were more`
      : 'the roles that were passed to services';
  return [
    ...(roles.length === 0 ? [] : [`iam:PassRole is there for ${more}.`]),
    ...(others.length === 0
      ? []
      : [
          `iam:PassRole is needed as well for what CloudTrail does not name a role of: ${others.join(', ')}${cut === true ? ', …' : ''}.`,
        ]),
  ];
}
