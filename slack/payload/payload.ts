import { type BadCall, bad, type SlackCall, type SlashCommand, type SslCheck } from '../call.ts';
import type { SlackRoute } from '../routes.ts';
import { parseEvent } from './payload-events.ts';
import { slackId as slackIdSchema } from './payload-fields.ts';
import { parseInteraction } from './payload-interactions.ts';

/** Slack's calls are far smaller; the largest would be a form with 40,000 characters of text. */
export const MAX_BODY_BYTES = 100_000;

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

const CONTENT_TYPES: Readonly<Record<SlackRoute, string>> = {
  interactivity: FORM,
  commands: FORM,
  options: FORM,
  events: JSON_TYPE,
};

/** Whether a body is too large. Checked before anything else, even the signature. */
export function isOversized(rawBody: Buffer): boolean {
  return rawBody.byteLength > MAX_BODY_BYTES;
}

/**
 * Parses a call of Slack. It checks every field that is used and ignores all others, because Slack adds fields at will.
 * It never throws: a call that cannot be parsed is a `bad` value. The result proves nothing except, if the signature
 * was verified, that Slack sent it.
 */
export function parseSlackCall(
  route: SlackRoute,
  contentType: string | undefined,
  rawBody: Buffer,
): SlackCall | BadCall {
  if (isOversized(rawBody)) return bad(413, `The body is longer than ${MAX_BODY_BYTES} bytes.`);
  const expected = CONTENT_TYPES[route];
  if (mediaType(contentType) !== expected) return bad(415, `This address takes ${expected}.`);
  const text = decode(rawBody);
  if (text === undefined) return bad(400, 'The body is not UTF-8 text.');

  if (route === 'events') return withJson(text, 'The body', parseEvent);
  const form = parseForm(text);
  if (form === undefined) return bad(400, 'The body is not a well-formed form.');
  if (route === 'commands') return parseCommand(form);
  const payload = only(form, 'payload');
  if (payload === undefined) return bad(400, 'The form must have exactly one field named payload.');
  return withJson(payload, 'The payload', (value) => parseInteraction(value, route));
}

function parseCommand(form: URLSearchParams): SlashCommand | SslCheck | BadCall {
  if (form.get('ssl_check') === '1') return { kind: 'ssl-check' };
  const command = only(form, 'command');
  const slackId = only(form, 'user_id');
  if (command === undefined || !/^\/\S{1,60}$/.test(command)) return bad(400, 'The form names no slash command.');
  if (slackId === undefined || !slackIdSchema.safeParse(slackId).success) return bad(400, 'The form names no user.');
  const field = (name: string) => only(form, name) || undefined;
  const [appId, channel, responseUrl, triggerId] = ['api_app_id', 'channel_id', 'response_url', 'trigger_id'].map(
    field,
  );
  return {
    kind: 'slash-command',
    caller: {
      slackId,
      teamId: field('team_id') ?? field('enterprise_id') ?? '',
      ...(field('enterprise_id') && { enterpriseId: field('enterprise_id') }),
    },
    command,
    text: field('text') ?? '',
    ...(appId && { appId }),
    ...(channel && { channel }),
    ...(responseUrl && { responseUrl }),
    ...(triggerId && { triggerId }),
  };
}

function withJson<T>(text: string, what: string, parse: (value: unknown) => T): T | BadCall {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return bad(400, `${what} is not JSON.`);
  }
  return parse(value);
}

/** The media type without parameters: `Application/JSON; charset=utf-8` is `application/json`. */
function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function decode(rawBody: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(rawBody);
  } catch {
    return undefined;
  }
}

/**
 * `URLSearchParams` accepts broken escapes and decodes them to something that Slack did not sign, so they are refused.
 */
function parseForm(text: string): URLSearchParams | undefined {
  return text === '' || /%(?![0-9a-f]{2})/i.test(text) ? undefined : new URLSearchParams(text);
}

/** The value of a field that occurs exactly once. */
function only(form: URLSearchParams, name: string): string | undefined {
  const values = form.getAll(name);
  return values.length === 1 ? values[0] : undefined;
}
