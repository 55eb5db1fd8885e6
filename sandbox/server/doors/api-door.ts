import { type DoorStatement, doorPolicy, STAGE } from '../../../lib/rights/door-policy.ts';
import { authorize, type Statement } from '../../aws/access/authorize.ts';
import { portalRoleArn, sessionName } from '../../aws/identity-center/portal.ts';
import { type Secret, verifySigV4 } from '../../aws/wire/sigv4.ts';
import type { WireRequest, WireResponse } from '../../aws/wire/wire.ts';
import type { World } from '../../aws/world/world.ts';
import { json } from '../gateway.ts';
import { type DoorFunction, functionAt } from './door-function.ts';

/** Ten characters, as API Gateway's ids have. */
const API_ID = 'sandboxapi';

const SERVICE = 'execute-api';

/** How long a session of the base permission set lasts. Milliseconds. */
const BASE_SESSION_MS = 12 * 3600_000;

/** Credentials as the signed-in person gets them. */
export interface SignedIn {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** ISO 8601. */
  readonly expiration: string;
}

/** A session with what IAM knows of it. */
interface Session {
  readonly accountId: string;
  /** The role's ARN with its path. STS leaves the path out. */
  readonly roleArn: string;
  readonly sessionName: string;
  /** The Identity Center user. Only set for sessions that Identity Center created. */
  readonly userId?: string;
  readonly expiresAtMs: number;
}

/** Is the request signed for the API (`execute-api`), and not for another AWS service? */
export function isForApi(authorization: string | undefined): boolean {
  return new RegExp(`^AWS4-HMAC-SHA256 Credential=[^,\\s]+/${SERVICE}/aws4_request,`).test(authorization ?? '');
}

/**
 * Emulates API Gateway's REST API in front of `api`: verifies the signature, evaluates the deployed resource policy,
 * and invokes the function with the caller's identity. The caller's own IAM policies are not evaluated: every caller is
 * assumed to be allowed to invoke the API.
 */
export class ApiDoor {
  readonly #world: World;
  readonly #nowMs: () => number;
  readonly #invoke: (functionName: DoorFunction, event: unknown) => Promise<unknown>;
  /** Sessions of the base permission set, which every user has outside of Glasshammer. */
  readonly #signedIn = new Map<string, Session>();
  #calls = 0;

  constructor(options: {
    readonly world: World;
    readonly nowMs: () => number;
    readonly invoke: (functionName: DoorFunction, event: unknown) => Promise<unknown>;
  }) {
    this.#world = options.world;
    this.#nowMs = options.nowMs;
    this.#invoke = options.invoke;
  }

