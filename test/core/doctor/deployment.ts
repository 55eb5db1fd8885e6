import type { Examination } from '../../../core/doctor/examine.ts';
import type { Deployed, Expected } from '../../../core/doctor/expected.ts';
import type { DoctorPorts } from '../../../core/doctor/ports.ts';
import { heardId, SWEPT_ID } from '../../../core/model/stored-ids.ts';
import type { GuardStatus } from '../../../core/sessions/guard-permission-sets.ts';

export const NOW = new Date('2026-01-05T09:00:00Z');
export const HOME = '111122223333';
export const MANAGEMENT = '999999999999';
export const SET = 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef';
const STACK_SETS = 'member.org.stacksets.cloudformation.amazonaws.com';

type Opened = ReturnType<DoctorPorts['open']> extends AsyncIterable<infer Item> ? Item : never;

/** A deployment in which everything is as it should be, as plain values that a test may spoil. */
export function soundDeployment() {
  const expected: Expected = {
    stackName: 'Glasshammer',
    account: HOME,
    region: 'eu-central-1',
    instanceArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
    identityStoreId: 'd-1234567890',
    organization: { id: 'o-a1b2c3d4e5', managementAccountId: MANAGEMENT, includeManagementAccount: false },
    includeOwnAccount: false,
    accounts: ['123456789012', '234567890123'],
    permissionSets: [{ name: 'BreakGlassAdmin', arn: SET }],
    groups: [{ name: 'On-call', id: 'group-oncall' }],
    units: ['ou-ab12-34cd56ef'],
    slack: { teamIds: ['T0HOME'], approvalChannel: 'C0ACCESS', operatorChannel: 'C0OPS' },
    report: {
      from: 'glasshammer@example.com',
      to: ['security@example.com'],
      regions: ['us-east-1', 'eu-central-1'],
      roleName: 'GlasshammerActivityReader',
      byStackSet: true,
    },
    alarmEmails: ['oncall@example.com'],
  };
  const deployed: { -readonly [Key in keyof Deployed]: Deployed[Key] } = {
    accessTable: 'access',
    requestTable: 'requests',
    stateMachineArn: 'arn:aws:states:eu-central-1:111122223333:stateMachine:glasshammer-access',
    slackSecretArn: 'arn:secret',
    alarmTopicArn: 'arn:topic',
    auditBucket: 'archive',
    auditBus: 'bus',
    urlEvents: 'https://api.example.com/slack/events',
    version: '1.2.0',
    status: 'UPDATE_COMPLETE',
    changedAt: '2026-01-01T09:00:00Z',
  };
  const checkout = {
    version: '1.2.0',
    scopes: ['chat:write', 'users:read'],
    functions: ['grant-access', 'revoke-access'],
  };
  return {
    expected,
    deployed,
    checkout,
    caller: {
      account: HOME,
      arn: 'arn:aws:sts::111122223333:assumed-role/Admin/olga',
      region: 'eu-central-1',
      at: NOW.toISOString(),
    },
    stacks: { GlasshammerAudit: 'CREATE_COMPLETE' } as Record<string, string>,
    organization: { id: 'o-a1b2c3d4e5', managementAccountId: MANAGEMENT },
    delegated: { 'sso.amazonaws.com': [HOME], [STACK_SETS]: [HOME] } as Record<string, string[]>,
    trusted: [STACK_SETS],
    accounts: [
      { id: '123456789012', name: 'Production', active: true },
      { id: '234567890123', name: 'Staging', active: true },
      { id: HOME, name: 'Identity', active: true },
      { id: MANAGEMENT, name: 'Management', active: true },
    ],
    units: ['ou-ab12-34cd56ef'],
    instance: { identityStoreId: 'd-1234567890', status: 'ACTIVE', primaryRegion: 'eu-central-1' } as Awaited<
      ReturnType<DoctorPorts['instance']>
    >,
    sets: { [SET]: { name: 'BreakGlassAdmin', sessionSeconds: 3600 } } as Record<
      string,
      { name: string; sessionSeconds: number }
    >,
    provisioned: { [SET]: ['123456789012'] } as Record<string, string[]>,
    groupAssignments: { [HOME]: [{ groupId: 'group-leads', permissionSetArn: SET }] } as Record<
      string,
      { groupId: string; permissionSetArn: string }[]
    >,
    groups: { 'group-oncall': { name: 'On-call', external: false } } as Record<
      string,
      { name: string; external: boolean }
    >,
    users: { 'user-ana': { userName: 'ana', enabled: true } } as Record<string, { userName: string; enabled: boolean }>,
    mail: { 'example.com': { verified: true } } as Record<string, { verified: boolean; configurationSet?: string }>,
    mailAccount: { production: true, sending: true, status: 'HEALTHY', perDay: 50_000, sentToday: 3 },
    subscriptions: [{ endpoint: 'oncall@example.com', confirmed: true }],
    secret: 'filled' as Awaited<ReturnType<DoctorPorts['slackSecret']>>,
    token: { teamId: 'T0HOME', scopes: ['chat:write', 'users:read'] } as Awaited<ReturnType<DoctorPorts['slackToken']>>,
    channels: {
      C0ACCESS: { member: true, archived: false },
      C0OPS: { member: true, archived: false },
    } as Record<string, { member: boolean; archived: boolean }>,
    route: 'answers' as Awaited<ReturnType<DoctorPorts['slackRoute']>>,
    trails: [{ name: 'organization', logging: true, organization: true, changes: true as boolean | undefined }],
    functions: { 'glasshammer-grant-access': 'Active', 'glasshammer-revoke-access': 'Active' } as Record<
      string,
      string
    >,
    concurrency: { total: 1000, unreserved: 1000 },
    workflow: 'ACTIVE' as string | undefined,
    tables: {
      access: { status: 'ACTIVE', indexes: [], streams: true, recovery: true },
      requests: { status: 'ACTIVE', indexes: ['by-state'], streams: true, recovery: true },
    } as Record<string, { status: string; indexes: string[]; streams: boolean; recovery: boolean }>,
    buckets: ['archive'],
    buses: ['bus'],
    records: [{ id: 'principal#U0ANA', ssoPrincipal: 'user-ana' }, { id: `access#123456789012#${SET}#user-ana` }] as {
      id: string;
      [field: string]: unknown;
    }[],
    frozen: undefined as Awaited<ReturnType<DoctorPorts['frozen']>>,
    schema: undefined as Awaited<ReturnType<DoctorPorts['schema']>>,
    driftMode: { mode: 'enforcing' } as Awaited<ReturnType<DoctorPorts['driftMode']>>,
    driftPass: { startedAt: '2026-01-05T03:00:00Z', finishedAt: '2026-01-05T03:20:00Z' } as unknown as Awaited<
      ReturnType<DoctorPorts['driftPass']>
    >,
    heartbeats: {
      [SWEPT_ID]: '2026-01-05T08:57:00Z',
      [heardId(HOME)]: '2026-01-04T10:00:00Z',
      [heardId(MANAGEMENT)]: '2026-01-02T10:00:00Z',
    } as Record<string, string>,
    overdue: [] as { id: string; state: string; endsAt: string }[],
    open: [
      {
        id: 'req-1',
        state: 'active',
        target: { accountId: '123456789012', permissionSetArn: SET },
        names: { accountName: 'Production', permissionSetName: 'BreakGlassAdmin' },
      },
    ] as Opened[],
    unreadable: {} as Record<string, string>,
    guards: [] as GuardStatus[],
  };
}

