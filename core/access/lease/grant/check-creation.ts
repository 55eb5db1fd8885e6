import { RequestChangedError, RequestNotFoundError } from '../../../model/errors.ts';
import { enter } from '../../../model/events.ts';
import { type AccessEvent, type AccessRequest, assignmentOf } from '../../../model/request.ts';
import { cutReason } from '../../notify/repeated-events.ts';
import type { AssignmentPort, LeaseStore, Now, OperationStatus, RequestStore } from '../../ports.ts';
import { WAIT_SECONDS } from './grant-answer.ts';

export interface CreationServices {
  readonly requests: RequestStore;
  readonly leases: LeaseStore;
  readonly assignments: AssignmentPort;
  readonly now: Now;
  readonly grantTimeoutSeconds: number;
}

const LONGEST_WAIT_SECONDS = 15;

/** The note of the `granted` event where the assignment existed before. The end of the access goes by this note. */
export const WAS_THERE = 'the assignment was there before us';

/**
 * Asks Identity Center whether the assignment is made, and makes the request active when it is.
 *
 * @returns `announce`; `wait`, to check again after `waitSeconds`; or `revoke` when it failed or took too long
 */
export async function checkCreation(
  requestId: string,
  operationId: string,
  services: Pick<CreationServices, 'requests' | 'assignments' | 'now' | 'grantTimeoutSeconds'>,
): Promise<{ readonly next: 'announce' | 'wait' | 'revoke'; readonly waitSeconds: number }> {
  const request = await services.requests.get(requestId);
  if (request === undefined) throw new RequestNotFoundError(`no request ${requestId}`);
  if (request.state === 'active') return { next: 'announce', waitSeconds: 0 };
  if (request.state !== 'granting') return { next: 'revoke', waitSeconds: 0 };

  const creation = await services.assignments.creationStatus(assignmentOf(request), operationId);
  if (creation.status === 'succeeded') {
    return { next: (await activate(request, { operationId }, services)) ? 'announce' : 'revoke', waitSeconds: 0 };
  }
  const spent = (services.now().getTime() - new Date(request.startsAt).getTime()) / 1000;
  if (creation.status === 'in-progress' && spent < services.grantTimeoutSeconds) {
    // CloudTrail reports the creation under this id, and may report a slow one before it is done.
    if (request.grant?.operationId !== operationId)
      await services.requests.change(requestId, { from: ['granting'], operationId });
    return { next: 'wait', waitSeconds: Math.min(LONGEST_WAIT_SECONDS, Math.max(WAIT_SECONDS, Math.floor(spent / 4))) };
  }
  await noteFailure(request, creation, services);
  return { next: 'revoke', waitSeconds: 0 };
}

/**
 * `granting -> active`. False when the request was ended meanwhile.
 *
 * @param how.operationId Identity Center's id of the creation, under which CloudTrail reports it
 */
export async function activate(
  granting: AccessRequest,
  { standing = false, operationId }: { readonly standing?: boolean; readonly operationId?: string },
  services: Pick<CreationServices, 'requests' | 'now'>,
): Promise<boolean> {
  const { id: requestId, startsAt, endsAt, durationSeconds } = granting;
  const result = await services.requests.change(requestId, {
    from: ['granting'],
    to: 'active',
    event: enter('active', services.now().toISOString(), {
      type: 'granted',
      ...(standing ? { note: WAS_THERE } : {}),
      startsAt,
      endsAt,
      durationSeconds,
      ...policyOf(granting),
    }),
    operationId,
  });
  if (result.request === undefined)
    throw new RequestChangedError(`request ${requestId} went away while it was granted`);
  return result.request.state === 'active';
}

/** The record by which access is given, as the `granting` event names it, without its text. */
function policyOf({ events }: AccessRequest): Pick<AccessEvent, 'policy'> {
  const policy = events.findLast(({ type }) => type === 'granting')?.policy;
  if (policy === undefined) return {};
  const { text: _text, ...known } = policy;
  return { policy: known };
}

/** Stores only the first reason, because it says what began to go wrong. */
export async function noteFailure(
  request: AccessRequest,
  creation: OperationStatus,
  services: Pick<CreationServices, 'requests'>,
): Promise<void> {
  const failure =
    creation.status === 'failed' ? cutReason(creation.reason ?? 'no reason given') : 'Identity Center took too long';
  if (request.failure === undefined) {
    await services.requests.change(request.id, { from: ['granting'], set: { failure } });
  }
}
