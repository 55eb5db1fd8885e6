import { SIGNED_OUT, type SiteConfig } from '../../lib/console/site-headers.ts';

/** Somebody who has signed in. Their tokens are in the memory of this tab and nowhere else. */
export interface SignedIn {
  /** A token that lasts still; another is got for it in time, and where that is over, the person signs in anew. */
  token(): Promise<string>;
  /** The token in hand is of no use. */
  forget(): void;
  /** How far the clock here is behind that of the sign-in; milliseconds. */
  readonly offsetMs: number;
  signOut(): void;
}

/** The sign-in said no, or an answer of it was not for this page. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
}

interface Tokens {
  readonly id_token: string;
  readonly refresh_token?: string;
  readonly expires_in: number;
}

/** What must be known again when the person comes back. */
const KEPT_WHILE_AWAY = 'glasshammer-sign-in';

/** Before a token expires, another is fetched; milliseconds. */
const IN_GOOD_TIME_MS = 60_000;

/**
 * Authorization code with PKCE. Comes back with whoever has signed in; or leaves the page for the sign-in, and then never comes back.
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
  // An answer to a question that this tab has not asked: somebody may want a person to be signed in as somebody else.
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
      // Calls that come together wait for the same one.
      coming ??= renew().finally(() => {
        coming = undefined;
      });
      return coming;
    },
    forget() {
      current = { ...current, untilMs: 0 };
    },
    signOut() {
      // The console itself would sign the same person in again at once, whom Identity Center knows still.
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

/** @returns `undefined` where they are refused */
async function fetchTokens(site: SiteConfig, form: Readonly<Record<string, string>>): Promise<Tokens | undefined> {
  const answer = await fetch(site.tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({ client_id: site.clientId, ...form }),
  });
  return answer.ok ? ((await answer.json()) as Tokens) : undefined;
}

/** Where the sign-in sends people back to: this page, without what follows its address. */
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
