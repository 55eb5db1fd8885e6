import { identifyPerson } from '../../core/access/request/identity/identify.ts';
import { previewAccess } from '../../core/access/request/preview-access.ts';
import { isJoinable } from '../../core/model/access.ts';
import type { AccessRequest } from '../../core/model/request.ts';
import type { BlockAction, SlashCommand } from '../../slack/call.ts';
import type { ModalData } from '../../slack/modal-data.ts';
import { extendModal } from '../../slack/views/extend-modal.ts';
import { readDuration } from '../../slack/views/modal-parts.ts';
import { logFailure } from '../shared/log.ts';
import { isRequestId } from '../shared/request-id.ts';
import { ACKNOWLEDGED, type HttpAnswer } from './http.ts';
import { replyRefused } from './refused-action.ts';
import { openModal } from './reply.ts';
import type { Services } from './services.ts';

/**
 * Answers "Extend", which asks for more time on live access: only for its requester, and only while it can be extended.
 */
export async function openExtendForm(call: BlockAction, requestId: string, all: Services): Promise<HttpAnswer> {
  const [who, named] = await Promise.all([identifyPerson(call.caller, all), all.requests.get(requestId)]);
  if (!who.identified) return replyRefused(call, requestId, who, all);
  const access = named?.accessId === undefined ? named : await all.requests.get(named.accessId);
  if (access === undefined) return replyRefused(call, requestId, { refusal: { reason: 'unknown-request' } }, all);
  if (access.requester.principalId !== who.person.principalId)
    return replyRefused(call, requestId, { refusal: { reason: 'not-yours' } }, all);
  if (!isJoinable(access, all.now().toISOString()))
    return replyRefused(call, requestId, { refusal: { reason: 'access-over' } }, all);
  return openExtendFor(access, call, all);
}

/** Opens the form for an access that the caller has checked: it is the person's own, and it has not ended. */
export async function openExtendFor(
  access: AccessRequest,
  call: BlockAction | SlashCommand,
  all: Services,
  durationSeconds?: number,
): Promise<HttpAnswer> {
  const { channel, messageTs, kind } = access.origin;
  const data: ModalData = {
    origin: kind === 'cli' || kind === 'console' || kind === 'canary' ? 'command' : kind,
    channel,
    messageTs,
  };
  return openModal(call, await render(access, data, durationSeconds, all), all);
}

/** Shows the preview for the length just chosen. The blocks keep their ids, so Slack keeps what was typed. */
export async function refreshExtendForm(call: BlockAction, data: ModalData, all: Services): Promise<HttpAnswer> {
  const { view } = call;
  const access = isRequestId(data.requestId ?? '') ? await all.requests.get(data.requestId ?? '') : undefined;
  // Only the requester was given this form, but the hidden data that names the access proves nothing.
  if (view === undefined || access === undefined || access.requester.slackId !== call.caller.slackId)
    return ACKNOWLEDGED;
  await all.chat.updateView(view.id, await render(access, data, readDuration(view.values), all));
  return ACKNOWLEDGED;
}

async function render(access: AccessRequest, data: ModalData, chosen: number | undefined, all: Services) {
  const { maxDurationSeconds, defaultDurationSeconds } = all;
  const preview = await lookAt(access, chosen ?? defaultDurationSeconds, all);
  return extendModal({
    access,
    data,
    maxDurationSeconds,
    defaultDurationSeconds,
    chosenSeconds: chosen,
    preview,
  });
}

/** The preview, with the length cut to what is left. If it fails, the form opens without a preview. */
async function lookAt(access: AccessRequest, durationSeconds: number, all: Services) {
  try {
    const [user, groupIds] = await Promise.all([
      all.keptDirectory.user(access.requester.principalId),
      all.keptDirectory.groupIdsOf(access.requester.principalId),
    ]);
    const person = { ...access.requester, userName: user?.userName ?? access.requester.userName, groupIds };
    const input = { person, wanted: { extends: access.id }, durationSeconds };
    const preview = await previewAccess(input, all);
    const left = Math.floor(preview.longestSeconds ?? 0);
    return left < 60 || durationSeconds <= left
      ? preview
      : await previewAccess({ ...input, durationSeconds: left }, all);
  } catch (error) {
    logFailure('slack.form-incomplete', error);
    return undefined;
  }
}
