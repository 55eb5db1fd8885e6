import type {
  AssignmentPort,
  ChangeResult,
  Join,
  LeaseItem,
  LeaseStore,
  OperationStatus,
  PointerKey,
  RequestChange,
  RequestStore,
  VotedRequest,
} from '../../../core/access/ports.ts';
import { RemovalInProgressError } from '../../../core/model/errors.ts';
import type { HeldAccess } from '../../../core/model/held-access.ts';
import { mayHoldAccess } from '../../../core/model/life-cycle.ts';
import { type AccessRequest, assignmentOf, type RequestState, type Vote } from '../../../core/model/request.ts';
import { type Assignment, assignmentKey, isGroupTarget } from '../../../core/model/target.ts';
import { NOON } from './requests.ts';

/** The request table in memory, with the same conditions as the real one, which `test/contracts` checks. */
export class FakeRequestStore implements RequestStore {
  readonly requests = new Map<string, AccessRequest>();
  readonly clicks = new Map<string, string>();
  readonly votes = new Map<string, readonly Vote[]>();

  /** Where joins write holds; a test of requests alone has none. */
  holds: { note(assignment: Assignment, hold: HeldAccess): Promise<void> } | undefined;

  /** Stores requests as they are, without any condition. */
  put(...requests: AccessRequest[]): this {
    for (const request of requests) this.requests.set(request.id, structuredClone(request));
    return this;
  }

  /** The stored request. @throws when there is none, so that a test need not check */
  now(id: string): AccessRequest {
    const request = this.requests.get(id);
    if (request === undefined) throw new Error(`no request ${id} in the fake`);
    return structuredClone(request);
  }

  async get(id: string): Promise<AccessRequest | undefined> {
    const request = this.requests.get(id);
    return request === undefined ? undefined : structuredClone(request);
  }

  async getWithVotes(id: string): Promise<VotedRequest | undefined> {
    const request = await this.get(id);
    return request && { request, votes: structuredClone(this.votes.get(id) ?? []) };
  }

  async create(
    request: AccessRequest,
    idempotencyKey?: PointerKey,
    place?: PointerKey,
  ): ReturnType<RequestStore['create']> {
    if (this.requests.has(request.id)) return { created: false, exists: request.id };
    const pointers = [idempotencyKey, place].filter((pointer) => pointer !== undefined);
    for (const pointer of pointers) {
      const exists = this.clicks.get(pointer.key);
      if (exists === undefined || exists === pointer.replaces) continue;
      return { created: false, exists, ...(pointer === place ? { inPlace: true } : {}) };
    }
    this.put(request);
    for (const { key } of pointers) this.clicks.set(key, request.id);
    return { created: true };
  }

  async inPlace(key: string): Promise<string | undefined> {
    return this.clicks.get(key);
  }

  async change(id: string, change: RequestChange): Promise<ChangeResult> {
    const request = this.requests.get(id);
    const { vote, message, mailed = [] } = change;
    const cast = this.votes.get(id) ?? [];
    const voted = vote !== undefined && cast.some((other) => other.principalId === vote.principalId);
    const reviewed = change.reviewOwed === true && request?.review?.status !== 'owed';
    const seen = change.accessSeen;
    const differs =
      seen !== undefined && (request?.endsAt !== seen.endsAt || (request.joins ?? []).length !== seen.joins.length);
    const told = mailed.some((key) => request?.mailed?.includes(key) === true);
    const moved = change.eventsSeen !== undefined && request?.events.length !== change.eventsSeen;
    if (
      request === undefined ||
      !change.from.includes(request.state) ||
      voted ||
      reviewed ||
      moved ||
      differs ||
      told
    ) {
      return { changed: false, request: request === undefined ? undefined : structuredClone(request) };
    }
    const given = Object.fromEntries(Object.entries(change.set ?? {}).filter(([, value]) => value !== undefined));
    const others = request.messages.filter((m) => m.role !== message?.role || m.channel !== message?.channel);
    const { subject: _subject, ...shown } = vote ?? {};
    if (vote !== undefined) this.votes.set(id, [...cast, vote]);
    const next: AccessRequest = {
      ...request,
      ...given,
      ...(change.operationId === undefined || request.grant === undefined
        ? {}
        : { grant: { ...request.grant, operationId: change.operationId } }),
      state: change.to ?? request.state,
      events:
        change.event === undefined ? request.events : [...request.events, ...(change.eventsBefore ?? []), change.event],
      votes: vote === undefined ? request.votes : [...request.votes, shown as Vote],
      messages: message === undefined ? request.messages : [...others, message],
      ...(mailed.length === 0 ? {} : { mailed: [...(request.mailed ?? []), ...mailed] }),
      tokens: { ...request.tokens, ...JSON.parse(JSON.stringify(change.tokens ?? {})) },
    };
    this.put(next);
    return { changed: true, request: structuredClone(next) };
  }

