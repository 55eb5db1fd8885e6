import { accessOf } from '../../core/model/access.ts';
import { MalformedItemError } from '../../core/model/errors.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import { readItem } from '../../gateways/dynamodb/read-item.ts';
import { fromItem } from '../../gateways/dynamodb/requests/request-item.ts';
import { settleProvisioning } from '../aws/identity-center/provisioning.ts';
import { liveSessions } from './doors/portal-use.ts';
import { REQUEST_TABLE } from './environment.ts';
import type { Sandbox } from './sandbox.ts';

/** The whole state of the sandbox, for programs and for its page. */
export async function stateView(sandbox: Sandbox): Promise<Record<string, unknown>> {
  const { world, clock, engine, calls, alarms } = sandbox;
  settleProvisioning(world, clock.nowMs());
  alarms.evaluate(clock.nowMs());
  const { messages, ephemerals, views, ...rest } = sandbox.slack.snapshot();
  const requests = await readRequests(sandbox);
  return {
    now: clock.now().toISOString(),
    speed: sandbox.options.speed,
    requests: requests.map((request) => requestView(request, requests)),
    accesses: requests.map(accessOf).filter((access) => access !== undefined),
    assignments: world.assignments.map(({ principalType, principalId, accountId, permissionSetArn }) => ({
      principalType,
      principalId,
      accountId,
      permissionSetArn,
    })),
    sessions: liveSessions(sandbox),
    memberships: world.memberships.map(({ groupId, userId }) => ({ groupId, principalId: userId })),
    messages,
    ephemerals,
    views,
    emails: world.emails.map(({ from, to, subject, text, html, at, headers }) => ({
      from,
      to,
      subject,
      text,
      html,
      at,
      headers,
    })),
    executions: engine.listExecutions().map(({ name, status, startDateMs, stopDateMs }) => ({
      name,
      status,
      state: engine.currentState(name) ?? null,
      startedAt: new Date(startDateMs).toISOString(),
      stoppedAt: stopDateMs === undefined ? null : new Date(stopDateMs).toISOString(),
    })),
    archive: archiveView(sandbox),
    alarms: alarms.raised,
    calls: calls.snapshot(),
    directory: directoryView(sandbox),
    // Without Slack the page still needs the team and the users, but shows no messages.
    slack: sandbox.options.withSlack ? rest : { ...rest, absent: true },
  };
}

/**
 * A request without its task tokens, which never leave the sandbox; the person who runs the sandbox may see everything
 * else. A request that was joined to an access shows that access's state and end, for programs that only know requests.
 */
function requestView(
  { tokens: _tokens, ...request }: AccessRequest,
  all: readonly AccessRequest[],
): Omit<AccessRequest, 'tokens'> {
  const root = request.accessId === undefined ? undefined : all.find(({ id }) => id === request.accessId);
  if (root === undefined)
    return accessOf({ ...request, tokens: {} }) === undefined ? request : { ...request, accessId: request.id };
  const { state, endsAt, endedAt, refusal, failure } = root;
  return {
    ...request,
    state,
    endsAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(refusal === undefined ? {} : { refusal }),
    ...(failure === undefined ? {} : { failure }),
  };
}

async function readRequests(sandbox: Sandbox): Promise<AccessRequest[]> {
  const items: Record<string, unknown>[] = [];
  let from: unknown;
  do {
    const input = {
      TableName: REQUEST_TABLE,
      ConsistentRead: true,
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    };
    const page = (await sandbox.aws.byConsole('dynamodb:Scan', input)) as {
      Items: Parameters<typeof readItem>[0][];
      LastEvaluatedKey?: unknown;
    };
    items.push(...page.Items.map((item) => readItem(item)));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items
    .filter((item) => typeof item.state === 'string' && Array.isArray(item.events))
    .flatMap(readable)
    .sort((a, b) => (a.requestedAt < b.requestedAt ? -1 : a.requestedAt > b.requestedAt ? 1 : a.id < b.id ? -1 : 1));
}

/** The request in an item; nothing for a malformed item, so that one bad item does not hide the others. */
function readable(item: Record<string, unknown>): AccessRequest[] {
  try {
    return [fromItem(item)];
  } catch (error) {
    if (error instanceof MalformedItemError) return [];
    throw error;
  }
}

/** The audit archive: every stored line of the archive bucket, oldest first. */
function archiveView({ world }: Sandbox): unknown[] {
  return Object.values(world.buckets)
    .flatMap((bucket) => Object.entries(bucket))
    .filter(([key]) => key.startsWith('events/'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, object]) => object.body.toString('utf8').split('\n'))
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as unknown);
}

/** Names for the ids, for the page. */
function directoryView({ world }: Sandbox): Record<string, unknown> {
  return {
    users: world.users.map(({ id, userName, displayName }) => ({ id, userName, displayName })),
    groups: world.groups.map(({ id, displayName }) => ({ id, displayName })),
    accounts: world.accounts.map(({ id, name }) => ({ id, name })),
    permissionSets: world.permissionSets.map(({ arn, name }) => ({ arn, name })),
  };
}
