import * as z from 'zod';
import { InvalidTrailRecordError, recordActivity } from '../aws/trail/trail.ts';
import { AwsError } from '../aws/wire/aws-error.ts';
import type { AssignmentKey } from '../aws/world/world.ts';
import { InvalidFaultError } from '../faults.ts';
import { portalTokenOf } from './doors/portal-door.ts';
import { portalUseSchema, usePortal } from './doors/portal-use.ts';
import { ACCESS_TABLE } from './environment.ts';
import { type HttpAnswer, json } from './gateway.ts';
import { personalExports } from './operator-environment.ts';
import type { Sandbox } from './sandbox.ts';
import { stateView } from './state-view.ts';

/** The sandbox cannot carry out a call; the message says what to change. */
class BadCallError extends Error {
  override readonly name = 'BadCallError';
}

type Route = (sandbox: Sandbox, body: unknown, name: string) => Promise<unknown> | unknown;

// Unknown keys are ignored, so that a program may send more than the sandbox needs.
const assignmentSchema = z.object({
  principalId: z.string().min(1),
  principalType: z.enum(['USER', 'GROUP']).optional(),
  accountId: z.string().min(1),
  permissionSetArn: z.string().min(1),
});
const signInSchema = z.object({ userName: z.string().min(1) });
const clockSchema = z.object({ advance: z.string() });
const recordsSchema = z.array(
  z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .refine(({ id }) => typeof id?.S === 'string' && id.S !== '', { error: 'needs its id as {"S":"…"}', path: ['id'] }),
  { error: 'must be a list of items in DynamoDB JSON' },
);
const recordIdSchema = z.object({ id: z.string().min(1) });

/** A year is more than any test of access needs, and an advance is slow: it runs every schedule on the way. */
const LONGEST_ADVANCE_MS = 366 * 24 * 3600_000;

/** The routes by which a program drives the sandbox, without those for a person's browser. */
const ROUTES: Readonly<Record<string, Route>> = {
  'GET /sandbox/state': (sandbox) => stateView(sandbox),
  'GET /sandbox/logs': (sandbox) => ({ lines: sandbox.logs }),
  'GET /sandbox/faults': (sandbox) => ({ faults: sandbox.faults.list() }),
  'POST /sandbox/faults': (sandbox, body) => ({ fault: sandbox.faults.add(body) }),
  'DELETE /sandbox/faults': (sandbox) => {
    sandbox.faults.clear();
    return {};
  },
  'POST /sandbox/assignments': (sandbox, body) => {
    const assignment = assignmentIn(sandbox, body);
    requireKnown(sandbox, assignment);
    sandbox.aws.changeByHand('create', assignment);
    return {};
  },
  'DELETE /sandbox/assignments': (sandbox, body) => ({
    removed: sandbox.aws.changeByHand('delete', assignmentIn(sandbox, body)),
  }),
  'POST /sandbox/activity': (sandbox, body) => {
    const records = recordsOf(body);
    for (const record of records) sandbox.hearOf(recordActivity(sandbox.world, record, () => sandbox.newId()));
    return { recorded: records.length };
  },
  'POST /sandbox/portal/use': (sandbox, body) => {
    const use = read(portalUseSchema, body);
    if (!('credentials' in use)) requireKnown(sandbox, { ...use, principalType: 'USER' });
    return usePortal(sandbox, use);
  },
  'POST /sandbox/sign-in': (sandbox, body) => {
    const { userName } = read(signInSchema, body);
    const credentials = sandbox.door.signIn(userName);
    if (credentials === undefined) throw new BadCallError(`there is no user ${userName} who can sign in`);
    const portalToken = portalTokenOf(userName);
    const address = { url: sandbox.options.publicUrl, region: sandbox.world.region };
    return { credentials, portalToken, exports: personalExports(credentials, portalToken, address) };
  },
  'POST /sandbox/executions/*/kill': (sandbox, _body, name) => {
    const execution = sandbox.engine.listExecutions().find((known) => known.name === name);
    if (execution === undefined) throw new BadCallError(`there is no execution ${name}`);
    sandbox.engine.stopExecution({
      executionArn: execution.executionArn,
      error: 'Killed',
      cause: 'Killed in the sandbox',
    });
    return {};
  },
  'POST /sandbox/clock': async (sandbox, body) => {
    await sandbox.advance(milliseconds(read(clockSchema, body).advance));
    return { now: sandbox.clock.now().toISOString() };
  },
  'POST /sandbox/access-records': async (sandbox, body) => {
    const items = read(recordsSchema, body);
    for (const item of items) await sandbox.aws.byConsole('dynamodb:PutItem', { TableName: ACCESS_TABLE, Item: item });
    await sandbox.settled();
    return { put: items.length };
  },
  'DELETE /sandbox/access-records': async (sandbox, body) => {
    const { id } = read(recordIdSchema, body);
    await sandbox.aws.byConsole('dynamodb:DeleteItem', { TableName: ACCESS_TABLE, Key: { id: { S: id } } });
    await sandbox.settled();
    return {};
  },
};

