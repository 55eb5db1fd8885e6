import * as z from 'zod/mini';
import { OPERATIONS, type Operation } from '../operations.ts';
import { POLICY_OPERATIONS } from '../policy-operations.ts';
import * as schemas from './schemas.ts';
import * as ofAll from './schemas-of-all.ts';
import * as ofChanges from './schemas-of-changes.ts';
import * as ofOne from './schemas-of-one.ts';
import * as ofReach from './schemas-of-reach.ts';
import * as ofReport from './schemas-of-report.ts';
import * as ofSystem from './schemas-of-system.ts';

/** The schemas of all bodies and answers, under their names in the OpenAPI document. */
const SHARED = {
  Ask: schemas.askSchema,
  Evaluate: schemas.evaluateSchema,
  Vote: schemas.voteSchema,
  End: schemas.endSchema,
  Extend: schemas.extendSchema,
  Nothing: schemas.emptySchema,
  Whoami: schemas.whoamiSchema,
  Targets: schemas.targetsSchema,
  PermissionSets: schemas.permissionSetsSchema,
  Preview: schemas.previewSchema,
  RequestPage: schemas.requestPageSchema,
  RequestDetail: schemas.requestDetailSchema,
  Review: schemas.reviewSchema,
  Answer: schemas.answerSchema,
  EvaluateFor: schemas.evaluateForSchema,
  Freeze: schemas.freezeSchema,
  Thaw: schemas.thawSchema,
  Revoke: schemas.revokeSchema,
  Lock: schemas.lockSchema,
  Unlock: schemas.unlockSchema,
  Profile: ofAll.profileSchema,
  Health: ofAll.healthSchema,
  Policies: ofAll.policiesSchema,
  Drift: ofAll.driftSchema,
  System: ofSystem.systemSchema,
  Switch: ofAll.switchSchema,
  Revoked: ofAll.revokedAnswerSchema,
  Locked: ofAll.lockAnswerSchema,
  RequestsTable: schemas.csvSchema,
  RequesterHistory: ofOne.requesterHistorySchema,
  AuditRecord: ofOne.auditRecordSchema,
  PersonReach: ofReach.personReachSchema,
  AccountReach: ofReach.accountReachSchema,
  Activity: ofReport.activityAnswerSchema,
  WantedPolicies: ofChanges.wantedPoliciesSchema,
  ProposedPolicies: ofChanges.proposedPoliciesSchema,
  AcceptedText: ofChanges.acceptedTextSchema,
  WithdrawnBecause: ofChanges.withdrawnBecauseSchema,
  PolicyCheck: ofChanges.policyCheckSchema,
  PolicyChange: ofChanges.policyChangeSchema,
  PolicyChangeDetail: ofChanges.policyChangeDetailSchema,
  PolicyChanges: ofChanges.policyChangesSchema,
  Report: ofReport.reportAnswerSchema,
  Problem: schemas.problemSchema,
} as const;

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'A repeated call with the same key creates nothing new and answers with what the first call created',
  schema: { type: 'string', maxLength: 200 },
};

const ASKED_KEY = { ...IDEMPOTENCY_KEY, required: true, description: 'The key with which the ask was sent' };

/**
 * The API as an OpenAPI 3.1 document, generated from the schemas that validate calls.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export function openApiDocument(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const [operationId, operation] of Object.entries({ ...OPERATIONS, ...POLICY_OPERATIONS }) as [
    string,
    Operation,
  ][]) {
    const others = paths[operation.path];
    paths[operation.path] = { ...others, [operation.method.toLowerCase()]: describe(operationId, operation) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Glasshammer',
      version,
      description:
        'Temporary access to AWS accounts: requests, decisions, ends and reports. Times are ISO 8601 in UTC.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'https://{api}.execute-api.{region}.amazonaws.com/v1', variables: serverVariables() }],
    security: [{ sigv4: [] }, { signedIn: [] }],
    paths,
    components: {
      securitySchemes: {
        sigv4: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          description: 'AWS Signature Version 4 for execute-api, with the credentials of an Identity Center session',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
        signedIn: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'Identity token of the person who signed in to the web console; accepted at the address of the console',
        },
      },
      schemas: Object.fromEntries(Object.entries(SHARED).map(([name, schema]) => [name, jsonSchema(schema)])),
    },
  };
}

function describe(operationId: string, operation: Operation): object {
  const {
    path,
    summary,
    query = [],
    body,
    idempotent,
    keyed,
    answer,
    type = 'application/json',
    status = 200,
  } = operation;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = query.map((parameter) => ({ ...parameter, in: 'query', schema: { type: 'string' } }));
  const inHeader = [...(idempotent === true ? [IDEMPOTENCY_KEY] : []), ...(keyed === true ? [ASKED_KEY] : [])];
  const parameters = [...inPath, ...inQuery, ...inHeader];
  const done = { description: summary, content: { [type]: { schema: reference(answer) } } };
  return {
    operationId,
    summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { content: { 'application/json': { schema: reference(body) } } } }),
    responses: {
      [status]: done,
      ...(idempotent === true
        ? { 200: { ...done, description: 'The key was used before: what the first call created' } }
        : {}),
      default: {
        description: 'The call was refused, was malformed, or failed',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

/** @throws Error for a schema that has no name */
function reference(schema: z.ZodMiniType): object {
  const name = Object.entries(SHARED).find(([, shared]) => shared === schema)?.[0];
  if (name === undefined) throw new Error('every body and answer has a name among the shared schemas');
  return { $ref: `#/components/schemas/${name}` };
}

function jsonSchema(schema: z.ZodMiniType): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}

function serverVariables(): object {
  return { api: { default: 'api-id' }, region: { default: 'eu-central-1' } };
}
