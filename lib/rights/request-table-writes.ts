import type { FunctionName } from '../../lambdas/shared/environment-names.ts';
import type { ItemWrites } from './item-rights.ts';

/** What `api` writes beside, where the configuration has operators: they freeze, thaw, lock and unlock by it, each with its fact. */
export const OPERATORS_WRITES: ItemWrites = {
  PutItem: ['stop', 'stopFact'],
  UpdateItem: ['stop'],
  DeleteItem: ['stop'],
};

/** What one function writes of several lists. */
export function bothWrites(one: ItemWrites, other: ItemWrites): ItemWrites {
  const verbs = [...new Set([...Object.keys(one), ...Object.keys(other)])] as (keyof ItemWrites)[];
  return Object.fromEntries(verbs.map((verb) => [verb, [...(one[verb] ?? []), ...(other[verb] ?? [])]]));
}

/** Who writes which items of the request table; whoever is not here writes none. */
export const REQUEST_TABLE_WRITES: Readonly<Partial<Record<FunctionName, ItemWrites>>> = {
  // It alone has seen Slack's signature, so it alone writes what approvers said there.
  'access-requested': { PutItem: ['click', 'refusal', 'request'], UpdateItem: ['request', 'vote'] },
  // It has held what AWS says of the caller against the path and the directory, so it writes what this caller says, and no more.
  api: { PutItem: ['click', 'refusal', 'request'], UpdateItem: ['request', 'vote'] },
  // It asks as the canary and ends what it asked for; it votes for nobody.
  'try-access': { PutItem: ['click', 'refusal', 'request'], UpdateItem: ['request'] },
  // A review that is owed no more is deleted; the request it belongs to never is.
  'ask-for-approval': { UpdateItem: ['request', 'review'], DeleteItem: ['review'] },
  'grant-access': { UpdateItem: ['lease', 'removed', 'request', 'usage'] },
  'check-assignment': { UpdateItem: ['lease', 'removed', 'request'], DeleteItem: ['lease'] },
  'announce-access': { PutItem: ['review'], UpdateItem: ['lately', 'request'] },
  'hold-access': { UpdateItem: ['request'] },
  'revoke-access': { PutItem: ['lostFact'], UpdateItem: ['lease', 'removed', 'request'], DeleteItem: ['lease'] },
  'cut-sessions': { PutItem: ['guardLock'], UpdateItem: ['lease', 'request'], DeleteItem: ['guardLock'] },
  // What nobody's lease owns is removed under a lease of the sweep's own.
  'sweep-access': {
    PutItem: ['drift', 'fact', 'heartbeat', 'lease'],
    UpdateItem: ['lease', 'removed', 'request'],
    DeleteItem: ['drift', 'lease'],
  },
  'watch-assignments': {
    PutItem: ['drift', 'fact', 'heartbeat'],
    UpdateItem: ['lease', 'made', 'request'],
    DeleteItem: ['drift'],
  },
  'report-on-access': { PutItem: ['report'], UpdateItem: ['report', 'request'] },
  // What is accepted it writes into the access table in the same transaction.
  'change-policies': {
    PutItem: ['proposal', 'proposalFact', 'refusal'],
    UpdateItem: ['accessVersion', 'proposal'],
  },
  'access-records-changed': { PutItem: ['recordChange'], UpdateItem: ['accessVersion'] },
};
