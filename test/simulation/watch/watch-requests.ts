import { unmarshall } from '@aws-sdk/util-dynamodb';
import { WORKFLOW_STOPPED } from '../../../core/access/lease/revoke/end-notes.ts';
import { isOver, TRANSITIONS, WAITING_STATES } from '../../../core/model/life-cycle.ts';
import { type AccessEvent, type RequestState, SYSTEM_ACTOR, type Vote } from '../../../core/model/request.ts';
import { assignmentKey } from '../../../core/model/target.ts';
import { mayBeCut } from '../../../core/sessions/live-sessions.ts';
import type { StreamRecord } from '../../../sandbox/aws/tables/table-streams.ts';
import type { ReportViolation } from './invariants.ts';
import type { SeenLease } from './watch-outsiders.ts';

/** The fields of a request item that the checks read. */
export interface SeenRequest {
  readonly id: string;
  readonly state: RequestState;
  readonly events: readonly AccessEvent[];
  readonly votes: readonly Vote[];
  readonly requester: { readonly slackId: string; readonly principalId: string };
  readonly target: { readonly accountId: string; readonly permissionSetArn: string } | { readonly groupId: string };
  readonly durationSeconds: number;
  readonly startsAt: string;
  readonly endsAt?: string;
  readonly endingAt?: string;
  readonly sessionSeconds: number;
  readonly expiresAt?: string;
  readonly failure?: string;
  readonly endedAt?: string;
  readonly sessionsCutAt?: string;
  readonly sessionsLeft?: 'kept' | 'unguarded';
  /** Only of a request whose time joined an access: the id of the request that the access began with. */
  readonly accessId?: string;
}

/** A request, and when it entered each state; true time in milliseconds. */
export interface Tracked {
  readonly request: SeenRequest;
  readonly enteredMs: Readonly<Partial<Record<RequestState, number>>>;
}

/**
 * Reads the stream of the request table, as the audit does, and checks each change: invariants 4, 6 and 9. The other
 * watchers read what it has collected.
 */
export class RequestWatch {
  readonly requests = new Map<string, Tracked>();
  /** The existing lease items, by the key of their assignment. */
  readonly leases = new Map<string, SeenLease>();
  /** When Glasshammer last removed each assignment, by its key; true time in milliseconds. */
  readonly removedMs = new Map<string, number>();
  /** Each request item as it was first written, for the step that restores it. */
  readonly firstImages = new Map<string, Readonly<Record<string, unknown>>>();
  /** Each request item as it last was before its access was granted. */
  readonly ungrantedImages = new Map<string, Readonly<Record<string, unknown>>>();
  /** The latest end of access that the program wrote for each assignment, by its key; true time in milliseconds. */
  readonly endsMs = new Map<string, number>();
  /** True time of each change of the version that tells functions that the policies changed; milliseconds. */
  readonly versionsMs: number[] = [];
  readonly #reportViolation: ReportViolation;

  constructor(reportViolation: ReportViolation) {
    this.#reportViolation = reportViolation;
  }

