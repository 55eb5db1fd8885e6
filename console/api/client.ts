import type { Problem } from '../../lambdas/api/document/schemas.ts';
import type { SignedIn } from '../session/sign-in.ts';

/** A call that failed, with the problem details that the API or its gateway answered. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The sentence about an error that the page shows to the person. */
export function sentenceOf(error: unknown): string {
  return error instanceof ApiProblem ? error.problem.detail : 'Glasshammer cannot be reached. Try again in a moment.';
}

/**
 * Does this failure say for certain that the call changed nothing? After a gateway's timeout or
 * an error of the function, the call may have been carried out. A throttled call may be sent again as it was.
 */
export function isAnswer(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return false;
  const { refusal, status } = error.problem;
  return refusal !== undefined || (status >= 400 && status < 500 && status !== 429);
}

/** The API as the signed-in person calls it. */
export interface Api {
  /** @param path below the person's own path, `/people/<id>` */
  get<T>(path: string): Promise<T>;
  /** @param key the idempotency key: calls with the same key start nothing twice */
  post<T>(path: string, body: unknown, key?: string): Promise<T>;
  /** One page of a CSV table as text, and the cursor of the next page. */
  getText(path: string): Promise<{ readonly text: string; readonly nextCursor: string | null }>;
  /** The current time by the API's clock, which makes the decisions; milliseconds since the epoch. */
  now(): number;
}

/** The signed-in person, as the API knows them. */
export interface Me {
  readonly userId: string;
  readonly userName: string;
  readonly portalUrl: string;
}

/** Opens the API with the tokens of the signed-in person, and asks it who that person is. */
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
      // The token expired in transit, or it has expired by the API's clock, which differs from the browser's.
      session.forget();
      answer = await send();
    }
    const date = Date.parse(answer.headers.get('date') ?? '');
    // The Date header has whole seconds. Adding half a second makes the error at most half a second.
    if (!Number.isNaN(date)) offsetMs = date + 500 - Date.now();
    if (answer.ok) return answer;
    // A gateway that timed out answers with an HTML page instead of JSON.
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

/** Makes a problem of an answer: API Gateway's own error answers do not have the fields of the API's problems. */
function asProblem(json: unknown, status: number): Problem {
  if (typeof json === 'object' && json !== null && 'detail' in json && 'reason' in json) return json as Problem;
  const detail = status === 429 ? 'That was too fast. Try again in a moment.' : 'It failed. Try again in a moment.';
  return { type: 'about:blank', title: 'It failed', status, reason: 'failed', detail };
}
