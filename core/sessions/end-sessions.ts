import { knownRequest } from '../access/lease/known-request.ts';
import { knewOfGrant } from '../access/lease/revoke/revoke-lost.ts';
import { mayRepeat } from '../access/notify/repeated-events.ts';
import type { LeaseStore, RequestStore } from '../access/ports.ts';
import { RequestNotFoundError } from '../model/errors.ts';
import { after, happen, isInstant } from '../model/events.ts';
import type { RequestState } from '../model/request.ts';
import { type AccessRequest, assignmentOf } from '../model/request.ts';
import { type Assignment, type AssignmentTarget, isGroupTarget } from '../model/target.ts';
import type { ChangeGuardServices, GuardChange } from './change-guard.ts';
import { cutSessions, cutTimes, type EndedSessions } from './cut-sessions.ts';
import { GUARD_POLICIES, type GuardForm } from './guard-policy.ts';
import { LONGEST_SESSION_SECONDS, mayBeCut, type ReportTimes, reportTimesOf } from './live-sessions.ts';
import { type Boundaries, guardOf } from './ports.ts';

export interface EndSessionsServices extends ChangeGuardServices {
  readonly requests: Pick<RequestStore, 'get' | 'change'>;
  readonly leases: Pick<LeaseStore, 'holdBack'>;
  readonly boundaries: Pick<Boundaries, 'stateOf'>;
  /** To name a permission set when the request does not. */
  readonly permissionSets: readonly { readonly name: string; readonly arn: string }[];
  /** How long CloudTrail may take to deliver, in seconds. */
  readonly deliveryDelaySeconds: number;
  /** Makes the name under which a run holds an account's lock. */
  readonly newHolder: () => string;
}

/** What the workflow does next after it tried to cut sessions. */
export interface EndSessionsAnswer extends ReportTimes {
  /** `done`: they are cut, or nobody can or need cut them. `again`: not yet. `over`: done, and there is no request to tell of it. */
  readonly next: 'done' | 'again' | 'over';
  /** Is access to report on? */
  readonly report: boolean;
  /** How long to wait before the next try. */
  readonly waitSeconds: number;
  /** Set when it did not work, for whoever counts towards the alarm. */
  readonly failed?: string;
  /** A guard that is attached to the permission set grants something, for whoever counts towards that alarm. */
  readonly grants?: boolean;
}

/** Between two tries: less than the alarm looks at at once, so that it lasts as long as the failing. Seconds. */
const FIRST_TRY_SECONDS = 2;
const LONGEST_TRY_SECONDS = 240;
/** The same where no request says how long it has been tried. Seconds. */
const LOST_TRY_SECONDS = 60;

/** In these the assignment is gone; `failed` is access that was never confirmed, whose credentials may have been fetched all the same. */
const GONE_STATES: readonly RequestState[] = ['ended', 'reported', 'failed'];

/**
 * Cuts the sessions of an access whose assignment is gone, and writes down that it is done once it was read back. Safe to run any
 * number of times, by any number of workers. What fails is told, and tried again by the workflow until the last session has run out.
 *
 * @param made what the workflow gave, should the request table know nothing of it
 * @param cutSince when it was first seen to be gone (ISO 8601), should the request table know nothing of that either; absent: now
 * @throws RequestNotFoundError; whatever the request table throws, for the workflow to retry
 */
export async function endSessions(
  requestId: string,
  services: EndSessionsServices,
  made?: Assignment,
  cutSince?: string,
): Promise<EndSessionsAnswer> {
  const request = await (made === undefined
    ? services.requests.get(requestId)
    : knownRequest(requestId, services.requests));
  if (made !== undefined && !knewOfGrant(request))
    return endLost(made, request, notAfter(services.now().toISOString(), cutSince), services);
  if (request === undefined) throw new RequestNotFoundError(`no request ${requestId}`);
  if (!mayBeCut(request, services.now().toISOString())) return answer(request, 'done', services);
  const { endedAt = request.endsAt, sessionSeconds, names } = request;
  const outcome = await tryCut(
    assignmentOf(request),
    { goneAt: endedAt, sessionSeconds, permissionSetName: names.permissionSetName },
    services,
  );
  switch (outcome) {
    case 'in-force':
      return noteCut(request, services);
    case 'unguarded':
      return noteUnguarded(request, services);
    case 'busy':
      // Another access of the same account is being cut in this moment; that is no failure.
      return answer(request, 'again', services);
    default:
      return { ...(await noteFailure(request, outcome.why, services)), ...failureOf(outcome) };
  }
}

/**
 * The workflow gave it and has seen it go, and no record says when, or how long its sessions last. So the latest that can be is
 * taken for true.
 */
async function endLost(
  made: Assignment,
  request: AccessRequest | undefined,
  goneAt: string,
  services: EndSessionsServices,
): Promise<EndSessionsAnswer> {
  const outcome = await tryCut(made, { goneAt, sessionSeconds: LONGEST_SESSION_SECONDS }, services);
  const next = outcome === 'in-force' || outcome === 'unguarded' ? (request === undefined ? 'over' : 'done') : 'again';
  const times = { report: false, reportAt: '', firstReportAt: '' };
  const failed = typeof outcome === 'string' ? {} : failureOf(outcome);
  return { next, ...times, waitSeconds: outcome === 'busy' ? FIRST_TRY_SECONDS : LOST_TRY_SECONDS, ...failed };
}

/** Nothing was seen to go later than now, whatever an execution was started with: sessions to come would be denied. */
function notAfter(now: string, cutSince = now): string {
  return isInstant(cutSince) && cutSince < now ? cutSince : now;
}

