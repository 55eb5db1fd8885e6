import { isOver } from '../../../core/model/life-cycle.ts';
import { assignmentKey } from '../../../core/model/target.ts';
import { settleProvisioning } from '../../../sandbox/aws/identity-center/provisioning.ts';
import type { World } from '../../../sandbox/aws/world/world.ts';
import type { FaultBook } from '../faults.ts';
import { mayHave, type Rules, WANTED, type Wanted } from '../parts/fixture.ts';
import type { Arriving, Onlooker } from '../parts/network.ts';
import type { ReportViolation } from './invariants.ts';
import type { Outsiders } from './watch-outsiders.ts';
import { keyOf, type RequestWatch, type SeenRequest, type Tracked } from './watch-requests.ts';

/**
 * The promise: the sweep runs every five minutes, and leaves a workflow ninety seconds to do its own work.
 * Milliseconds.
 */
const SWEEP_MS = 5 * 60_000;
const GRACE_MS = 90_000;
/**
 * How long the sweep itself may take: a cold start, slow calls, and a conflict with a running Identity Center
 * operation.
 */
const WORK_MS = 120_000;
/**
 * Where Glasshammer's records are lost, only CloudTrail says that Glasshammer made an assignment. The watch leaves such
 * an assignment alone for ten minutes, one sweep may still end it by what the records say, and the next one removes it.
 */
const LOST_MS = 10 * 60_000 + 2 * SWEEP_MS;
/** Where the records say that the assignment was removed since, CloudTrail has an hour to report otherwise. */
const UNTOLD_MS = 3600_000;
/**
 * By design a decision is reused, and policies are kept in memory, for up to a minute; the clocks of two functions may
 * be half a minute apart.
 */
const FRESH_MS = 90_000;
/** A removal by an administrator is noticed within a minute of its CloudTrail event, which arrives seconds after it. */
const NOTICED_MS = 70_000;

/** The input of CreateAccountAssignment. */
interface Creation {
  readonly PrincipalId: string;
  readonly TargetId: string;
  readonly PermissionSetArn: string;
}

/** Rules that held from one instant on. */
interface Era {
  readonly rules: Rules;
  readonly kind: 'policy' | 'other';
  readonly fromMs: number;
}

/** Compares the assignments in Identity Center with the requests: invariants 1, 2, 3, 9, 10 and 11. */
export class AccessWatch implements Onlooker {
  readonly #world: World;
  readonly #requests: RequestWatch;
  readonly #faults: FaultBook;
  readonly #nowMs: () => number;
  readonly #reportViolation: ReportViolation;
  readonly #eras: Era[];
  #held = new Set<string>();
  readonly #outsiders: Outsiders;
  /** No faults happen in this history. */
  readonly #quiet: boolean;
  /** Glasshammer's own records are lost or altered in this history. */
  readonly #losing: boolean;
  readonly #lastHeldMs = new Map<string, number>();
  readonly #lastAbsentMs = new Map<string, number>();
  #slowestMs: number;

  constructor(parts: {
    readonly world: World;
    readonly requests: RequestWatch;
    readonly faults: FaultBook;
    readonly nowMs: () => number;
    readonly rules: Rules;
    readonly outsiders: Outsiders;
    readonly quiet: boolean;
    readonly losing: boolean;
    readonly reportViolation: ReportViolation;
  }) {
    this.#world = parts.world;
    this.#requests = parts.requests;
    this.#faults = parts.faults;
    this.#nowMs = parts.nowMs;
    this.#reportViolation = parts.reportViolation;
    this.#outsiders = parts.outsiders;
    this.#quiet = parts.quiet;
    this.#losing = parts.losing;
    this.#eras = [{ rules: parts.rules, kind: 'policy', fromMs: 0 }];
    this.#slowestMs = parts.world.provisioningSeconds * 1000;
    this.#held = this.#look();
  }

  /** The rules that hold now. */
  get rules(): Rules {
    return this.#eras.at(-1)?.rules as Rules;
  }

  /**
   * Changes the rules. Functions know of a changed access table when its version changes, and of anything else at once.
   */
  change(rules: Partial<Rules>, kind: Era['kind']): void {
    this.#eras.push({ rules: { ...this.rules, ...rules }, kind, fromMs: this.#nowMs() });
  }

  /** An administrator makes an assignment, which CloudTrail reports with this event. */
  gave(key: string, eventId: string): void {
    const sure = !this.#held.has(key) && !this.#requests.leases.has(key);
    this.#outsiders.gave(key, eventId, this.#nowMs(), sure);
  }

