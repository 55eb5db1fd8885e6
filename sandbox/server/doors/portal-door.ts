import { SERVICES } from '../../aws/services.ts';
import { writeError, writeResult } from '../../aws/wire/answer.ts';
import { AwsError } from '../../aws/wire/aws-error.ts';
import { findService, readSignature } from '../../aws/wire/route.ts';
import type { WireRequest, WireResponse } from '../../aws/wire/wire.ts';
import { toXml } from '../../aws/wire/xml.ts';
import type { Sandbox } from '../sandbox.ts';
import { fetchInPortal, usePortal } from './portal-use.ts';

const CREDENTIALS = '/federation/credentials';
const TOKEN = 'sandbox-portal-session-of-';

/** The token that `aws sso login` leaves in the AWS CLI's cache. */
export function portalTokenOf(userName: string): string {
  return `${TOKEN}${userName}`;
}

/** Is the call for the access portal, or made with credentials that the portal issued? */
export function isForPortal(path: string, authorization: string | undefined): boolean {
  return path === CREDENTIALS || /^AWS4-HMAC-SHA256 Credential=ASIAPORTAL/.test(authorization ?? '');
}

/**
 * Emulates the access portal's GetRoleCredentials, and the calls that `glasshammer guard prove` makes with the
 * credentials. Any other call with such credentials is refused by name, because the sandbox does not emulate its
 * result.
 */
export function answerPortal(sandbox: Sandbox, request: WireRequest): WireResponse {
  const url = new URL(request.path, 'http://portal');
  return url.pathname === CREDENTIALS ? giveCredentials(sandbox, request, url.searchParams) : call(sandbox, request);
}

function giveCredentials(sandbox: Sandbox, { headers }: WireRequest, query: URLSearchParams): WireResponse {
  const { world } = sandbox;
  const token = headers['x-amz-sso_bearer_token'] ?? '';
  const user = world.users.find(({ userName }) => token === portalTokenOf(userName));
  if (user === undefined) return json(401, { message: 'Session token not found or invalid' });
  const set = world.permissionSets.find(({ name }) => name === query.get('role_name'));
  const accountId = query.get('account_id') ?? '';
  const credentials =
    set === undefined
      ? undefined
      : fetchInPortal(sandbox, { principalId: user.id, accountId, permissionSetArn: set.arn });
  if (credentials === undefined) return json(403, { message: 'No access' });
  const { issuedAt: _, expiration, ...keys } = credentials;
  return json(200, { roleCredentials: { ...keys, expiration: Date.parse(expiration) } });
}

function call(sandbox: Sandbox, request: WireRequest): WireResponse {
  const signature = readSignature(request.headers);
  const service = findService(SERVICES, request, signature);
  const requestId = sandbox.newId();
  const url = new URL(request.path, 'http://aws');
  const operation =
    service.name === 's3'
      ? `${request.method} ${url.pathname}`
      : new URLSearchParams(request.body.toString()).get('Action');
  const known = CALLS[`${service.name} ${operation}`];
  if (known === undefined)
    return writeError(
      service,
      new AwsError('NotImplemented', `${operation} is not emulated for sessions of people`),
      requestId,
    );
  const { accessKeyId } = signature;
  const { credentials, allowed, why } = usePortal(sandbox, { credentials: { accessKeyId }, action: known.action });
  if (credentials === null) return writeError(service, new AwsError('InvalidClientTokenId', why), requestId);
  if (allowed) return known.answer(requestId);
  const name = why.includes('is expired') ? 'ExpiredToken' : 'AccessDenied';
  return writeError(service, new AwsError(name, why), requestId);
}

const CALLS: Readonly<
  Record<string, { readonly action: string; readonly answer: (requestId: string) => WireResponse }>
> = {
  's3 GET /': {
    action: 's3:ListAllMyBuckets',
    answer: () => ({
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: toXml('ListAllMyBucketsResult', { Buckets: '' }),
    }),
  },
  'iam ListAccountAliases': {
    action: 'iam:ListAccountAliases',
    answer: (requestId) =>
      writeResult(
        { name: 'iam', protocol: 'query' },
        'ListAccountAliases',
        { IsTruncated: false, AccountAliases: '' },
        requestId,
      ),
  },
};

function json(status: number, body: object): WireResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
