import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { answerFinding } from '../hardening/answer-finding.ts';

/** One thing a role may do. Most read like a sentence: these actions on these resources. */
export interface Right {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** A prohibition instead. @default false */
  readonly deny?: boolean;
  /** Why a resource has a `*` and cannot be narrower. Demanded of every right that has one. */
  readonly wildcard?: string;
  /** How the checks name the resource with the `*`, where it is made of references. @default - as it is written */
  readonly wildcardName?: string;
}

/**
 * Gives rights to a role, and puts the explanation of each `*` where the `*` arises.
 *
 * @throws Error at synth for a `*` that nobody has explained, or a `*` in an action
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

/** Rights in portions, each list of resources written once with everything that may be done with it. */
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
 * A managed policy may have 6,144 characters; the CDK divides a role's statements among several, but no statement. Each resource of
 * a call is authorized by itself, so a list may be divided anywhere.
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

/** Answers the IAM5 finding for one resource of a role's policy. */
export function explainWildcard(role: Role, resource: string, reason: string): void {
  answerFinding(role, `IAM5[Resource::${resource}]`, reason);
}