  async join({
    requestId,
    from,
    set,
    event,
    access,
    joined,
    extended,
    hold,
    assignment,
    ...rest
  }: Join): Promise<boolean> {
    const request = this.requests.get(requestId);
    const root = this.requests.get(access.id);
    if (request === undefined || root === undefined || !from.includes(request.state)) return false;
    const known = root.joins ?? [];
    if (!access.in.includes(root.state) || root.endsAt !== access.endsAt) return false;
    if (known.some((join) => join.requestId === requestId)) return false;
    this.put(
      { ...request, ...set, state: 'joined', events: [...request.events, event] },
      {
        ...root,
        ...access.set,
        endsAt: joined.endsAt,
        joins: [...known, joined],
        events: extended === undefined ? root.events : [...root.events, extended],
      },
    );
    await this.holds?.note(assignment, hold);
    await this.holds?.note(assignment, { accessId: requestId, startedAt: joined.at, endsAt: joined.at, ...rest });
    return true;
  }

  async holding(ids: readonly string[]): Promise<ReadonlyMap<string, Assignment>> {
    const requests = ids.flatMap((id) => this.requests.get(id) ?? []);
    const held = requests.filter(({ state }) => mayHoldAccess(state));
    return new Map(held.map((request) => [request.id, structuredClone(assignmentOf(request))]));
  }

  async *inStates(
    states: readonly RequestState[],
    { endsFrom = '' }: { readonly endsFrom?: string } = {},
  ): AsyncIterable<AccessRequest> {
    for (const state of states) {
      const found = [...this.requests.values()].filter(
        (r) => r.state === state && r.endsAt !== '' && r.endsAt >= endsFrom,
      );
      for (const request of found.sort((a, b) => (a.endsAt < b.endsAt ? -1 : 1))) yield structuredClone(request);
    }
  }
}

/** Lease items in memory, with the conditions of the real store. */
export class FakeLeaseStore implements LeaseStore {
  /** The assignments that were noted as absent. */
  readonly absent: { readonly assignment: Assignment; readonly at: string }[] = [];
  readonly items = new Map<string, LeaseItem>();
  /** When each assignment was last noted as gone. */
  readonly removedAt = new Map<string, string>();
  /** When each access ended by its removal. */
  readonly ended = new Map<string, string>();
  /** The clock that `opensAt` is compared with. ISO 8601. */
  now = () => NOON;

  put(item: LeaseItem): this {
    this.items.set(assignmentKey(item.assignment), structuredClone(item));
    return this;
  }

  private read(assignment: Assignment): LeaseItem | undefined {
    const item = this.items.get(assignmentKey(assignment));
    return item === undefined ? undefined : structuredClone(item);
  }

  private write(item: LeaseItem): LeaseItem {
    this.put(item);
    return structuredClone(item);
  }

  async get(assignment: Assignment): Promise<LeaseItem | undefined> {
    return this.read(assignment);
  }

