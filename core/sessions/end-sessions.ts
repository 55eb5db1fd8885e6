import { readableRequest } from '../access/lease/readable-request.ts';
import { owingReport, recordsGrantOf } from '../access/lease/revoke/revoke-lost.ts';
import { mayRepeat } from '../access/notify/repeated-events.ts';
import type { LeaseStore, RequestStore } from '../access/ports.ts';
import { RequestNotFoundError } from '../model/errors.ts';
import { after, happen, isInstant } from '../model/events.ts';
import { isOver } from '../model/life-cycle.ts';
import { type AccessRequest, assignmentOf, type EventType, type RequestState } from '../model/request.ts';
import { type Assignment, type AssignmentTarget, isGroupTarget } from '../model/target.ts';
import type { ChangeGuardServices, GuardChange } from './change-guard.ts';
import { cutSessions, cutTimes, type EndedSessions } from './cut-sessions.ts';
import type { GuardNames } from './guard-policy.ts';
import {
  areSessionsSettled,
  endedBy,
  LONGEST_SESSION_SECONDS,
  mayBeCut,
  type ReportTimes,
  reportTimesOf,
} from './live-sessions.ts';
import { type Boundaries, guardOf } from './ports.ts';

export interface EndSessionsServices extends ChangeGuardServices {
  readonly requests: Pick<RequestStore, 'get' | 'change'>;
  readonly leases: Pick<LeaseStore, 'holdBack'>;
  readonly boundaries: Pick<Boundaries, 'stateOf' | 'sessionsOf'>;
  /** The deployment's names of the guard policies, for the note of a failure. */
  readonly policies: GuardNames['policies'];
  /** How long CloudTrail may take to deliver, in seconds. */
  readonly deliveryDelaySeconds: number;
  /** Makes a unique name under which a run holds an account's lock. */
  readonly newHolder: () => string;
}

/** What the workflow does next after it tried to cut sessions. */
export interface EndSessionsAnswer extends ReportTimes {
  /**
   * `done`: sessions are cut, or cannot or need not be. `again`: not yet. `over`: done, and no request to note it in.
   */
  readonly next: 'done' | 'again' | 'over';
  /** Is a report owed? */
  readonly report: boolean;
  /** How long to wait before the next try. */
  readonly waitSeconds: number;
  /** Why the try failed, if it did; each failure counts towards the alarm. */
  readonly failed?: string;
  /** An attached guard grants something; this counts towards an alarm of its own. */
  readonly grants?: boolean;
}

/**
 * The wait between two tries is shorter than the alarm's period, so that the alarm stays on while tries fail. Seconds.
 */
const FIRST_TRY_SECONDS = 2;
const LONGEST_TRY_SECONDS = 240;
/** The wait where no request says for how long it has been tried. Seconds. */
const LOST_TRY_SECONDS = 60;

/** States without the assignment. In `failed`, access was never confirmed, but credentials may have been fetched. */
const GONE_STATES: readonly RequestState[] = ['ended', 'reported', 'failed'];

/** Events that say what became of the sessions. */
const SETTLING: readonly EventType[] = ['sessions-cut', 'sessions-left'];

/**
 * Cuts the sessions of an access whose assignment is gone, and notes it once the policy in force was read back. Safe to
 * run any number of times, even concurrently. A failure is returned, and the workflow tries again until the last
 * session has expired.
 *
 * What is denied is not taken from the request alone: an attacker who may write requests could have other sessions cut,
 * or these for a moment only. The name and the duration of the permission set are asked of Identity Center.
 *
 * @param made what the workflow granted, in case the request table has no record of it, or another one
 * @param cutSince when it was first seen to be gone (ISO 8601), in case the request table has no record of that;
 * absent: now
 * @throws RequestNotFoundError; any error of the request table, for the workflow to retry
 */
export async function endSessions(
  requestId: string,
  services: EndSessionsServices,
  made?: Assignment,
  cutSince?: string,
): Promise<EndSessionsAnswer> {
  const request = await (made === undefined
    ? services.requests.get(requestId)
    : readableRequest(requestId, services.requests));
  if (made !== undefined && !recordsGrantOf(made, request))
    return endLost(made, request, notAfter(services.now().toISOString(), cutSince), services);
  if (request === undefined) throw new RequestNotFoundError(`no request ${requestId}`);
  const answered = await endOf(request, services, made !== undefined);
  return made === undefined ? answered : owingReport(answered, request, services);
}

