import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { listen, serveRequest } from '../aws/wire/listen.ts';
import type { Seed } from '../aws/world/seed-schema.ts';
import type { StartRuntime } from '../lambdas/runtime.ts';
import { inThread } from '../lambdas/thread-runtime.ts';
import { type IdleThreads, startThread } from '../lambdas/threads.ts';
import { servePage } from '../page/serve-page.ts';
import { legacyAlert } from '../slack/alerts.ts';
import { ALERTS_CHANNEL, EXAMPLE_TARGET, handlePersonRoute } from '../slack/people/person-routes.ts';
import { answerControl } from './control-routes.ts';
import { isForApi } from './doors/api-door.ts';
import { isForBrowserDoor } from './doors/browser-door.ts';
import { answerPortal, isForPortal } from './doors/portal-door.ts';
import { serveConsole } from './doors/serve-console.ts';
import { CONSOLE_PATH, SIGN_IN_PATH } from './doors/sign-in.ts';
import { type HttpAnswer, json } from './gateway.ts';
import { exportLines, operatorEnvironment } from './operator-environment.ts';
import { Sandbox } from './sandbox.ts';

export interface ServeOptions {
  readonly seed: Seed;
  readonly speed: number;
  /** 0 picks a free port. */
  readonly port: number;
  /** The root of the checkout: bundles are in `dist/`, the workflow in `statemachines/`. */
  readonly root: string;
  /**
   * Starts the runtime of the functions. By default the bundles run in threads, which are reused after a reset and end
   * with this sandbox.
   */
  readonly startRuntime?: StartRuntime;
  /** Posts an example alert at the start and after each reset, for people who come to press its button. */
  readonly withAlert?: boolean;
  /** False for a company without Slack: the sandbox then has no Slack at all. @default true */
  readonly withSlack?: boolean;
  /** The functions do not really wait before they retry a call. @default false, as deployed */
  readonly skipPauses?: boolean;
  /**
   * Scheduled runs are left out while neither they nor the passing of time could change anything.
   *
   * @default false, as deployed
   */
  readonly skipIdleSchedules?: boolean;
}

export interface RunningSandbox {
  readonly url: string;
  /** The current sandbox; a reset replaces it. */
  current(): Sandbox;
  /** The environment variables with which the command line works on it. */
  environment(): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts the sandbox, on 127.0.0.1 only, with one address for people and Slack and another one for AWS. */
export async function serveSandbox(options: ServeOptions): Promise<RunningSandbox> {
  let sandbox: Sandbox;
  const { withSlack = true } = options;
  const threads: IdleThreads = [];
  // Started in advance, so that the first button press does not wait for a thread.
  if (options.startRuntime === undefined) threads.push(startThread());
  const { startRuntime = inThread(threads) } = options;
  const aws = await listen((request) => sandbox.aws.handle(request));
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(options.port, '127.0.0.1', done);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const create = (): Sandbox => {
    const made = new Sandbox({
      seed: options.seed,
      speed: options.speed,
      codeRoot: resolve(options.root, 'dist'),
      workflowFile: resolve(options.root, 'statemachines/access.asl.json'),
      awsUrl: aws.url,
      slackApiUrl: `${url}/api/`,
      publicUrl: url,
      withSlack,
      startRuntime,
      skipPauses: options.skipPauses ?? false,
      skipIdleSchedules: options.skipIdleSchedules ?? false,
    });
    if (options.withAlert === true && withSlack && made.slack.hasChannel(ALERTS_CHANNEL))
      made.slack.postAlert(legacyAlert(ALERTS_CHANNEL, EXAMPLE_TARGET));
    return made;
  };
  sandbox = create();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A path such as `//` cannot be parsed as a URL. The empty path gets a 404.
    const path = URL.canParse(request.url ?? '/', url) ? new URL(request.url ?? '/', url).pathname : '';
    if (isForApi(request.headers.authorization)) {
      await serveRequest((wire) => sandbox.door.handle(wire), request, response);
      return;
    }
    // Calls with credentials of the access portal, and the AWS CLI's calls to the portal itself.
    if (isForPortal(path, request.headers.authorization)) {
      await serveRequest(async (wire) => answerPortal(sandbox, wire), request, response);
      return;
    }
    // An operator's tools (the command line, the AWS CLI) call the emulated AWS at the address that people use.
    if (request.headers.authorization?.startsWith('AWS4-HMAC-SHA256') === true) {
      await serveRequest((wire) => sandbox.aws.handle(wire), request, response);
      return;
    }
    // The console's API calls, which CloudFront forwards in a deployment. Only the token is checked, so they come
    // before the check of the origin.
    if (isForBrowserDoor(path)) {
      await serveRequest((wire) => sandbox.browserDoor.handle(wire), request, response);
      return;
    }
    if (withSlack && (path.startsWith('/api/') || path.startsWith('/hooks/'))) {
      await serveRequest((wire) => sandbox.slack.handle(wire), request, response);
      return;
    }
    try {
      send(response, await answer(request, path));
    } catch (error) {
      console.error('sandbox:', error);
      send(response, json(500, { error: 'The sandbox failed; its log says why.' }));
    }
  }

