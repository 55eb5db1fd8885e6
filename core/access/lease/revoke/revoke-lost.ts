import type { AuditFact } from '../../../audit/audit-event.ts';
import { MalformedItemError, RequestNotFoundError } from '../../../model/errors.ts';
import { after, isInstant } from '../../../model/events.ts';
import { type AccessEvent, type AccessRequest, SYSTEM_ACTOR } from '../../../model/request.ts';
import { type Assignment, assignmentIds, isGroupTarget } from '../../../model/target.ts';
import { CUT_MARGIN_SECONDS } from '../../../sessions/cut-sessions.ts';
import { LONGEST_SESSION_SECONDS } from '../../../sessions/live-sessions.ts';
import { WAS_THERE } from '../grant/check-creation.ts';
import { otherHolder } from '../held-by-another.ts';
import { knownRequest } from '../known-request.ts';
import { continueRemoval } from './removal.ts';
import type { RevokeServices } from './revoke-access.ts';
import type { RevokeAnswer } from './revoke-answer.ts';

/** The answer where the request is gone: nobody is left to tell, and nothing to report on. */
const OVER: RevokeAnswer = { next: 'over', report: false, firstReportAt: '', reportAt: '', waitSeconds: 0 };
const LOOK_SECONDS = 2;
const TRY_SECONDS = 5;

/** Between two tries of a cut, whose request is not there to say how long it has been tried. */
const CUT_AGAIN_SECONDS = 60;

/** Clocks of functions and of Step Functions differ by less. Seconds. */
const SKEW_SECONDS = 60;

export interface RevokeMadeServices extends RevokeServices {
  /** ISO 8601; when the workflow first came to cutting sessions. */
  readonly cutSince?: string | undefined;
  /**
   * Writes down that access was held of which no record speaks; the same id once. Never fails, whatever becomes of it.
   * @default - whoever has come before has written it down
   */
  readonly tellLost?: ((id: string, fact: AuditFact) => Promise<void>) | undefined;
}

/** An answer, and whether access was there of which the request table said nothing. */
export interface LostAnswer extends RevokeAnswer {
  readonly lost?: true;
}

/**
 * A step of the revoke that does not take the request table's word for it. What the workflow gave stands in the workflow too; where
 * the table knows nothing of it, because a record was deleted or the table is from a backup, it is removed all the same, and its
 * sessions are cut.
 *
 * @param made what the grant asked Identity Center for; `undefined` when it asked for nothing
 * @throws RequestNotFoundError where there is no request and nothing was made; whatever the step or Identity Center throws
 */
export async function revokeMade(
  requestId: string,
  made: Assignment | undefined,
  step: () => Promise<RevokeAnswer>,
  services: RevokeMadeServices,
): Promise<LostAnswer> {
  if (made === undefined) return step();
  const answer = await step().catch((error: unknown) => {
    if (error instanceof RequestNotFoundError || error instanceof MalformedItemError)
      return { ...OVER, lost: true as const };
    throw error;
  });
  if (!['done', 'cut', 'over'].includes(answer.next)) return answer;
  if (knewOfGrant(await knownRequest(requestId, services.requests))) return answer;
  const left = await removeUnknown(requestId, made, services);
  return left === undefined ? answer : { ...answer, ...left, lost: true };
}

/** Gone; what was fetched by it may live on, for as long as any session may where nobody knows better. */
function afterwards(made: Assignment, { now, cutSince }: RevokeMadeServices): Step | undefined {
  if (isGroupTarget(made.target)) return undefined;
  // It comes by the input of an execution too: what was seen to go at no instant, or at one to come, was seen by nobody.
  if (cutSince !== undefined && !(isInstant(cutSince) && cutSince <= after(now(), SKEW_SECONDS))) return undefined;
  const until = cutSince === undefined ? undefined : after(cutSince, CUT_MARGIN_SECONDS + LONGEST_SESSION_SECONDS);
  return until !== undefined && until <= now().toISOString()
    ? undefined
    : { next: 'cut', waitSeconds: CUT_AGAIN_SECONDS };
}

/** Identity Center may be making it yet, and nothing else tells of it: the sweep looks again, for as long as a grant can come late. */
async function haveItLookedFor(
  made: Assignment,
  requestId: string,
  { leases, now }: RevokeMadeServices,
): Promise<void> {
  const at = now().toISOString();
  const claimed = await leases.claim(made, requestId, at);
  if (claimed !== undefined) await leases.release(claimed, at);
}

function lostFact(requestId: string, made: Assignment, at: string): AuditFact {
  const note = `the workflow of request ${requestId} gave it, and no record knew of that when it came to take it back`;
  return { type: 'record-lost', at, by: SYSTEM_ACTOR, note, ids: [requestId, assignmentIds(made)] };
}

type Step = Pick<RevokeAnswer, 'next' | 'waitSeconds'>;

/**
 * A request that knows what was given has been ended by that: what is there after its end, somebody else gave. This is asked again by
 * workflows that sleep on when their access has long ended. One that took the workflow's own for what was there before knows nothing.
 */
export function knewOfGrant(request: AccessRequest | undefined): boolean {
  if (request === undefined) return false;
  const { grant, events } = request;
  const isKnown = ({ type, note }: AccessEvent) =>
    type === 'made-standing' || (type === 'granted' && note !== WAS_THERE);
  return grant?.standing === false || events.some(isKnown);
}

/** @returns what to do next; `undefined` when what is there is another's, or nothing is left to do */
async function removeUnknown(
  requestId: string,
  made: Assignment,
  services: RevokeMadeServices,
): Promise<Step | undefined> {
  const { leases, assignments, now } = services;
  // It was seen to go before its sessions came to be cut. What is there by now, somebody gave again.
  if (services.cutSince !== undefined) return afterwards(made, services);
  let item = await leases.get(made);
  if (item?.removing === undefined && !(await assignments.exists(made))) {
    if (item === undefined) await haveItLookedFor(made, requestId, services);
    return afterwards(made, services);
  }
  await services.tellLost?.(requestId, lostFact(requestId, made, now().toISOString()));
  if (item?.leases.includes(requestId)) item = await leases.drop(made, requestId);
  if (item?.removing === undefined) {
    const other = await otherHolder(made, requestId, services.requests);
    // Whoever holds it now may have found it there, and believes that it stays: this workflow knows better, and the item tells them.
    if (other !== undefined && item === undefined) await leases.add(made, other.id);
    item = await leases.noteOurs(made);
    if (other !== undefined) return undefined;
  }
  if (item?.standing === true || (item !== undefined && item.leases.length > 0)) return undefined;
  const at = now().toISOString();
  const claimed =
    item === undefined
      ? await leases.claim(made, requestId, at)
      : item.removing === undefined
        ? await leases.beginRemoval(made, requestId, at)
        : item;
  // Somebody was here in this instant; the next try goes by what they left.
  if (claimed === undefined || claimed.leases.length > 0) return { next: 'again', waitSeconds: TRY_SECONDS };
  const { outcome } = await continueRemoval(claimed, services);
  if (outcome === 'running') return { next: 'wait', waitSeconds: LOOK_SECONDS };
  if (outcome === 'failed') return { next: 'again', waitSeconds: TRY_SECONDS };
  await leases.forget(claimed);
  return afterwards(made, services);
}
