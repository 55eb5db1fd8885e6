/**
 * What the sweep and the full pass cost in a large organization: calls, and how long the calls to Identity Center take
 * at its limit of 20 a second for all callers together. Uses the real core and gateways with emulators in this process.
 *
 * Assumption: each account has two permission sets provisioned (one only for a group, one also for leases), no drift.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { endAbandoned } from '../core/access/recovery/abandoned-access.ts';
import { listedOnce, oneLook } from '../core/access/recovery/one-look.ts';
import { reconcileMade } from '../core/access/recovery/reconcile-made.ts';
import { restartUnrecorded } from '../core/access/recovery/restart-unrecorded.ts';
import { sweepAccess } from '../core/access/recovery/sweep-access.ts';
import { type PassServices, stepPass } from '../core/drift/check-provisioned.ts';
import { type AccessRequest, assignmentOf } from '../core/model/request.ts';
import { holdAttribute, madeId, usageId } from '../core/model/stored-ids.ts';
import { assignmentKey } from '../core/model/target.ts';
import { createAuditLog } from '../gateways/dynamodb/audit-log.ts';
import { createDriftStore } from '../gateways/dynamodb/drift-store.ts';
import { createHoldStore } from '../gateways/dynamodb/leases/hold-store.ts';
import { createLeaseStore } from '../gateways/dynamodb/leases/lease-store.ts';
import { createLeaseWatch } from '../gateways/dynamodb/leases/lease-watch.ts';
import { createMadeStore } from '../gateways/dynamodb/leases/made-store.ts';
import { createReportLooks } from '../gateways/dynamodb/reports/report-looks.ts';
import { createComparisonStore } from '../gateways/dynamodb/requests/comparison-store.ts';
import { toItem } from '../gateways/dynamodb/requests/request-item.ts';
import { createRequestStore } from '../gateways/dynamodb/requests/request-store.ts';
import { createAssignments } from '../gateways/identity-center/assignments.ts';
import { createDirectory } from '../gateways/identity-center/directory.ts';
import { createProvisioned } from '../gateways/identity-center/provisioned.ts';
import { createExecutionWatch } from '../gateways/step-functions/executions.ts';
import { sha256 } from '../lambdas/shared/sha256.ts';
import { type AwsEmulatorOptions, createAwsEmulator } from '../sandbox/aws/emulator.ts';
import { inProcessRequestHandler } from '../sandbox/aws/wire/in-process.ts';
import { createWorld } from '../sandbox/aws/world/create-world.ts';
import { defaultSeed, readSeed } from '../sandbox/aws/world/seed.ts';
import { CallCounter, FaultPlan } from '../sandbox/faults.ts';
import { REQUEST_TABLE } from '../sandbox/server/environment.ts';
import { tableSpecs } from '../sandbox/server/tables.ts';
import { aRequest, NOON } from '../test/core/access/requests.ts';
import { report } from './measure.ts';

/** Identity Center's limit, in calls a second. */
const QUOTA = 20;
/** As deployed: calls in one step of the full pass, and seconds between two steps. */
const CALLS_PER_STEP = 300;
const STEP_SECONDS = 300;
const STATE_MACHINE = 'arn:aws:states:us-east-1:111111111111:stateMachine:access';
const WITHOUT_UNDEFINED = { marshallOptions: { removeUndefinedValues: true } };

interface Size {
  readonly accounts: number;
  readonly permissionSets: number;
  readonly leases: number;
}

