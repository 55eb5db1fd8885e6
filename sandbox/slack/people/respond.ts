import { changeMessage } from '../chat.ts';
import { type Content, checkContent } from '../checks/check-message.ts';
import { LIMITS } from '../checks/limits.ts';
import { type Fields, fieldsList, isFields, textOf } from '../checks/shape.ts';
import type { ResponseUrl } from '../model.ts';
import { SlackError } from '../slack-error.ts';
import { jsonResponse, type WireRequest, type WireResponse } from '../wire.ts';
import type { Workspace } from '../workspace.ts';

/** Where the answer to an interaction is shown. */
export type Place = Pick<ResponseUrl, 'user' | 'channel' | 'source' | 'threadTs'>;

/**
 * Handles a POST to a response_url. It may be used five times within thirty minutes; afterwards, and for an unknown
 * URL, the answer is 404 with the reason. For content Slack refuses the answer is 400 with the error code as the body,
 * as hooks.slack.com does.
 */
export function handleResponseUrl(workspace: Workspace, id: string, request: WireRequest): WireResponse {
  if (request.method !== 'POST') return jsonResponse(405, { ok: false, error: 'method_not_allowed' });
  const url = workspace.responseUrls.get(id);
  if (url === undefined) return jsonResponse(404, { ok: false, error: 'invalid_url' });
  if (workspace.nowMs() > url.expiresAtMs) return jsonResponse(404, { ok: false, error: 'expired_url' });
  if (url.uses >= LIMITS.responseUrlUses) return jsonResponse(404, { ok: false, error: 'used_url' });
  let body: unknown;
  try {
    body = JSON.parse(request.body.toString('utf8'));
  } catch {
    return { status: 400, headers: { 'content-type': 'text/plain' }, body: 'invalid_payload' };
  }
  if (!isFields(body)) return { status: 400, headers: { 'content-type': 'text/plain' }, body: 'invalid_payload' };
  url.uses += 1;
  try {
    respond(workspace, url, body, { replaceByDefault: false, publicByDefault: false });
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return { status: 400, headers: { 'content-type': 'text/plain' }, body: error.code };
  }
}

/**
 * Applies an answer to an interaction as Slack does: replaces or deletes the message it came from, or posts a new
 * message to the channel or to the person alone.
 *
 * @throws SlackError as `checkContent`; message_not_found when the message to replace is gone
 */
export function respond(
  workspace: Workspace,
  place: Place,
  body: Fields,
  defaults: { replaceByDefault: boolean; publicByDefault: boolean },
): void {
  const inChannel = body.response_type === undefined ? defaults.publicByDefault : body.response_type === 'in_channel';
  const replace = body.replace_original === undefined ? defaults.replaceByDefault : body.replace_original === true;
  const content: Content = {
    text: textOf(body.text),
    blocks: fieldsList(body.blocks),
    attachments: fieldsList(body.attachments),
  };
  const empty = content.text === '' && content.blocks.length === 0 && content.attachments.length === 0;
  if (body.delete_original === true) {
    remove(workspace, place);
    if (empty) return;
  } else if (replace && place.source !== undefined) {
    replaceSource(workspace, place, content);
    return;
  }
  checkContent(content);
  const threadTs = textOf(body.thread_ts) === '' ? place.threadTs : textOf(body.thread_ts);
  if (inChannel) workspace.post({ channel: place.channel, threadTs, ...content, author: { kind: 'app' } });
  else workspace.postEphemeral({ user: place.user, channel: place.channel, threadTs, ...content });
}

function replaceSource(workspace: Workspace, place: Place, content: Content): void {
  if (place.source?.kind === 'ephemeral') {
    const shown = workspace.ephemerals.find((each) => each.ts === place.source?.ts);
    if (shown === undefined) throw new SlackError('message_not_found');
    checkContent(content);
    shown.text = content.text;
    shown.blocks = workspace.withBlockIds(content.blocks);
    shown.attachments = workspace.withAttachmentIds(content.attachments);
    return;
  }
  const message = workspace.message(place.channel, place.source?.ts ?? '');
  if (message === undefined) throw new SlackError('message_not_found');
  changeMessage(workspace, message, content);
}

function remove(workspace: Workspace, { channel, source }: Place): void {
  if (source === undefined) return;
  if (source.kind === 'ephemeral') {
    workspace.ephemerals = workspace.ephemerals.filter((each) => each.ts !== source.ts);
  } else {
    workspace.messages = workspace.messages.filter((each) => each.channel !== channel || each.ts !== source.ts);
  }
}
