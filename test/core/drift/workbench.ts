import type { PassServices } from '../../../core/drift/check-provisioned.ts';
import type { RemovedByOthers } from '../../../core/drift/ports.ts';
import type { AssignmentChange, DriftFinding, DriftItem, DriftRule } from '../../../core/drift/types.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import type { Assignment } from '../../../core/model/target.ts';
import { createAuditLog } from '../../../gateways/dynamodb/audit-log.ts';
import { createDriftStore } from '../../../gateways/dynamodb/drift-store.ts';
import { createLeaseStore } from '../../../gateways/dynamodb/leases/lease-store.ts';
import { createLeaseWatch } from '../../../gateways/dynamodb/leases/lease-watch.ts';
import { createMadeStore } from '../../../gateways/dynamodb/leases/made-store.ts';
import { createRequestStore } from '../../../gateways/dynamodb/requests/request-store.ts';
import { createAssignments } from '../../../gateways/identity-center/assignments.ts';
import { createDirectory } from '../../../gateways/identity-center/directory.ts';
import { createProvisioned } from '../../../gateways/identity-center/provisioned.ts';
import { sha256 } from '../../../lambdas/shared/sha256.ts';
import { dropAssignment, putAssignment } from '../../../sandbox/aws/world/world-changes.ts';
import { emulateAws, REQUEST_TABLE } from '../../contracts/emulated.ts';
import { aRequest } from '../access/requests.ts';

export const STAGING = '234567890123';
export const READ_ONLY = 'arn:aws:sso:::permissionSet/ssoins-12345/ps-read';
export const BENS: Assignment = {
  principalId: 'user-ben',
  target: { accountId: STAGING, permissionSetArn: READ_ONLY },
};
export const ADMINISTRATOR = { id: 'arn:aws:sts::999999999999:assumed-role/Admin/olga', name: 'olga (role Admin)' };
export const REVOKE: DriftRule = {
  accounts: ['*'],
  permissionSets: ['*'],
  groups: [],
  action: 'revoke',
  graceSeconds: 1800,
};

/** The services of core/drift: the real gateways over an emulated AWS, and a teller that records what it would post. */
export function workbench(options: { readonly rules?: readonly DriftRule[]; readonly callsPerStep?: number } = {}) {
  const aws = emulateAws();
  const table = { client: aws.dynamo, tableName: REQUEST_TABLE, now: aws.now };
  const leases = createLeaseStore(table);
  const assignments = createAssignments(aws);
  const told = {
    found: [] as DriftFinding[],
    messages: 0,
    removed: [] as DriftItem[],
    lost: [] as RemovedByOthers[],
    stories: [] as string[],
    woken: [] as string[],
    /** By idempotency key, so that the same cut started twice is one entry. */
    cuts: new Map<string, { readonly assignment: Assignment; readonly goneAt: string }>(),
    failures: [] as unknown[],
    slackIsDown: false as boolean,
  };
  let calls = 0;
  let stepBegan = 0;
  const services: { -readonly [Key in keyof PassServices]: PassServices[Key] } = {
    drift: createDriftStore(table),
    leases: createLeaseWatch({ ...table, leases }),
    made: createMadeStore(table),
    requests: createRequestStore(table),
    assignments,
    workflow: {
      start: async () => {},
      startCleanup: async (id) => {
        told.woken.push(id);
      },
      startCut: async (key, assignment, goneAt) => {
        told.cuts.set(key, { assignment, goneAt });
      },
      wake: async () => false,
    },
    directory: createDirectory(aws),
    teller: {
      found: async (findings) => {
        if (told.slackIsDown) throw new Error('Slack is down');
        told.messages += 1;
        told.found.push(...findings);
      },
      removed: async (items) => {
        told.removed.push(...items);
      },
      interfered: async (one) => {
        told.lost.push(one);
      },
      story: async (id) => {
        told.stories.push(id);
      },
    },
    audit: createAuditLog(table),
    scope: {
      accounts: '*',
      permissionSets: aws.world.permissionSets.map(({ name, arn }) => ({ name, arn })),
      groups: ['group-oncall'],
    },
    rules: options.rules ?? [],
    now: aws.now,
    sha256,
    provisioned: createProvisioned({
      ...aws,
      beforeCall: async () => {
        calls += 1;
      },
    }),
    everySeconds: 6 * 3600,
    isSpent: () => calls - stepBegan >= (options.callsPerStep ?? 300),
    onFailure: (error) => told.failures.push(error),
  };

  return {
    ...aws,
    services,
    told,
    leaseStore: leases,
    assignments,
    /** Starts the count of calls against `callsPerStep` anew. */
    beginStep: () => {
      stepBegan = calls;
    },
    callsMade: () => calls,
    /** Makes an assignment in Identity Center past Glasshammer, as an administrator would. */
    give: ({ principalId, target }: Assignment, principalType: 'USER' | 'GROUP' = 'USER') =>
      putAssignment(aws.world, { ...keyOf(target), principalId, principalType, createdBy: 'x', createdAt: 'x' }),
    take: ({ principalId, target }: Assignment) =>
      dropAssignment(aws.world, { ...keyOf(target), principalId, principalType: 'USER' }),
    has: ({ principalId, target }: Assignment) =>
      aws.world.assignments.some(
        (held) =>
          held.principalId === principalId &&
          held.accountId === keyOf(target).accountId &&
          held.permissionSetArn === keyOf(target).permissionSetArn,
      ),
    /** Stores Ana's request as active, with its lease and its assignment. */
    async grant(overrides: Partial<AccessRequest> = {}, standing = false): Promise<AccessRequest> {
      const request = aRequest('active', overrides);
      await services.requests.create(request);
      const assignment = { principalId: request.requester.principalId, target: request.target };
      await leases.add(assignment, request.id);
      await leases.noteStanding(assignment, standing);
      this.give(assignment);
      return request;
    },
  };
}

export type Workbench = ReturnType<typeof workbench>;

/** A change as CloudTrail reports it, `seconds` after noon, when the clock of the workbench starts. */
export function aChange(overrides: Partial<AssignmentChange> = {}, seconds = 60): AssignmentChange {
  return {
    kind: 'made',
    eventId: 'event-1',
    at: new Date(Date.parse('2026-01-05T12:00:00Z') + seconds * 1000).toISOString(),
    by: ADMINISTRATOR,
    caller: 'other',
    assignment: BENS,
    principalType: 'USER',
    ...overrides,
  };
}

function keyOf(target: Assignment['target']) {
  return 'groupId' in target ? { accountId: '', permissionSetArn: '' } : target;
}
