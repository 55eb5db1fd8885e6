import * as z from 'zod/mini';
import { type GrantServices, grantAccess, lookAtAccess } from '../../../core/access/lease/grant/grant-access.ts';
import { type RevokeServices, revokeAccess } from '../../../core/access/lease/revoke/revoke-access.ts';
import type { AssignmentPort } from '../../../core/access/ports.ts';
import { after } from '../../../core/model/events.ts';
import type { AccessRequest } from '../../../core/model/request.ts';
import { DRIFT_MODE_ID } from '../../../core/model/stored-ids.ts';
import { handler as revokeHandler } from '../../../lambdas/revoke-access/index.ts';
import { readEnvironment } from '../../../lambdas/shared/environment.ts';
import { once } from '../../../lambdas/shared/once.ts';
import { systemNow } from '../../../lambdas/shared/services/clock.ts';
import { givableBy } from '../../../lambdas/shared/services/configured-targets.ts';
import { assignments, directory } from '../../../lambdas/shared/services/identity-center.ts';
import {
  accessStore,
  holdStore,
  leaseStore,
  policyStore,
  requestStore,
} from '../../../lambdas/shared/services/tables.ts';
import { workflow } from '../../../lambdas/shared/services/workflow.ts';
import { sha256 } from '../../../lambdas/shared/sha256.ts';
import { taskInput } from '../../../lambdas/shared/task-input.ts';
import { REQUEST_TABLE } from '../../../sandbox/server/environment.ts';
import type { Handler } from '../parts/containers.ts';
import type { Arriving, Onlooker } from '../parts/network.ts';

/** `grant-access` as deployed, with some of its services replaced for each call. */
export function grantWith(change: (all: GrantServices, requestId: string) => Partial<GrantServices>): Handler {
  const services = once((): GrantServices => {
    const environment = readEnvironment('grant-access');
    const { access } = environment.settings;
    return {
      requests: requestStore(environment),
      leases: leaseStore(environment),
      accesses: accessStore(environment),
      holds: holdStore(environment),
      workflow: workflow(environment),
      policyStore: policyStore(environment),
      directory: directory(environment),
      assignments: assignments(environment),
      now: systemNow,
      sha256,
      maxDurationSeconds: access.maxDurationSeconds,
      givable: givableBy(environment.settings),
      warnBeforeEndSeconds: access.warnBeforeEndSeconds,
      grantTimeoutSeconds: access.grantTimeoutSeconds,
    };
  });
  return async (event) => {
    const { requestId, look = false } = z.parse(taskInput.grant, event);
    const step = look ? lookAtAccess : grantAccess;
    return step(requestId, { ...services(), ...change(services(), requestId) });
  };
}

/** `revoke-access` as deployed, with some of its services replaced; stopped workflows go to the real handler. */
export function revokeWith(change: (all: RevokeServices) => Partial<RevokeServices>): Handler {
  const services = once((): RevokeServices => {
    const environment = readEnvironment('revoke-access');
    return {
      requests: requestStore(environment),
      holds: holdStore(environment),
      leases: leaseStore(environment),
      assignments: assignments(environment),
      now: systemNow,
      deliveryDelaySeconds: environment.settings.report.deliveryDelaySeconds,
    };
  });
  return async (event) => {
    const parsed = z.safeParse(taskInput.revoke, event);
    if (!parsed.success) return revokeHandler(event);
    const { requestId, failure } = parsed.data;
    return { ...(await revokeAccess(requestId, { ...services(), ...change(services()) }, failure)), made: '' };
  };
}

/** Two policies that allow everything. */
const ANYTHING = [
  { id: 'policy#any-set', effect: 'allow', who: ['everyone'], accounts: ['*'], permissionSets: ['*'] },
  { id: 'policy#any-group', effect: 'allow', who: ['everyone'], groups: ['*'] },
];

