import { after } from '../model/events.ts';
import { isGroupTarget, type Target } from '../model/target.ts';
import { type Facts, NO_FACTS } from '../policy/decision/known-facts.ts';
import { matchAccount } from '../policy/decision/rules/matching.ts';
import { isProblem, readAccounts } from '../policy/records/parse-fields.ts';
import type { DriftDirectory, DriftScope } from './ports.ts';
import type { DriftMode, DriftPlan, DriftRule } from './types.ts';

/** Says where an account is in the organization; looked up at most once, and only for rules that name units or tags. */
export type Places = (accountId: string) => Promise<Pick<Facts, 'ouPath' | 'tags'>>;

/** Looks accounts up in the directory; the function returned remembers the answers, but no failure. */
export function placesIn(directory: DriftDirectory): Places {
  const known = new Map<string, Promise<Pick<Facts, 'ouPath' | 'tags'>>>();
  return (accountId) => {
    const place =
      known.get(accountId) ??
      Promise.all([directory.ouPathOf(accountId), directory.tagsOf(accountId)]).then(([ouPath, tags]) => ({
        ouPath,
        tags,
      }));
    known.set(accountId, place);
    place.catch(() => {
      if (known.get(accountId) === place) known.delete(accountId);
    });
    return place;
  };
}

/**
 * What the rules say about an assignment outside of Glasshammer: the first rule that matches, `warn` when none does.
 * Memberships and assignments of groups are never removed: for them `revoke` is a warning.
 *
 * @throws TypeError for a rule whose accounts cannot be read; the rules after it are not tried
 */
export async function planFor(
  found: { readonly target: Target; readonly principalType: 'USER' | 'GROUP' },
  context: {
    readonly rules: readonly DriftRule[];
    readonly scope: DriftScope;
    readonly places: Places;
    readonly mode: DriftMode;
    readonly now: string;
  },
): Promise<DriftPlan> {
  const rule = await firstMatch(found.target, context);
  if (rule === undefined || rule.action === 'warn') return { action: 'warn' };
  if (rule.action === 'ignore') return { action: 'ignore' };
  if (found.principalType === 'GROUP' || isGroupTarget(found.target)) return { action: 'warn' };
  const { graceSeconds } = rule;
  if (context.mode.mode !== 'enforcing') return { action: 'revoke', graceSeconds };
  return { action: 'revoke', graceSeconds, removeAt: after(context.now, graceSeconds) };
}

/** The rules as one text: equal texts decide alike. */
export function rulesText(rules: readonly DriftRule[]): string {
  return JSON.stringify(rules);
}

async function firstMatch(
  target: Target,
  { rules, scope, places }: { rules: readonly DriftRule[]; scope: DriftScope; places: Places },
): Promise<DriftRule | undefined> {
  for (const rule of rules) if (await matches(rule, target, scope, places)) return rule;
  return undefined;
}

async function matches(rule: DriftRule, target: Target, scope: DriftScope, places: Places): Promise<boolean> {
  if (isGroupTarget(target)) return names(rule.groups, target.groupId);
  if (rule.groups.length > 0) return false;
  const name = scope.permissionSets.find(({ arn }) => arn === target.permissionSetArn)?.name;
  if (!names(rule.permissionSets, target.permissionSetArn, name)) return false;
  const accounts = readAccounts(rule.accounts);
  if (isProblem(accounts)) throw new TypeError(`the accounts of a drift rule cannot be read: ${accounts.problem}`);
  const literal = matchAccount(accounts, target.accountId, NO_FACTS);
  if (literal !== 'unknown') return literal === 'yes';
  return matchAccount(accounts, target.accountId, { ...NO_FACTS, ...(await places(target.accountId)) }) === 'yes';
}

function names(list: readonly string[], id: string, name?: string): boolean {
  return list.includes('*') || list.includes(id) || (name !== undefined && list.includes(name));
}

/** Is the target among what Glasshammer may assign? Nothing else is watched. */
export function isInScope(target: Target, scope: DriftScope): boolean {
  if (isGroupTarget(target)) return scope.groups.includes(target.groupId);
  const account = scope.accounts === '*' || scope.accounts.includes(target.accountId);
  return account && scope.permissionSets.some(({ arn }) => arn === target.permissionSetArn);
}
