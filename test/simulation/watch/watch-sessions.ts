import { isOver } from '../../../core/model/life-cycle.ts';
import { assignmentKey } from '../../../core/model/target.ts';
import type { PortalSession } from '../../../sandbox/aws/identity-center/permission-set-roles.ts';
import { fetchCredentials, type PortalRole, useCredentials } from '../../../sandbox/aws/identity-center/portal.ts';
import type { World } from '../../../sandbox/aws/world/world.ts';
import type { FaultBook } from '../faults.ts';
import { WANTED } from '../parts/fixture.ts';
import type { ReportViolation } from './invariants.ts';
import type { AccessWatch } from './watch-access.ts';
import { keyOf, type RequestWatch, type Tracked } from './watch-requests.ts';

/** How often a person with access fetches credentials, and how often the credentials are tried. Milliseconds. */
const FETCH_EVERY_MS = 60_000;
const TRY_EVERY_MS = 5_000;
/**
 * On a quiet day sessions are cut within seconds; this allows for slow calls, cold starts and a concurrent policy
 * write.
 */
const QUIET_MS = 60_000;
/**
 * A cut that its workflow did not make is due after ten minutes, and the sweep that makes it runs every five; the rest
 * is for the pauses between retries.
 */
const LATEST_MS = 25 * 60_000;
/** A new grant waits for the margin by a clock that may be half a minute off. On a quiet day all clocks are right. */
const SETTLED_MS = 90_000;

interface Parts {
  readonly world: World;
  readonly requests: RequestWatch;
  readonly access: AccessWatch;
  readonly faults: FaultBook;
  readonly quiet: boolean;
  readonly nowMs: () => number;
  readonly reportViolation: ReportViolation;
}

/**
 * Plays a person who keeps the credentials they fetched and tries them long after the end (invariant 12), and a person
 * who has access again and whose new credentials must work whatever was cut before.
 */
export class SessionsWatch {
  readonly #parts: Parts;
  readonly #kept = new Map<string, PortalSession[]>();
  #triedMs = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Called after each step of the timeline. */
  check(): void {
    const now = this.#parts.nowMs();
    if (now - this.#triedMs < TRY_EVERY_MS) return;
    this.#triedMs = now;
    for (const { target, who } of WANTED) {
      if ('groupId' in target || !this.#isGuarded(target.permissionSetArn)) continue;
      for (const principalId of who) this.#try({ principalId, ...target }, now);
    }
  }

  #isGuarded(permissionSetArn: string): boolean {
    const set = this.#parts.world.permissionSets.find(({ arn }) => arn === permissionSetArn);
    return set?.permissionsBoundary !== undefined;
  }

  #try(role: PortalRole, now: number): void {
    const { access, requests, world, reportViolation } = this.#parts;
    const { principalId, ...target } = role;
    const key = assignmentKey({ principalId, target });
    const kept = this.#kept.get(key) ?? [];
    this.#kept.set(key, kept);
    // Sessions of an assignment that an administrator made may go on.
    if (access.isTheirs(key)) {
      kept.length = 0;
      return;
    }
    const tracked = [...requests.requests.values()].filter(({ request }) => keyOf(request) === key);
    if (access.isHeld(key)) {
      const active = tracked.find(({ request }) => request.state === 'active');
      const since = active?.enteredMs.active ?? now;
      const isNew = active !== undefined && (kept.at(-1)?.issuedAtMs ?? 0) < since;
      if (isNew || now - (kept.at(-1)?.issuedAtMs ?? 0) >= FETCH_EVERY_MS) {
        const session = fetchCredentials(world, role, now);
        if (session !== undefined) kept.push(session);
      }
      const newest = kept.at(-1);
      const settledMs = this.#parts.quiet ? 0 : SETTLED_MS;
      if (active === undefined || newest === undefined || newest.issuedAtMs < since + settledMs) return;
      const use = useCredentials(world, newest, 's3:ListAllMyBuckets', now);
      // Credentials also expire by themselves, after an hour; newer ones were fetched before that.
      if (!use.allowed)
        reportViolation(12, `${active.request.id} is active, and new credentials for ${key} do not work: ${use.why}`);
      return;
    }
    if (kept.length === 0 || !tracked.every(({ request }) => isOver(request.state))) return;
    if (tracked.some(({ request }) => request.sessionsLeft === 'kept')) return;
    const goneMs = Math.max(access.lastHeldMs(key), ...tracked.map(endedMs), this.#parts.faults.lastMs);
    const lateMs = now - goneMs - (this.#parts.quiet ? QUIET_MS : LATEST_MS);
    if (lateMs <= 0) return;
    for (const session of kept) {
      if (!useCredentials(world, session, 's3:ListAllMyBuckets', now).allowed) continue;
      reportViolation(
        12,
        `credentials for ${key} of ${new Date(session.issuedAtMs).toISOString()} still work ${Math.round((now - goneMs) / 1000)} s after the end`,
      );
    }
  }
}

/** True time at which the request was over; milliseconds. */
function endedMs({ enteredMs }: Tracked): number {
  return Math.max(enteredMs.ended ?? 0, enteredMs.failed ?? 0);
}
