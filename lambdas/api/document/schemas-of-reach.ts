import * as z from 'zod/mini';
import { described, maybe } from './schemas.ts';

/*
 * Answers about who could have what, by the policies and access records as they are now. Limits to certain hours,
 * freezes and locks are ignored. Answers only grow: fields are added, never removed.
 */

const permissionSets = described(
  z.array(z.object({ name: z.string(), arn: z.string() })),
  'Permission sets that can be given; `set` is an index into this list, from 0',
);

const waySchema = z.object({
  how: described(
    z.enum(['alone', 'break-glass', 'approval']),
    'alone: without approval; break-glass: at once, reviewed afterwards; approval: after votes',
  ),
  path: described(z.string(), 'Name of the policy, or id of the access record'),
  votes: described(
    z.array(
      z.object({
        count: z.number(),
        approvers: described(z.array(z.string()), 'Names of some of the approvers'),
        approverCount: z.number(),
      }),
    ),
    'The votes needed without break-glass, by the path that needs the fewest; empty if none are needed',
  ),
});

const ways = described(z.array(waySchema), 'Ways to get a permission set; `way` is an index into this list, from 0');

const reached = described(
  z.array(z.object({ set: z.number(), way: z.number() })),
  'Permission sets that the person can get, each with its way; all others cannot be got',
);

const user = { userId: z.string(), userName: z.string(), displayName: z.string() };

const nextCursor = maybe(described(z.string(), 'The cursor of the next page; null on the last page'));

export const personReachSchema = z.object({
  person: z.object(user),
  permissionSets,
  ways,
  accounts: described(
    z.array(z.object({ accountId: z.string(), accountName: z.string(), reached })),
    'At most 50 on a page, ordered by id; an account in which nothing can be got is listed, too',
  ),
  nextCursor,
});

export const accountReachSchema = z.object({
  accountId: z.string(),
  accountName: z.string(),
  permissionSets,
  ways,
  everyone: described(
    reached,
    'What everybody in the directory can get, even if no policy names them; on the first page only',
  ),
  people: described(
    z.array(z.object({ ...user, reached })),
    'People named in policies and access records who can get something without approval',
  ),
  judged: described(z.number(), 'How many people were evaluated for this page, at most 100'),
  named: described(z.number(), 'How many people the policies and access records about the account name'),
  nextCursor,
});

export type PersonReach = z.output<typeof personReachSchema>;
export type AccountReach = z.output<typeof accountReachSchema>;
export type Way = z.output<typeof waySchema>;
