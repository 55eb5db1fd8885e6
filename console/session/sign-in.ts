import { SIGNED_OUT, type SiteConfig } from '../../lib/console/site-headers.ts';

/** A signed-in person. Their tokens are kept in the memory of this tab and nowhere else. */
export interface SignedIn {
  /**
   * A token that is still valid. It is refreshed before it expires; when the refresh token has expired, the person
   * signs in anew.
   */
  token(): Promise<string>;
  /** Drops the current token, because the API refused it. */
  forget(): void;
  /** The sign-in server's time minus this browser's time; milliseconds. */
  readonly offsetMs: number;
  signOut(): void;
}

/** The sign-in refused the person, did not finish, or its code was used before. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
}

interface Tokens {
  readonly id_token: string;
  readonly refresh_token?: string;
  readonly expires_in: number;
}

/** The sessionStorage key of what the page must remember while the person is at the sign-in. */
const KEPT_WHILE_AWAY = 'glasshammer-sign-in';

/** A new token is fetched this long before the current one expires; milliseconds. */
const IN_GOOD_TIME_MS = 60_000;

/**
 * Authorization code flow with PKCE. Resolves with the session after the sign-in; otherwise the browser leaves this
 * page for the sign-in and the promise never settles.
 *
 * @throws SignInError
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/using-pkce-in-authorization-code.html
 */
export async function signIn(site: SiteConfig): Promise<SignedIn> {
  const answer = new URLSearchParams(location.search);
  if (!answer.has('code') && !answer.has('error')) return leaveFor(site);
  const kept = sessionStorage.getItem(KEPT_WHILE_AWAY);
  sessionStorage.removeItem(KEPT_WHILE_AWAY);
  const { state, verifier, where } = JSON.parse(kept ?? '{}') as Readonly<Record<string, string | undefined>>;
  history.replaceState(null, '', `${location.pathname}${where ?? ''}`);
  if (answer.has('error')) throw new SignInError(answer.get('error_description') ?? 'The sign-in was not completed.');
  // This tab did not start that sign-in: an attacker may be trying to sign the person in as somebody else (login CSRF).
  if (state === undefined || verifier === undefined || answer.get('state') !== state) return leaveFor(site);
  const tokens = await fetchTokens(site, {
    grant_type: 'authorization_code',
    code: answer.get('code') ?? '',
    redirect_uri: here(),
    code_verifier: verifier,
  });
  if (tokens === undefined) throw new SignInError('The sign-in took too long, or was used before.');
  return sessionOf(site, tokens);
}

function sessionOf(site: SiteConfig, first: Tokens): SignedIn {
  const refresh = first.refresh_token;
  let current = { token: first.id_token, untilMs: performance.now() + first.expires_in * 1000 };
  let coming: Promise<string> | undefined;

  async function renew(): Promise<string> {
    const tokens =
      refresh === undefined
        ? undefined
        : await fetchTokens(site, { grant_type: 'refresh_token', refresh_token: refresh });
    if (tokens === undefined) return leaveFor(site);
    current = { token: tokens.id_token, untilMs: performance.now() + tokens.expires_in * 1000 };
    return current.token;
  }

  return {
    offsetMs: issuedAtMs(first.id_token) - Date.now(),
    async token() {
      if (performance.now() < current.untilMs - IN_GOOD_TIME_MS) return current.token;
      // Concurrent calls share one renewal.
      coming ??= renew().finally(() => {
        coming = undefined;
      });
      return coming;
    },
    forget() {
      current = { ...current, untilMs: 0 };
    },
    signOut() {
      // Cognito sends the browser to the signed-out page. The console itself would start the sign-in at once, and
      // Identity Center, whose session goes on, would sign the same person in again.
      const query = new URLSearchParams({ client_id: site.clientId, logout_uri: `${here()}${SIGNED_OUT}` });
      location.assign(`${site.logoutUrl}?${query}`);
    },
  };
}

async function leaveFor(site: SiteConfig): Promise<never> {
  const [state, verifier] = [random(), random()];
  sessionStorage.setItem(KEPT_WHILE_AWAY, JSON.stringify({ state, verifier, where: location.hash }));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    client_id: site.clientId,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: here(),
    state,
    code_challenge_method: 'S256',
    code_challenge: base64url(new Uint8Array(digest)),
  });
  location.assign(`${site.authorizeUrl}?${query}`);
  return new Promise(() => {});
}

/** @returns `undefined` where the sign-in refuses to give tokens */
async function fetchTokens(site: SiteConfig, form: Readonly<Record<string, string>>): Promise<Tokens | undefined> {
  const answer = await fetch(site.tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({ client_id: site.clientId, ...form }),
  });
  return answer.ok ? ((await answer.json()) as Tokens) : undefined;
}

/** The address of this page without query and fragment, to which the sign-in sends people back. */
function here(): string {
  return new URL('.', location.href).href;
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

function issuedAtMs(token: string): number {
  const body = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  const { iat } = JSON.parse(atob(body)) as { readonly iat: number };
  return iat * 1000;
}
