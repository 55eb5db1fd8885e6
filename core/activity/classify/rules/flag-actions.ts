import type { Call } from '../call.ts';
import { CODE_RULES } from './code.ts';
import { DATA_RULES } from './data.ts';
import type { FlagId } from './flag-ids.ts';
import { IDENTITY_RULES } from './identity.ts';
import { LOG_RULES } from './logs.ts';
import { OPENING_RULES } from './openings.ts';
import { type FlagRule, isReadWhole } from './rule.ts';

/** Every rule. A call is in one rule only, the one for its most serious use. */
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
 * @returns `harmless` if a rule names the call but the record shows no harm; `undefined` if no rule names it
 */
export function ruleOf(call: Call): FlagRule | 'harmless' | undefined {
  const rule = BY_ACTION.get(call.action);
  return rule?.harmless?.(call) === true && isReadWhole(call) ? 'harmless' : rule;
}

/** The flag of the rule that names this action, regardless of the parameters; `undefined` if none does. */
export function flagByRule(action: string): FlagId | undefined {
  return BY_ACTION.get(action)?.flag;
}

/** CloudTrail appends the date of the API version to the names of Lambda's calls. */
const LAMBDA_SUFFIXES = ['20150331', '20150331v2', '20181031', '20211031'];

/** The event names of flagged calls, in every spelling of CloudTrail, for look-ups by name. */
export const FLAGGED_NAMES: readonly string[] = namesIn([...BY_ACTION.keys()]);

/** Those of them that CloudTrail may record as read-only. */
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

/** Deleting tags deletes no resource. */
const DELETES_LITTLE = /(Tags?|Tagging)$/;

/** Does the name of the action say that it deletes? All services name such calls alike. */
export function isDestruction(action: string): boolean {
  const name = action.slice(action.indexOf(':') + 1);
  return /^(Batch)?(Delete|Terminate|Purge|Destroy)/.test(name) && !DELETES_LITTLE.test(name);
}
