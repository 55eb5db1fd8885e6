import {
  ACCESS_VERSION_ID,
  DRIFT_MODE_ID,
  FACT_PREFIX,
  FREEZE_ID,
  ITEM_PREFIXES,
  LOCK_PREFIX,
  LOST_FACT_PREFIX,
  PROPOSAL_FACT_PREFIX,
  RECORD_CHANGE_PREFIX,
  REFUSAL_PREFIX,
  SCHEMA_ID,
  STOP_FACT_PREFIX,
} from '../../core/model/stored-ids.ts';
import type { Right } from './rights.ts';

/*
 * Plain data, free of the CDK: the stack makes roles of it, and the sandbox holds every write of a function against it.
 */

/**
 * Kinds of items in the request table, by how their ids begin. What has no beginning of its own is a request: its id holds no `#`,
 * and requests that were made before there were rights by item keep the ids they have.
 */
export const ITEM_KINDS = {
  request: [],
  /** One press of a button, and the request it made. */
  click: [ITEM_PREFIXES.click],
  /** Claims on an assignment or a membership. */
  lease: [ITEM_PREFIXES.assignment, ITEM_PREFIXES.membership],
  /** What our roles have made, as CloudTrail tells it; whoever else may write would hide it. */
  made: [ITEM_PREFIXES.made],
  /** When we last removed one, and which access ended by that: limits on several accesses go by it. */
  removed: [ITEM_PREFIXES.removed],
  /** Assignments nobody's lease owns, and where the full pass over all of them stands. */
  drift: [ITEM_PREFIXES.drift],
  /** Signs of life of what runs by itself; nothing depends on them. */
  heartbeat: [ITEM_PREFIXES.heartbeat],
  /** Who writes the session guard of an account now. */
  guardLock: [ITEM_PREFIXES.guardLock],
  /** Facts of the audit that belong to no request. */
  fact: [FACT_PREFIX],
  /** Facts of actions that were refused; they say nothing else. */
  refusal: [REFUSAL_PREFIX],
  /** Facts of access that no record spoke of; they say nothing else. */
  lostFact: [LOST_FACT_PREFIX],
  /** Facts of changed records of the access table; they say nothing else. */
  recordChange: [RECORD_CHANGE_PREFIX],
  /** Facts of freezes and locks, and of their end; they say nothing else. */
  stopFact: [STOP_FACT_PREFIX],
  /** Changes of the policies that operators have proposed. */
  proposal: [ITEM_PREFIXES.proposal],
  /** Facts of those, and of what became of them; they say nothing else. */
  proposalFact: [PROPOSAL_FACT_PREFIX],
  report: [ITEM_PREFIXES.report],
  /** A review that is owed. */
  review: [ITEM_PREFIXES.review],
  /** The votes on one request, which alone count. */
  vote: [ITEM_PREFIXES.vote],
  /** What was given of a target, and until when: what an access is held to. */
  usage: [ITEM_PREFIXES.usage],
  /** How often it was had, for people to see. */
  lately: [ITEM_PREFIXES.lately],
  /** That the access table has changed. */
  accessVersion: [ACCESS_VERSION_ID],
  /** The operator's freeze and the locks of people: no function turns one, unless the configuration has operators who do so by the API. */
  stop: [FREEZE_ID, LOCK_PREFIX],
  /** The other switches. No function may turn one. */
  switch: [DRIFT_MODE_ID, SCHEMA_ID],
} as const satisfies Record<string, readonly string[]>;

export type ItemKind = keyof typeof ITEM_KINDS;

/** What a function may write, by verb: `{ PutItem: ['click', 'request'] }`. */
export type ItemWrites = Readonly<Partial<Record<'PutItem' | 'UpdateItem' | 'DeleteItem', readonly ItemKind[]>>>;

/**
 * Rights to write items of these kinds and no others.
 *
 * `dynamodb:LeadingKeys` holds the partition key of the item, or of every item of a transaction or batch; it is a set, which only
 * `ForAllValues` and `ForAnyValue` compare. The former is true of an empty set as well, hence `Null`. Where requests are among the
 * kinds, no pattern fits all their ids, so the right is general and every other kind is forbidden.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function itemRights(table: string, writes: ItemWrites): Right[] {
  return Object.entries(writes).flatMap(([verb, kinds]): Right[] => {
    const actions = [`dynamodb:${verb}`];
    if (!kinds.includes('request')) {
      const LeadingKeys = { 'dynamodb:LeadingKeys': patternsOf(kinds) };
      return [
        {
          actions,
          resources: [table],
          conditions: { 'ForAllValues:StringLike': LeadingKeys, Null: { 'dynamodb:LeadingKeys': 'false' } },
        },
      ];
    }
    const others = (Object.keys(ITEM_KINDS) as ItemKind[]).filter((kind) => !kinds.includes(kind));
    return [
      { actions, resources: [table] },
      {
        deny: true,
        actions,
        resources: [table],
        conditions: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': patternsOf(others) } },
      },
    ];
  });
}

/** A beginning that is a whole id matches longer ones too: nothing else begins like a switch. */
function patternsOf(kinds: readonly ItemKind[]): string[] {
  return kinds.flatMap((kind) => ITEM_KINDS[kind]).map((beginning) => `${beginning}*`);
}