  async function answer(request: IncomingMessage, path: string): Promise<HttpAnswer> {
    const method = request.method ?? 'GET';
    const body = await readBody(request);
    if (withSlack && method === 'POST' && path.startsWith('/slack/')) {
      const call = { route: path.slice('/slack/'.length), body: body.toString('utf8') };
      sandbox.slack.meetDirectCall(call);
      const answered = await sandbox.callApp({ path, headers: headersOf(request), body });
      sandbox.slack.showDirectAnswer(call, answered);
      return answered;
    }
    // Pages of other sites must not drive the sandbox: their scripts cannot change the Origin header, nor send JSON
    // without a preflight request.
    if (method !== 'GET' && isForeign(request)) return json(403, { error: 'only pages of this sandbox may call it' });
    if (method === 'POST' && path === '/sandbox/reset') {
      const old = sandbox;
      sandbox = create();
      await old.close();
      return json(200, {});
    }
    if (method === 'GET' && path === '/sandbox/environment') return json(200, operatorEnvironment(sandbox, url));
    if (method === 'GET' && path === '/sandbox/exports')
      return {
        status: 200,
        headers: { 'content-type': 'text/plain' },
        body: `${exportLines(operatorEnvironment(sandbox, url))}\n`,
      };
    if (path.startsWith(`${SIGN_IN_PATH}/`)) {
      const { searchParams } = new URL(request.url ?? '/', url);
      const answered = sandbox.signIn.answer(method, path, searchParams, {
        body: body.toString('utf8'),
        cookie: request.headers.cookie,
      });
      if (answered !== undefined) return answered;
    }
    if (method === 'GET' && (path === '/console' || path.startsWith(CONSOLE_PATH)))
      return serveConsole(path, resolve(options.root, 'dist/console'), sandbox.signIn.site);
    const control = await answerControl(sandbox, method, path, body);
    if (control !== undefined) return control;
    if (withSlack && path.startsWith('/sandbox/slack/')) {
      const { status, json: value } = await handlePersonRoute(sandbox.slack, method, path, parseJson(body));
      return json(status, value);
    }
    const page = method === 'GET' ? servePage(path) : undefined;
    return page ?? json(404, { error: `there is no ${method} ${path}` });
  }

  return {
    url,
    current: () => sandbox,
    environment: () => operatorEnvironment(sandbox, url),
    async close() {
      await sandbox.close();
      await Promise.all(threads.splice(0).map((thread) => thread.terminate()));
      await aws.close();
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
    },
  };

  function isForeign(request: IncomingMessage): boolean {
    const origin = request.headers.origin;
    return origin !== undefined && origin !== url;
  }
}

function send(response: ServerResponse, answer: HttpAnswer): void {
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8') || '{}');
  } catch {
    return undefined;
  }
}
