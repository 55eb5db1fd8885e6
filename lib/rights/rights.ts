import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { answerFinding } from '../hardening/answer-finding.ts';

/** One thing a role may do: these actions on these resources. */
export interface Right {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** Denies instead of allows. @default false */
  readonly deny?: boolean;
  /** Why a resource has a `*` and cannot be narrower. Required for every such right. */
  readonly wildcard?: string;
  /** The resource with the `*` as cdk-nag names it, where it contains references. @default - as it is written */
  readonly wildcardName?: string;
}

/**
 * Gives rights to a role, and acknowledges cdk-nag's finding for each `*` with its explanation.
 *
 * @throws Error at synth for a `*` without an explanation, or a `*` in an action
 */
export function grantRights(role: Role, rights: readonly Right[]): void {
  for (const right of rights) {
    const wild = right.resources.filter((resource) => resource.includes('*'));
    if (right.actions.some((action) => action.includes('*'))) {
      throw new Error(`${role.node.path}: actions are named one by one, not ${right.actions.join(', ')}`);
    }
    if (wild.length > 0 && !right.deny) {
      if (!right.wildcard) throw new Error(`${role.node.path}: say why ${wild.join(', ')} cannot be narrower`);
      for (const resource of wild) explainWildcard(role, right.wildcardName ?? resource, right.wildcard);
    }
  }
  for (const { right, resources, actions } of statementsOf(rights)) {
    role.addToPolicy(
      new PolicyStatement({
        effect: right.deny ? Effect.DENY : Effect.ALLOW,
        actions,
        resources,
        ...(right.conditions && { conditions: right.conditions }),
      }),
    );
  }
}

/** Merges rights on the same resources into one statement, and splits long lists of resources. */
function statementsOf(rights: readonly Right[]) {
  const statements = new Map<string, { right: Right; resources: string[]; actions: string[] }>();
  for (const right of rights) {
    for (const resources of inPortions(right.resources)) {
      const same = JSON.stringify([right.deny === true, resources, right.conditions]);
      const statement = statements.get(same) ?? { right, resources, actions: [] };
      statement.actions = [...new Set([...statement.actions, ...right.actions])];
      statements.set(same, statement);
    }
  }
  return [...statements.values()];
}

/**
 * Characters of resources in one statement. A managed policy may have 6,144 characters; the CDK spreads a role's
 * statements over several policies, but cannot split a statement. Each resource of a call is authorized by itself, so a
 * list may be split anywhere.
 */
const MOST_CHARACTERS = 5_400;

function inPortions(resources: readonly string[]): string[][] {
  const portions: string[][] = [[]];
  let length = 0;
  for (const resource of resources) {
    if (length + resource.length > MOST_CHARACTERS) {
      portions.push([]);
      length = 0;
    }
    portions.at(-1)?.push(resource);
    length += resource.length + 3;
  }
  return portions;
}

/** Acknowledges the IAM5 finding for one resource of a role's policy. */
export function explainWildcard(role: Role, resource: string, reason: string): void {
  answerFinding(role, `IAM5[Resource::${resource}]`, reason);
}