/** @param isOwn whether the workflow that gave the access asks, which believes no event that somebody may have added */
async function endOf(
  request: AccessRequest,
  services: EndSessionsServices,
  isOwn: boolean,
): Promise<EndSessionsAnswer> {
  const now = services.now().toISOString();
  // Any role that may write requests can add an event, so the workflow that gave the access looks for itself.
  const events = isOwn ? request.events.filter(({ type }) => !SETTLING.includes(type)) : request.events;
  if (!mayBeCut({ ...request, events }, now)) return answer(request, 'done', services);
  const { endedAt = request.endsAt, sessionSeconds } = request;
  const outcome = await tryCut(assignmentOf(request), { goneAt: notAfter(now, endedAt), sessionSeconds }, services);
  switch (outcome) {
    case 'in-force':
      return noteCut(request, services);
    case 'unguarded':
      return noteUnguarded(request, services);
    case 'busy':
      // Another access of the same account is being cut at this moment; that is not a failure.
      return answer(request, 'again', services);
    default:
      return { ...(await noteFailure(request, outcome.why, services)), ...failureOf(outcome) };
  }
}

/**
 * The workflow granted the access and saw it go, but no record says when, or how long its sessions last. So the latest
 * possible time and the longest session are assumed.
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

/**
 * Not later than now: the instant comes from an execution's input or from an item that others may write, and a future
 * one would deny future sessions.
 */
function notAfter(now: string, cutSince = now): string {
  return isInstant(cutSince) && cutSince < now ? cutSince : now;
}

type Outcome = 'in-force' | 'unguarded' | 'busy' | { readonly why: string; readonly grants?: boolean };

function failureOf({ why, grants = false }: Exclude<Outcome, string>): Pick<EndSessionsAnswer, 'failed' | 'grants'> {
  return { failed: why, ...(grants ? { grants } : {}) };
}

/** What is known about the sessions of an assignment that is gone. */
type Known = Pick<EndedSessions, 'goneAt' | 'sessionSeconds'>;

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
    return { why: whyNot(change, services.policies[guard.form].name), grants: change === 'grants' };
  } catch (error) {
    return { why: error instanceof Error ? error.name : 'unknown error' };
  }
}

const WHY_OUTDATED = 'the account has an older version of the permission set, without its guard; provision it';

/** Why a cut failed. The set has the guard, so an account without the policy is a failure here, not `unguarded`. */
function whyNot(change: Exclude<GuardChange, 'in-force' | 'busy'>, name: string): string {
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
 * Makes a new grant of the same access wait for the end of the margin. A grant that came before ends the margin.
 *
 * The longer of both durations counts: the set's own may have been shortened since, and the request may be altered.
 */
async function sessionsOf(
  assignment: Assignment & { readonly target: AssignmentTarget },
  known: Known,
  services: EndSessionsServices,
): Promise<EndedSessions> {
  const { principalId, target } = assignment;
  const { goneAt } = known;
  const set = await services.boundaries.sessionsOf(target.permissionSetArn);
  if (set === undefined) throw new UnknownPermissionSet(target.permissionSetArn);
  const sessionSeconds = Math.max(known.sessionSeconds, set.sessionSeconds);
  const ended = { ...set, goneAt, sessionSeconds, principalId, accountId: target.accountId };
  // `after` adds milliseconds, as `opensAt` is compared as text with times that have them.
  const opensAt = after(cutTimes(ended).issuedBefore, 0);
  const item = await services.leases.holdBack(assignment, opensAt);
  const [holder] = item?.leases ?? [];
  const again = holder === undefined ? undefined : await readableRequest(holder, services.requests);
  // A new access may begin before the old one was seen gone. An unreadable start is forged: no date can be made of it.
  return isInstant(again?.startsAt) ? { ...ended, givenAgainAt: again.startsAt } : ended;
}

/** The permission set had the guard a moment ago, and does not exist any more. */
class UnknownPermissionSet extends Error {
  override readonly name = 'UnknownPermissionSet';
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
  if (areSessionsSettled(request.events)) return answer(request, 'done', services);
  const result = await services.requests.change(request.id, { from: GONE_STATES, ...change });
  if (result.request === undefined) throw new RequestNotFoundError(`no request ${request.id}`);
  // The request changed in the same instant. The cut stays in force, and the next run notes it; not in a request that
  // somebody has moved to another last state, where nothing is noted.
  const { state } = result.request;
  const isNoted = result.changed || (isOver(state) && !GONE_STATES.includes(state));
  return answer(result.request, isNoted ? 'done' : 'again', services);
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
  const endedAt = endedBy(request, now.toISOString()) ?? now.toISOString();
  const spent = (now.getTime() - new Date(endedAt).getTime()) / 1000;
  return {
    next,
    report,
    ...reportTimesOf(report, { ...request, endedAt }, services.deliveryDelaySeconds),
    waitSeconds: Math.min(LONGEST_TRY_SECONDS, Math.max(FIRST_TRY_SECONDS, Math.floor(spent / 4))),
  };
}
