import type { KeptSoFar } from '../../../core/activity/report/so-far/may-see-so-far.ts';
import type { DriftItem } from '../../../core/drift/types.ts';
import { createExecutionPlaces } from '../../../gateways/step-functions/execution-address.ts';
import { answerCall } from '../../../lambdas/api/answer-call.ts';
import { problemSchema } from '../../../lambdas/api/document/schemas.ts';
import type { ApiEvent } from '../../../lambdas/api/http.ts';
import { findOperation, OPERATIONS } from '../../../lambdas/api/operations.ts';
import type { Services } from '../../../lambdas/api/services.ts';
import { NOON, PRODUCTION } from '../../core/access/requests.ts';
import { createWorld, FakeReviews, needsLeads } from '../../core/access/services.ts';
import { fakeLooks, fakeReports } from '../../core/activity/fakes.ts';
import { overseeing } from './overseeing.ts';

/** One call of the API. People are named by their first names. */
interface Called {
  /** The caller. */
  readonly as: string;
  /** The person in the path; by default the caller. */
  readonly path?: string;
  readonly body?: unknown;
  readonly key?: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly identity?: Partial<ApiEvent['requestContext']['identity']>;
}

/** The API over a world of fakes. */
export function createApi(findings: readonly DriftItem[] = []) {
  const world = createWorld();
  const refused: { readonly id: string; readonly note: string | undefined }[] = [];
  /** The questions sent to the report function, and the answer that it has stored. */
  const soFar: { asked: object[]; askedAt?: string; kept?: KeptSoFar } = { asked: [] };
  let calls = 0;
  const services: Services = {
    ...world,
    door: { organizationId: 'o-example1234', accounts: ['*'] },
    browserDoor: { issuer: 'https://pool.example.com/pool', clientId: 'console' },
    keptDirectory: world.directory,
    assignees: { assigneesOf: async () => undefined },
    ...overseeing(world, findings),
    reviews: new FakeReviews(),
    reports: fakeReports(),
    looks: fakeLooks(),
    executionOf: createExecutionPlaces('arn:aws:states:eu-central-1:456789012345:stateMachine:glasshammer'),
    soFarQuestions: { ask: async (question) => void soFar.asked.push(question) },
    soFarAnswers: {
      keep: async (_requestId, kept) => void Object.assign(soFar, { kept }),
      last: async () => {
        const { askedAt, kept } = soFar;
        return askedAt === undefined ? undefined : { askedAt, ...(kept === undefined ? {} : { kept }) };
      },
    },
    refusals: { write: async (id, fact) => void refused.push({ id, note: fact.note }) },
    recordList: { records: async () => world.policyStore.items.filter(({ id }) => id.startsWith('access#')) },
    accounts: async () => [{ id: PRODUCTION, name: 'Production' }],
    slackIdOf: async (id: string) => (await world.people.slackIdsOf([id]))[id],
    policyChanges: false,
    portalUrl: 'https://d-1234567890.awsapps.com/start',
    teamIds: [],
    emailDomains: [],
  };

  async function call(operation: string, { as, path, body, key, query, identity }: Called) {
    const [method = '', where = ''] = operation.split(' ');
    calls += 1;
    const pathCalled = where.startsWith('/') ? where : `/people/user-${path ?? as}/${where}`;
    const answer = await answerCall(
      {
        httpMethod: method,
        path: pathCalled,
        headers: key === undefined ? {} : { 'idempotency-key': key },
        queryStringParameters: query ?? null,
        body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
        isBase64Encoded: false,
        requestContext: { requestId: `call-${calls}`, identity: { ...sessionOf(as), ...identity } },
      },
      services,
    );
    const isJson = answer.headers['content-type']?.includes('json') === true;
    const json = isJson ? JSON.parse(answer.body) : answer.body;
    holdToSchema(method, pathCalled, answer.statusCode, json);
    return { ...answer, json };
  }

  return { world, refused, services, soFar, call };
}

/** An API with Ben's request, which waits for the approval of a lead. */
export async function pending(overrides: Record<string, unknown> = {}) {
  const api = createApi();
  api.world.policyStore.write(needsLeads(overrides));
  const { json } = await api.call('POST requests', { as: 'ben', body: { ...WANTED, duration: 'PT1H' } });
  // In production the workflow asks the approvers; here the request only says who they are.
  const request = api.world.requests.now(json.id);
  const approvals = [{ approvers: ['user-cleo', 'user-dan'], count: 1, policy: 'with-leads' }];
  const waitingPaths = [{ path: 'with-leads', approvals }];
  api.world.requests.put({
    ...request,
    asked: { waitingPaths, slackIds: {}, allows: '', usedBefore: { times: 0 } },
  });
  return { ...api, id: json.id as string, before: json };
}

/** Fails unless the answer has exactly the fields that the published OpenAPI document describes. */
function holdToSchema(method: string, path: string, status: number, json: unknown): void {
  const operation = findOperation(OPERATIONS, method, path);
  const schema = operation === undefined || status >= 300 ? problemSchema : OPERATIONS[operation.id].answer;
  expect(schema.parse(json)).toEqual(json);
}

/** The identity that API Gateway passes on for a person's Identity Center session. */
function sessionOf(name: string) {
  const session = `${name}@example.com`;
  return {
    accountId: PRODUCTION,
    caller: `AROAEXAMPLE:${session}`,
    userArn: `arn:aws:sts::${PRODUCTION}:assumed-role/AWSReservedSSO_ReadOnlyAccess_0123456789abcdef/${session}`,
    principalOrgId: 'o-example1234',
  };
}

export const WANTED = { accountId: PRODUCTION, permissionSet: 'BreakGlassAdmin', reason: 'the checkout is down' };
export { NOON, PRODUCTION };
