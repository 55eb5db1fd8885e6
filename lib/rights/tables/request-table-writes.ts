import type { FunctionName } from '../../../lambdas/shared/environment-names.ts';
import type { ItemWrites } from './item-rights.ts';

/**
 * What `api` writes as well where the configuration has operators, who freeze, thaw, lock and unlock through it; each
 * with its audit fact.
 */
export const OPERATORS_WRITES: ItemWrites = {
  PutItem: ['stop', 'stopFact'],
  UpdateItem: ['stop'],
  DeleteItem: ['stop'],
};

/** Both lists together, by action. */
export function bothWrites(one: ItemWrites, other: ItemWrites): ItemWrites {
  const verbs = [...new Set([...Object.keys(one), ...Object.keys(other)])] as (keyof ItemWrites)[];
  return Object.fromEntries(verbs.map((verb) => [verb, [...(one[verb] ?? []), ...(other[verb] ?? [])]]));
}

/** Which function writes which items of the request table. A function that is not listed writes none. */
export const REQUEST_TABLE_WRITES: Readonly<Partial<Record<FunctionName, ItemWrites>>> = {
  // It alone verifies Slack's signature, so it alone writes what approvers said in Slack.
  'access-requested': { PutItem: ['click', 'refusal', 'request'], UpdateItem: ['request', 'vote'] },
  // It has compared the caller that AWS names with the path and the directory, so it writes what this caller says, and
  // no more.
  api: { PutItem: ['click', 'refusal', 'request'], UpdateItem: ['request', 'vote'] },
  // It asks as the canary and ends what it asked for; it casts no votes.
  'try-access': { PutItem: ['click', 'refusal', 'request'], UpdateItem: ['request'] },
  // A review that is no longer owed is deleted; its request never is.
  'ask-for-approval': { UpdateItem: ['request', 'review'], DeleteItem: ['review'] },
  'grant-access': { UpdateItem: ['granted', 'lease', 'removed', 'request', 'usage'] },
  'check-assignment': { UpdateItem: ['lease', 'removed', 'request'], DeleteItem: ['lease'] },
  'announce-access': { PutItem: ['review'], UpdateItem: ['lately', 'request'] },
  'hold-access': { UpdateItem: ['request'] },
  'revoke-access': { PutItem: ['lostFact'], UpdateItem: ['lease', 'removed', 'request'], DeleteItem: ['lease'] },
  'cut-sessions': { PutItem: ['guardLock'], UpdateItem: ['lease', 'request'], DeleteItem: ['guardLock'] },
  // Drift is removed under a lease of the sweep's own.
  'sweep-access': {
    PutItem: ['compared', 'drift', 'fact', 'heartbeat', 'lease'],
    UpdateItem: ['lease', 'removed', 'request'],
    DeleteItem: ['drift', 'lease'],
  },
  'watch-assignments': {
    PutItem: ['drift', 'fact', 'heartbeat'],
    UpdateItem: ['lease', 'made', 'request'],
    DeleteItem: ['drift'],
  },
  'report-on-access': { PutItem: ['report'], UpdateItem: ['report', 'request'] },
  // An accepted proposal is also written into the access table, in the same transaction.
  'change-policies': {
    PutItem: ['proposal', 'proposalFact', 'refusal'],
    UpdateItem: ['accessVersion', 'proposal'],
  },
  'access-records-changed': { PutItem: ['recordChange'], UpdateItem: ['accessVersion'] },
};
