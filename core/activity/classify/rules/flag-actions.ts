import type { Call } from '../call.ts';
import { CODE_RULES } from './code.ts';
import { DATA_RULES } from './data.ts';
import type { FlagId } from './flag-ids.ts';
import { IDENTITY_RULES } from './identity.ts';
import { LOG_RULES } from './logs.ts';
import { OPENING_RULES } from './openings.ts';
import type { FlagRule } from './rule.ts';

/** Every rule. A call is in one rule only: the most serious reading of it. */
export const FLAG_RULES: readonly FlagRule[] = [
  ...LOG_RULES,
  ...IDENTITY_RULES,
  ...OPENING_RULES,
  ...DATA_RULES,
  ...CODE_RULES,
];

const BY_ACTION: ReadonlyMap<string, FlagRule> = new Map(
  FLAG_RULES.flatMap((rule) => rule.actions.map((action): [string, FlagRule] => [action, rule])),
);

/**
 * The rule that a call falls under.
 *
 * @returns `harmless` where the call is one of a rule's, and the record shows that it is nothing; `undefined` where no rule knows it
 */
export function ruleOf(call: Call): FlagRule | 'harmless' | undefined {
  const rule = BY_ACTION.get(call.action);
  return rule?.harmless?.(call) === true ? 'harmless' : rule;
}

/** The flag of the rule that names this call, whatever it was given; `undefined` where none does. */
export function flagByRule(action: string): FlagId | undefined {
  return BY_ACTION.get(action)?.flag;
}

/** How CloudTrail spells the names of Lambda's calls: with the date of the API behind them. */
const LAMBDA_SUFFIXES = ['20150331', '20150331v2', '20181031', '20211031'];

/** The names of flagged calls, as CloudTrail may spell them, to look them up by. */
export const FLAGGED_NAMES: readonly string[] = namesIn([...BY_ACTION.keys()]);

/** Of these, the ones that CloudTrail may call read-only. */
export const FLAGGED_READS: readonly string[] = namesIn(
  FLAG_RULES.filter(({ flag }) => flag === 'secrets' || flag === 'role-hop').flatMap(({ actions }) => actions),
);

function namesIn(actions: readonly string[]): readonly string[] {
  const names = actions.flatMap((action) => {
    const name = action.slice(action.indexOf(':') + 1);
    return action.startsWith('lambda:') ? [name, ...LAMBDA_SUFFIXES.map((suffix) => name + suffix)] : [name];
  });
  return [...new Set(names)];
}

/** Deleting tags takes a label away, not a resource. */
const DELETES_LITTLE = /(Tags?|Tagging)$/;

/** Deletes by name: every service names these calls alike. */
export function isDestruction(action: string): boolean {
  const name = action.slice(action.indexOf(':') + 1);
  return /^(Batch)?(Delete|Terminate|Purge|Destroy)/.test(name) && !DELETES_LITTLE.test(name);
}
