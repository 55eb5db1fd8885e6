import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { SIGN_IN_PROVIDER, USER_ID_ATTRIBUTE } from '../../../core/model/sign-in.ts';
import { SIGNED_OUT, type SiteConfig } from '../../../lib/console/site-headers.ts';
import { STAGE } from '../../../lib/rights/door-policy.ts';
import type { World } from '../../aws/world/world.ts';
import { type HttpAnswer, json } from '../gateway.ts';
import { choicePage } from './sign-in-page.ts';

/** The paths of the console and of its sign-in. */
export const CONSOLE_PATH = '/console/';
export const SIGN_IN_PATH = '/console/sign-in';

/** Remembers the signed-in person, who is not asked again, as with Cognito. */
const COOKIE = 'sandbox_signed_in';

const CLIENT_ID = 'sandboxconsole';
const KEY_ID = 'sandbox';

/** The validity of the tokens, as the deployed user pool client sets them. Seconds. */
const TOKEN_SECONDS = 15 * 60;
const SIGN_IN_SECONDS = 8 * 3600;
/** How long an authorization code is valid. Milliseconds. */
const CODE_MS = 5 * 60_000;

let keys: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } | undefined;

/** The key pair of this process, generated when the first token is signed. */
function keyPair() {
  keys ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  return keys;
}

type Claims = Readonly<Record<string, unknown>>;

/** Signs a token with RS256, as Cognito does. @param key the signing key; the sandbox's own if not given */
export function signToken(claims: Claims, key: KeyObject = keyPair().privateKey): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', kid: KEY_ID, typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

/**
 * The claims of a token that this sandbox signed with its one algorithm and key; else `undefined`. The claims are
 * parsed only after the signature was verified.
 */
export function readToken(token: string): Claims | undefined {
  const [head = '', body = '', signature = '', ...more] = token.split('.');
  if (more.length > 0 || signature === '') return undefined;
  const header = parsed(head);
  if (header?.alg !== 'RS256' || header.kid !== KEY_ID) return undefined;
  const isOurs = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    createPublicKey(keyPair().publicKey.export({ type: 'spki', format: 'pem' })),
    Buffer.from(signature, 'base64url'),
  );
  return isOurs ? parsed(body) : undefined;
}

