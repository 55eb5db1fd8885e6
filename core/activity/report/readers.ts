import type { Directory } from '../../model/directory.ts';
import type { AccessRequest } from '../../model/request.ts';

/**
 * Addresses of those who approved an access or one of its extensions, or may review it. Who is disabled, or has no address, gets no mail.
 *
 * @param services.requests where what became part of the access is read
 */
export async function readersOf(
  request: AccessRequest,
  services: {
    readonly directory: Pick<Directory, 'user'>;
    readonly requests: { get(id: string): Promise<AccessRequest | undefined> };
  },
): Promise<readonly string[]> {
  const joined = await Promise.all((request.joins ?? []).map(({ requestId }) => services.requests.get(requestId)));
  const parts = [request, ...joined.filter((part) => part !== undefined)];
  const ids = parts.flatMap(({ votes, review }) => [
    ...votes.filter(({ vote }) => vote === 'approve').map(({ principalId }) => principalId),
    ...(review?.approvers ?? []),
  ]);
  const users = await Promise.all([...new Set(ids)].map((id) => services.directory.user(id)));
  return users.flatMap((user) => (user === undefined || !user.enabled || user.email === '' ? [] : [user.email]));
}
