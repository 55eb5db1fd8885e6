import type { Decision } from '../../model/decision.ts';
import { actorOf, after, enter } from '../../model/events.ts';
import { isOver } from '../../model/life-cycle.ts';
import { type Refusal, refusal } from '../../model/refusal.ts';
import type { AboutMessage, AccessEvent, AccessRequest, Origin, Requester, RequestState } from '../../model/request.ts';
import type { SharedAsk } from '../../model/request-parts.ts';
import { isGroupTarget } from '../../model/target.ts';
import type { PeopleFinder } from '../approval/request-approval.ts';
import type { HoldStore, Now, RequestStore, WorkflowPort } from '../ports.ts';
import { createOnce } from './create-once.ts';
import { type DecideServices, decideRequest } from './decide-request.ts';
import { lookUpHolds } from './held.ts';
import { type Caller, type IdentifiedPerson, type IdentifyServices, identifyPerson } from './identity/identify.ts';
import { type AskIds, type RefusedAsk, refuseAsk } from './refuse-ask.ts';
import {
  type FindTargetServices,
  type FoundTarget,
  findTarget,
  NOTHING_FOUND,
  type Wanted,
} from './target/find-target.ts';

/** What a person asks for, as it came in: names are not looked up yet, and nothing is verified. */
export interface AccessInput extends AskIds {
  readonly caller: Caller;
  readonly wanted: Wanted;
  /** Absent: the configured default, or less where a policy allows only less. Seconds. */
  readonly durationSeconds?: number;
  readonly reason: string;
  readonly ticket: string;
  /** ISO 8601; absent: now. */
  readonly startsAt?: string;
  readonly origin: Origin;
  /** Equal for presses of the same button in the same message by the same person. */
  readonly clickKey?: string;
  /** The person has read that this is break-glass access, and has given a reason. */
  readonly confirmed?: boolean;
  /** The Slack message that the request is about. */
  readonly about?: AboutMessage;
  /** The shared ask that the request is part of. */
  readonly ask?: SharedAsk;
  /**
   * A form can be opened to fill in what is missing: a request that lacks only reason or ticket is then not refused.
   */
  readonly canComplete?: boolean;
}

export type AccessOutcome =
  | {
      readonly outcome: 'granting' | 'pending' | 'scheduled';
      readonly request: AccessRequest;
      readonly decision: Decision;
    }
  /** A break-glass path: nothing is written or started until the person confirms with a reason. */
  | { readonly outcome: 'confirm'; readonly request: AccessRequest; readonly decision: Decision }
  /** Only a reason or ticket is missing: nothing is written until the person gives it. */
  | { readonly outcome: 'incomplete'; readonly request: AccessRequest; readonly decision: Decision }
  /** Refused; or the same request, or a request from the same button, exists already and nothing new was started. */
  | RefusedAsk;

export interface RequestServices extends IdentifyServices, DecideServices, FindTargetServices {
  readonly requests: RequestStore;
  readonly holds: Pick<HoldStore, 'of'>;
  readonly workflow: WorkflowPort;
  readonly now: Now;
  readonly defaultDurationSeconds: number;
  readonly people: PeopleFinder;
}

/**
 * Takes a request from the click to a started workflow or to a refusal with its reason. Every outcome is stored but
 * `confirm` and `incomplete`. A workflow is started only when the policies allow it. Running it again with the same
 * request id is harmless.
 */
