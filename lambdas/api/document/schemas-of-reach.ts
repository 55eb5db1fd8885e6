import * as z from 'zod/mini';
import { described, maybe } from './schemas.ts';

/*
 * Answers about who could have what, by the policies and access records as they are now. Limits to certain hours,
 * freezes and locks are ignored. Answers only grow: fields are added, never removed.
 */

const permissionSets = described(
  z.array(z.object({ name: z.string(), arn: z.string() })),
  'Those that can be given at all; others name them by their place here, from 0',
);

const waySchema = z.object({
  how: described(
    z.enum(['alone', 'break-glass', 'approval']),
    'With nobody else; at once and audited, with a review that is owed; or with votes',
  ),
  path: described(z.string(), 'Name of the policy, or id of the access record'),
  votes: described(
    z.array(
      z.object({
        count: z.number(),
        approvers: described(z.array(z.string()), 'Names of some of those whose vote counts'),
        approverCount: z.number(),
      }),
    ),
    'The votes it takes, on the way that takes the fewest; of break-glass, where somebody is asked instead',
  ),
});

const ways = described(z.array(waySchema), 'Ways, each once; others name them by their place here, from 0');

const reached = described(
  z.array(z.object({ set: z.number(), way: z.number() })),
  'Permission sets that can be had, each with its way; what is not here cannot',
);

const user = { userId: z.string(), userName: z.string(), displayName: z.string() };

const nextCursor = maybe(described(z.string(), 'For the page after this one; null on the last'));

export const personReachSchema = z.object({
  person: z.object(user),
  permissionSets,
  ways,
  accounts: described(
    z.array(z.object({ accountId: z.string(), accountName: z.string(), reached })),
    'At most 50 of a page, by their ids; those without anything too',
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
    'What a person who is named nowhere can have, as everybody in the directory; on the first page',
  ),
  people: described(
    z.array(z.object({ ...user, reached })),
    'Of whom policies and records name, those who need nobody',
  ),
  judged: described(z.number(), 'People looked at for this page, at most 100'),
  named: described(z.number(), 'People whom policies and records about the account name'),
  nextCursor,
});

export type PersonReach = z.output<typeof personReachSchema>;
export type AccountReach = z.output<typeof accountReachSchema>;
export type Way = z.output<typeof waySchema>;