  /** An administrator removes an assignment, whether Glasshammer or somebody else made it. */
  took(key: string): void {
    this.#outsiders.took(key, this.#nowMs());
    if (this.#held.has(key)) this.#lastHeldMs.set(key, this.#nowMs());
  }

  isTheirs(key: string): boolean {
    return this.#outsiders.isTheirs(key);
  }

  /** Identity Center now takes this long per operation; milliseconds. */
  slower(ms: number): void {
    this.#slowestMs = Math.max(this.#slowestMs, ms);
  }

  isHeld(key: string): boolean {
    return this.#held.has(key);
  }

  /** Keys of the assignments that Glasshammer made and that exist. */
  ours(): string[] {
    return [...this.#held].filter((key) => !this.#outsiders.isTheirs(key));
  }

  /** The last instant at which the assignment existed, and at which it did not; milliseconds, 0 for never. */
  lastHeldMs(key: string): number {
    return this.#lastHeldMs.get(key) ?? 0;
  }

  lastAbsentMs(key: string): number {
    return this.#lastAbsentMs.get(key) ?? 0;
  }

  /** Called after each step of the timeline. */
  check(): void {
    const now = this.#nowMs();
    settleProvisioning(this.#world, now);
    this.#held = this.#look();
    for (const wanted of WANTED) {
      for (const principalId of wanted.who) {
        const key = assignmentKey({ principalId, target: wanted.target });
        (this.#held.has(key) ? this.#lastHeldMs : this.#lastAbsentMs).set(key, now);
      }
    }
    for (const key of this.#outsiders.given()) {
      if (this.#held.has(key) || !this.#outsiders.isMissed(key, now)) continue;
      this.#reportViolation(2, `${key} was made by others, and it was removed`);
    }
    for (const key of this.ours()) this.#checkEnd(key, now);
    for (const { request, enteredMs } of this.#requests.requests.values()) {
      this.#checkLength(request);
      const key = keyOf(request);
      if (request.state !== 'active' || this.#held.has(key)) continue;
      const taken = this.#outsiders.takenMs(key);
      // After the end, the sweep removes what no workflow has removed before it closes the request.
      const isDue = Date.parse(request.endsAt ?? '') <= now;
      if (taken < (enteredMs.granting ?? 0) && !isDue)
        this.#reportViolation(9, `${request.id} is active, and ${key} is gone`);
      if (this.#quiet && now - Math.max(taken, enteredMs.active ?? 0) > NOTICED_MS)
        this.#reportViolation(
          10,
          `${request.id} is active, and somebody took ${key} away ${(now - taken) / 1000} s ago`,
        );
    }
  }

  /** Called just before Identity Center creates an assignment or membership for Glasshammer. */
  arriving(call: Arriving): undefined {
    const { operation, input, invocation } = call;
    if (operation === 'sso-admin:CreateAccountAssignment') {
      const {
        PrincipalId: principalId,
        TargetId: accountId,
        PermissionSetArn: permissionSetArn,
      } = input as unknown as Creation;
      this.#checkAllowed(assignmentKey({ principalId, target: { accountId, permissionSetArn } }), invocation.startedMs);
    } else if (operation === 'identitystore:CreateGroupMembership') {
      const { GroupId, MemberId } = input as { GroupId: string; MemberId: { UserId: string } };
      const key = assignmentKey({ principalId: MemberId.UserId, target: { groupId: GroupId } });
      this.#checkAllowed(key, invocation.startedMs);
    }
  }

  #look(): Set<string> {
    const { assignments, memberships } = this.#world;
    const held = new Set<string>();
    for (const { principalType, principalId, accountId, permissionSetArn } of assignments) {
      if (principalType === 'USER') held.add(assignmentKey({ principalId, target: { accountId, permissionSetArn } }));
    }
    for (const { groupId, userId } of memberships) {
      if (WANTED.some(({ target }) => 'groupId' in target && target.groupId === groupId))
        held.add(assignmentKey({ principalId: userId, target: { groupId } }));
    }
    return held;
  }

  /** Checks that an access does not last longer than its policy allows, however many requests it consists of. */
  #checkLength({ id, state, startsAt, endsAt = '', target, accessId }: SeenRequest): void {
    if (state === 'active') {
      const longest = wantedOf(target)?.longestSeconds ?? 0;
      const seconds = (Date.parse(endsAt) - Date.parse(startsAt)) / 1000;
      if (seconds > longest) this.#reportViolation(11, `access ${id} lasts ${seconds} s, and ${longest} s are allowed`);
    }
    if (state !== 'joined') return;
    const root = this.#requests.requests.get(accessId ?? '')?.request;
    if (root === undefined || (root.endsAt ?? '') < endsAt)
      this.#reportViolation(
        11,
        `${id} has time until ${endsAt}, and its access ${accessId} ends ${root?.endsAt ?? 'never began'}`,
      );
  }

  #checkEnd(key: string, now: number): void {
    const leases = [...this.#requests.requests.values()].filter((tracked) => keyOf(tracked.request) === key);
    const ended = this.#losing ? (this.#requests.endsMs.get(key) ?? 0) : Math.max(0, ...leases.map(endOf));
    // Faults of what a removal needs excuse a late end, and so does a slow Identity Center.
    const from = Math.max(ended, this.#faults.lastNeededMs);
    const untold = this.#requests.removedMs.has(key) ? UNTOLD_MS : 0;
    const allowed = SWEEP_MS + GRACE_MS + WORK_MS + 3 * this.#slowestMs + (this.#losing ? LOST_MS + untold : 0);
    const late = now - from - allowed;
    if (late <= 0) return;
    const said = leases
      .map(({ request }) => `${request.id} ${request.state} until ${request.endsAt ?? '-'}`)
      .join(', ');
    this.#reportViolation(
      1,
      `${key} is still there ${Math.round((now - ended) / 1000)} s after its last lease ended, ${Math.round((now - from) / 1000)} s of them undisturbed; requests: ${said || 'none'}`,
    );
  }

  #checkAllowed(key: string, startedMs: number): void {
    // A call that a request made while it was granting may arrive after it stopped granting; its revoke has to find the
    // assignment.
    const candidates = [...this.#requests.requests.values()].filter(
      ({ request, enteredMs }) =>
        keyOf(request) === key &&
        enteredMs.granting !== undefined &&
        Math.min(enteredMs.active ?? Number.POSITIVE_INFINITY, enteredMs.ending ?? Number.POSITIVE_INFINITY) >=
          startedMs,
    );
    const allowed = candidates.some(({ request }) => this.#eraAllows(request, startedMs));
    if (allowed) return;
    const said = [...this.#requests.requests.values()]
      .filter(({ request }) => keyOf(request) === key)
      .map(({ request }) => `${request.id} ${request.state}, votes ${request.votes.length}`)
      .join(', ');
    this.#reportViolation(3, `${key} is made although the rules forbid it; requests: ${said || 'none'}`);
  }

  /** Whether any rules allowed the request that the function could still know when its invocation began. */
  #eraAllows({ requester, votes, durationSeconds, target }: SeenRequest, startedMs: number): boolean {
    const wanted = wantedOf(target);
    if (wanted === undefined) return false;
    const ask = { principalId: requester.principalId, wanted, durationSeconds, votes };
    return this.#eras.some(({ rules }, index) => {
      const next = this.#eras[index + 1];
      return (next === undefined || this.#knownMs(next) >= startedMs) && mayHave(rules, ask);
    });
  }

  /**
   * When functions could know of these rules at the latest. Whether a user is disabled or gone is not looked up again
   * while a decision is fresh.
   */
  #knownMs({ fromMs, kind, rules }: Era): number {
    if (kind === 'other') return rules.frozen ? fromMs : fromMs + FRESH_MS;
    const version = this.#requests.versionsMs.find((at) => at >= fromMs) ?? Number.POSITIVE_INFINITY;
    return Math.min(version, fromMs + 2 * FRESH_MS);
  }
}

function wantedOf(target: SeenRequest['target']): Wanted | undefined {
  return WANTED.find((wanted) => JSON.stringify(sorted(wanted.target)) === JSON.stringify(sorted(target)));
}

function sorted(value: object): [string, unknown][] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** True time at which this request's claim to the assignment ended or ends; milliseconds. */
function endOf({ request, enteredMs }: Tracked): number {
  const ending = enteredMs.ending ?? Number.POSITIVE_INFINITY;
  if (request.state === 'granting' || request.state === 'active') return Date.parse(request.endsAt ?? '');
  if (enteredMs.granting === undefined && enteredMs.active === undefined) return 0;
  return isOver(request.state) || request.state === 'ending' ? Math.min(ending, Date.parse(request.endsAt ?? '')) : 0;
}
