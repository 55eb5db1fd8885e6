import type { PeopleFinder, RecentTarget, UsageStore } from '../../../core/access/approval/request-approval.ts';
import type { CreatedAssignment } from '../../../core/access/lease/ports.ts';
import type { PeopleMailer } from '../../../core/access/notify/mail-people.ts';
import type {
  ChatUser,
  ExecutionState,
  ExecutionWatch,
  PolicyStore,
  PolicyStoreState,
  WorkflowPort,
} from '../../../core/access/ports.ts';
import type { ReviewStore } from '../../../core/access/review/review-reminders.ts';
import type { AccessItem } from '../../../core/model/access-item.ts';
import type { ChatMessage } from '../../../core/model/chat-message.ts';
import type {
  Directory,
  DirectoryAccount,
  DirectoryPermissionSet,
  DirectoryUser,
} from '../../../core/model/directory.ts';
import { MalformedItemError } from '../../../core/model/errors.ts';
import { type AccessRequest, assignmentOf } from '../../../core/model/request.ts';
import { type Assignment, assignmentKey } from '../../../core/model/target.ts';
import { sha256 } from '../../../lambdas/shared/sha256.ts';
import { FakeAccessStore, FakeHolds } from './fake-holds.ts';
import { FakeAssignments, FakeLeaseStore, FakeRequestStore } from './fakes.ts';
import { BREAK_GLASS, NOON, PRODUCTION } from './requests.ts';

/** The access table in memory. */
export class FakePolicyStore implements PolicyStore {
  items: AccessItem[] = [];
  state: PolicyStoreState = { accessVersion: '1' };

  /** Writes records as a person would, and raises the version as the table's stream would. */
  write(...items: AccessItem[]): void {
    const ids = new Set(items.map(({ id }) => id));
    this.items = [...this.items.filter(({ id }) => !ids.has(id)), ...items];
    this.state = { ...this.state, accessVersion: String(Number(this.state.accessVersion) + 1) };
  }

  erase(id: string): void {
    this.items = this.items.filter((item) => item.id !== id);
    this.write();
  }

  freeze(reason: string): void {
    this.state = { ...this.state, frozen: { by: 'user-dan', at: NOON, reason } };
  }

  async principal(slackId: string): Promise<AccessItem | undefined> {
    return this.items.find(({ id }) => id === `principal#${slackId}`);
  }

  async read(recordIds: readonly string[]): ReturnType<PolicyStore['read']> {
    return { records: this.items.filter(({ id }) => recordIds.includes(id)), storeState: this.state };
  }

  async storeState(): Promise<PolicyStoreState> {
    return this.state;
  }

  async principals(): Promise<readonly AccessItem[]> {
    return this.items.filter(({ id }) => id.startsWith('principal#'));
  }

  async policies(): Promise<readonly AccessItem[]> {
    return this.items.filter(({ id }) => !/^(?:access|principal)#/.test(id));
  }
}

/** Mails as they would be sent: `approval to user-cleo`. */
export class FakeMails implements PeopleMailer {
  sent: string[] = [];
  /** Why none can be sent. */
  failure: Error | undefined;
  /** Called before each attempt. */
  onWrite: () => void = () => undefined;

  async once(_request: AccessRequest, kind: string, principalIds: readonly string[]): ReturnType<PeopleMailer['once']> {
    if (principalIds.length > 0) this.onWrite();
    if (this.failure !== undefined && principalIds.length > 0) return { mailed: [], failure: this.failure };
    for (const id of principalIds) this.sent.push(`${kind} to ${id}`);
    return { mailed: principalIds };
  }
}

/** Identity Center's directory and the organization in memory. */
export class FakeDirectory implements Directory {
  users: DirectoryUser[] = ['ana', 'ben', 'cleo', 'dan'].map((name) => ({
    id: `user-${name}`,
    userName: `${name}@example.com`,
    displayName: name,
    email: `${name}@example.com`,
    enabled: true,
  }));
  members: Record<string, string[]> = { 'group-leads': ['user-cleo', 'user-dan'], 'group-oncall': [] };
  accounts: DirectoryAccount[] = [{ id: PRODUCTION, name: 'Production', active: true }];
  permissionSets: DirectoryPermissionSet[] = [
    { arn: BREAK_GLASS, name: 'BreakGlassAdmin', description: 'Everything', sessionSeconds: 3600 },
  ];

  /** Replaces fields of one user. */
  change(id: string, fields: Partial<DirectoryUser>): void {
    this.users = this.users.map((user) => (user.id === id ? { ...user, ...fields } : user));
  }

