import type { AccessRequest } from '../../core/model/request.ts';
import { isGroupTarget } from '../../core/model/target.ts';

/** The cells of a row that shows one request. */
export function cellsOf(request: AccessRequest): readonly string[] {
  const { id, state, requester, target, names, endsAt, reason } = request;
  const what = isGroupTarget(target)
    ? `group ${names.groupName ?? target.groupId}`
    : `${names.permissionSetName ?? target.permissionSetArn} in ${names.accountName ?? ''} ${target.accountId}`;
  const who = requester.userName || requester.slackId;
  return [id, state, who, what, `until ${endsAt}`, reason];
}