function parsed(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

interface Code {
  readonly userId: string;
  readonly challenge: string;
  readonly redirect: string;
  readonly atMs: number;
}

/**
 * Emulates the console's sign-in, Cognito and Identity Center together, with a page to pick a person in place of a
 * password. It is the authorization code flow with PKCE, as the deployed client uses it.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
 */
export class SignIn {
  readonly issuer: string;
  /** The address of the console, without a trailing slash. */
  readonly consoleUrl: string;
  readonly clientId = CLIENT_ID;
  readonly #world: World;
  readonly #nowMs: () => number;
  readonly #redirect: string;
  readonly #site: SiteConfig;
  readonly #codes = new Map<string, Code>();
  readonly #refresh = new Map<string, { readonly userId: string; readonly untilMs: number }>();

  constructor(options: { readonly world: World; readonly nowMs: () => number; readonly publicUrl: string }) {
    this.#world = options.world;
    this.#nowMs = options.nowMs;
    this.#redirect = `${options.publicUrl}${CONSOLE_PATH}`;
    this.issuer = `${options.publicUrl}${SIGN_IN_PATH}`;
    this.consoleUrl = this.#redirect.replace(/\/$/, '');
    this.#site = {
      authorizeUrl: `${this.issuer}/oauth2/authorize`,
      tokenUrl: `${this.issuer}/oauth2/token`,
      logoutUrl: `${this.issuer}/logout`,
      clientId: CLIENT_ID,
      portalUrl: `https://${options.world.identityStoreId}.awsapps.com/start`,
      api: `/${STAGE}`,
    };
  }

  /** The configuration that the console reads first. */
  get site(): SiteConfig {
    return this.#site;
  }

  /** Answers a call below `/console/sign-in`; `undefined` for an unknown path. */
  answer(
    method: string,
    path: string,
    query: URLSearchParams,
    { body, cookie }: { readonly body: string; readonly cookie: string | undefined },
  ): HttpAnswer | undefined {
    switch (`${method} ${path.slice(SIGN_IN_PATH.length)}`) {
      case 'GET /oauth2/authorize':
        return this.#authorize(query, new RegExp(`(?:^|; )${COOKIE}=([\\w-]+)`).exec(cookie ?? '')?.[1]);
      case 'POST /oauth2/token':
        return this.#token(new URLSearchParams(body));
      case 'GET /logout':
        return query.get('logout_uri') === `${this.#redirect}${SIGNED_OUT}`
          ? goTo(`${this.#redirect}${SIGNED_OUT}`, '')
          : json(400, { error: 'invalid_request' });
      default:
        return undefined;
    }
  }

  /**
   * The tokens for a user who signs in now; `undefined` for an unknown or disabled user. User names are in lower case,
   * as in a user pool that is not case-sensitive.
   *
   * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-case-sensitivity.html
   */
  tokensOf(userId: string): { readonly idToken: string; readonly accessToken: string } | undefined {
    const user = this.#world.users.find(({ id }) => id === userId);
    if (user === undefined || user.status !== 'ENABLED') return undefined;
    const now = Math.floor(this.#nowMs() / 1000);
    const name = `${SIGN_IN_PROVIDER}_${user.userName}`.toLowerCase();
    const shared = { sub: `sub-of-${userId}`, iss: this.issuer, iat: now, exp: now + TOKEN_SECONDS, auth_time: now };
    return {
      idToken: signToken({
        ...shared,
        aud: CLIENT_ID,
        token_use: 'id',
        'cognito:username': name,
        [`custom:${USER_ID_ATTRIBUTE}`]: userId,
        identities: [{ userId: user.userName, providerName: SIGN_IN_PROVIDER, providerType: 'SAML', primary: 'true' }],
      }),
      accessToken: signToken({ ...shared, client_id: CLIENT_ID, token_use: 'access', scope: 'openid', username: name }),
    };
  }

  /**
   * Answers with the page for picking a person. Once one is picked, redirects to the console with an authorization
   * code.
   */
  #authorize(query: URLSearchParams, before: string | undefined): HttpAnswer {
    const challenge = query.get('code_challenge') ?? '';
    const fits =
      query.get('client_id') === CLIENT_ID &&
      query.get('redirect_uri') === this.#redirect &&
      query.get('response_type') === 'code' &&
      query.get('scope') === 'openid' &&
      query.get('code_challenge_method') === 'S256' &&
      /^[\w-]{43}$/.test(challenge);
    if (!fits) return json(400, { error: 'invalid_request' });
    const people = this.#world.users.filter(({ status }) => status === 'ENABLED');
    const isOne = (userId: string | null | undefined) => people.some(({ id }) => id === userId);
    const userId = query.get('as') ?? (isOne(before) ? before : undefined);
    if (userId === undefined) return choicePage(people, query);
    if (!isOne(userId)) return json(400, { error: 'access_denied' });
    const code = randomBytes(24).toString('base64url');
    this.#codes.set(code, { userId, challenge, redirect: this.#redirect, atMs: this.#nowMs() });
    const back = new URL(this.#redirect);
    back.search = new URLSearchParams({ code, state: query.get('state') ?? '' }).toString();
    return goTo(back.href, userId);
  }

  #token(form: URLSearchParams): HttpAnswer {
    const isRefresh = form.get('grant_type') === 'refresh_token';
    const userId =
      form.get('client_id') === CLIENT_ID ? (isRefresh ? this.#refreshed(form) : this.#coded(form)) : undefined;
    const tokens = userId === undefined ? undefined : this.tokensOf(userId);
    if (userId === undefined || tokens === undefined) return json(400, { error: 'invalid_grant' });
    const refreshToken = randomBytes(24).toString('base64url');
    if (!isRefresh) this.#refresh.set(refreshToken, { userId, untilMs: this.#nowMs() + SIGN_IN_SECONDS * 1000 });
    return json(200, {
      id_token: tokens.idToken,
      access_token: tokens.accessToken,
      ...(isRefresh ? {} : { refresh_token: refreshToken }),
      expires_in: TOKEN_SECONDS,
      token_type: 'Bearer',
    });
  }

  /**
   * The user of an authorization code; else `undefined`. A code is valid once, for five minutes, with its redirect URI
   * and the verifier of its challenge.
   */
  #coded(form: URLSearchParams): string | undefined {
    const given = form.get('code') ?? '';
    const code = this.#codes.get(given);
    this.#codes.delete(given);
    if (form.get('grant_type') !== 'authorization_code' || code === undefined) return undefined;
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isGood =
      challenge === code.challenge && form.get('redirect_uri') === code.redirect && this.#nowMs() - code.atMs < CODE_MS;
    return isGood ? code.userId : undefined;
  }

  #refreshed(form: URLSearchParams): string | undefined {
    const known = this.#refresh.get(form.get('refresh_token') ?? '');
    return known !== undefined && known.untilMs > this.#nowMs() ? known.userId : undefined;
  }
}

/** Redirects and sets the cookie. @param userId the person who stays signed in; empty signs out */
function goTo(location: string, userId: string): HttpAnswer {
  const cookie = `${COOKIE}=${userId}; Path=${SIGN_IN_PATH}; HttpOnly; SameSite=Lax${userId === '' ? '; Max-Age=0' : ''}`;
  return { status: 302, headers: { location, 'cache-control': 'no-store', 'set-cookie': cookie }, body: '' };
}