  /**
   * Creates a session as `aws sso login` does: of the base permission set, which every user has in the first account,
   * outside of Glasshammer.
   *
   * @returns `undefined` for an unknown or disabled user
   */
  signIn(userName: string): SignedIn | undefined {
    const user = this.#world.users.find((known) => known.userName === userName || known.id === userName);
    const [account] = this.#world.accounts;
    if (user === undefined || user.status !== 'ENABLED' || account === undefined) return undefined;
    const accessKeyId = `ASIABASE${account.id}${String(this.#signedIn.size).padStart(4, '0')}`;
    const path = `aws-reserved/sso.amazonaws.com/${this.#world.region}`;
    const expiresAtMs = this.#nowMs() + BASE_SESSION_MS;
    this.#signedIn.set(accessKeyId, {
      accountId: account.id,
      roleArn: `arn:aws:iam::${account.id}:role/${path}/AWSReservedSSO_Base_0123456789abcdef`,
      sessionName: user.userName,
      userId: user.id,
      expiresAtMs,
    });
    return { accessKeyId, ...secretOf(accessKeyId), expiration: new Date(expiresAtMs).toISOString() };
  }

  async handle(request: WireRequest): Promise<WireResponse> {
    const verified = verifySigV4(request, SERVICE, (id) => this.#secretOf(id), Date.now());
    if (!verified.ok) return forbidden({ message: verified.why }, `${verified.why}Exception`);
    const session = this.#sessionOf(verified.accessKeyId);
    if (session === undefined)
      return forbidden({ message: 'The security token included in the request is expired' }, 'ExpiredTokenException');
    const [address = '', query = ''] = request.path.split('?');
    const [, stage, ...parts] = address.split('/');
    if (stage !== STAGE) return forbidden({ message: 'Forbidden' }, 'ForbiddenException');
    const denied = this.#denial(session, request.method, parts.join('/'));
    if (denied !== undefined) return forbidden({ Message: denied }, 'AccessDeniedException');
    this.#calls += 1;
    const event = this.#eventOf(request, `/${parts.join('/')}`, query, session);
    return this.#answer(await this.#invoke(functionAt(parts), event));
  }

  #answer(answered: unknown): WireResponse {
    const {
      statusCode,
      headers = {},
      body = '',
    } = (answered ?? {}) as {
      statusCode?: number;
      headers?: Record<string, string>;
      body?: string;
    };
    return statusCode === undefined
      ? json(502, { message: 'Internal server error' })
      : { status: statusCode, headers: { ...headers }, body };
  }

  /** The secret of credentials that the portal, STS or `signIn` issued; `undefined` for others. */
  #secretOf(accessKeyId: string): Secret | undefined {
    const { sessions, portalSessions } = this.#world;
    const isKnown = this.#signedIn.has(accessKeyId) || accessKeyId in sessions || accessKeyId in portalSessions;
    return isKnown ? secretOf(accessKeyId) : undefined;
  }

  #sessionOf(accessKeyId: string): Session | undefined {
    const world = this.#world;
    const portal = world.portalSessions[accessKeyId];
    const session: Session | undefined =
      this.#signedIn.get(accessKeyId) ??
      world.sessions[accessKeyId] ??
      (portal && {
        ...portal,
        roleArn: portalRoleArn(world, portal),
        sessionName: sessionName(world, portal),
        userId: portal.principalId,
      });
    return session !== undefined && session.expiresAtMs > this.#nowMs() ? session : undefined;
  }

  /** Why the resource policy denies a call, in AWS's words; `undefined` if it allows the call. */
  #denial(session: Session, method: string, path: string): string | undefined {
    const { region, homeAccountId, organization, accounts } = this.#world;
    const isMember = accounts.some(({ id }) => id === session.accountId);
    const context: Record<string, string> = {
      'aws:PrincipalArn': session.roleArn,
      'aws:PrincipalAccount': session.accountId,
      ...(isMember ? { 'aws:PrincipalOrgID': organization.id } : {}),
      ...(session.userId === undefined ? {} : { 'identitystore:UserId': session.userId }),
    };
    const policy = doorPolicy({
      partition: 'aws',
      region,
      account: homeAccountId,
      organizationId: organization.id,
      fromAccounts: '*',
    });
    const resource = `arn:aws:execute-api:${region}:${homeAccountId}:${API_ID}/${STAGE}/${method}/${path}`;
    const action = 'execute-api:Invoke';
    const denial = authorize(
      [{ action, resources: [resource], context }],
      policy.flatMap((statement) => resolved(statement, action, context)),
    );
    if (denial === undefined) return undefined;
    const because = denial.explicit
      ? 'with an explicit deny in a resource-based policy'
      : 'because no resource-based policy allows the execute-api:Invoke action';
    return `User: ${callerArn(session)} is not authorized to perform: ${action} on resource: ${resource} ${because}`;
  }

  #eventOf(request: WireRequest, path: string, query: string, session: Session): object {
    const parameters = Object.fromEntries(new URLSearchParams(query));
    return {
      resource: path,
      path,
      httpMethod: request.method,
      headers: request.headers,
      queryStringParameters: query === '' ? null : parameters,
      pathParameters: null,
      body: request.body.byteLength === 0 ? null : request.body.toString('utf8'),
      isBase64Encoded: false,
      requestContext: {
        accountId: this.#world.homeAccountId,
        apiId: API_ID,
        httpMethod: request.method,
        path: `/${STAGE}${path}`,
        requestId: `sandbox-api-${this.#calls}`,
        stage: STAGE,
        identity: {
          accountId: session.accountId,
          caller: `AROASANDBOX:${session.sessionName}`,
          user: `AROASANDBOX:${session.sessionName}`,
          userArn: callerArn(session),
          principalOrgId: this.#world.organization.id,
          sourceIp: '127.0.0.1',
        },
      },
    };
  }
}

/**
 * Fills in the variables of a statement. A pattern with a variable that has no value in this request is left out,
 * because it matches nothing.
 */
function resolved(
  { effect, resources, notResources, conditions }: DoorStatement,
  action: string,
  context: Readonly<Record<string, string>>,
): Statement[] {
  const fill = (patterns: readonly string[]) => {
    const filled = patterns.map((pattern) =>
      pattern.replace(/\$\{([\w:]+)\}/g, (all, key: string) => context[key] ?? all),
    );
    return filled.filter((pattern) => !pattern.includes('${'));
  };
  return [
    {
      actions: [action],
      resources: fill(resources ?? []),
      ...(notResources === undefined ? {} : { notResources: fill(notResources) }),
      ...(conditions === undefined ? {} : { conditions }),
      deny: effect === 'Deny',
    },
  ];
}

/** The caller's ARN as STS shows it, without the path of the role. */
function callerArn({ accountId, roleArn, sessionName: name }: Session): string {
  return `arn:aws:sts::${accountId}:assumed-role/${roleArn.split('/').at(-1)}/${name}`;
}

function secretOf(accessKeyId: string): Secret {
  return {
    secretAccessKey: `sandbox-secret-of-${accessKeyId}`,
    sessionToken: `sandbox-session-of-${accessKeyId}`,
  };
}

/** A refusal by API Gateway itself, with the header that names the error. */
function forbidden(body: object, errorType: string): WireResponse {
  const answer = json(403, body);
  return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': errorType } };
}
