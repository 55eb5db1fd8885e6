import type { AccessStore, Begin, Granted } from '../../../core/access/lease/ports.ts';
import type { HoldStore } from '../../../core/access/ports.ts';
import type { HeldAccess } from '../../../core/model/held-access.ts';
import { type AccessRequest, assignmentOf } from '../../../core/model/request.ts';
import { type Assignment, assignmentKey } from '../../../core/model/target.ts';
import type { FakeLeaseStore, FakeRequestStore } from './fakes.ts';

/** What people held, in memory. */
export class FakeHolds implements HoldStore {
  readonly held = new Map<string, HeldAccess[]>();
  /** What was given by each request. */
  readonly gave = new Map<string, Granted>();
  /** When each access was removed, as the lease store has recorded it. */
  ended: ReadonlyMap<string, string> = new Map();

  /** Notes the hold that the grant notes when this request begins an access. */
  begun(request: AccessRequest): this {
    const { id: accessId, startsAt: startedAt, endsAt } = request;
    const key = assignmentKey(assignmentOf(request));
    this.held.set(key, [...(this.held.get(key) ?? []), { accessId, startedAt, endsAt }]);
    return this;
  }

  of = async (assignment: Assignment) =>
    (this.held.get(assignmentKey(assignment)) ?? []).flatMap((hold) => {
      if (hold.startedAt >= hold.endsAt) return [];
      const endsAt = this.ended.get(hold.accessId) ?? hold.endsAt;
      return endsAt < hold.endsAt && endsAt >= hold.startedAt ? { ...hold, endsAt } : hold;
    });
  given = async (assignments: readonly Assignment[]) =>
    new Map(assignments.map(assignmentKey).map((key) => [key, this.held.get(key) ?? []]));
  granted = async (requestId: string) => this.gave.get(requestId);
  prune = async () => undefined;
  /** The hold that the grant writes; in the real store, in one transaction with the request. */
  note = async (assignment: Assignment, hold: HeldAccess) => {
    const key = assignmentKey(assignment);
    const before = this.held.get(key) ?? [];
    const others = before.filter(({ accessId }) => accessId !== hold.accessId);
    this.held.set(
      key,
      [...others, { ...before.find(({ accessId }) => accessId === hold.accessId), ...hold }].sort((a, b) =>
        a.startedAt < b.startedAt ? -1 : 1,
      ),
    );
  };
}

/** Begins an access over the three stores in memory, under the conditions of the real store. */
export class FakeAccessStore implements AccessStore {
  readonly requests: FakeRequestStore;
  readonly leases: FakeLeaseStore;
  readonly holds: FakeHolds;

  constructor(requests: FakeRequestStore, leases: FakeLeaseStore, holds: FakeHolds) {
    this.requests = requests;
    this.leases = leases;
    this.holds = holds;
  }

  async begin({ requestId, from, set, event, assignment, standing, hold, granted }: Begin): Promise<boolean> {
    const item = await this.leases.get(assignment);
    const request = await this.requests.get(requestId);
    if (item === undefined || request === undefined || !from.includes(request.state)) return false;
    if (!item.leases.includes(requestId) || item.removing !== undefined) return false;
    if (item.standing !== undefined && item.standing !== standing) return false;
    this.requests.put({ ...request, ...set, state: 'granting', events: [...request.events, event] });
    this.leases.put({ ...item, standing });
    await this.holds.note(assignment, hold);
    this.holds.gave.set(requestId, granted);
    return true;
  }
}