function build({ accounts, permissionSets, leases }: Size) {
  const seed = defaultSeed();
  const ou = seed.accounts[0]?.ou ?? '';
  const ids = Array.from({ length: accounts }, (_, n) => String(500_000_000_000 + n));
  const arns = Array.from({ length: permissionSets }, (_, n) => `arn:aws:sso:::permissionSet/ssoins-12345/ps-${n}`);
  const people = Array.from({ length: leases }, (_, n) => `user-${n}`);
  const world = createWorld(
    readSeed({
      accounts: [...seed.accounts, ...ids.map((id) => ({ id, name: `Account ${id}`, email: `${id}@example.com`, ou }))],
      permissionSets: [...seed.permissionSets, ...arns.map((arn, n) => ({ arn, name: `Set${n}` }))],
    }),
  );
  const setOf = (n: number): string => arns[n % arns.length] ?? '';
  const held = { createdBy: 'bench', createdAt: NOON };
  for (const [n, accountId] of ids.entries())
    for (const permissionSetArn of [setOf(2 * n), setOf(2 * n + 1)])
      world.assignments.push({
        principalType: 'GROUP',
        principalId: 'group-sre',
        accountId,
        permissionSetArn,
        ...held,
      });

  const requests = people.map((principalId, n): AccessRequest => {
    const own = aRequest('active');
    const place = n % ids.length;
    const target = { accountId: ids[place] ?? '', permissionSetArn: setOf(2 * place) };
    world.assignments.push({ principalType: 'USER', principalId, ...target, ...held });
    return { ...own, id: `request-${n}`, requester: { ...own.requester, principalId }, target };
  });
  const leaseItems = requests.map((request) => ({
    ...assignmentOf(request),
    id: assignmentKey(assignmentOf(request)),
    state: 'lease',
    endsAt: NOON,
    leases: new Set([request.id]),
    standing: false,
  }));
  const heard = requests.flatMap((request) => {
    const { principalId, target } = assignmentOf(request);
    const key = assignmentKey({ principalId, target });
    return [
      { id: madeId(key), principalId, target, state: 'made', endsAt: NOON, madeAt: NOON },
      { id: usageId(key), [holdAttribute(request.id)]: { startedAt: NOON, endsAt: request.endsAt } },
    ];
  });
  const items = [...requests.map(toItem), ...leaseItems, ...heard].map((item) =>
    marshall(item, { removeUndefinedValues: true }),
  );

  let nowMs = Date.parse(NOON) + 600_000;
  let newIds = 0;
  const calls = new CallCounter();
  const emulator = createAwsEmulator({
    world,
    clock: { nowMs: () => nowMs },
    faults: new FaultPlan({ clock: { nowMs: () => nowMs } }),
    calls,
    states: workflowsOf(requests),
    tables: tableSpecs([]).map((table) =>
      table.TableName === REQUEST_TABLE
        ? { ...table, items: items as unknown as NonNullable<typeof table.items> }
        : table,
    ),
    newId: () => `id-${++newIds}`,
  });
  const config = {
    endpoint: 'http://sandbox.invalid',
    region: world.region,
    credentials: { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'none' },
    requestHandler: inProcessRequestHandler(emulator.handle),
  };
  const center = {
    sso: new SSOAdminClient(config),
    identityStore: new IdentitystoreClient(config),
    organizations: new OrganizationsClient(config),
    instanceArn: world.instanceArn,
    identityStoreId: world.identityStoreId,
  };
  const table = {
    client: DynamoDBDocumentClient.from(new DynamoDBClient(config), WITHOUT_UNDEFINED),
    tableName: REQUEST_TABLE,
    now: () => new Date(nowMs),
  };
  const nothing = async (): Promise<void> => {};
  const shared = {
    requests: createRequestStore(table),
    leases: createLeaseStore(table),
    looks: createReportLooks(table),
    assignments: createAssignments(center),
    // Only called when a removal fails, which does not happen here.
    directory: { account: async () => undefined },
    workflow: { start: nothing, startCleanup: nothing, startCut: nothing, wake: async () => false },
    made: createMadeStore(table),
    holds: createHoldStore(table),
    removals: createLeaseWatch({ ...table, leases: createLeaseStore(table) }),
    compared: createComparisonStore(table),
    maxDurationSeconds: 12 * 3600,
    executions: {
      ...createExecutionWatch({ client: new SFNClient(config), stateMachineArn: STATE_MACHINE }),
      madeBy: async () => undefined,
    },
    now: table.now,
    sha256,
  };
  const scope = {
    accounts: '*' as const,
    permissionSets: world.permissionSets.filter(({ arn }) => arns.includes(arn)),
    groups: [],
  };
  return {
    shared,
    center,
    table,
    scope,
    calls,
    advance: (seconds: number) => {
      nowMs += seconds * 1000;
    },
  };
}

