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
} from '../../../core/model/stored-ids.ts';
import type { Right } from '../rights.ts';

/*
 * Plain data without the CDK: the stack makes roles from it, and the sandbox checks every write of a function with it.
 */

/**
 * Kinds of items in the request table, by the prefix of their ids. A request has none: its id contains no `#`, and
 * requests that are older than the rights by item keep their ids.
 */
export const ITEM_KINDS = {
  request: [],
  /** One press of a button, and the request it made. */
  click: [ITEM_PREFIXES.click],
  /** Leases of an assignment or a membership. */
  lease: [ITEM_PREFIXES.assignment, ITEM_PREFIXES.membership],
  /**
   * Assignments that Glasshammer's roles made, from CloudTrail. A further writer could hide that Glasshammer made one.
   */
  made: [ITEM_PREFIXES.made],
  /**
   * When Glasshammer last removed an assignment, and which access ended then: limits over several accesses depend on
   * it.
   */
  removed: [ITEM_PREFIXES.removed],
  /** Drift, and the progress of the full pass. */
  drift: [ITEM_PREFIXES.drift],
  /** Times of background work, such as the last sweep; no decision about access depends on them. */
  heartbeat: [ITEM_PREFIXES.heartbeat],
  /** How far the executions have been compared with the requests: whether a restored table is noticed depends on it. */
  compared: [ITEM_PREFIXES.compared],
  /** Which invocation is writing the session guard of an account. */
  guardLock: [ITEM_PREFIXES.guardLock],
  /** Audit facts that belong to no request. */
  fact: [FACT_PREFIX],
  /** Audit facts of refused actions, and no others. */
  refusal: [REFUSAL_PREFIX],
  /** Audit facts of access that no record mentioned, and no others. */
  lostFact: [LOST_FACT_PREFIX],
  /** Audit facts of changed records of the access table, and no others. */
  recordChange: [RECORD_CHANGE_PREFIX],
  /** Audit facts of freezes, locks and their ends, and no others. */
  stopFact: [STOP_FACT_PREFIX],
  /** Policy changes that operators have proposed. */
  proposal: [ITEM_PREFIXES.proposal],
  /** Audit facts of proposals and their results, and no others. */
  proposalFact: [PROPOSAL_FACT_PREFIX],
  report: [ITEM_PREFIXES.report],
  /** A review that is owed. */
  review: [ITEM_PREFIXES.review],
  /** The votes on one request; only these count. */
  vote: [ITEM_PREFIXES.vote],
  /** Holds of a target and their ends; limits on access depend on them. */
  usage: [ITEM_PREFIXES.usage],
  /** What the grant gave by a request: the report goes by it where the request says otherwise. */
  granted: [ITEM_PREFIXES.granted],
  /** How often a person had a target; only shown to people. */
  lately: [ITEM_PREFIXES.lately],
  /** The version of the access table. */
  accessVersion: [ACCESS_VERSION_ID],
  /**
   * The freeze and the locks of people: no function writes them, except `api` where the configuration has operators.
   */
  stop: [FREEZE_ID, LOCK_PREFIX],
  /** The other switches. No function may write one. */
  switch: [DRIFT_MODE_ID, SCHEMA_ID],
} as const satisfies Record<string, readonly string[]>;

export type ItemKind = keyof typeof ITEM_KINDS;

/** What a function may write, by action: `{ PutItem: ['click', 'request'] }`. */
export type ItemWrites = Readonly<Partial<Record<'PutItem' | 'UpdateItem' | 'DeleteItem', readonly ItemKind[]>>>;

/**
 * Rights to write items of these kinds and no others.
 *
 * `dynamodb:LeadingKeys` is the set of partition keys in the call, also of a transaction or batch; only `ForAllValues`
 * and `ForAnyValue` can compare a set. `ForAllValues` is also true of an empty set, hence `Null`. No pattern fits the
 * ids of requests: where requests are among the kinds, the right covers the whole table and every other kind is denied.
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

/** Some prefixes are whole ids, and their pattern also matches longer ids; no other id begins with one of them. */
function patternsOf(kinds: readonly ItemKind[]): string[] {
  return kinds.flatMap((kind) => ITEM_KINDS[kind]).map((beginning) => `${beginning}*`);
}