/** Judges requests in these states as if everything were allowed, so that what they say about themselves counts. */
export function believing(...states: readonly AccessRequest['state'][]) {
  return ({ requests, policyStore, directory }: GrantServices): Partial<GrantServices> => {
    let believed = false;
    return {
      requests: {
        ...requests,
        getWithVotes: async (id) => {
          const found = await requests.getWithVotes(id);
          believed = found !== undefined && states.includes(found.request.state);
          return found;
        },
      },
      policyStore: {
        ...policyStore,
        read: async (ids, principalId) =>
          believed ? { records: [], storeState: { accessVersion: 'believed' } } : policyStore.read(ids, principalId),
        policies: async (version) => (believed ? ANYTHING : policyStore.policies(version)),
      },
      directory: {
        ...directory,
        user: async (id) => {
          const user = await directory.user(id);
          return user && believed ? { ...user, enabled: true } : user;
        },
      },
    };
  };
}

/** Does not see assignments that exist already. */
export function blind(port: AssignmentPort): AssignmentPort {
  return { ...port, exists: async () => false };
}

/** Takes a refused removal for success, and does not check whether the assignment is gone. */
export function deaf(port: AssignmentPort): AssignmentPort {
  const exists = () => Promise.resolve(false);
  return {
    ...port,
    exists,
    remove: (assignment) => port.remove(assignment).catch(() => ({ status: 'succeeded' as const })),
  };
}

/** Tells the workflow the end of the first request, whatever time joined the access since. */
export function firstEndOnly({ requests }: GrantServices, requestId: string): Partial<GrantServices> {
  const first = (request: AccessRequest) =>
    request.state === 'active' && request.id === requestId
      ? { ...request, endsAt: after(request.startsAt, request.durationSeconds) }
      : request;
  const getWithVotes: GrantServices['requests']['getWithVotes'] = async (id) => {
    const found = await requests.getWithVotes(id);
    return found && { ...found, request: first(found.request) };
  };
  const get: GrantServices['requests']['get'] = async (id) => {
    const found = await requests.get(id);
    return found && first(found);
  };
  return { requests: { ...requests, get, getWithVotes } };
}

/** Lets time that joins an access make it last half a day longer, whatever its policy allows. */
export function unlimitedJoins({ requests }: GrantServices): Partial<GrantServices> {
  const join: GrantServices['requests']['join'] = (wanted) => {
    const endsAt = after(wanted.joined.endsAt, 12 * 3600);
    return requests.join({
      ...wanted,
      set: { ...wanted.set, endsAt },
      joined: { ...wanted.joined, endsAt },
      hold: { ...wanted.hold, endsAt },
    });
  };
  return { requests: { ...requests, join } };
}

/** The fields of an UpdateItem call that are changed here. */
interface Update {
  readonly TableName?: string;
  readonly Key?: { readonly id?: { readonly S?: string } };
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, { readonly L?: readonly unknown[] }>>;
}

/** Answers writes of items with this id prefix with success and drops them; `attribute`: only writes that set it. */
export function unkept({ operation, input }: Arriving, beginning: string, attribute?: string) {
  const { TableName, Key, UpdateExpression = '', ExpressionAttributeNames = {} } = input as Update;
  const isOfIt = TableName === REQUEST_TABLE && Key?.id?.S?.startsWith(beginning) === true;
  const [placeholder] = Object.entries(ExpressionAttributeNames).find(([, name]) => name === attribute) ?? [];
  const isMeant = isOfIt && (attribute === undefined || UpdateExpression.includes(`${placeholder} = `));
  return operation === 'dynamodb:UpdateItem' && isMeant ? { status: 200, json: {} } : undefined;
}

/** Changes UpdateItem calls for requests, and no other call. */
export function changeRequest(call: Arriving, bend: (update: Update) => Update): undefined {
  const update = call.input as Update;
  if (call.operation !== 'dynamodb:UpdateItem' || update.TableName !== REQUEST_TABLE) return;
  if (update.Key?.id?.S?.startsWith('req-') === true) call.input = { ...bend(update) };
}

export function appendTwice(update: Update): Update {
  return withEvents(update, (events) => [...events, ...events]);
}

export function appendNothing(update: Update): Update {
  return withEvents(update, () => []);
}

