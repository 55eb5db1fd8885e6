/*
 * Policies as the access table holds them, that tests of the console add to those of the seed.
 */

/** Two accounts, whose reading Leads approve. */
export const ASKS_LEADS = {
  id: { S: 'policy#read-both' },
  effect: { S: 'allow' },
  who: { L: [{ S: 'user:user-ben' }] },
  accounts: { L: [{ S: '123456789012' }, { S: '234567890123' }] },
  permissionSets: { L: [{ S: 'ReadOnlyAccess' }] },
  maxDuration: { S: '4h' },
  approval: { M: { approvers: { L: [{ S: 'group:Leads' }] }, count: { N: '1' } } },
};

/** Whoever is on call breaks the glass of Staging; others would need a Lead. */
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
