import type { MessageView } from '../../slack/blocks.ts';
import type { BadCall, SlackCall } from '../../slack/call.ts';
import { isOversized, parseSlackCall } from '../../slack/payload/payload.ts';
import { SLACK_ROUTES, type SlackRoute } from '../../slack/routes.ts';
import { verifySignature } from '../../slack/signature.ts';
import { privateAnswer, troubleNotice } from '../../slack/views/ephemerals.ts';
import { log, logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/monitoring/metric-catalog.ts';
import { count } from '../shared/monitoring/metrics.ts';
import { answerBlockAction } from './block-actions.ts';
import { answerForm } from './forms/forms.ts';
import { answerSubmission } from './forms/submissions.ts';
import { ACKNOWLEDGED, type HttpAnswer, type HttpEvent, jsonAnswer, rawBody, textAnswer } from './http.ts';
import { noteForged } from './refused-action.ts';
import { replyToAction } from './reply.ts';
import { type Services, services } from './services.ts';

/**
 * Answers every call of Slack. The checks are in this order: size, route, signature, syntax; a call that fails one is
 * not looked at further. No body is ever logged.
 */
export async function handler(event: HttpEvent): Promise<HttpAnswer> {
  const body = rawBody(event);
  if (isOversized(body)) return refused(413, 'The body is too large.');
  const route = routeOf(event.rawPath);
  if (route === undefined) return refused(404, 'There is nothing at this address.');

  const all = services();
  const { signingSecret } = await all.slackSecret();
  const verified = verifySignature({ signingSecret, headers: event.headers, rawBody: body, now: all.now() });
  if (!verified.ok) {
    count(METRICS.forgedCall);
    log('slack.unsigned', { why: verified.why, route });
    await noteForged({ route, why: verified.why }, all);
    return refused(verified.status, 'This call is not signed by Slack, or it is not fresh.');
  }
  const call = parseSlackCall(route, header(event, 'content-type'), body);
  log('slack.call', { kind: call.kind, route });
  return answer(call, header(event, 'x-slack-request-timestamp') ?? '', event.requestContext?.requestId, all);
}

async function answer(
  call: SlackCall | BadCall,
  sentAt: string,
  callId: string | undefined,
  all: Services,
): Promise<HttpAnswer> {
  try {
    switch (call.kind) {
      case 'bad':
        return refused(call.status, call.sentence);
      case 'url-verification':
        return textAnswer(200, call.challenge);
      case 'ssl-check':
      case 'ignored-event':
      case 'view-closed':
        return ACKNOWLEDGED;
      case 'legacy-action':
      case 'block-action':
        return await answerBlockAction(call, sentAt, all);
      case 'view-submission':
        return await answerSubmission(call, sentAt, all);
      case 'slash-command':
      case 'shortcut':
      case 'block-suggestion':
      case 'app-home-opened':
        return await answerForm(call, sentAt, all);
    }
  } catch (error) {
    logFailure('slack.call-failed', error, { kind: call.kind, callId });
    count(METRICS.callFailed);
    return apologize(call, error, troubleNotice(callId), all);
  }
}

/**
 * Asks the person to try again: it is not known how far the call got, but every action here can safely be repeated. For
 * calls whose answer Slack does not show, the error is thrown, and Slack shows its own error text.
 *
 * @throws the error itself, for calls whose answer Slack does not show
 */
async function apologize(
  call: SlackCall | BadCall,
  error: unknown,
  trouble: MessageView,
  all: Services,
): Promise<HttpAnswer> {
  if (call.kind === 'legacy-action' || call.kind === 'block-action') return replyToAction(call, trouble, all);
  if (call.kind === 'slash-command') return jsonAnswer(200, privateAnswer(trouble));
  throw error;
}

/** A refusal before the person is known. Slack shows the text only for some kinds of calls. */
function refused(status: number, text: string): HttpAnswer {
  return jsonAnswer(status, { response_type: 'ephemeral', replace_original: false, text });
}

function routeOf(path: string): SlackRoute | undefined {
  return (Object.keys(SLACK_ROUTES) as SlackRoute[]).find((route) => path.endsWith(SLACK_ROUTES[route]));
}

function header(event: HttpEvent, name: string): string | undefined {
  return Object.entries(event.headers).find(([key]) => key.toLowerCase() === name)?.[1];
}