type Outcome = 'in-force' | 'unguarded' | 'busy' | { readonly why: string; readonly grants?: boolean };

function failureOf({ why, grants = false }: Exclude<Outcome, string>): Pick<EndSessionsAnswer, 'failed' | 'grants'> {
  return { failed: why, ...(grants ? { grants } : {}) };
}

/** What is known of the sessions of an assignment that is gone. */
interface Known extends Pick<EndedSessions, 'goneAt' | 'sessionSeconds'> {
  readonly permissionSetName?: string | undefined;
}

async function tryCut(assignment: Assignment, known: Known, services: EndSessionsServices): Promise<Outcome> {
  try {
    const { target } = assignment;
    if (isGroupTarget(target)) return 'unguarded';
    const state = await services.boundaries.stateOf(target.permissionSetArn, target.accountId);
    const guard = guardOf(state);
    if (guard === undefined) return 'unguarded';
    if (guard.isOutdated) return { why: WHY_OUTDATED };
    const ended = await sessionsOf({ principalId: assignment.principalId, target }, known, services);
    const change = await cutSessions(ended, guard.form, services.newHolder(), services);
    if (change === 'in-force' || change === 'busy') return change;
    return { why: whyNot(change, guard.form), grants: change === 'grants' };
  } catch (error) {
    return { why: error instanceof Error ? error.name : 'unknown error' };
  }
}

const WHY_OUTDATED = 'the account has an older version of the permission set, without its guard; provision it';

/** Whose boundary is the guard, whose account must have it: that it has none is no reason to leave sessions alone. */
function whyNot(change: Exclude<GuardChange, 'in-force' | 'busy'>, form: GuardForm): string {
  const { name } = GUARD_POLICIES[form];
  switch (change) {
    case 'unguarded':
      return `the account has no policy ${name}, or no role that may write it`;
    case 'edited':
      return `somebody has edited the policy ${name} of the account by hand; it is not overwritten`;
    case 'grants':
      return `somebody has edited the policy ${name} of the account by hand, and it grants something; it is not overwritten`;
    case 'full':
      return `the policy ${name} of the account has no room left; entries go when their sessions have run out`;
  }
}

/**
 * A new grant of the same access waits until the margin is over. Where one came before anybody could have it wait, the margin ends
 * with it.
 */
async function sessionsOf(
  assignment: Assignment & { readonly target: AssignmentTarget },
  known: Known,
  services: EndSessionsServices,
): Promise<EndedSessions> {
  const { principalId, target } = assignment;
  const named = services.permissionSets.find(({ arn }) => arn === target.permissionSetArn)?.name;
  const permissionSetName = known.permissionSetName ?? named;
  if (permissionSetName === undefined) throw new UnknownPermissionSetName(target.permissionSetArn);
  const ended = { ...known, principalId, accountId: target.accountId, permissionSetName };
  // With milliseconds, as all that is compared as text with the time it is.
  const opensAt = after(cutTimes(ended).issuedBefore, 0);
  const item = await services.leases.holdBack(assignment, opensAt);
  const [holder] = item?.leases ?? [];
  const again = holder === undefined ? undefined : await knownRequest(holder, services.requests);
  return again === undefined || again.startsAt === '' ? ended : { ...ended, givenAgainAt: again.startsAt };
}

class UnknownPermissionSetName extends Error {
  override readonly name = 'UnknownPermissionSetName';
}

async function noteCut(request: AccessRequest, services: EndSessionsServices): Promise<EndSessionsAnswer> {
  const at = services.now().toISOString();
  return write(request, services, {
    event: happen('sessions-cut', at),
    eventsSeen: request.events.length,
    set: { sessionsCutAt: at },
  });
}

function noteUnguarded(request: AccessRequest, services: EndSessionsServices): Promise<EndSessionsAnswer> {
  const at = services.now().toISOString();
  return write(request, services, {
    event: happen('sessions-left', at, { note: 'the permission set has no session guard' }),
    eventsSeen: request.events.length,
    set: { sessionsLeft: 'unguarded' },
  });
}

async function write(
  request: AccessRequest,
  services: EndSessionsServices,
  change: Omit<Parameters<RequestStore['change']>[1], 'from'>,
): Promise<EndSessionsAnswer> {
  const result = await services.requests.change(request.id, { from: GONE_STATES, ...change });
  if (result.request === undefined) throw new RequestNotFoundError(`no request ${request.id}`);
  // Something else happened to it in this instant; what is in force stays so, and the next run writes it down.
  return answer(result.request, result.changed ? 'done' : 'again', services);
}

async function noteFailure(
  request: AccessRequest,
  why: string,
  services: EndSessionsServices,
): Promise<EndSessionsAnswer> {
  const at = services.now().toISOString();
  if (mayRepeat(request, 'sessions-cut-failed', at, why))
    await services.requests.change(request.id, {
      from: GONE_STATES,
      event: happen('sessions-cut-failed', at, { note: why }),
      eventsSeen: request.events.length,
    });
  return answer(request, 'again', services);
}

function answer(
  request: AccessRequest,
  next: EndSessionsAnswer['next'],
  services: EndSessionsServices,
): EndSessionsAnswer {
  const report = request.state === 'ended';
  const now = services.now();
  const { endedAt = now.toISOString() } = request;
  const spent = (now.getTime() - new Date(endedAt).getTime()) / 1000;
  return {
    next,
    report,
    ...reportTimesOf(report, { ...request, endedAt }, services.deliveryDelaySeconds),
    waitSeconds: Math.min(LONGEST_TRY_SECONDS, Math.max(FIRST_TRY_SECONDS, Math.floor(spent / 4))),
  };
}
