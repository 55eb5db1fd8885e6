import { createHash } from 'node:crypto';
import { guardDocument, OPEN_ATTACHED_GUARD, OPEN_GUARD } from '../../../core/sessions/guard-policy.ts';
import { guardPolicyArn, newPolicy } from '../access/iam.ts';
import { InvalidTrailRecordError, recordActivity } from '../trail/trail.ts';
import { InvalidSeedError } from './seed.ts';
import type { Seed } from './seed-schema.ts';
import type { World } from './world.ts';
import { provision } from './world-changes.ts';

const STACK_SETS = 'member.org.stacksets.cloudformation.amazonaws.com';

/**
 * Creates a world from a seed. It shares nothing with the seed or another world.
 *
 * @throws InvalidSeedError for a CloudTrail record that cannot be added to a trail.
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
      members.map((userId) => ({ id: guidOf(`${groupId} ${userId}`), groupId, userId })),
    ),
    assignments: seed.assignments,
    operations: [],
    provisioningSeconds: seed.identityCenter.provisioningSeconds,
    includeManagementAccount: seed.identityCenter.includeManagementAccount,
    trail: {},
    trailDeliverySeconds: seed.cloudTrail.deliverySeconds,
    enabledRegions: seed.cloudTrail.enabledRegions,
    rolesMissing: new Set(seed.cloudTrail.rolesMissing),
    sessions: {},
    delegatedAdministrators:
      homeAccountId === organization.managementAccountId
        ? {}
        : { 'sso.amazonaws.com': [homeAccountId], [STACK_SETS]: [homeAccountId] },
    trustedServices: ['sso.amazonaws.com', STACK_SETS],
    trails: [{ name: 'organization-trail', logging: true, organization: true }],
    ses: {
      identities: seed.mail.identities,
      productionAccess: seed.mail.productionAccess,
      sendingEnabled: true,
      configurationSets: {},
      sentToday: 0,
    },
    provisioned: {},
    provisionings: [],
    portalSessions: {},
    policies: Object.fromEntries(
      guardedAccounts(seed).flatMap((accountId) =>
        [OPEN_GUARD, ...(seed.attachedGuards.length === 0 ? [] : [OPEN_ATTACHED_GUARD])].map((open) => {
          const arn = guardPolicyArn(accountId, open.form);
          return [arn, newPolicy(arn, guardDocument(open), '2024-01-15T00:00:00.000Z')];
        }),
      ),
    ),
    attachedGuards: seed.attachedGuards,
    emails: [],
    secrets: seed.secrets.map(({ name, value }) => ({
      name,
      value,
      arn: `arn:aws:secretsmanager:${seed.region}:${homeAccountId}:secret:${name}-sandbx`,
    })),
    buckets: Object.fromEntries(seed.buckets.map((name) => [name, {}])),
    topics: seed.topics.map((name) => `arn:aws:sns:${seed.region}:${homeAccountId}:${name}`),
    subscriptions: Object.fromEntries(
      seed.topics.map((name) => [
        `arn:aws:sns:${seed.region}:${homeAccountId}:${name}`,
        [{ protocol: 'email', endpoint: 'oncall@example.com', confirmed: true }],
      ]),
    ),
    eventBuses: seed.eventBuses,
    events: [],
    stacks: [],
    functions: [],
    concurrency: 1000,
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

/** An id in the identity store's format that depends on the text alone. */
function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

function guardedAccounts({ accounts, guardedAccounts: named }: Seed): readonly string[] {
  return named.includes('*') ? accounts.map(({ id }) => id) : named;
}