  async add(assignment: Assignment, requestId: string): Promise<LeaseItem> {
    const item = this.read(assignment) ?? { assignment, leases: [] };
    if (item.removing !== undefined) throw new RemovalInProgressError('being removed');
    if (item.leases.length > 0 && !item.leases.includes(requestId)) return item;
    if (item.opensAt !== undefined && item.opensAt > this.now()) return item;
    const { releasedAt: _, opensAt: __, ...rest } = item;
    return this.write({ ...rest, leases: [...new Set([...item.leases, requestId])].sort(byText) });
  }

  async noteStanding(assignment: Assignment, standing: boolean): Promise<LeaseItem> {
    const item = this.read(assignment);
    if (item === undefined) throw new RemovalInProgressError('the lease went away');
    return this.write({ ...item, standing: item.standing ?? standing });
  }

  async noteOurs(assignment: Assignment): Promise<LeaseItem | undefined> {
    const item = this.read(assignment);
    if (item === undefined || (item.standing === true && item.standingAt !== undefined)) return item;
    return this.write({ ...item, standing: false });
  }

  async noteAbsent(assignment: Assignment, at: string): Promise<void> {
    this.absent.push({ assignment, at });
    this.removedAt.set(assignmentKey(assignment), at);
  }

  async absentAt(assignment: Assignment): Promise<string | undefined> {
    return this.removedAt.get(assignmentKey(assignment));
  }

  async removedFor(_assignment: Assignment, requestId: string): Promise<string | undefined> {
    return this.ended.get(requestId);
  }

  async drop(assignment: Assignment, requestId: string): Promise<LeaseItem | undefined> {
    const item = this.read(assignment);
    return item && this.write({ ...item, leases: item.leases.filter((id) => id !== requestId) });
  }

  async claim(assignment: Assignment, holder: string, since: string): Promise<LeaseItem | undefined> {
    if (this.read(assignment) !== undefined) return undefined;
    return this.write({ assignment, leases: [], standing: false, removing: { requestId: holder, since } });
  }

  async beginRemoval(assignment: Assignment, requestId: string, since: string): Promise<LeaseItem | undefined> {
    const item = this.read(assignment);
    if (item === undefined || item.leases.length > 0 || item.removing !== undefined) return item;
    return this.write({ ...item, removing: { requestId, since } });
  }

  async noteRemoval(seen: LeaseItem, operationId: string | undefined): Promise<void> {
    const item = this.read(seen.assignment);
    if (item?.removing === undefined || !sameRemoval(item, seen)) return;
    const { requestId, since } = item.removing;
    this.put({ ...item, removing: { requestId, since, ...(operationId === undefined ? {} : { operationId }) } });
  }

  private noteRemoved({ assignment, standing, removing }: LeaseItem, at: string): void {
    if (removing === undefined || standing === true) return;
    this.removedAt.set(assignmentKey(assignment), at);
    if (!this.ended.has(removing.requestId)) this.ended.set(removing.requestId, at);
  }

  async forget(seen: LeaseItem): Promise<void> {
    const item = this.read(seen.assignment);
    this.noteRemoved(seen, this.now());
    if (item === undefined || item.leases.length > 0 || !sameRemoval(item, seen)) return;
    this.items.delete(assignmentKey(seen.assignment));
  }

  async release(seen: LeaseItem, at: string): Promise<void> {
    const item = this.read(seen.assignment);
    this.noteRemoved(seen, this.now());
    if (item === undefined || !sameRemoval(item, seen)) return;
    const { removing: _, ...rest } = item;
    this.put({ ...rest, releasedAt: at });
  }

  async holdBack(assignment: Assignment, until: string): Promise<LeaseItem | undefined> {
    const item = this.read(assignment) ?? { assignment, leases: [] };
    if (item.leases.length > 0 || item.removing !== undefined) return item;
    return this.write({ ...item, opensAt: item.opensAt !== undefined && item.opensAt > until ? item.opensAt : until });
  }

  async *all(): AsyncIterable<LeaseItem> {
    for (const item of [...this.items.values()]) yield structuredClone(item);
  }
}

