import { guardDocument, OPEN_GUARD } from '../../core/sessions/guard-policy.ts';
import { guardPolicyArn, newPolicy } from './iam.ts';
import { InvalidSeedError } from './seed.ts';
import type { Seed } from './seed-schema.ts';
import { InvalidTrailRecordError, recordActivity } from './trail.ts';
import { provision, type World } from './world.ts';

/**
 * A fresh world out of a seed; nothing of it is shared with the seed or with another world.
 * @throws InvalidSeedError for a CloudTrail record no trail could hold.
 */
export function createWorld(given: Seed): World {
  const seed = structuredClone(given);
  const { homeAccountId, ...organization } = seed.organization;
  const world: World = {
    region: seed.region,
    organization,
    homeAccountId,
    instanceArn: seed.identityCenter.instanceArn,
    identityStoreId: seed.identityCenter.identityStoreId,
    accounts: seed.accounts,
    organizationalUnits: seed.organizationalUnits,
    permissionSets: seed.permissionSets.map(({ inlinePolicy, permissionsBoundary, ...set }) => ({
      ...set,
      ...(inlinePolicy === undefined ? {} : { inlinePolicy }),
      ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    })),
    users: seed.users,
    groups: seed.groups.map(({ id, displayName }) => ({ id, displayName })),
    memberships: seed.groups.flatMap(({ id: groupId, members }) =>
      members.map((userId) => ({ id: `membership-${groupId}-${userId}`, groupId, userId })),
    ),
    assignments: seed.assignments,
    operations: [],
    provisioningSeconds: seed.identityCenter.provisioningSeconds,
    includeManagementAccount: seed.identityCenter.includeManagementAccount,
    trail: {},
    trailDeliverySeconds: seed.cloudTrail.deliverySeconds,
    rolesMissing: new Set(seed.cloudTrail.rolesMissing),
    sessions: {},
    provisioned: {},
    provisionings: [],
    portalSessions: {},
    policies: Object.fromEntries(
      guardedAccounts(seed).map((accountId) => {
        const arn = guardPolicyArn(accountId);
        return [arn, newPolicy(arn, guardDocument(OPEN_GUARD), '2024-01-15T00:00:00.000Z')];
      }),
    ),
    ses: { identities: seed.mail.identities, productionAccess: seed.mail.productionAccess, sendingEnabled: true },
    emails: [],
    secrets: seed.secrets.map(({ name, value }) => ({
      name,
      value,
      arn: `arn:aws:secretsmanager:${seed.region}:${homeAccountId}:secret:${name}-sandbx`,
    })),
    buckets: Object.fromEntries(seed.buckets.map((name) => [name, {}])),
    topics: seed.topics.map((name) => `arn:aws:sns:${seed.region}:${homeAccountId}:${name}`),
    notifications: [],
    eventBuses: seed.eventBuses,
    events: [],
    metrics: [],
  };
  for (const held of world.assignments) provision(world, held);
  for (const [index, record] of seed.cloudTrail.records.entries()) {
    try {
      recordActivity(world, record, () => `seed-event-${index + 1}`);
    } catch (error) {
      if (!(error instanceof InvalidTrailRecordError)) throw error;
      throw new InvalidSeedError(`cloudTrail.records[${index}]: ${error.message}`);
    }
  }
  return world;
}

function guardedAccounts({ accounts, guardedAccounts: named }: Seed): readonly string[] {
  return named.includes('*') ? accounts.map(({ id }) => id) : named;
}
