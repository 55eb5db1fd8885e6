import { enter } from '../../model/events.ts';
import type { AccessRequest } from '../../model/request.ts';
import { factsNeeded, gatherFacts } from '../../policy/decision/facts.ts';
import { inputOfLive, stillJustified } from '../../policy/decision/still-justified.ts';
import { readableRequest } from '../lease/readable-request.ts';
import type { Now, RequestStore, WorkflowPort } from '../ports.ts';
import { type DecideServices, leasedGroupsOf, parsedPolicySet } from '../request/decide-request.ts';
import { attemptsOf, type PassServices, whileTimeLasts } from './attempts.ts';

export interface RecheckServices extends PassServices, Pick<DecideServices, 'policyStore' | 'directory'> {
  readonly requests: RequestStore;
  readonly workflow: Pick<WorkflowPort, 'wake'>;
  readonly now: Now;
}

export interface RecheckResult {
  /** How many active accesses were looked at. */
  readonly looked: number;
  /** How many were ended, because what justified them no longer holds. */
  readonly ended: number;
  readonly failures: number;
  readonly complete: boolean;
}

/**
 * Ends access that nothing justifies any more: always if the person is gone or disabled, and otherwise by what the
 * policy of the access names in `endsWith`. A fact that cannot be found out ends nothing. Costs one look-up per active
 * access, and the look-ups of a decision for those with `endsWith`. Only the state is moved here: the workflow, woken,
 * takes the access back, or the sweep if no workflow waits.
 */
export async function recheckAccess(services: RecheckServices): Promise<RecheckResult> {
  const result = { looked: 0, ended: 0, failures: 0, complete: true };
  const attempt = attemptsOf(services, result);
  await attempt(async () => {
    const active = services.requests.inStates(['active'], { goOn: () => services.hasTimeLeft() });
    for await (const request of whileTimeLasts(active, services, result)) {
      await attempt(
        async () => {
          result.looked += 1;
          const why = await whyNotJustified(request, services);
          if (why !== undefined && (await end(request, why, services))) result.ended += 1;
        },
        { requestId: request.id },
      );
    }
  }, {});
  return result;
}

/** @returns what the person is told; `undefined` while everything holds, or cannot be found out */
async function whyNotJustified(root: AccessRequest, services: RecheckServices): Promise<string | undefined> {
  const { directory } = services;
  const user = await directory.user(root.requester.principalId);
  const name = root.requester.userName || root.requester.principalId;
  if (user === undefined) return `user ${name} is no longer in Identity Center`;
  if (!user.enabled) return `user ${name} is disabled in Identity Center`;
  // Each request that joined the access was granted for its own reason, and all of these reasons have to hold.
  const joined = await Promise.all(
    (root.joins ?? []).map(({ requestId }) => readableRequest(requestId, services.requests)),
  );
  const bound = [root, ...joined].filter((one) => one !== undefined && (one.endsWith ?? []).length > 0);
  if (bound.length === 0) return undefined;

  const groupIds = await directory.groupIdsOf(user.id);
  const person = { principalId: user.id, userName: user.userName, email: user.email, groupIds };
  const [storeState, leasedGroupIds] = await Promise.all([
    services.policyStore.storeState(),
    leasedGroupsOf(person, directory),
  ]);
  const policySet = parsedPolicySet(await services.policyStore.policies(storeState.accessVersion));
  const at = services.now().toISOString();
  for (const one of bound) {
    const live = {
      person: { ...person, leasedGroupIds },
      target: root.target,
      path: one?.path ?? '',
      endsWith: one?.endsWith ?? [],
    };
    const wanted = factsNeeded(policySet, [], inputOfLive(live, at), undefined, true);
    const found = stillJustified(live, policySet, [], await gatherFacts(wanted, directory), at);
    if (found.holds === 'no') return found.sentence;
  }
  return undefined;
}

/** @returns false when the access has changed since it was read; the next pass looks again */
async function end(request: AccessRequest, why: string, services: RecheckServices): Promise<boolean> {
  const at = services.now().toISOString();
  const result = await services.requests.change(request.id, {
    from: ['active'],
    to: 'ending',
    event: enter('ending', at, { note: why }),
    eventsSeen: request.events.length,
    set: { endingAt: at },
  });
  if (!result.changed) return false;
  const token = result.request.tokens.hold;
  if (token !== undefined) await services.workflow.wake(token, { ended: true });
  return true;
}