  /** Takes one change of the request table, at the true time `nowMs`. */
  read({ eventName, dynamodb }: StreamRecord, nowMs: number): void {
    const id = String((dynamodb.Keys as { id: { S: string } }).id.S);
    if (id.startsWith('assignment#') || id.startsWith('membership#')) {
      if (eventName === 'REMOVE') this.leases.delete(id);
      else this.leases.set(id, seenLease(dynamodb.NewImage ?? {}));
    }
    if (id.startsWith('removed#')) this.removedMs.set(id.slice('removed#'.length), nowMs);
    if (id === 'control#access-version') this.versionsMs.push(nowMs);
    if (!id.startsWith('req-')) return;
    if (dynamodb.NewImage === undefined) {
      this.#reportViolation(4, `the item of ${id} was deleted`);
      this.requests.delete(id);
      return;
    }
    if (!this.firstImages.has(id)) this.firstImages.set(id, dynamodb.NewImage);
    const next = unmarshall(dynamodb.NewImage as never) as SeenRequest;
    if (WAITING_STATES.includes(next.state)) this.ungrantedImages.set(id, dynamodb.NewImage);
    if (next.state === 'granting' || next.state === 'active') {
      const key = keyOf(next);
      this.endsMs.set(key, Math.max(this.endsMs.get(key) ?? 0, Date.parse(next.endsAt ?? '')));
    }
    const known = this.requests.get(id);
    check(known?.request, next, this.#reportViolation);
    const entered = known?.enteredMs[next.state] === undefined ? { [next.state]: nowMs } : {};
    this.requests.set(id, { request: next, enteredMs: { ...known?.enteredMs, ...entered } });
  }

  /** Whether a sweep could have work now or soon. A report that waits for CloudTrail is no such work. */
  isAnythingOpen(nowMs: number): boolean {
    return this.isAnythingDue(nowMs) || this.open().some(({ state }) => state !== 'ended');
  }

  /**
   * Whether a request is due, or a lease item has no live request. In any other case a sweep reads and finds nothing to
   * do.
   */
  isAnythingDue(nowMs: number): boolean {
    const open = this.open();
    const held = open.filter(({ state }) => state === 'granting' || state === 'active' || state === 'ending');
    if (this.leases.size > new Set(held.map(keyOf)).size || this.#isCutOwed(nowMs)) return true;
    return open.some((request) => dueMs(request) <= nowMs);
  }

  /**
   * A failed grant may have made an assignment whose sessions must be cut, and the workflow that should cut them may
   * have died.
   */
  #isCutOwed(nowMs: number): boolean {
    const owes = ({ request: { endedAt, ...request } }: Tracked) =>
      request.state === 'failed' &&
      endedAt !== undefined &&
      Date.parse(endedAt) + CUT_LATE_MS <= nowMs &&
      mayBeCut({ ...request, endedAt }, new Date(nowMs).toISOString());
    return [...this.requests.values()].some(owes);
  }

  /** Whether any request holds access or is about to. */
  isAnythingHeld(): boolean {
    return this.open().some(({ state }) => state !== 'ended' && state !== 'pending');
  }

  /**
   * Requests that are not at their end; an ended request still needs its report, or an event that says why there is
   * none.
   */
  open(): SeenRequest[] {
    return [...this.requests.values()].map(({ request }) => request).filter((request) => !isSettled(request));
  }
}

/** The sweep sends a report that is three hours late; an hour less, for skewed clocks. */
const REPORT_LATE_MS = 2 * 3600_000;

/** The sweep cuts sessions that are not cut after ten minutes; a minute less, for skewed clocks. */
const CUT_LATE_MS = 9 * 60_000;

/** From when on a sweep may have work with this request; milliseconds. */
function dueMs(request: SeenRequest): number {
  const { state, startsAt, endsAt, endingAt, expiresAt, sessionSeconds } = request;
  const parsed = (at: string | undefined) => (at === undefined ? Number.NEGATIVE_INFINITY : Date.parse(at));
  switch (state) {
    case 'pending':
      return parsed(expiresAt);
    case 'approved':
    case 'scheduled':
      return parsed(startsAt);
    case 'ended': {
      const { endedAt = endingAt } = request;
      // A group membership, or an assignment that was standing, has no sessions that can be cut.
      return endedAt !== undefined && mayBeCut({ ...request, endedAt }, endedAt)
        ? parsed(endingAt) + CUT_LATE_MS
        : parsed(endingAt) + (request.sessionsCutAt === undefined ? sessionSeconds * 1000 : 0) + REPORT_LATE_MS;
    }
    default:
      return parsed(endingAt ?? endsAt);
  }
}

/** The key of a request's assignment, as in its lease item. */
export function keyOf({ requester, target }: SeenRequest): string {
  return assignmentKey({ principalId: requester.principalId, target });
}

function seenLease(image: Readonly<Record<string, unknown>>): SeenLease {
  const { removing, leases, releasedAt } = unmarshall(image as never) as {
    removing?: unknown;
    leases?: ReadonlySet<string>;
    releasedAt?: unknown;
  };
  return { removing: removing !== undefined, leases: leases?.size ?? 0, released: releasedAt !== undefined };
}

/** Whether a request is reported, at another end, or says that no report could be sent. */
function isSettled({ state, events }: SeenRequest): boolean {
  if (state === 'ended') return events.some(({ type }) => type === 'report-unsent');
  return isOver(state);
}

function check(before: SeenRequest | undefined, after: SeenRequest, reportViolation: ReportViolation): void {
  const { id } = after;
  const old = before?.events ?? [];
  const added = after.events.slice(old.length);
  const say = (what: string) => `request ${id}: ${what}; events ${after.events.map(({ type }) => type).join(', ')}`;
  if (JSON.stringify(after.events.slice(0, old.length)) !== JSON.stringify(old)) {
    reportViolation(4, say('its history was rewritten'));
  }
  if (before !== undefined && isTerminal(before.state) && after.state !== before.state) {
    reportViolation(6, say(`it was ${before.state} and became ${after.state}`));
  }
  if (before !== undefined && added.length > 1) reportViolation(4, say('one change wrote two events'));
  if (before?.state === 'active' && after.state === 'ending') checkEnd(after, reportViolation);
  let state = before?.state;
  for (const event of added) {
    if (event.state === undefined) continue;
    if (state !== undefined && !TRANSITIONS[state].includes(event.state)) {
      reportViolation(4, say(`there is no way from ${state} to ${event.state}`));
    }
    state = event.state;
  }
  if (state !== after.state) reportViolation(4, say(`it became ${after.state} without an event`));
  const voters = after.events.filter(({ type }) => type === 'vote').map(({ by }) => by);
  if (new Set(voters).size < voters.length) reportViolation(4, say('a vote was written twice'));
}

/** How far the clocks of two functions may disagree here. Milliseconds. */
const CLOCKS_MS = 90_000;

/** The program ends access early only for a reason: a person ended it, somebody removed it, or its workflow stopped. */
function checkEnd({ id, events, endsAt = '', failure }: SeenRequest, reportViolation: ReportViolation): void {
  const ending = events.findLast((event) => event.state === 'ending');
  if (ending === undefined || ending.by !== SYSTEM_ACTOR || failure !== undefined) return;
  if (events.some(({ type }) => type === 'workflow-stopped' || type === 'removed-by-others')) return;
  if (ending.note?.startsWith(WORKFLOW_STOPPED)) return;
  const early = Date.parse(endsAt) - Date.parse(ending.at);
  if (early > CLOCKS_MS) reportViolation(9, `${id} was ended ${early / 1000} s before its end, for no reason`);
}

function isTerminal(state: RequestState): boolean {
  return TRANSITIONS[state].length === 0;
}