/** Drops the state that a change expects; the names stay in use, because DynamoDB refuses unused ones. */
export function expectNothing(update: Update): Update {
  const ConditionExpression = update.ConditionExpression?.replace(
    /(#n\d+) IN \(([^)]*)\)/,
    '$1 IN ($2) OR attribute_exists(id)',
  );
  return { ...update, ...(ConditionExpression === undefined ? {} : { ConditionExpression }) };
}

function withEvents(update: Update, change: (events: readonly unknown[]) => readonly unknown[]): Update {
  const names = Object.entries(update.ExpressionAttributeNames ?? {});
  const placeholder = names.find(([, name]) => name === 'events')?.[0];
  const values = update.ExpressionAttributeValues ?? {};
  const value = new RegExp(`list_append\\(${placeholder}, (:v\\d+)\\)`).exec(update.UpdateExpression ?? '')?.[1];
  if (value === undefined) return update;
  return { ...update, ExpressionAttributeValues: { ...values, [value]: { L: change(values[value]?.L ?? []) } } };
}

/** Changes Identity Center's status "in progress" to "succeeded". */
export function impatient(call: Arriving, body: string, kind: 'Creation' | 'Deletion'): string | undefined {
  if (call.operation !== `sso-admin:DescribeAccountAssignment${kind}Status`) return undefined;
  return body.replace('"IN_PROGRESS"', '"SUCCEEDED"');
}

/** Shows no existing assignments to the function that checks a removal. */
export function unlisted(call: Arriving, body: string): string | undefined {
  if (call.operation !== 'sso-admin:ListAccountAssignments') return undefined;
  if (call.invocation.functionName !== 'check-assignment') return undefined;
  return JSON.stringify({ ...JSON.parse(body), AccountAssignments: [] });
}

/** Hides from the revoke which removals were done. */
export function noRemovalsKnown({ operation, invocation, input }: Arriving): string | undefined {
  if (operation !== 'dynamodb:GetItem' || invocation.functionName !== 'revoke-access') return undefined;
  return (input as Update).Key?.id?.S?.startsWith('removed#') === true ? '{}' : undefined;
}

/** Removes the denies from the access table's items, and the freeze from the switches. */
export function withoutDenies(call: Arriving, body: string): string | undefined {
  type Item = Readonly<Record<string, { readonly S?: string }>>;
  if (call.operation === 'dynamodb:Scan') {
    const answer = JSON.parse(body) as { Items?: Item[] };
    return JSON.stringify({ ...answer, Items: answer.Items?.filter((item) => item.effect?.S !== 'deny') });
  }
  if (call.operation !== 'dynamodb:BatchGetItem') return undefined;
  const answer = JSON.parse(body) as { Responses?: Record<string, Item[]> };
  const freezes = answer.Responses?.[REQUEST_TABLE]?.filter((item) => item.id?.S !== 'control#freeze') ?? [];
  return JSON.stringify({ ...answer, Responses: { ...answer.Responses, [REQUEST_TABLE]: freezes } });
}

/** Changes policies that need two votes to need one. */
export function oneVoteIsEnough(call: Arriving, body: string): string | undefined {
  return call.operation === 'dynamodb:Scan' ? body.replaceAll('"count":{"N":"2"}', '"count":{"N":"1"}') : undefined;
}

/** Hides from the sweep that an operator has confirmed drift removal. */
export function neverEnforcing({
  operation,
  input,
  invocation,
}: Arriving): { status: number; json: unknown } | undefined {
  const { Key } = input as { Key?: { id?: { S?: string } } };
  const asksForMode = operation === 'dynamodb:GetItem' && Key?.id?.S === DRIFT_MODE_ID;
  return asksForMode && invocation.functionName === 'sweep-access' ? { status: 200, json: {} } : undefined;
}

/** SES's answer that it took a mail, while the mail is dropped. */
export const NOT_SENT = { status: 200, json: { MessageId: 'nowhere' } };

/** Lets the report read every request, and what was granted by it, as if credentials expired with the access. */
export function credentialsForgotten({ operation, invocation }: Arriving, body: string): string | undefined {
  const isRead = /^dynamodb:(?:Batch)?GetItem$/.test(operation) && invocation.functionName === 'report-on-access';
  return isRead ? body.replaceAll(/"sessionSeconds":\{"N":"\d+"\}/g, '"sessionSeconds":{"N":"0"}') : undefined;
}

/** Lists no executions to the function that compares them with the requests. */
export function uncompared({ operation, input }: Arriving): ReturnType<NonNullable<Onlooker['arriving']>> {
  const isAboutAll = operation === 'sfn:ListExecutions' && input.statusFilter === undefined;
  return isAboutAll ? { status: 200, json: { executions: [] } } : undefined;
}
