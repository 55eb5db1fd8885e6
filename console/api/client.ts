import type { Problem } from '../../lambdas/api/document/schemas.ts';
import type { SignedIn } from '../session/sign-in.ts';

/** A call that came to nothing, with what the API says of it. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** What a problem tells a person. */
export function sentenceOf(error: unknown): string {
  return error instanceof ApiProblem ? error.problem.detail : 'Glasshammer cannot be reached. Try again in a moment.';
}

/** Does a failure tell what came of a call? Where a gateway gave up, or the function broke, the call may have been carried out. */
export function isAnswer(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return false;
  const { refusal, status } = error.problem;
  return refusal !== undefined || (status >= 400 && status < 500 && status !== 429);
}

/** The API for whoever is signed in. */
export interface Api {
  /** @param path below the person's own */
  get<T>(path: string): Promise<T>;
  /** @param key calls with the same key start nothing twice */
  post<T>(path: string, body: unknown, key?: string): Promise<T>;
  /** A page of a table as text, and where it goes on. */
  getText(path: string): Promise<{ readonly text: string; readonly nextCursor: string | null }>;
  /** What time it is where decisions are made; milliseconds. */
  now(): number;
}

/** Who is signed in, as the API knows them. */
export interface Me {
  readonly userId: string;
  readonly userName: string;
  readonly portalUrl: string;
}

/** Calls with the token of whoever is signed in, and learns who that is. */
export async function openApi(base: string, session: SignedIn): Promise<{ readonly api: Api; readonly me: Me }> {
  let offsetMs = session.offsetMs;

  async function answerOf(method: string, path: string, body?: unknown, key?: string): Promise<Response> {
    const send = async () => {
      const token = await session.token();
      return fetch(`${base}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    };
    let answer = await send();
    if (answer.status === 401) {
      // Expired on the way, or by a clock that is not ours.
      session.forget();
      answer = await send();
    }
    const date = Date.parse(answer.headers.get('date') ?? '');
    // The header has whole seconds: half of one is the least wrong.
    if (!Number.isNaN(date)) offsetMs = date + 500 - Date.now();
    if (answer.ok) return answer;
    // A gateway that gave up answers with a page.
    throw new ApiProblem(asProblem(await answer.json().catch(() => undefined), answer.status));
  }

  async function call<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
    return (await (await answerOf(method, path, body, key)).json()) as T;
  }

  const me = await call<Me>('GET', '/whoami');
  const own = `/people/${me.userId}`;
  return {
    me,
    api: {
      get: (path) => call('GET', `${own}${path}`),
      post: (path, body, key) => call('POST', `${own}${path}`, body, key),
      async getText(path) {
        const answer = await answerOf('GET', `${own}${path}`);
        return { text: await answer.text(), nextCursor: answer.headers.get('next-cursor') };
      },
      now: () => Date.now() + offsetMs,
    },
  };
}

/** API Gateway's own answers are no problems of ours. */
function asProblem(json: unknown, status: number): Problem {
  if (typeof json === 'object' && json !== null && 'detail' in json && 'reason' in json) return json as Problem;
  const detail = status === 429 ? 'That was too fast. Try again in a moment.' : 'It failed. Try again in a moment.';
  return { type: 'about:blank', title: 'It failed', status, reason: 'failed', detail };
}
