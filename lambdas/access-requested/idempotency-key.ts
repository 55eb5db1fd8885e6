import type { SlackCaller } from '../../core/access/request/identity/identify.ts';
import { strangersHour } from '../../core/access/request/refused-action.ts';
import { digestOf, requestIdFrom } from '../shared/request-id.ts';

/** What identifies one press of one button. */
export interface ActionId {
  readonly teamId: string;
  readonly slackId: string;
  readonly channel: string;
  /** The message with the button. */
  readonly messageTs: string;
  /** Which button of the message, and what it asks for. */
  readonly button: string;
  /** When it was pressed, in Slack's words; equal when the same press is delivered again. */
  readonly pressedAt: string;
}

/** The id of the request a press makes. The same press delivered again has the same id, and starts nothing new. */
export function requestIdOf(actionId: ActionId): string {
  return requestIdFrom([...button(actionId), actionId.pressedAt]);
}

/** The id of the one refused request that a stranger leaves within an hour. It goes to the logs, so it does not name them. */
export function strangersRequestIdOf(caller: SlackCaller, at: string): string {
  return requestIdFrom(['stranger', strangersHour(caller, at)]);
}

/** Equal for every press of the same button in the same message by the same person. */
export function idempotencyKeyOf(actionId: ActionId): string {
  return digestOf(button(actionId));
}

function button({ teamId, slackId, channel, messageTs, button: pressed }: ActionId): string[] {
  return [teamId, slackId, channel, messageTs, pressed];
}
