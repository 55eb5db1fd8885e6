import type { SlackCaller } from '../../core/access/request/identity/identify.ts';
import { strangersHour } from '../../core/access/request/refused-action.ts';
import { digestOf, requestIdFrom } from '../shared/request-id.ts';

/** What identifies one press of one button. */
export interface ActionId {
  readonly teamId: string;
  readonly slackId: string;
  readonly channel: string;
  /** `ts` of the message with the button. */
  readonly messageTs: string;
  /** Which button of the message, and what it asks for. */
  readonly button: string;
  /** Slack's timestamp of the press; the same when Slack delivers the press again. */
  readonly pressedAt: string;
}

/** The id of the request that a press makes. A press delivered again has the same id and starts nothing new. */
export function requestIdOf(actionId: ActionId): string {
  return requestIdFrom([...button(actionId), actionId.pressedAt]);
}

/**
 * The id of the one refused request that is kept of a stranger per hour. It appears in logs, so it is a hash and does
 * not name them.
 */
export function strangersRequestIdOf(caller: SlackCaller, at: string): string {
  return requestIdFrom(['stranger', strangersHour(caller, at)]);
}

/** The same for every press of one button in one message by one person. */
export function idempotencyKeyOf(actionId: ActionId): string {
  return digestOf(button(actionId));
}

function button({ teamId, slackId, channel, messageTs, button: pressed }: ActionId): string[] {
  return [teamId, slackId, channel, messageTs, pressed];
}
