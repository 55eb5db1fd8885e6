import { DEFAULT_SEED } from '../../../sandbox/aws/world/default-seed.ts';

const GUARD = { CustomerManagedPolicyReference: { Name: 'SessionGuard', Path: '/glasshammer/' } };

/** The permission sets of the default seed, each with the session guard as its permissions boundary. */
export const ALL_GUARDED = (DEFAULT_SEED.permissionSets ?? []).map((set) => ({ ...set, permissionsBoundary: GUARD }));

/**
 * The permission sets of the default seed, with the break-glass one guarded as well: its sessions are cut at the end.
 */
export const GUARDED_SETS = (DEFAULT_SEED.permissionSets ?? []).map((set) =>
  set.name === 'BreakGlassAdmin' ? { ...set, permissionsBoundary: GUARD } : set,
);
