import type { RequestStore } from '../../../core/access/ports.ts';

/** Every request that has no more than a claim is read as one whose access has begun. */
export function begun(requests: RequestStore): RequestStore {
  const get = async (id: string) => {
    const request = await requests.get(id);
    return request?.state === 'approved' ? { ...request, state: 'granting' as const } : request;
  };
  return { ...requests, get };
}