export async function requestAccess(input: AccessInput, services: RequestServices): Promise<AccessOutcome> {
  const [who, found] = await Promise.all([identifyPerson(input.caller, services), findTarget(input.wanted, services)]);
  // The caller must not learn what another person holds: it is neither returned nor stored with this request.
  const isOthers =
    found.extends !== undefined &&
    found.extends.requester.principalId !== (who.identified ? who.person : who.requester).principalId;
  const what = isOthers ? { ...NOTHING_FOUND, refusal: refusal('not-yours') } : found;
  const draft = (requester: Requester): AccessRequest => newRequest(input, requester, what, services);

  if (!who.identified) return refuseAsk(draft(who.requester), who.refusal, input, services);
  if (what.refusal !== undefined) return refuseAsk(draft(who.person), what.refusal, input, services);

  const durationSeconds = input.durationSeconds ?? services.defaultDurationSeconds;
  let decided: Awaited<ReturnType<typeof decideForPerson>>;
  try {
    decided = await decideForPerson(input, who.person, what, durationSeconds, services);
  } catch {
    // Deny by default: a table or directory that cannot be read allows nothing.
    return refuseAsk(draft(who.person), refusal('policy-unreadable'), input, services);
  }
  const { decision, storeState, held } = decided;
  const request: AccessRequest = {
    ...draft(who.person),
    durationSeconds: decided.durationSeconds,
    ...(held.current === undefined ? {} : { held: held.current }),
  };
  if (storeState.frozen !== undefined) {
    return refuseAsk(request, refusal('frozen', storeState.frozen.reason), input, services);
  }
  if (storeState.locked !== undefined) {
    return refuseAsk(request, refusal('locked', storeState.locked.reason), input, services);
  }
  if (input.canComplete === true && lacksTextOnly(decision)) return { outcome: 'incomplete', request, decision };
  if (decision.outcome === 'refused') {
    return refuseAsk(request, decision.refusal ?? refusal('not-allowed', decision.reason), input, services, decision);
  }
  if (decision.breakGlass && input.confirmed !== true) return { outcome: 'confirm', request, decision };
  return start(input, request, decision, storeState.accessVersion, services);
}

/** Without a requested duration, a default longer than the policy allows is shortened to what the policy allows. */
async function decideForPerson(
  input: AccessInput,
  person: IdentifiedPerson,
  what: FoundTarget,
  durationSeconds: number,
  services: RequestServices,
) {
  const extendsId = what.extends?.id;
  const look = lookUpHolds({ requester: person, target: what.target, extends: extendsId }, services);
  const decideFor = async (seconds: number) => ({
    durationSeconds: seconds,
    ...(await decideRequest(
      {
        person,
        target: what.target,
        names: what.names,
        durationSeconds: seconds,
        reason: input.reason,
        ticket: input.ticket,
        at: startOf(input, services.now().toISOString()),
        votes: [],
        held: look,
      },
      services,
    )),
  });
  const first = { ...(await decideFor(durationSeconds)), held: await look.own };
  const longest = first.decision.maxDurationSeconds;
  const tooLong = ['too-long', 'hold-limit', 'per-day'].includes(first.decision.refusal?.reason ?? '');
  return input.durationSeconds === undefined && tooLong && longest !== undefined && longest > 0
    ? { ...(await decideFor(longest)), held: first.held }
    : first;
}

/** Is nothing missing but a reason or ticket? Then a form with these fields helps more than a refusal. */
export function lacksTextOnly({ outcome, problems = [] }: Decision): boolean {
  const texts: readonly Refusal['reason'][] = ['reason-required', 'ticket-required'];
  return outcome === 'refused' && problems.length > 0 && problems.every(({ reason }) => texts.includes(reason));
}

/** A start in the past becomes now: the policies must judge the current hour, not one that is over. */
function startOf({ startsAt }: AccessInput, now: string): string {
  return startsAt !== undefined && startsAt > now ? startsAt : now;
}

/** Was a start chosen, and is it in the future? */
function isLater(startsAt: string | undefined, now: string): startsAt is string {
  return startsAt !== undefined && startsAt > now;
}