  user = async (id: string) => this.users.find((user) => user.id === id);
  userIdsByEmail = async (email: string) =>
    this.users.filter((user) => [user.email, user.userName].includes(email)).map(({ id }) => id);
  /** Fails for a user who is gone, as Identity Store does. */
  groupIdsOf = async (userId: string) => {
    if (!this.users.some(({ id }) => id === userId))
      throw Object.assign(new Error('USER not found.'), { name: 'ResourceNotFoundException' });
    return Object.keys(this.members).filter((id) => this.members[id]?.includes(userId));
  };
  group = async (id: string) => (id in this.members ? { id, name: id } : undefined);
  groupIdByName = async (name: string) => (name in this.members ? name : undefined);
  memberIdsOf = async (groupId: string) => this.members[groupId];
  account = async (id: string) => this.accounts.find((account) => account.id === id);
  ouPathOf = async () => ['r-ab12', 'ou-prod'];
  tagsOf = async () => ({ env: 'prod' });
  permissionSet = async (arn: string) => this.permissionSets.find((set) => set.arn === arn);
}

/** Slack in memory: people, channels, and everything posted. `Message` is a text. */
export class FakeChat {
  users: ChatUser[] = ['ANA', 'BEN', 'CLEO', 'DAN'].map((name) => aChatUser(`U0${name}`));
  channelMembers = ['U0CLEO'];
  readonly posts: { channel: string; message: string; threadTs: string | undefined; ts: string }[] = [];
  readonly edits: { channel: string; ts: string; message: string }[] = [];

  user = async (slackId: string) => this.users.find(({ id }) => id === slackId);
  userIdByEmail = async (email: string) => this.users.find((user) => user.email === email)?.id;
  memberIds = async (_channel: string) => this.channelMembers;
  directChannel = async (slackId: string) => `D-${slackId}`;
  update = async (channel: string, ts: string, { text }: ChatMessage) => {
    this.edits.push({ channel, ts, message: text });
  };
  post = async (channel: string, { text }: ChatMessage, threadTs?: string) => {
    const ts = `ts-${this.posts.length + 1}`;
    this.posts.push({ channel, message: text, threadTs, ts });
    return { channel, ts };
  };
}

/** A message that says only this. */
export function aMessage(text: string): ChatMessage {
  return { text, blocks: [] };
}

/** A full member of the home workspace. */
export function aChatUser(id: string, overrides: Partial<ChatUser> = {}): ChatUser {
  const name = id.slice(2).toLowerCase();
  const email = `${name}@example.com`;
  const kind = { isBot: false, isDeleted: false, isGuest: false, isStranger: false };
  return { id, teamId: 'T0HOME', email, emailConfirmed: true, name, timeZone: 'UTC', ...kind, ...overrides };
}

/** Step Functions in memory: what was started and woken. */
export class FakeWorkflow implements WorkflowPort {
  readonly started: string[] = [];
  readonly woken: { token: string; output: unknown }[] = [];
  /** Tokens that nobody waits for any more; a token wakes once. */
  readonly dead = new Set<string>();

  start = async (requestId: string) => {
    this.started.push(requestId);
  };
  startCleanup = async (requestId: string, attempt: string, _from?: 'revoke' | 'report') => {
    this.started.push(`${requestId}-cleanup-${attempt}`);
  };
  startCut = async (_key: string, { principalId }: Assignment) => {
    this.started.push(`lost-${principalId}`);
  };
  wake = async (token: string, output: Readonly<Record<string, unknown>>) => {
    if (this.dead.has(token)) return false;
    this.dead.add(token);
    this.woken.push({ token, output });
    return true;
  };
}

/** Reports that are to be looked at again: none unless a test says so. */
export class FakeLooks {
  /** When the report of each request is due, by the id of the request. */
  readonly at = new Map<string, string>();

  async *due(now: string): AsyncIterable<string> {
    for (const [requestId, at] of this.at) if (at <= now) yield requestId;
  }
}

/** Step Functions' list of executions in memory: nothing runs unless a test says so. */
export class FakeExecutions implements ExecutionWatch {
  readonly running = new Set<string>();
  readonly states = new Map<string, ExecutionState>();
  /** How often each question was asked. */
  readonly asked = { list: 0, describe: 0 };
  /** What the workflow of each request gave, by its own history. */
  readonly made = new Map<string, CreatedAssignment>();

  madeBy = async (requestId: string) => this.made.get(requestId);
  runningFor = async () => {
    this.asked.list += 1;
    return this.running;
  };
  stateOf = async (requestId: string): Promise<ExecutionState> => {
    this.asked.describe += 1;
    return this.states.get(requestId) ?? { status: 'unknown' };
  };
}

/** Owed reviews in memory. */
export class FakeReviews implements ReviewStore {
  readonly due = new Map<string, string>();

  async owe(requestId: string, remindAt: string): Promise<void> {
    if (!this.due.has(requestId)) this.due.set(requestId, remindAt);
  }

  async postpone(requestId: string, remindAt: string): Promise<void> {
    const due = this.due.get(requestId);
    if (due !== undefined && due < remindAt) this.due.set(requestId, remindAt);
  }

  async settle(requestId: string): Promise<void> {
    this.due.delete(requestId);
  }

  async *owed(): ReturnType<ReviewStore['owed']> {
    const soonestFirst = [...this.due].sort(([, a], [, b]) => (a < b ? -1 : 1));
    for (const [requestId, remindAt] of soonestFirst) yield { requestId, remindAt };
  }
}

/** How often people had what, in memory. */
export class FakeUsage implements UsageStore {
  private readonly had = new Map<string, { times: number; lastAt: string; lastRequest: string }>();
  private readonly latest = new Map<string, RecentTarget[]>();

