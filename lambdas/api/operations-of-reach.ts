import { accountReachSchema, personReachSchema } from './document/schemas-of-reach.ts';

const REACH = '/people/{userId}/all/reach';
const CURSOR = { name: 'cursor', description: 'nextCursor of the page before' };

/** Operations of the API that show who could have what. */
export const REACH_OPERATIONS = {
  reachOfPerson: {
    method: 'GET',
    path: REACH,
    summary: 'What one person could have at whatever time of the week, account by account; for auditors and operators',
    query: [
      { name: 'person', description: 'Id, user name or e-mail of the person' },
      { name: 'account', description: 'Part of the name or id of the accounts; without, all' },
      CURSOR,
    ],
    answer: personReachSchema,
  },
  reachOfAccount: {
    method: 'GET',
    path: `${REACH}/{accountId}`,
    summary: 'Who could have what in an account with no second person; for auditors and operators',
    query: [CURSOR],
    answer: accountReachSchema,
  },
} as const;