/** Answers a `/sandbox/…` call; `undefined` when there is no such route. */
export async function answerControl(
  sandbox: Sandbox,
  method: string,
  path: string,
  body: Buffer,
): Promise<HttpAnswer | undefined> {
  const execution = /^\/sandbox\/executions\/([^/]+)\/kill$/.exec(path)?.[1];
  const route = ROUTES[`${method} ${execution === undefined ? path : '/sandbox/executions/*/kill'}`];
  if (route === undefined) return undefined;
  try {
    return json(200, await route(sandbox, parse(body), decoded(execution ?? '')));
  } catch (error) {
    // The routes pass on what AWS itself may refuse: an attribute of a wrong type, an item that is too large.
    const kinds = [BadCallError, InvalidFaultError, InvalidTrailRecordError, AwsError];
    const expected = kinds.some((kind) => error instanceof kind);
    if (expected) return json(400, { error: (error as Error).message });
    throw error;
  }
}

/** One record, a list, or `{"Records": […]}` as in CloudTrail's own files. */
function recordsOf(body: unknown): readonly unknown[] {
  if (Array.isArray(body)) return body;
  const { Records: records } = (body ?? {}) as { Records?: unknown };
  return Array.isArray(records) ? records : [body];
}

function parse(body: Buffer): unknown {
  if (body.byteLength === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new BadCallError('the body is not JSON');
  }
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new BadCallError(
    parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; '),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BadCallError(`${text} is no name: a percent sign must begin a code such as %20`);
  }
}

/** Where the body names no principal type, a group's id makes it GROUP, and any other id USER. */
function assignmentIn({ world }: Sandbox, body: unknown): AssignmentKey {
  const { principalType, ...rest } = read(assignmentSchema, body);
  const isGroup = world.groups.some(({ id }) => id === rest.principalId);
  return { ...rest, principalType: principalType ?? (isGroup ? 'GROUP' : 'USER') };
}

function requireKnown({ world }: Sandbox, key: AssignmentKey): void {
  const isGroup = key.principalType === 'GROUP';
  if (!(isGroup ? world.groups : world.users).some(({ id }) => id === key.principalId))
    throw new BadCallError(`there is no ${isGroup ? 'group' : 'user'} ${key.principalId}`);
  if (!world.accounts.some(({ id }) => id === key.accountId))
    throw new BadCallError(`there is no account ${key.accountId}`);
  if (!world.permissionSets.some(({ arn }) => arn === key.permissionSetArn)) {
    throw new BadCallError(`there is no permission set ${key.permissionSetArn}`);
  }
}

/** Milliseconds of an ISO 8601 duration in days and smaller units: `P1DT2H`, `PT90S`. */
function milliseconds(duration: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(duration);
  if (match === null || duration === 'P' || duration.endsWith('T')) {
    throw new BadCallError(`advance: ${duration} is not an ISO 8601 duration such as PT1H`);
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  const length = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
  if (length > LONGEST_ADVANCE_MS)
    throw new BadCallError(`advance: ${duration} is more than a year; go in smaller steps`);
  return length;
}
