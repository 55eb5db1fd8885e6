import { later } from '../../model/access.ts';
import type { Decision } from '../../model/decision.ts';
import { formatDuration } from '../../model/duration.ts';
import { actorOf, after, enter, happen } from '../../model/events.ts';
import { STATES } from '../../model/life-cycle.ts';
import { type Refusal, refusal } from '../../model/refusal.ts';
import type { AccessEvent, AccessRequest, Requester, Vote } from '../../model/request.ts';
import type { ActionOutcome } from '../lease/revoke/end-access.ts';
import type { Now, RequestStore, WorkflowPort } from '../ports.ts';
import { type DecideAgainServices, decideAgain } from '../request/decide-again.ts';
import { type Caller, type IdentifyServices, identifyPerson } from '../request/identity/identify.ts';
import { agreedSeconds, countedVotes, countsUntil, subjectOf } from './counted-votes.ts';

/** What it takes to count the votes of a request. */
export interface SettleServices extends DecideAgainServices {
  readonly requests: RequestStore;
  readonly workflow: WorkflowPort;
  readonly now: Now;
}

export interface VoteServices extends IdentifyServices, SettleServices {}

export interface VoteInput {
  readonly vote: 'approve' | 'deny';
  readonly note?: string;
  /** Approve for less than was asked; seconds. */
  readonly durationSeconds?: number;
}

/**
 * One approver's click. The person is identified again, the request read again and the policies decided again with today's
 * records: what the message said when it was posted does not matter. A refused click leaves the request untouched. The same click
 * again finishes what the first one could not: a vote that was written and not counted, a workflow that was not woken.
 */
export async function castVote(
  requestId: string,
  caller: Caller,
  input: VoteInput,
  services: VoteServices,
): Promise<ActionOutcome> {
  const evaluated = await evaluateVote(requestId, caller, input, services);
  if (!evaluated.done)
    return evaluated.repeated === undefined ? evaluated : finishVote(evaluated, evaluated.repeated, services);
  const { vote, person } = evaluated;
  const counted = await services.requests.change(requestId, {
    from: ['pending'],
    vote,
    event: happen('vote', vote.at, { by: vote.principalId, byName: person.userName, note: voteNote(vote) }),
  });
  if (!counted.changed) {
    const now = counted.request ?? evaluated.request;
    return {
      done: false,
      refusal: refusal(now.state === 'pending' ? 'already-voted' : 'already-decided'),
      request: now,
    };
  }
  return outcomeOf(vote, await settleVotes(counted.request, services, actorOf(person)));
}

function outcomeOf({ vote }: Vote, request: AccessRequest): ActionOutcome {
  // Somebody decided the other way in the same instant, and was first.
  return STATES[request.state].decided === (vote === 'deny' ? 'yes' : 'no')
    ? { done: false, refusal: refusal('already-decided'), request }
    : { done: true, request };
}

/** Whether there was something left to finish decides what the person is told: that it is done now, or that it was before. */
async function finishVote(
  { refusal: why, request }: Extract<EvaluatedVote, { done: false }>,
  vote: Vote,
  services: VoteServices,
): Promise<ActionOutcome> {
  const before: ActionOutcome = { done: false, refusal: why, request };
  if (request === undefined) return before;
  if (why.reason === 'already-voted') {
    const settled = await settleVotes(request, services, vote.principalId);
    return settled.state === 'pending' ? before : outcomeOf(vote, settled);
  }
  const token = request.tokens.approval;
  const unwoken = request.state === (vote.vote === 'approve' ? 'approved' : 'denied') && token !== undefined;
  return unwoken && (await services.workflow.wake(token, { decided: true })) ? { done: true, request } : before;
}

/** Would this person's vote count now? For showing a form about it; the vote itself is judged again. */
export async function mayVote(
  requestId: string,
  caller: Caller,
  vote: VoteInput['vote'],
  services: VoteServices,
): Promise<ActionOutcome> {
  return evaluateVote(requestId, caller, { vote }, services);
}

/** How somebody's vote would be taken. */
export type EvaluatedVote =
  | { readonly done: true; readonly request: AccessRequest; readonly vote: Vote; readonly person: Requester }
  | (Extract<ActionOutcome, { done: false }> & {
      /** The person's own vote of before, where it was the same. */
      readonly repeated?: Vote;
    });

/** Whether somebody's vote would count now, and the vote as it would be written. */
export async function evaluateVote(
  requestId: string,
  caller: Caller,
  input: VoteInput,
  services: VoteServices,
): Promise<EvaluatedVote> {
  const [who, found] = await Promise.all([identifyPerson(caller, services), services.requests.getWithVotes(requestId)]);
  if (!who.identified) return { done: false, refusal: who.refusal };
  if (found === undefined) return { done: false, refusal: refusal('unknown-request') };
  const { request, votes } = found;
  const at = services.now().toISOString();
  const { principalId, slackId } = who.person;
  const voted = votes.find((vote) => vote.principalId === principalId);
  const repeated = voted?.vote === input.vote ? { repeated: voted } : {};
  const closed = notOpen(request, at);
  if (closed !== undefined) return { done: false, refusal: closed, request, ...repeated };
  if (voted !== undefined) return { done: false, refusal: refusal('already-voted'), request, ...repeated };

  const shorter = input.durationSeconds !== undefined && input.durationSeconds < request.durationSeconds;
  const vote: Vote = {
    principalId,
    slackId,
    vote: input.vote,
    at,
    ...(input.note === undefined || input.note === '' ? {} : { note: input.note }),
    ...(shorter ? { durationSeconds: input.durationSeconds } : {}),
    countsUntil: countsUntil(request, at),
    subject: subjectOf(request),
  };
  const decision = await decideVotes(request, [...votes, vote], services);
  if (!('outcome' in decision)) return { done: false, refusal: decision, request };
  const refused = decision.refusedVotes.find((entry) => entry.principalId === principalId);
  if (refused !== undefined) return { done: false, refusal: refused.why, request };
  return { done: true, request, vote, person: who.person };
}

