import { DEFAULT_SEED } from '../../sandbox/aws/default-seed.ts';

/** The permission sets of the default seed, with those that break the glass guarded as well: their sessions are cut at the end. */
export const GUARDED_SETS = (DEFAULT_SEED.permissionSets ?? []).map((set) =>
  set.name === 'BreakGlassAdmin'
    ? {
        ...set,
        permissionsBoundary: { CustomerManagedPolicyReference: { Name: 'SessionGuard', Path: '/glasshammer/' } },
      }
    : set,
);
