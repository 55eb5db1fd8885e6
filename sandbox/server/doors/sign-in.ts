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

/** Where the console is, and the sign-in before it. */
export const CONSOLE_PATH = '/console/';
export const SIGN_IN_PATH = '/console/sign-in';

/** Whoever is signed in is not asked again, as Cognito does not. */
const COOKIE = 'sandbox_signed_in';

const CLIENT_ID = 'sandboxconsole';
const KEY_ID = 'sandbox';

/** As the deployed client of the pool has them. Seconds. */
const TOKEN_SECONDS = 15 * 60;
const SIGN_IN_SECONDS = 8 * 3600;
/** A code is of use for as long. Milliseconds. */
const CODE_MS = 5 * 60_000;

let keys: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } | undefined;

/** One pair of keys for the process, made when the first token is. */
function keyPair() {
  keys ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  return keys;
}

type Claims = Readonly<Record<string, unknown>>;

/** A token signed as Cognito signs its own: RS256. @param key whose; without, the sandbox's own */
export function signToken(claims: Claims, key: KeyObject = keyPair().privateKey): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', kid: KEY_ID, typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

/** What a token says, if this sandbox signed it, and in the one way it signs; nothing else is looked at before that is known. */
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
 * The sign-in of the console: what Cognito and Identity Center are together, with a page that asks who one is instead of asking for a
 * password. Authorization code with PKCE, as the deployed client has it.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
 */
export class SignIn {
  readonly issuer: string;
  /** Where the console is, without a slash at the end. */
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

  /** What the console reads first. */
  get site(): SiteConfig {
    return this.#site;
  }

  /** Answers a call below `/console/sign-in`, or `undefined` where there is none. */
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
   * The tokens somebody gets who signs in now; `undefined` for nobody, and for who is disabled. Names are in lower case, as in those of
   * a pool that does not regard their case.
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

  /** First the page on which one picks a person; with the person picked, back to the console with a code. */
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

  /** Whose code it is: once, soon, back to where it was sent, and by whoever has the secret it is bound to. */
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

/** @param userId who stays signed in; empty for nobody */
function goTo(location: string, userId: string): HttpAnswer {
  const cookie = `${COOKIE}=${userId}; Path=${SIGN_IN_PATH}; HttpOnly; SameSite=Lax${userId === '' ? '; Max-Age=0' : ''}`;
  return { status: 302, headers: { location, 'cache-control': 'no-store', 'set-cookie': cookie }, body: '' };
}
