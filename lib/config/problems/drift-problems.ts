import type { z } from 'zod';
import type { driftRule } from '../schema/drift-rule.ts';

type Rule = z.output<typeof driftRule>;

/** What drift rules can match: everything that a deployment may give or take back. */
export interface DriftScope {
  readonly accounts: '*' | readonly string[];
  readonly permissionSets: readonly { readonly name: string; readonly arn: string }[];
  readonly groups: readonly { readonly name: string; readonly id: string }[];
  /** Is there anywhere to send drift messages: a Slack channel, or an address in `alarms.emails`? */
  readonly isHeard: boolean;
}

export interface DriftProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * Unknown names, rules that never decide, and removals that nobody would be told of. An `ignore` rule with a misspelt
 * name would not match, and the next rule that matches may remove the assignment.
 */
export function driftProblems(rules: readonly Rule[], scope: DriftScope): readonly DriftProblem[] {
  // A rule whose fields are invalid has been reported already, and its defaults are not filled in.
  if (!rules.every(isWhole)) return [];
  return rules.flatMap((rule, index) => [
    ...unknownNames(rule, scope).map(([field, at, message]) => ({ path: ['drift', index, field, at], message })),
    ...coveringRule(rules.slice(0, index), rule, scope).map((before) => ({
      path: ['drift', index],
      message: `never decides anything: drift[${before}] matches all of it first; remove it, or put it before`,
    })),
    ...(rule.action === 'revoke' && !scope.isHeard
      ? [
          {
            path: ['drift', index, 'action'],
            message:
              'nobody would hear of it before it is removed, nor after: there is no slack, and alarms.emails is empty; write an address in alarms.emails, or warn here',
          },
        ]
      : []),
  ]);
}

function isWhole({ accounts, permissionSets, groups }: Partial<Rule>): boolean {
  return [accounts, permissionSets, groups].every(Array.isArray);
}

function unknownNames(rule: Rule, { accounts, permissionSets, groups }: DriftScope) {
  const problems: (readonly [string, number, string])[] = [];
  rule.accounts.forEach((account, at) => {
    if (accounts !== '*' && /^\d{12}$/.test(account) && !accounts.includes(account))
      problems.push([
        'accounts',
        at,
        `${account} is in neither accounts nor retired.accounts, so nothing in it is drift`,
      ]);
  });
  rule.permissionSets.forEach((set, at) => {
    if (set !== '*' && !permissionSets.some(({ name, arn }) => set === name || set === arn))
      problems.push([
        'permissionSets',
        at,
        `"${set}" is in neither permissionSets nor retired.permissionSets; write one of ${permissionSets.map(({ name }) => name).join(', ')}`,
      ]);
  });
  rule.groups.forEach((group, at) => {
    if (group !== '*' && !groups.some(({ id }) => id === group))
      problems.push(['groups', at, `"${group}" is the id of no group in groups or retired.groups`]);
  });
  return problems;
}

/**
 * Index of the first earlier rule that already matches everything this rule matches, in a list of at most one. Units
 * and tags are compared as text.
 */
function coveringRule(earlier: readonly Rule[], rule: Rule, { permissionSets }: DriftScope): readonly number[] {
  const arnOf = (set: string) => permissionSets.find(({ name }) => name === set)?.arn ?? set;
  const covers = (outer: readonly string[], inner: readonly string[]) =>
    outer.includes('*') || inner.every((one) => outer.includes(one));
  const found = earlier.findIndex((before) =>
    rule.groups.length > 0
      ? before.groups.length > 0 && covers(before.groups, rule.groups)
      : before.groups.length === 0 &&
        covers(before.accounts, rule.accounts) &&
        covers(before.permissionSets.map(arnOf), rule.permissionSets.map(arnOf)),
  );
  return found < 0 ? [] : [found];
}
