import type * as z from 'zod/mini';
import {
  answerSchema,
  askSchema,
  csvSchema,
  emptySchema,
  endSchema,
  evaluateForSchema,
  evaluateSchema,
  extendSchema,
  freezeSchema,
  lockSchema,
  permissionSetsSchema,
  previewSchema,
  requestDetailSchema,
  requestPageSchema,
  reviewSchema,
  revokeSchema,
  targetsSchema,
  thawSchema,
  unlockSchema,
  voteSchema,
  whoamiSchema,
} from './document/schemas.ts';
import {
  driftSchema,
  healthSchema,
  LIST_QUERY,
  lockAnswerSchema,
  policiesSchema,
  profileSchema,
  revokedAnswerSchema,
  switchSchema,
} from './document/schemas-of-all.ts';
import { systemSchema } from './document/schemas-of-system.ts';
import { ONE_OPERATIONS } from './operations-of-one.ts';
import { REACH_OPERATIONS } from './operations-of-reach.ts';

/** An operation of the API. The OpenAPI document and the router are generated from these. */
export interface Operation {
  readonly method: 'GET' | 'POST';
  /** Without the stage; parameters are in braces. */
  readonly path: string;
  readonly summary: string;
  readonly query?: readonly { readonly name: string; readonly description: string }[];
  readonly body?: z.ZodMiniType;
  /** A repeated call with the same `Idempotency-Key` starts nothing new. */
  readonly idempotent?: true;
  /** The call is about the ask that was sent with the same `Idempotency-Key`. */
  readonly keyed?: true;
  readonly answer: z.ZodMiniType;
  /** Content type of the answer. @default application/json */
  readonly type?: 'text/csv';
  /** 201 if the call creates something. @default 200 */
  readonly status?: 201;
}

const PERSON = '/people/{userId}';
const ONE = `${PERSON}/requests/{requestId}`;
const OPERATE = `${PERSON}/operate`;
const CURSOR = { name: 'cursor', description: 'nextCursor of the previous page' };
const PAGING = [CURSOR, { name: 'limit', description: 'Requests on a page, 1 to 100; if absent, 50' }];

