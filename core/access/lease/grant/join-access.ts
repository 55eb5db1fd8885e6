import { endWith, isJoinable } from '../../../model/access.ts';
import { RemovalInProgressError, RequestChangedError } from '../../../model/errors.ts';
import { enter } from '../../../model/events.ts';
import { isOver, JOINABLE_STATES, STATES, WAITING_STATES } from '../../../model/life-cycle.ts';
import { type Refusal, refusal } from '../../../model/refusal.ts';
import { type AccessRequest, assignmentOf } from '../../../model/request.ts';
import { assignmentKey } from '../../../model/target.ts';
import type { HoldStore, LeaseStore, RequestStore, VotedRequest, WorkflowPort } from '../../ports.ts';
import { heldBy } from '../../request/held.ts';
import { keptToItsEnd } from '../true-end.ts';
import { type JudgeGrantServices, judgeGrant } from './judge-grant.ts';

export interface JoinServices extends JudgeGrantServices {
  readonly requests: RequestStore;
  readonly holds: HoldStore;
  readonly leases: Pick<LeaseStore, 'drop' | 'absentAt'>;
  readonly workflow: Pick<WorkflowPort, 'wake'>;
}

/** The request has joined, or must be refused for this reason. */
export type JoinOutcome = { readonly joined: AccessRequest } | { readonly refusal: Refusal };

/**
 * Joins a request to the access that its person already holds, found by the claim on the assignment. The request is
 * judged anew together with that hold, so that limits bind the access and not each of its requests.
 *
 * @throws RemovalInProgressError while that access is ending, RequestChangedError when it changed at the same moment;
 *   the workflow tries again
 */
export async function joinHolder(asked: VotedRequest, holder: string, services: JoinServices): Promise<JoinOutcome> {
  const { request } = asked;
  const root = await services.requests.get(holder);
  const now = services.now().toISOString();
  if (root === undefined || isOver(root.state)) {
    // No workflow will end a request that is over: its claim was left behind by a crash.
    await services.leases.drop(assignmentOf(request), holder);
    throw new RequestChangedError(`the claim of request ${holder}, which is over, stood in the way`);
  }
  if (STATES[root.state].phase === 'waiting') throw new RequestChangedError(`request ${holder} is being granted`);
  if (!isJoinable(root, now)) {
    throw new RemovalInProgressError('the same access is ending; it can be granted again when that is done');
  }
  return join(asked, root, services);
}

/**
 * Adds the time of an extension to the access it names. Once that access is ending, there is nothing to extend.
 *
 * @throws RequestChangedError as above
 */
export async function extendAccess(
  asked: VotedRequest,
  accessId: string,
  services: JoinServices,
): Promise<JoinOutcome> {
  const root = await services.requests.get(accessId);
  if (root === undefined || !isJoinable(root, services.now().toISOString())) return { refusal: refusal('access-over') };
  return join(asked, root, services);
}

async function join(asked: VotedRequest, found: AccessRequest, services: JoinServices): Promise<JoinOutcome> {
  if (assignmentKey(assignmentOf(found)) !== assignmentKey(assignmentOf(asked.request)))
    return { refusal: refusal('access-over') };
  const root = await keptToItsEnd(found, services);
  if (root === undefined || !isJoinable(root, services.now().toISOString()))
    throw new RequestChangedError(`access ${found.id} is not what it was when it was read`);
  const judged = await judgeGrant(asked, services, heldBy(root));
  if ('reason' in judged) return { refusal: judged };
  const request = { ...asked.request, durationSeconds: judged.durationSeconds };

  const at = services.now().toISOString();
  const endsAt = endWith(request, root, at);
  const moved = endsAt > root.endsAt;
  const story = root.messages.find(({ role }) => role === 'story');
  const done = await services.requests.join({
    requestId: request.id,
    from: WAITING_STATES.filter((state) => state !== 'pending'),
    set: {
      accessId: root.id,
      startsAt: at,
      endsAt,
      decidedAt: at,
      path: judged.decision.path,
      endsWith: judged.decision.endsWith,
      ...(story === undefined ? {} : { accessStory: { channel: story.channel, ts: story.ts } }),
    },
    event: enter('joined', at, {
      note: moved ? `access ${root.id} lasts until ${endsAt} now` : `access ${root.id} lasts until ${endsAt} as before`,
      startsAt: at,
      endsAt,
      durationSeconds: request.durationSeconds,
      ...(judged.policy && { policy: judged.policy }),
    }),
    access: {
      id: root.id,
      in: JOINABLE_STATES,
      endsAt: root.endsAt,
      // The access owes the review of a break-glass request, whichever request began it.
      ...(request.breakGlass && root.review === undefined ? { set: { breakGlass: true, review: request.review } } : {}),
    },
    joined: { requestId: request.id, at, endsAt },
    votesUntil: judged.votesUntil,
    hold: { ...heldBy(root), endsAt },
    assignment: assignmentOf(root),
    ...(moved
      ? {
          extended: {
            type: 'extended',
            at,
            by: request.requester.principalId,
            byName: request.requester.userName,
            note: `until ${endsAt}, by request ${request.id}`,
            endsAt,
          },
        }
      : {}),
  });
  if (!done) throw new RequestChangedError(`request ${request.id} or access ${root.id} changed while they were joined`);
  await wakeHold(root.id, services);
  const joined = await services.requests.get(request.id);
  return { joined: joined ?? request };
}

/**
 * Has the workflow of an access look at its end again. The token is read after the end was moved, so that a wait that
 * began meanwhile is found. A workflow that is not woken reads the end itself before it ends anything.
 */
async function wakeHold(
  accessId: string,
  services: { readonly requests: Pick<RequestStore, 'get'>; readonly workflow: Pick<WorkflowPort, 'wake'> },
): Promise<void> {
  const token = (await services.requests.get(accessId))?.tokens.hold;
  if (token !== undefined) await services.workflow.wake(token, { extended: true });
}