function sameRemoval(a: LeaseItem, b: LeaseItem): boolean {
  return a.removing?.requestId === b.removing?.requestId && a.removing?.since === b.removing?.since;
}

interface Operation {
  readonly kind: 'create' | 'remove';
  readonly key: string;
  readonly failure?: string;
  status: OperationStatus['status'];
}

/** Identity Center in memory. Assignments come and go when `settle` is called, memberships at once; as AWS does it. */
export class FakeAssignments implements AssignmentPort {
  readonly held = new Set<string>();
  readonly operations = new Map<string, Operation>();
  /** How often each change was asked for. */
  readonly asked = { create: 0, remove: 0 };
  /** The next operation ends as FAILED with this reason. */
  failNext: string | undefined;

  /** Makes an assignment past Glasshammer, as an administrator would. */
  give(assignment: Assignment): this {
    this.held.add(assignmentKey(assignment));
    return this;
  }

  has(assignment: Assignment): boolean {
    return this.held.has(assignmentKey(assignment));
  }

  /** Finishes the operations that are in progress. */
  settle(): void {
    for (const operation of this.operations.values()) {
      if (operation.status !== 'in-progress') continue;
      const missing = operation.kind === 'remove' && !this.held.has(operation.key);
      operation.status = operation.failure === undefined && !missing ? 'succeeded' : 'failed';
      if (operation.status === 'succeeded' && operation.kind === 'create') this.held.add(operation.key);
      if (operation.status === 'succeeded' && operation.kind === 'remove') this.held.delete(operation.key);
    }
  }

  async exists(assignment: Assignment): Promise<boolean> {
    return this.has(assignment);
  }

  async create(assignment: Assignment): Promise<OperationStatus> {
    const isFresh = isGroupTarget(assignment.target) && !this.held.has(assignmentKey(assignment));
    const answer = this.start('create', assignment);
    return isFresh && answer.status === 'succeeded' ? { ...answer, fresh: true } : answer;
  }

  async remove(assignment: Assignment): Promise<OperationStatus> {
    return this.start('remove', assignment);
  }

  async creationStatus({ principalId, target }: Assignment, operationId: string): Promise<OperationStatus> {
    if (isGroupTarget(target)) return { status: 'succeeded' };
    const key = assignmentKey({ principalId, target });
    return this.operations.has(operationId) || !this.held.has(key)
      ? this.statusOf(operationId)
      : { status: 'succeeded' };
  }

  async removalStatus(assignment: Assignment, operationId: string): Promise<OperationStatus> {
    if (isGroupTarget(assignment.target)) return { status: 'succeeded' };
    const status = this.statusOf(operationId);
    return status.status === 'failed' && !this.has(assignment) ? { status: 'succeeded' } : status;
  }

  private start(kind: Operation['kind'], assignment: Assignment): OperationStatus {
    const key = assignmentKey(assignment);
    this.asked[kind] += 1;
    if (isGroupTarget(assignment.target)) {
      if (kind === 'create') this.held.add(key);
      else this.held.delete(key);
      return { status: 'succeeded' };
    }
    if ([...this.operations.values()].some((other) => other.key === key && other.status === 'in-progress')) {
      throw Object.assign(new Error('another change is under way'), { name: 'ConflictException' });
    }
    const operationId = `operation-${this.operations.size + 1}`;
    const failure = this.failNext === undefined ? {} : { failure: this.failNext };
    this.failNext = undefined;
    this.operations.set(operationId, { kind, key, status: 'in-progress', ...failure });
    return { status: 'in-progress', operationId };
  }

  private statusOf(operationId: string): OperationStatus {
    const operation = this.operations.get(operationId);
    if (operation === undefined) return { status: 'failed', reason: 'Identity Center no longer knows the operation' };
    const { status, failure = 'no reason given' } = operation;
    return { status, operationId, ...(status === 'failed' ? { reason: failure } : {}) };
  }
}

const byText = (a: string, b: string): number => (a < b ? -1 : 1);