export const OPERATIONS = {
  whoami: {
    method: 'GET',
    path: '/whoami',
    summary: "The caller's user id, which every other path contains",
    answer: whoamiSchema,
  },
  listTargets: {
    method: 'GET',
    path: `${PERSON}/targets`,
    summary: 'Accounts and groups the person may ask for, at most 100 of each',
    query: [
      { name: 'q', description: 'Part of a name or id; if absent, all. If more than 100 may match, give a part' },
    ],
    answer: targetsSchema,
  },
  listPermissionSets: {
    method: 'GET',
    path: `${PERSON}/targets/{accountId}`,
    summary: 'Permission sets the person may ask for in an account',
    answer: permissionSetsSchema,
  },
  evaluate: {
    method: 'POST',
    path: `${PERSON}/evaluations`,
    summary: 'What the outcome of a request would be now; this creates no request',
    body: evaluateSchema,
    answer: previewSchema,
  },
  request: {
    method: 'POST',
    path: `${PERSON}/requests`,
    summary: 'Asks for access',
    body: askSchema,
    idempotent: true,
    answer: requestDetailSchema,
    status: 201,
  },
  findAsked: {
    method: 'GET',
    path: `${PERSON}/asked`,
    summary: 'The request that an earlier ask with this Idempotency-Key created, for a client that lost the answer',
    keyed: true,
    answer: requestDetailSchema,
  },
  listMine: {
    method: 'GET',
    path: `${PERSON}/requests`,
    summary: "The person's open requests: access they have, and requests that wait",
    query: PAGING,
    answer: requestPageSchema,
  },
  listPending: {
    method: 'GET',
    path: `${PERSON}/pending`,
    summary: "Requests that wait for the person's vote",
    query: PAGING,
    answer: requestPageSchema,
  },
  getRequest: {
    method: 'GET',
    path: ONE,
    summary: 'One request with its history: for its person and its approvers',
    answer: requestDetailSchema,
  },
  ...ONE_OPERATIONS,
  vote: {
    method: 'POST',
    path: `${ONE}/votes`,
    summary: 'Approves or denies a request',
    body: voteSchema,
    answer: requestDetailSchema,
  },
  cancel: {
    method: 'POST',
    path: `${ONE}/cancel`,
    summary: 'Takes back a request that waits for approval or for its start',
    body: emptySchema,
    answer: requestDetailSchema,
  },
  end: {
    method: 'POST',
    path: `${ONE}/end`,
    summary: 'Ends access before its time',
    body: endSchema,
    answer: requestDetailSchema,
  },
  extend: {
    method: 'POST',
    path: `${ONE}/extensions`,
    summary: 'Asks for more time on access that has not ended',
    body: extendSchema,
    idempotent: true,
    answer: requestDetailSchema,
    status: 201,
  },
  profile: {
    method: 'GET',
    path: `${PERSON}/profile`,
    summary: 'Who the caller is, and whether they are an auditor or an operator',
    answer: profileSchema,
  },
  listReviews: {
    method: 'GET',
    path: `${PERSON}/reviews`,
    summary: 'Break-glass access whose review waits for the person',
    query: PAGING,
    answer: requestPageSchema,
  },
  review: {
    method: 'POST',
    path: `${ONE}/review`,
    summary: 'Reviews break-glass access: acknowledges what was done, or asks a question about it',
    body: reviewSchema,
    answer: requestDetailSchema,
  },
  answer: {
    method: 'POST',
    path: `${ONE}/answer`,
    summary: "Answers the reviewer's question",
    body: answerSchema,
    answer: requestDetailSchema,
  },
  health: {
    method: 'GET',
    path: `${PERSON}/health`,
    summary: 'Whether access can be given, and whether it is taken back at its end',
    answer: healthSchema,
  },
  listAll: {
    method: 'GET',
    path: `${PERSON}/all/requests`,
    summary: 'All requests, including refused ones, newest first; for auditors and operators',
    query: [...LIST_QUERY, ...PAGING],
    answer: requestPageSchema,
  },
  exportAll: {
    method: 'GET',
    path: `${PERSON}/all/requests.csv`,
    summary: 'All requests as CSV; the header next-cursor has the cursor of the next page. For auditors and operators',
    query: [...LIST_QUERY, ...PAGING],
    answer: csvSchema,
    type: 'text/csv',
  },
  listPolicies: {
    method: 'GET',
    path: `${PERSON}/policies`,
    summary: 'The policies and their errors; for auditors and operators',
    answer: policiesSchema,
  },
  evaluateFor: {
    method: 'POST',
    path: `${PERSON}/all/evaluations`,
    summary: "What the outcome of another person's request would be now; for auditors and operators",
    body: evaluateForSchema,
    answer: previewSchema,
  },
  ...REACH_OPERATIONS,
  listDrift: {
    method: 'GET',
    path: `${PERSON}/drift`,
    summary: 'Assignments and memberships made outside of Glasshammer; for auditors and operators',
    answer: driftSchema,
  },
  system: {
    method: 'GET',
    path: `${PERSON}/system`,
    summary: 'Alarms, when the background jobs last ran, versions, and the doctor command; for auditors and operators',
    answer: systemSchema,
  },
  freeze: {
    method: 'POST',
    path: `${OPERATE}/freeze`,
    summary: 'Freezes: refuses every new grant, everywhere. Existing access stays. For operators',
    body: freezeSchema,
    answer: switchSchema,
  },
  thaw: {
    method: 'POST',
    path: `${OPERATE}/thaw`,
    summary: 'Ends the freeze: access can be given again. For operators',
    body: thawSchema,
    answer: switchSchema,
  },
  revoke: {
    method: 'POST',
    path: `${OPERATE}/revoke`,
    summary:
      'Ends access now and cancels waiting requests: of one request, a person, an account, or all. For operators',
    body: revokeSchema,
    answer: revokedAnswerSchema,
  },
  lock: {
    method: 'POST',
    path: `${OPERATE}/lock`,
    summary: 'Locks a person: refuses their new requests and ends their access. For operators',
    body: lockSchema,
    answer: lockAnswerSchema,
  },
  unlock: {
    method: 'POST',
    path: `${OPERATE}/unlock`,
    summary: 'Unlocks a person, who can then ask again. For operators; no operator can unlock themselves',
    body: unlockSchema,
    answer: lockAnswerSchema,
  },
} as const satisfies Record<string, Operation>;

export type OperationId = keyof typeof OPERATIONS;

/** Finds the operation of a call and the parameters in its path; `undefined` if no operation matches. */
export function findOperation<Id extends string>(
  operations: Readonly<Record<Id, Operation>>,
  method: string,
  path: string,
): { readonly id: Id; readonly parameters: Readonly<Record<string, string>> } | undefined {
  for (const [id, operation] of Object.entries(operations) as [Id, Operation][]) {
    const parameters = operation.method === method ? matchPath(operation.path, path) : undefined;
    if (parameters !== undefined) return { id, parameters };
  }
  return undefined;
}

/** Compares paths part by part as they were sent, so that an encoded slash cannot add a part. */
function matchPath(template: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [template.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined ? part !== value : value === '') return undefined;
    if (name !== undefined) parameters[name] = value;
  }
  return parameters;
}