/** Step Functions with one running execution for each request. */
function workflowsOf(requests: readonly AccessRequest[]): NonNullable<AwsEmulatorOptions['states']> {
  const running = requests.map(({ id }) => ({
    name: id,
    executionArn: `${STATE_MACHINE.replace(':stateMachine:', ':execution:')}:${id}`,
    status: 'RUNNING' as const,
    input: '{}',
    startDateMs: Date.parse(NOON),
  }));
  const unexpected = (): never => {
    throw new Error('the sweep only lists');
  };
  return {
    stateMachineArn: STATE_MACHINE,
    listExecutions: () => running,
    startExecution: unexpected,
    stopExecution: unexpected,
    sendTaskSuccess: unexpected,
    describeExecution: unexpected,
    history: unexpected,
  };
}

type Built = ReturnType<typeof build>;

function fail(error: unknown): never {
  throw error;
}

/** Counts the calls that the work makes. */
async function counted({ calls }: Built, work: () => Promise<unknown>): Promise<{ all: number; center: number }> {
  const sum = (only = ''): number =>
    Object.entries(calls.snapshot())
      .filter(([operation]) => operation.startsWith(only))
      .reduce((total, [, count]) => total + count, 0);
  const before = { all: sum(), center: sum('sso-admin:') };
  await work();
  return { all: sum() - before.all, center: sum('sso-admin:') - before.center };
}

/** All parts of a sweep: leases, requests without a running execution, and assignments known from CloudTrail. */
async function sweep({ shared, scope }: Built): Promise<void> {
  const services = {
    ...shared,
    requests: listedOnce(shared.requests),
    executions: { ...shared.executions, ...oneLook(shared.executions) },
    removable: scope,
    deliveryDelaySeconds: 900,
    hasTimeLeft: () => true,
    onFailure: fail,
  };
  await sweepAccess(services);
  const ended = { ...(await endAbandoned(services)), ...(await restartUnrecorded(services)) };
  const found = { ...ended, ...(await reconcileMade(services)) };
  if (found.abandoned + found.started + found.unrecorded + found.unrequested > 0)
    throw new Error('the sweep has found something where nothing is');
}

/** @returns how many steps the full pass took */
async function wholePass({ shared, center, table, scope }: Built): Promise<number> {
  let steps = 0;
  let made = 0;
  const unexpected = async () => fail(new Error('the pass has found something where nothing is'));
  const services: PassServices = {
    ...shared,
    drift: createDriftStore(table),
    leases: createLeaseWatch({ ...table, leases: shared.leases }),
    directory: createDirectory(center),
    teller: { found: unexpected, removed: unexpected, interfered: unexpected, story: unexpected },
    audit: createAuditLog(table),
    scope,
    rules: [],
    provisioned: createProvisioned({
      ...center,
      beforeCall: async () => {
        made += 1;
      },
    }),
    everySeconds: 6 * 3600,
    isSpent: () => made >= CALLS_PER_STEP * steps,
    onFailure: fail,
  };
  for (;;) {
    steps += 1;
    if ((await stepPass(services)).outcome === 'finished') return steps;
  }
}

for (const size of [
  { accounts: 200, permissionSets: 50, leases: 100 },
  { accounts: 1000, permissionSets: 200, leases: 1000 },
]) {
  const small = size.accounts === 200;
  const label = `${size.accounts} accounts x ${size.permissionSets} sets x ${size.leases} leases`;
  const built = build(size);
  const quiet = await counted(built, () => sweep(built));
  report({ name: `sweep: ${label}`, value: quiet.all, unit: 'calls', ...(small ? { bar: 500 } : {}) });

  let steps = 0;
  const pass = await counted(built, async () => {
    steps = await wholePass(built);
  });
  const pairs = `drift pass, ${2 * size.accounts} pairs: ${label}`;
  report({ name: pairs, value: pass.all, unit: 'calls', ...(small ? { bar: 500 } : {}) });
  report({ name: `  of these to Identity Center, at ${QUOTA} a second`, value: pass.center / QUOTA, unit: 's' });
  report({
    name: `  as deployed, ${steps} steps, from the first to the last`,
    value: ((steps - 1) * STEP_SECONDS) / 60,
    unit: 'min',
  });

  built.advance(4 * 3600);
  const overdue = await counted(built, () => sweep(built));
  report({ name: `sweep, every lease overdue at once: ${label}`, value: overdue.all, unit: 'calls' });
  report({ name: `  of these to Identity Center, at ${QUOTA} a second`, value: overdue.center / QUOTA, unit: 's' });
}
