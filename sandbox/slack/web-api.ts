import { setTimeout as sleep } from 'node:timers/promises';
import { Arguments } from './arguments.ts';
import { CHAT } from './chat.ts';
import { type Fields, isFields } from './checks/shape.ts';
import { DIRECTORY } from './directory.ts';
import { APP } from './model.ts';
import { handleResponseUrl } from './people/respond.ts';
import { SlackError } from './slack-error.ts';
import { VIEWS } from './views.ts';
import { headerOf, jsonResponse, type WireRequest, type WireResponse } from './wire.ts';
import type { Workspace } from './workspace.ts';

/** A fault that the sandbox's fault plan orders for one call. */
export interface SlackFault {
  /**
   * Slack's error code. `ratelimited` is HTTP 429, `internal_error` HTTP 500, `service_unavailable` HTTP 503; `Timeout`
   * and `ConnectionReset` give no answer.
   */
  readonly error?: string;
  /** With `after`, the call is carried out and only the answer is lost. */
  readonly when?: 'before' | 'after';
  /** Real milliseconds. */
  readonly delayMs?: number;
}

export interface WebApiOptions {
  workspace(): Workspace;
  faults: { take(operation: string): SlackFault | undefined };
  calls: { count(operation: string): void };
}

const METHODS = { ...CHAT, ...VIEWS, ...DIRECTORY };

/**
 * The names under which faults are planned and calls are counted: `slack:<method>`, and `slack:response_url` for the
 * hooks.
 */
export const SLACK_OPERATIONS: readonly string[] = [...Object.keys(METHODS), 'response_url'].map(
  (name) => `slack:${name}`,
);

/** Handles `/api/<method>` and `/hooks/…`; anything else is answered 404. */
export async function handleWebApi(options: WebApiOptions, request: WireRequest): Promise<WireResponse> {
  const path = request.path.split('?')[0] ?? '';
  const method = /^\/api\/([A-Za-z0-9._-]+)$/.exec(path)?.[1];
  if (method !== undefined) return withFaults(options, method, () => call(options.workspace(), method, request));
  const hook = /^\/hooks\/(?:actions|commands)\/([A-Z0-9]+\/[A-Z0-9]+)$/.exec(path)?.[1];
  if (hook !== undefined)
    return withFaults(options, 'response_url', () => handleResponseUrl(options.workspace(), hook, request));
  return jsonResponse(404, { ok: false, error: 'not_found' });
}

async function withFaults(options: WebApiOptions, name: string, work: () => WireResponse): Promise<WireResponse> {
  const operation = `slack:${name}`;
  options.calls.count(operation);
  const fault = options.faults.take(operation);
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault?.error === undefined) return work();
  if (fault.when === 'after') work();
  return faultResponse(fault.error);
}

/** The answer for a planned error. */
function faultResponse(error: string): WireResponse {
  const body = { ok: false, error };
  switch (error) {
    case 'Timeout':
    case 'ConnectionReset':
      return { status: 0, headers: {}, body: '' };
    case 'ratelimited':
      // In seconds, as Slack gives it. 1 is the shortest possible.
      return jsonResponse(429, body, { 'retry-after': '1' });
    case 'internal_error':
      return jsonResponse(500, body);
    case 'service_unavailable':
      return jsonResponse(503, body);
    default:
      return jsonResponse(200, body);
  }
}

function call(workspace: Workspace, name: string, request: WireRequest): WireResponse {
  try {
    const method = METHODS[name];
    if (method === undefined) throw new SlackError('unknown_method');
    const args = readArguments(request);
    authenticate(request, args);
    const answer = { ok: true, ...method(workspace, new Arguments(args)) };
    return jsonResponse(200, answer, { 'x-oauth-scopes': workspace.scopes.join(',') });
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return jsonResponse(200, error.toJSON());
  }
}

function authenticate(request: WireRequest, args: Fields): void {
  const bearer = /^Bearer (.+)$/i.exec(headerOf(request, 'authorization') ?? '')?.[1];
  const token = bearer ?? args.token;
  if (token === undefined) throw new SlackError('not_authed');
  if (token !== APP.botToken) throw new SlackError('invalid_auth');
}

function readArguments(request: WireRequest): Fields {
  const contentType = headerOf(request, 'content-type') ?? '';
  const text = request.body.toString('utf8');
  const query = new URLSearchParams(request.path.split('?')[1] ?? '');
  if (contentType.startsWith('application/json')) {
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      throw new SlackError('invalid_json');
    }
    if (!isFields(body)) throw new SlackError('json_not_object');
    return { ...Object.fromEntries(query), ...body };
  }
  if (text !== '' && !contentType.startsWith('application/x-www-form-urlencoded'))
    throw new SlackError('invalid_post_type');
  return { ...Object.fromEntries(query), ...Object.fromEntries(new URLSearchParams(text)) };
}
