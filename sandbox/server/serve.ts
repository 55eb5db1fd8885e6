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
  /** 0 picks a free one. */
  readonly port: number;
  /** The checkout: bundles are in `dist/`, the workflow in `statemachines/`. */
  readonly root: string;
  /** What runs the functions. By default the bundles in a thread, kept from one reset to the next, that ends with this sandbox. */
  readonly startRuntime?: StartRuntime;
  /** An alert stands in the channel already, at the start and after each reset: for people, who come to press its button. */
  readonly withAlert?: boolean;
  /** A company without Slack: nothing of it is there. @default true */
  readonly withSlack?: boolean;
  /** Functions do not really wait before they try a call again. By default they do, as deployed. */
  readonly skipPauses?: boolean;
  /** The sweep is left out while there is nothing that it, or time alone, could change. By default it is not, as deployed. */
  readonly skipIdleSweeps?: boolean;
}

export interface RunningSandbox {
  readonly url: string;
  /** The sandbox as it is now; a reset makes another. */
  current(): Sandbox;
  /** What the command line needs in its environment to work on it. */
  environment(): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts the sandbox on 127.0.0.1 and nowhere else: one address for people and Slack, one for AWS. */
export async function serveSandbox(options: ServeOptions): Promise<RunningSandbox> {
  let sandbox: Sandbox;
  const { withSlack = true } = options;
  const threads: IdleThreads = [];
  // While the sandbox starts, so that the first press does not wait for it.
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
      skipIdleSweeps: options.skipIdleSweeps ?? false,
    });
    if (options.withAlert === true && withSlack && made.slack.hasChannel(ALERTS_CHANNEL))
      made.slack.postAlert(legacyAlert(ALERTS_CHANNEL, EXAMPLE_TARGET));
    return made;
  };
  sandbox = create();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // `//` and its like are no address; they are nobody's page either.
    const path = URL.canParse(request.url ?? '/', url) ? new URL(request.url ?? '/', url).pathname : '';
    if (isForApi(request.headers.authorization)) {
      await serveRequest((wire) => sandbox.door.handle(wire), request, response);
      return;
    }
    // What somebody does with credentials of the access portal, and the portal itself, as the AWS CLI asks it.
    if (isForPortal(path, request.headers.authorization)) {
      await serveRequest(async (wire) => answerPortal(sandbox, wire), request, response);
      return;
    }
    // An operator's own tools (the CLI, the AWS CLI) reach the emulated AWS at the same address as people do.
    if (request.headers.authorization?.startsWith('AWS4-HMAC-SHA256') === true) {
      await serveRequest((wire) => sandbox.aws.handle(wire), request, response);
      return;
    }
    // The console at its own address, as CloudFront has it: the door looks at nothing but the token.
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
    // Only a page of this sandbox may drive it: another site's script cannot set this header or send JSON without asking first.
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
