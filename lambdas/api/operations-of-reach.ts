import { accountReachSchema, personReachSchema } from './document/schemas-of-reach.ts';

const REACH = '/people/{userId}/all/reach';
const CURSOR = { name: 'cursor', description: 'nextCursor of the previous page' };

/** Operations of the API that show who could have what. */
export const REACH_OPERATIONS = {
  reachOfPerson: {
    method: 'GET',
    path: REACH,
    summary:
      'The access that one person can get, account by account, at any time of the week; for auditors and operators',
    query: [
      { name: 'person', description: 'Id, user name or e-mail of the person' },
      { name: 'account', description: 'Part of the name or id of the accounts; if absent, all' },
      CURSOR,
    ],
    answer: personReachSchema,
  },
  reachOfAccount: {
    method: 'GET',
    path: `${REACH}/{accountId}`,
    summary: "Who can get which access in an account without anybody's approval; for auditors and operators",
    query: [CURSOR],
    answer: accountReachSchema,
  },
} as const;
