import { type ApiAnswer, type ApiServices, ApiUnreachableError, type CallApi } from '../../cli/access/api-client.ts';
import { registerOversight } from '../../cli/access/oversee.ts';
import { registerAccess } from '../../cli/access/register.ts';
import type { EndingSignal } from '../../cli/access/signals.ts';
import { main } from '../../cli/main.ts';
import { enter } from '../../core/model/events.ts';
import type { RequestState } from '../../core/model/request.ts';
import { needsLeads } from '../core/access/services.ts';
import { createApi, NOON } from '../lambdas/api/calling.ts';

export const CONFIG = `[default]
region = eu-central-1
[profile me]
sso_session = company
sso_account_id = 111122223333
region = eu-central-1
[profile Production-BreakGlassAdmin]
sso_session = company
[sso-session company]
sso_region = eu-central-1
`;

/** A terminal that calls an API in memory. Each time a command waits, the next function of `pauses` runs. */
export function terminal() {
  const api = createApi();
  api.world.policyStore.write(needsLeads());
  const ran: { readonly command: readonly string[]; readonly profile: string | undefined; readonly config: string }[] =
    [];
  /** The first of these functions may replace the answer of the API to a call; `undefined` leaves it to the API. */
  const faults: ((method: string, path: string) => ApiAnswer | undefined)[] = [];
  /** For each of these, one ask reaches the API before it runs; it may then add a fault, so that the answer is lost. */
  const arrivals: (() => unknown)[] = [];
  let ids = 0;
  let stop = new AbortController();
  let first: EndingSignal | undefined;
  let taken = 0;
  const signal = (name: EndingSignal) => {
    expect(taken).toBe(1);
    first ??= name;
    stop.abort();
  };

  async function run(
    who: string,
    line: string | readonly string[],
    pauses: (() => unknown)[] = [],
    env = {},
    whileRunning: () => unknown = () => {},
  ) {
    const said = { out: '', err: '' };
    const argv =
      typeof line === 'string' ? (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', '')) : line;
    const outside = {
      stdout: (text: string) => {
        said.out += text;
      },
      stderr: (text: string) => {
        said.err += text;
      },
      about: (text: string) => {
        said.out += text;
      },
      readFile: async (path: string) =>
        path === '/people/me/.aws/config' ? CONFIG : Promise.reject(new Error('none')),
      now: () => new Date(NOON),
      newId: () => `key-${++ids}`,
      env: { GLASSHAMMER_API: 'https://api/v1', HOME: '/people/me', AWS_PROFILE: 'me', ...env },
    };
    const code = await main(argv, outside as never, [
      (program, io) => {
        const build = async () => ({
          call: async (...[method, path, body, headers = {}]: Parameters<CallApi>) => {
            const [where = '', query = ''] = path.split('?');
            const arrive = () =>
              api.call(`${method} ${where}`, {
                as: who,
                body,
                query: Object.fromEntries(new URLSearchParams(query)),
                ...(headers['idempotency-key'] === undefined ? {} : { key: headers['idempotency-key'] }),
              });
            if (method === 'POST' && where.endsWith('/requests') && arrivals.length > 0) {
              await arrive();
              arrivals.shift()?.();
            }
            const fault = faults[0]?.(method, path);
            if (fault !== undefined) return fault;
            const answer = await arrive();
            const { body: text, headers: answered } = answer;
            return { status: answer.statusCode, json: answer.json, text, nextCursor: answered['next-cursor'] };
          },
          pause: async () => {
            const next = pauses.shift();
            if (next === undefined) throw new Error('it would wait for ever');
            await next();
          },
          run: async (...[command, variables, config]: Parameters<ApiServices['run']>) => {
            ran.push({ command, profile: variables.AWS_PROFILE, config });
            expect(Object.keys(variables).filter((name) => /KEY|TOKEN/.test(name))).toEqual([]);
            await whileRunning();
            return 3;
          },
          takeSignals: () => {
            taken += 1;
            [stop, first] = [new AbortController(), undefined];
            const release = () => {
              taken -= 1;
            };
            return { stopped: stop.signal, first: () => first, passTo: () => () => {}, release };
          },
        });
        registerAccess(program, io, build);
        registerOversight(program, io, build);
      },
    ]);
    expect(taken).toBe(0);
    return { code, ...said };
  }

  /** The newest request. The two functions after this one change it as the workflow would. */
  const only = () => [...api.world.requests.requests.values()].at(-1) ?? fail('there is no request');
  const showApprovers = () => {
    const approvals = [{ approvers: ['user-cleo', 'user-dan'], count: 1, policy: 'with-leads' }];
    const waitingPaths = [{ path: 'with-leads', approvals }];
    api.world.requests.put({ ...only(), asked: { waitingPaths, slackIds: {}, allows: '', usedBefore: { times: 0 } } });
  };
  const enterState = (state: RequestState) => {
    const request = only();
    api.world.requests.put({ ...request, state, events: [...request.events, enter(state, NOON)] });
  };
  return { ...api, run, ran, only, showApprovers, enterState, faults, arrivals, signal };
}

const fail = (message: string): never => {
  throw new Error(message);
};

export const EXEC = 'exec prod glass 30m -- aws s3 ls';
export const unreachable = () => {
  throw new ApiUnreachableError('the API cannot be reached: read ECONNRESET');
};