/**
 * Moves a pending request on if its votes decide it. Called after each vote with the votes as they were written, so that of
 * two approvers who click in the same instant the later one sees both.
 *
 * @param by the actor the decision is written down for
 */
export async function settleVotes(seen: AccessRequest, services: SettleServices, by: string): Promise<AccessRequest> {
  if (seen.state !== 'pending') return seen;
  const { request, votes } = (await services.requests.getWithVotes(seen.id)) ?? { request: seen, votes: [] };
  if (request.state !== 'pending') return request;
  const decision = await decideVotes(request, votes, services);
  if (!('outcome' in decision)) return request;
  const at = services.now().toISOString();
  const counted = countedVotes(request, votes, at).filter(
    (vote) => !decision.refusedVotes.some((no) => no.principalId === vote.principalId),
  );
  const denial = counted.find((vote) => vote.vote === 'deny');
  if (denial === undefined && decision.outcome !== 'granted') return showRemaining(request, votes, decision, services);

  const shortest = agreedSeconds(request.durationSeconds, counted);
  const times = {
    durationSeconds: shortest,
    startsAt: later(request.startsAt, at),
    // Of a window that has begun, the rest is left.
    endsAt: after(request.windowFrom ?? later(request.startsAt, at), shortest),
  };
  const result =
    denial !== undefined
      ? await services.requests.change(request.id, {
          from: ['pending'],
          to: 'denied',
          event: enter('denied', at, {
            by: denial.principalId,
            note: denial.note,
          }),
        })
      : await services.requests.change(request.id, {
          from: ['pending'],
          to: 'approved',
          event: enter('approved', at, { by, note: decision.reason, ...times }),
          eventsBefore: shortened(request, counted, shortest, at),
          set: {
            decidedAt: at,
            ...times,
            ...(decision.path === undefined ? {} : { path: decision.path }),
          },
        });
  // The token of today: the approvers may have been asked again since the request was read.
  const token = result.request?.tokens.approval;
  if (result.changed && token !== undefined) await services.workflow.wake(token, { decided: true });
  return result.request ?? request;
}

/** Says whose vote made it shorter than was asked, where one did. */
function shortened(request: AccessRequest, votes: readonly Vote[], seconds: number, at: string): AccessEvent[] {
  const vote = votes.find(({ durationSeconds }) => durationSeconds === seconds);
  if (seconds >= request.durationSeconds || vote === undefined) return [];
  const note = `from ${formatDuration(request.durationSeconds)} to ${formatDuration(seconds)}`;
  return [happen('duration-shortened', at, { by: vote.principalId, note })];
}

/** Keeps what approvers are shown in step with the votes that are still needed. */
async function showRemaining(
  request: AccessRequest,
  votes: readonly Vote[],
  decision: Decision,
  services: SettleServices,
): Promise<AccessRequest> {
  if (request.asked === undefined || votes.length === 0) return request;
  const asked = { ...request.asked, waitingPaths: decision.waitingPaths };
  const result = await services.requests.change(request.id, { from: ['pending'], set: { asked } });
  return result.request ?? request;
}

/** How many more approvals the nearest path of a pending request needs, as last shown. */
export function votesNeeded(request: AccessRequest): number {
  if (request.state !== 'pending') return 0;
  const sums = (request.asked?.waitingPaths ?? []).map(({ approvals }) =>
    approvals.reduce((sum, { count }) => sum + count, 0),
  );
  return sums.length === 0 ? 1 : Math.min(...sums);
}

function notOpen(request: AccessRequest, at: string): Refusal | undefined {
  if (request.state === 'expired') return refusal('request-expired');
  if (request.state !== 'pending') return refusal('already-decided');
  if (request.expiresAt !== undefined && at >= request.expiresAt) return refusal('request-expired');
  return undefined;
}

function voteNote(vote: Vote): string {
  const shortened = vote.durationSeconds === undefined ? '' : `, shortened to ${vote.durationSeconds} seconds`;
  return `${vote.vote}${shortened}${vote.note === undefined ? '' : `: ${vote.note}`}`;
}

/** Decides a pending request with those of these votes that count, and with everything else as it is today. */
export async function decideVotes(
  request: AccessRequest,
  votes: readonly Vote[],
  services: DecideAgainServices,
): Promise<Decision | Refusal> {
  try {
    const decision = await decideAgain(request, countedVotes(request, votes, services.now().toISOString()), services);
    if (!('outcome' in decision)) return decision;
    // With nothing left to vote on, no vote counts, a Deny by somebody who never could decide included.
    const hopeless = decision.outcome === 'refused' && decision.deniedBy === undefined;
    return hopeless ? refusal('no-longer-allowed', decision.reason) : decision;
  } catch {
    return refusal('policy-unreadable');
  }
}
