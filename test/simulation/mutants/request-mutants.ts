import { voteId } from '../../../core/model/stored-ids.ts';
import type { Arriving } from '../parts/network.ts';

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