  async read(request: AccessRequest): ReturnType<UsageStore['read']> {
    const had = this.had.get(assignmentKey(assignmentOf(request)));
    return had === undefined ? { times: 0 } : { times: had.times, lastAt: had.lastAt };
  }

  async note(request: AccessRequest): Promise<void> {
    const key = assignmentKey(assignmentOf(request));
    const had = this.had.get(key);
    if (had?.lastRequest === request.id) return;
    const times = (had?.times ?? 0) + 1;
    this.had.set(key, { times, lastAt: request.startsAt, lastRequest: request.id });
    const { target, names, requester } = request;
    const others = (await this.recent(requester.principalId)).filter(
      (other) =>
        assignmentKey({ principalId: '', target: other.target }) !== assignmentKey({ principalId: '', target }),
    );
    this.latest.set(requester.principalId, [{ target, names, times, lastAt: request.startsAt }, ...others]);
  }

  async recent(principalId: string): Promise<readonly RecentTarget[]> {
    return this.latest.get(principalId) ?? [];
  }
}

/** Slack mappings of everybody, and a record that gives Ana BreakGlassAdmin in Production; a test changes these. */
const ANAS_RECORDS: readonly AccessItem[] = [
  ...['ana', 'ben', 'cleo', 'dan'].map((name) => ({
    id: `principal#U0${name.toUpperCase()}`,
    ssoPrincipal: `user-${name}`,
  })),
  { id: `access#${PRODUCTION}#${BREAK_GLASS}#user-ana` },
];

/** A policy by which Ben may have what Ana has, with the approval of one lead unless `overrides` says otherwise. */
export function needsLeads(overrides: Record<string, unknown> = {}): AccessItem {
  const approval = { approvers: ['group:group-leads'], count: 1, expires: '8h', remind: '15m' };
  const what = { accounts: [PRODUCTION], permissionSets: ['BreakGlassAdmin'], maxDuration: '2h' };
  return { id: 'policy#with-leads', effect: 'allow', who: ['user:user-ben'], ...what, approval, ...overrides };
}

/** All the services of core/access in memory. The clock stands at noon until a test moves it. */
export function createWorld() {
  let at = new Date(NOON);
  const policyStore = new FakePolicyStore();
  policyStore.items = [...ANAS_RECORDS];
  const chat = new FakeChat();
  const people: PeopleFinder = {
    slackIdsOf: async (ids) => Object.fromEntries(ids.map((id) => [id, id.replace('user-', 'U0').toUpperCase()])),
  };
  const requests = new FakeRequestStore();
  const leases = new FakeLeaseStore();
  const holds = new FakeHolds();
  requests.holds = holds;
  holds.ended = leases.ended;
  leases.now = () => at.toISOString();
  return {
    sha256,
    now: () => new Date(at),
    /** Moves the clock. */
    pass: (seconds: number) => {
      at = new Date(at.getTime() + seconds * 1000);
    },
    requests,
    leases,
    holds,
    accesses: new FakeAccessStore(requests, leases, holds),
    assignments: new FakeAssignments(),
    directory: new FakeDirectory(),
    workflow: new FakeWorkflow(),
    executions: new FakeExecutions(),
    looks: new FakeLooks(),
    policyStore,
    chat,
    people,
    usage: new FakeUsage(),
    mails: new FakeMails(),
    teamIds: ['T0HOME'],
    emailDomains: ['example.com'],
    permissionSets: [{ name: 'BreakGlassAdmin', arn: BREAK_GLASS }],
    groups: ['group-oncall'],
    defaultDurationSeconds: 3600,
    maxDurationSeconds: 12 * 3600,
    warnBeforeEndSeconds: 600,
    grantTimeoutSeconds: 600,
    deliveryDelaySeconds: 900,
    approvalChannel: 'C0ACCESS',
    render: (request: { state: string }, role: string) => aMessage(`${role}: ${request.state}`),
    givable: { accounts: '*' as const, permissionSets: [{ arn: BREAK_GLASS }], groups: ['group-oncall'] },
    removable: { accounts: '*' as const, permissionSets: [{ arn: BREAK_GLASS }], groups: ['group-oncall'] },
    renderReminder: (_request: unknown, approvers: readonly string[], escalated: boolean) =>
      aMessage(
        `${escalated ? 'escalated' : 'reminder'}: ${[...approvers].sort((a, b) => a.localeCompare(b)).join(' ')}`,
      ),
  };
}

export type TestWorld = ReturnType<typeof createWorld>;

/** An attacker who may write requests has spoiled `r1`: it is in no list, and cannot be read. */
export function spoiled(world: TestWorld): TestWorld {
  const { get } = world.requests;
  world.requests.requests.delete('r1');
  world.requests.get = async (id) => {
    if (id === 'r1') throw new MalformedItemError('request item r1 does not say who asks for what');
    return get.call(world.requests, id);
  };
  return world;
}

/** A person pressing something in the home workspace. */
export const caller = (name: string) => ({ slackId: `U0${name.toUpperCase()}`, teamId: 'T0HOME' });
