import { LIMITS } from './checks/limits.ts';
import { type Fields, isFields } from './checks/shape.ts';
import { parseObject, showAnswer } from './people/press.ts';
import type { Workspace } from './workspace.ts';

/** A call that a program signed itself and posted directly to the app, without the emulated Slack. */
export interface DirectCall {
  readonly route: string;
  readonly body: string;
}

/**
 * Registers the message and the trigger that a direct call names as if Slack had made them. Without this, the app's own
 * calls in answer would fail with thread_not_found or invalid_trigger_id. The call's signature is not checked here: for
 * a call with a wrong signature the app does nothing, so what is registered stays unused.
 */
export function meetDirectCall(workspace: Workspace, call: DirectCall): void {
  const payload = payloadOf(call);
  if (payload === undefined) return;
  const user = idOf(payload.user) ?? text(payload.user_id);
  const trigger = text(payload.trigger_id);
  if (user !== undefined && trigger !== undefined && !workspace.triggers.has(trigger)) {
    const expiresAtMs = workspace.nowMs() + workspace.stretched(LIMITS.triggerMs);
    workspace.triggers.set(trigger, { id: trigger, user, expiresAtMs, exchanged: false });
  }
  const place = placeOf(payload);
  if (place !== undefined && workspace.message(place.channel, place.ts) === undefined) {
    workspace.unseen.add(`${place.channel} ${place.ts}`);
  }
}

/** Shows the app's answer to a direct call as Slack would. The app answers 200 only to calls with a valid signature. */
export function showDirectAnswer(
  workspace: Workspace,
  call: DirectCall,
  answer: { status: number; body: string },
): void {
  const payload = payloadOf(call);
  const user = idOf(payload?.user) ?? text(payload?.user_id);
  if (payload === undefined || user === undefined || answer.status !== 200) return;
  if (payload.type === 'view_submission' && parseObject(answer.body) === undefined) {
    const viewId = idOf(payload.view);
    workspace.modals.set(
      user,
      workspace.modalsOf(user).filter((view) => view.id !== viewId),
    );
  }
  const channel = placeOf(payload)?.channel ?? text(payload.channel_id);
  const speaks = payload.type === 'interactive_message' || payload.type === undefined;
  if (!speaks || channel === undefined || workspace.conversation(channel) === undefined) return;
  const place = { user, channel, threadTs: null };
  const who = { user, doing: 'call the app directly' };
  showAnswer(workspace, place, answer, who, {
    plainTextIsShown: true,
    defaults: () => ({ replaceByDefault: false, publicByDefault: false }),
  });
}

function payloadOf({ route, body }: DirectCall): Fields | undefined {
  if (route === 'events') return undefined;
  const form = new URLSearchParams(body);
  const payload = form.get('payload');
  return payload === null ? Object.fromEntries(form) : parseObject(payload);
}

/** The message that a payload says it came from. */
function placeOf(payload: Fields): { channel: string; ts: string } | undefined {
  const container = isFields(payload.container) ? payload.container : {};
  const message = isFields(payload.message) ? payload.message : {};
  const channel = idOf(payload.channel) ?? text(container.channel_id);
  const ts = text(message.thread_ts) ?? text(payload.message_ts) ?? text(container.message_ts) ?? text(message.ts);
  return channel === undefined || ts === undefined ? undefined : { channel, ts };
}

function idOf(value: unknown): string | undefined {
  return isFields(value) ? text(value.id) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
