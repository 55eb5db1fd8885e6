import type { RequestStore } from '../../../core/access/ports.ts';
import { voteId } from '../../../core/model/stored-ids.ts';
import type { Arriving } from '../parts/network.ts';

/** Every request that has no more than a claim is read as one whose access has begun. */
export function begun(requests: RequestStore): RequestStore {
  const get = async (id: string) => {
    const request = await requests.get(id);
    return request?.state === 'approved' ? { ...request, state: 'granting' as const } : request;
  };
  return { ...requests, get };
}

/** Votes as they are read, without every no. */
export function withoutNo({ operation }: Arriving, body: string): string | undefined {
  if (operation !== 'dynamodb:BatchGetItem') return undefined;
  type Item = Readonly<Record<string, { readonly S?: string; readonly L?: readonly { readonly M?: Item }[] }>>;
  const answer = JSON.parse(body) as { Responses?: Readonly<Record<string, readonly Item[]>> };
  const read = (item: Item): Item =>
    item.id?.S?.startsWith(voteId('')) === true
      ? { ...item, votes: { L: item.votes?.L?.filter(({ M }) => M?.vote?.S !== 'deny') ?? [] } }
      : item;
  const tables = Object.entries(answer.Responses ?? {}).map(([table, items]) => [table, items.map(read)] as const);
  return JSON.stringify({ ...answer, Responses: Object.fromEntries(tables) });
}
