import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { createSlackEmulator, type SlackEmulator } from '../../../sandbox/slack/emulator.ts';
import type { SlackSeed } from '../../../sandbox/slack/model.ts';
import type { Route } from '../../../sandbox/slack/people/deliver.ts';
import type { SlackFault } from '../../../sandbox/slack/web-api.ts';

/** A call that the app received. */
export interface Delivered {
  route: Route;
  body: string;
  headers: Record<string, string>;
}

/** An emulated Slack with people, and an app whose answers a test decides. */
export interface UnderTest {
  slack: SlackEmulator;
  client: WebClient;
  url: string;
  clock: { ms: number };
  /** Faults by operation, used once each in order. */
  faults: Map<string, SlackFault[]>;
  calls: Map<string, number>;
  delivered: Delivered[];
  /** The answer of the app; tests replace it. */
  app: (call: Delivered) => Promise<AppAnswer> | AppAnswer;
  close(): Promise<void>;
}

export interface AppAnswer {
  status?: number;
  json?: unknown;
  text?: string;
}

const SEED: SlackSeed = {
  workspace: { id: 'T0HOME', name: 'Example', domain: 'example' },
  users: [
    { id: 'U0ANA', name: 'ana', real_name: 'Ana Alvarez', email: 'ana@example.com', tz: 'Europe/Berlin' },
    { id: 'U0BEN', name: 'ben', real_name: 'Ben Bauer', email: 'ben@example.com' },
    { id: 'U0FAY', name: 'fay', real_name: 'Fay Falk', email: 'fay@example.com', is_restricted: true },
    { id: 'U0OLE', name: 'ole', real_name: 'Ole Olsen', email: 'ole@example.com', deleted: true },
    { id: 'U0EVE', name: 'eve', real_name: 'Eve', email: 'eve@other.test', team_id: 'T0OTHER', is_stranger: true },
    { id: 'U0GLASS', name: 'glasshammer', real_name: 'Glasshammer', is_bot: true },
  ],
  channels: [
    { id: 'C0ALERTS', name: 'alerts', members: ['U0ANA', 'U0BEN', 'U0FAY', 'U0EVE', 'U0GLASS'] },
    { id: 'C0OTHERS', name: 'others', members: ['U0ANA'] },
  ],
};

export const SIGNING_SECRET = 'sandbox-signing-secret';

/** The tests provoke refusals, so the client does not print them. */
const SILENT: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** Starts it on 127.0.0.1, so that the real client calls it over a real socket. */
export async function start(options: { speed?: number } = {}): Promise<UnderTest> {
  const clock = { ms: Date.parse('2026-01-05T09:00:00Z') };
  const faults = new Map<string, SlackFault[]>();
  const calls = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const answer = await slack.handle({
        method: request.method ?? 'GET',
        path: request.url ?? '/',
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks),
      });
      if (answer.status === 0) response.destroy();
      else response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const slack = createSlackEmulator({
    seed: SEED,
    clock: { nowMs: () => clock.ms },
    ...(options.speed === undefined ? {} : { speed: options.speed }),
    faults: { take: (operation) => faults.get(operation)?.shift() },
    calls: { count: (operation) => calls.set(operation, (calls.get(operation) ?? 0) + 1) },
    baseUrl: () => url,
    signingSecret: SIGNING_SECRET,
    async deliver(route, body, headers) {
      const call = { route, body, headers };
      underTest.delivered.push(call);
      const { status = 200, json, text = '' } = await underTest.app(call);
      return { status, headers: {}, body: json === undefined ? text : JSON.stringify(json) };
    },
  });
  const client = new WebClient('xoxb-sandbox', {
    slackApiUrl: `${url}/api/`,
    logger: SILENT,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
  const underTest: UnderTest = {
    slack,
    client,
    url,
    clock,
    faults,
    calls,
    delivered: [],
    app: () => ({}),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return underTest;
}

/** The interaction payload of the last call that the app received. */
// biome-ignore lint/suspicious/noExplicitAny: Slack's payloads are read here the way a person reads them, field by field
export function lastPayload(underTest: UnderTest): any {
  const call = underTest.delivered.at(-1);
  return JSON.parse(new URLSearchParams(call?.body).get('payload') ?? call?.body ?? 'null');
}

/** The error code of Slack for a failed call; `accepted` if it succeeds. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return (error as { data?: { error?: string } }).data?.error ?? String(error);
  }
  return 'accepted';
}