export type Deployment = ReturnType<typeof soundDeployment>;

/** The ports by which the doctor reads this deployment. */
export function lookAt(world: Deployment): DoctorPorts {
  return {
    caller: async () => world.caller,
    stack: async (name) => world.stacks[name],
    organization: async () => world.organization,
    delegatedTo: async (service) => world.delegated[service] ?? [],
    trustedServices: async () => world.trusted,
    accounts: async () => world.accounts,
    unit: async (id) => world.units.includes(id),
    instance: async () => world.instance,
    permissionSet: async (arn) => world.sets[arn],
    accountsOf: async (arn) => world.provisioned[arn] ?? [],
    groupAssignments: async (id) => world.groupAssignments[id] ?? [],
    group: async (id) => world.groups[id],
    user: async (id) => world.users[id],
    groupNamed: async (ref) => Object.entries(world.groups).some(([id, { name }]) => [id, name].includes(ref)),
    userNamed: async (ref) => Object.entries(world.users).some(([id, { userName }]) => [id, userName].includes(ref)),
    mailIdentity: async (name) => world.mail[name],
    mailAccount: async () => world.mailAccount,
    subscriptions: async () => world.subscriptions,
    slackSecret: async () => world.secret,
    slackToken: async () => world.token,
    channel: async (id) => world.channels[id],
    slackRoute: async () => world.route,
    trails: async () => world.trails,
    function: async (name) => {
      const state = world.functions[name];
      return state === undefined ? undefined : { state };
    },
    concurrency: async () => world.concurrency,
    workflow: async () => world.workflow,
    table: async (name) => world.tables[name],
    bucket: async (name) => world.buckets.includes(name),
    bus: async (name) => world.buses.includes(name),
    records: async () => world.records,
    frozen: async () => world.frozen,
    schema: async () => world.schema,
    driftMode: async () => world.driftMode,
    driftPass: async () => world.driftPass,
    heartbeat: async (id) => world.heartbeats[id],
    overdue: async () => world.overdue,
    async *open() {
      yield* world.open;
    },
    guards: async () => world.guards,
    readers: async (accounts, regions) =>
      accounts.flatMap((accountId) =>
        regions.map((region) => {
          const why = world.unreadable[accountId] ?? world.unreadable[`${accountId} ${region}`];
          return { accountId, region, ...(why === undefined ? {} : { why }) };
        }),
      ),
  };
}

export function examinationOf({ expected, deployed, checkout }: Deployment): Examination {
  return { expected, deployed, checkout, now: NOW };
}
