import * as z from 'zod';
import { duration } from './duration-setting.ts';

const ACCOUNT = /^(?:\*|\d{12}|ou(?:-direct)?:(?:ou|r)-[0-9a-zA-Z-]+|tag:[^=\s][^=]*=.*)$/;
const PERMISSION_SET = /^(?:\*|[\w+=,.@-]{1,32}|arn:aws(?:-[a-z]+)*:sso:::permissionSet\/[^\s/]+\/[^\s/]+)$/;

const listOf = (item: z.ZodString, what: string) =>
  z.array(item, { error: `write a list of ${what}` }).min(1, { error: `write at least one of ${what}` });

/** One drift rule as an operator writes it. After the check every field is filled in, and the grace is in seconds. */
export const driftRule = z
  .strictObject({
    accounts: listOf(
      z.string({ error: 'write accounts in quotes' }).regex(ACCOUNT, {
        error: ({ input }) =>
          `"${input}" is no account; write a 12-digit id, ou:<id>, ou-direct:<id>, tag:<key>=<value> or "*"`,
      }),
      'accounts',
    ).optional(),
    permissionSets: listOf(
      z.string({ error: 'write permission sets in quotes' }).regex(PERMISSION_SET, {
        error: ({ input }) => `"${input}" is no permission set; write its name, its ARN or "*"`,
      }),
      'permission sets',
    ).optional(),
    groups: listOf(
      z.string({ error: 'write group ids in quotes' }).min(1, { error: 'write the id of a group, or "*"' }),
      'group ids',
    ).optional(),
    action: z.enum(['ignore', 'warn', 'revoke'], { error: 'write ignore, warn or revoke' }),
    grace: duration('1m', '7d').prefault('30m'),
  })
  .superRefine((rule, context) => {
    const problem = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (rule.groups === undefined) return;
    if (rule.accounts !== undefined || rule.permissionSets !== undefined)
      problem('groups', 'a rule is about groups, or about accounts and permission sets; make two of it');
    if (rule.action === 'revoke')
      problem('action', 'memberships are never removed, because groups are permanent access; write warn or ignore');
  })
  .transform(({ accounts, permissionSets, groups, action, grace }) => ({
    accounts: groups === undefined ? (accounts ?? ['*']) : [],
    permissionSets: groups === undefined ? (permissionSets ?? ['*']) : [],
    groups: groups ?? [],
    action,
    grace,
  }));
