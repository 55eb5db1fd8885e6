/*
 * Policies as items of the access table. The tests of the console add them to those of the seed.
 */

/** Ben may have ReadOnlyAccess in two accounts with the approval of a Lead. */
export const ASKS_LEADS = {
  id: { S: 'policy#read-both' },
  effect: { S: 'allow' },
  who: { L: [{ S: 'user:user-ben' }] },
  accounts: { L: [{ S: '123456789012' }, { S: '234567890123' }] },
  permissionSets: { L: [{ S: 'ReadOnlyAccess' }] },
  maxDuration: { S: '4h' },
  approval: { M: { approvers: { L: [{ S: 'group:Leads' }] }, count: { N: '1' } } },
};

/** SRE gets break-glass access to Staging; without break-glass a Lead would have to approve. */
export const EMERGENCY = {
  id: { S: 'policy#emergency' },
  effect: { S: 'allow' },
  who: { L: [{ S: 'group:SRE' }] },
  accounts: { L: [{ S: '234567890123' }] },
  permissionSets: { L: [{ S: 'AdministratorAccess' }] },
  maxDuration: { S: '1h' },
  breakGlass: { BOOL: true },
  approval: { M: { approvers: { L: [{ S: 'group:Leads' }] }, count: { N: '1' } } },
};
