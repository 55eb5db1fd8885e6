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

/** What is needed to count the votes of a request. */
export interface SettleServices extends DecideAgainServices {
  readonly requests: RequestStore;
  readonly workflow: WorkflowPort;
  readonly now: Now;
}

export interface VoteServices extends IdentifyServices, SettleServices {}

export interface VoteInput {
  readonly vote: 'approve' | 'deny';
  readonly note?: string;
  /** The duration the approver grants, where it is shorter than asked for; seconds. */
  readonly durationSeconds?: number;
}

/**
 * Casts one approver's vote. Identifies the approver again, reads the request again, and decides by today's policies
 * and records: what the message said when it was posted does not matter. A refused vote leaves the request untouched.
 * Casting the same vote again finishes what the first call could not: counting a vote that was stored, or waking a
 * workflow.
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
  // Another approver's opposite vote was stored first, in the same instant.
  return STATES[request.state].decided === (vote === 'deny' ? 'yes' : 'no')
    ? { done: false, refusal: refusal('already-decided'), request }
    : { done: true, request };
}

/**
 * Finishes an earlier, equal vote. If nothing was left to finish, the approver is told that the vote was cast before.
 */
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

/** Would this person's vote count now? Only for showing a form; the vote itself is judged again. */
export async function mayVote(
  requestId: string,
  caller: Caller,
  vote: VoteInput['vote'],
  services: VoteServices,
): Promise<ActionOutcome> {
  return evaluateVote(requestId, caller, { vote }, services);
}

/** The result of judging a person's vote before it is cast. */
export type EvaluatedVote =
  | { readonly done: true; readonly request: AccessRequest; readonly vote: Vote; readonly person: Requester }
  | (Extract<ActionOutcome, { done: false }> & {
      /** The person's earlier vote, if it was the same. */
      readonly repeated?: Vote;
    });

/** Says whether a person's vote would count now, and returns the vote to store. */
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
 * Approves or denies a pending request if its votes decide it. Called after each vote, and reads the stored votes: of
 * two approvers who vote in the same instant, the later call sees both votes.
 *
 * @param by the actor to note with the decision
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
    // A chosen window that has begun keeps its end; only the rest of it is left.
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
  // The token from the change's result: the approvers may have been asked again, with a new token, since the request
  // was read.
  const token = result.request?.tokens.approval;
  if (result.changed && token !== undefined) await services.workflow.wake(token, { decided: true });
  return result.request ?? request;
}

/** An event that names the approver whose vote shortened the duration, if one did. */
function shortened(request: AccessRequest, votes: readonly Vote[], seconds: number, at: string): AccessEvent[] {
  const vote = votes.find(({ durationSeconds }) => durationSeconds === seconds);
  if (seconds >= request.durationSeconds || vote === undefined) return [];
  const note = `from ${formatDuration(request.durationSeconds)} to ${formatDuration(seconds)}`;
  return [happen('duration-shortened', at, { by: vote.principalId, note })];
}

/** Stores the approvals that are still missing, so that approvers are shown the current ones. */
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

/** How many more approvals the nearest path of a pending request needs, by the approvals stored last. */
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

/** Decides a pending request by those of the given votes that count, and otherwise by today's data. */
export async function decideVotes(
  request: AccessRequest,
  votes: readonly Vote[],
  services: DecideAgainServices,
): Promise<Decision | Refusal> {
  try {
    const decision = await decideAgain(request, countedVotes(request, votes, services.now().toISOString()), services);
    if (!('outcome' in decision)) return decision;
    // The policies refuse the request whatever the votes, so no vote counts: not even a Deny, as its voter may not be
    // an approver.
    const hopeless = decision.outcome === 'refused' && decision.deniedBy === undefined;
    return hopeless ? refusal('no-longer-allowed', decision.reason) : decision;
  } catch {
    return refusal('policy-unreadable');
  }
}