function newRequest(
  input: AccessInput,
  requester: Requester,
  what: FoundTarget,
  services: RequestServices,
): AccessRequest {
  const at = services.now().toISOString();
  const { slackId, principalId, userName, displayName, email } = requester;
  // The event keeps the duration as asked for; the decided one may be shorter.
  const asked = input.durationSeconds === undefined ? {} : { durationSeconds: input.durationSeconds };
  return {
    id: input.requestId,
    state: 'requested',
    requester: { slackId, principalId, userName, displayName, email },
    target: isGroupTarget(what.target)
      ? { groupId: what.target.groupId }
      : { accountId: what.target.accountId, permissionSetArn: what.target.permissionSetArn },
    names: what.names,
    reason: input.reason,
    ticket: input.ticket,
    durationSeconds: input.durationSeconds ?? services.defaultDurationSeconds,
    requestedAt: at,
    startsAt: '',
    endsAt: '',
    sessionSeconds: what.sessionSeconds,
    origin: input.origin,
    about: input.about,
    ask: input.ask,
    ...(isLater(input.startsAt, at) ? { windowFrom: input.startsAt } : {}),
    ...(what.extends === undefined ? {} : { extends: what.extends.id }),
    events: [enter('requested', at, { by: actorOf(requester), ...asked })],
    votes: [],
    messages: [],
    tokens: {},
    breakGlass: false,
  };
}

async function start(
  input: AccessInput,
  draft: AccessRequest,
  decision: Decision,
  accessVersion: string,
  services: RequestServices,
): Promise<AccessOutcome> {
  const now = draft.requestedAt;
  const startsAt = startOf(input, now);
  const pending = decision.outcome === 'needs-approval';
  const state: RequestState = pending ? 'pending' : 'approved';
  const decided: AccessEvent = enter(state, now, {
    note: decision.reason,
    startsAt,
    endsAt: after(startsAt, draft.durationSeconds),
    durationSeconds: draft.durationSeconds,
    approvers: decision.breakGlass ? decision.skippedApprovers : decision.approvers,
  });
  const request: AccessRequest = {
    ...draft,
    state,
    startsAt,
    endsAt: after(startsAt, draft.durationSeconds),
    events: [...draft.events, decided],
    breakGlass: decision.breakGlass,
    decidedAt: now,
    accessVersion,
    ...(decision.path === undefined ? {} : { path: decision.path }),
    ...(pending && decision.timing !== undefined
      ? { expiresAt: expiryOf(draft, after(now, decision.timing.expiresSeconds)), approvalTiming: decision.timing }
      : {}),
    ...(decision.breakGlass ? await breakGlassParts(decision, services) : {}),
  };
  const outcome = pending ? 'pending' : startsAt > now ? 'scheduled' : 'granting';

  const existing = await createOnce(request, input.clickKey, services);
  if (existing !== undefined && 'holderOfPlace' in existing)
    return refuseAsk(draft, refusal('already-waiting', existing.holderOfPlace.id), input, services, decision);
  if (existing !== undefined) {
    // The request may have been written by a call that died before it started the workflow; a second start is harmless.
    if (!isOver(existing.state)) await services.workflow.start(existing.id);
    return { outcome: 'duplicate', request: existing };
  }
  await services.workflow.start(request.id);
  return { outcome, request, decision };
}

/** The owed review, and the Slack users of the skipped approvers, so that each of them can be notified. */
async function breakGlassParts(
  decision: Decision,
  services: RequestServices,
): Promise<Pick<AccessRequest, 'review' | 'asked'>> {
  const approvers = decision.skippedApprovers;
  // Finding approvers in Slack is best effort: in an emergency, access neither waits for it nor fails with it.
  const slackIds = await services.people.slackIdsOf(approvers).catch(() => ({}));
  return {
    review: { status: 'owed', approvers },
    asked: { waitingPaths: [], slackIds, allows: '', usedBefore: { times: 0 } },
  };
}

/** A request with a chosen start expires at the latest when the time it asked for is over. */
function expiryOf({ windowFrom, durationSeconds }: AccessRequest, expiresAt: string): string {
  const over = windowFrom === undefined ? expiresAt : after(windowFrom, durationSeconds);
  return over < expiresAt ? over : expiresAt;
}
