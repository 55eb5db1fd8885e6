import type { AccessInput } from '../../../core/access/request/request-access.ts';
import type { Refusal } from '../../../core/model/refusal.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { isGroupTarget } from '../../../core/model/target.ts';
import type { Services } from '../services.ts';

/** What one call asks for. */
export interface Asked extends Pick<AccessInput, 'wanted' | 'reason' | 'ticket' | 'ask'> {
  /** Seconds; absent if the call does not name a duration. */
  readonly durationSeconds?: number | undefined;
  /** ISO 8601. */
  readonly startsAt?: string | undefined;
}

/**
 * Whether a call asks for the same as an existing request. Everything the person said is compared as they said it; what
 * was decided since is not.
 *
 * @param why the refusal of this call. An extension refused because the caller has no such access is stored without
 * `extends`; then the reasons of the two refusals are compared
 */
export async function isSameAsk(
  request: AccessRequest,
  asked: Asked,
  { requests }: Pick<Services, 'requests'>,
  why?: Refusal,
): Promise<boolean> {
  const { startsAt } = asked;
  const windowFrom = startsAt !== undefined && startsAt > request.requestedAt ? startsAt : undefined;
  return (
    asked.reason === request.reason &&
    asked.ticket === request.ticket &&
    asked.ask?.id === request.ask?.id &&
    asked.durationSeconds === request.events.find(({ type }) => type === 'requested')?.durationSeconds &&
    windowFrom === request.windowFrom &&
    (await isSameTarget(request, asked.wanted, requests, why))
  );
}

async function isSameTarget(
  request: AccessRequest,
  wanted: Asked['wanted'],
  requests: Services['requests'],
  why: Refusal | undefined,
): Promise<boolean> {
  const { target, names } = request;
  if ('extends' in wanted) {
    if (request.extends === undefined) return why !== undefined && why.reason === request.refusal?.reason;
    return request.extends === ((await requests.get(wanted.extends))?.accessId ?? wanted.extends);
  }
  if (request.extends !== undefined) return false;
  if (isGroupTarget(target)) return 'group' in wanted && [target.groupId, names.groupName].includes(wanted.group);
  return (
    'accountId' in wanted &&
    wanted.accountId === target.accountId &&
    [target.permissionSetArn, names.permissionSetName].includes(wanted.permissionSet)
  );
}
