import { createHash } from 'node:crypto';
import type { Driver } from './driver.ts';

const VERIFIER = 'a-verifier-that-only-the-console-knows-0123456789';

// biome-ignore lint/suspicious/noExplicitAny: answers are JSON, and each expectation says what of
type Answer = { readonly status: number; readonly json: any };

/** Signs a person in as the console does, and calls the API as that person through its endpoint for browsers. */
export async function browserCaller(
  { running: { url } }: Driver,
  userId: string,
): Promise<
  (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answer>
> {
  const client = { client_id: 'sandboxconsole', redirect_uri: `${url}/console/` };
  const query = new URLSearchParams({
    ...client,
    response_type: 'code',
    scope: 'openid',
    code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    state: 'where-i-was',
    as: userId,
  });
  const back = await fetch(`${url}/console/sign-in/oauth2/authorize?${query}`, { redirect: 'manual' });
  const code = new URL(back.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const form = { ...client, grant_type: 'authorization_code', code, code_verifier: VERIFIER };
  const answer = await fetch(`${url}/console/sign-in/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const { id_token } = (await answer.json()) as { readonly id_token: string };
  return async (method, path, body, headers = {}) => {
    const answered = await fetch(`${url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${id_token}`, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answered.text();
    const isJson = answered.headers.get('content-type')?.includes('json') === true;
    return { status: answered.status, json: isJson ? JSON.parse(text) : text };
  };
}
