import type { AuditFact } from '../../audit/audit-event.ts';
import type { Refusal, RefusalReason } from '../../model/refusal.ts';
import type { Caller, SlackCaller } from './identity/identify.ts';

/** A block action, a form or an API call about a request that was refused. */
export interface RefusedAction {
  readonly caller: Caller;
  /** The id of the button, the form or the operation. */
  readonly action: string;
  /** The request it was about; absent where the value of the action names none. */
  readonly requestId?: string;
  readonly refusal: Refusal;
  /** Equal when Slack delivers the same press again. */
  readonly pressedAt: string;
}

/**
 * Refusals of callers who may not use Glasshammer, or about whom Slack gives no answer. They may press any number of
 * times. A stranger who presses fast enough makes Slack answer `ratelimited`; the resulting `slack-user-unreadable`
 * must not get around the limit for strangers.
 */
const STRANGERS: readonly RefusalReason[] = [
  'other-workspace',
  'slack-connect-user',
  'guest',
  'bot',
  'deactivated-user',
  'slack-user-unreadable',
];

/** Is this the refusal of a caller who may not use Glasshammer at all, or who may be such a caller? */
export function isStrangerRefusal({ reason }: Refusal): boolean {
  return STRANGERS.includes(reason);
}

/** One id for all that a stranger presses within one hour, so that one item records it. @param at ISO 8601 */
export function strangersHour({ teamId, slackId }: SlackCaller, at: string): string {
  return [teamId, slackId, at.slice(0, 13)].map((part) => part.replace(/[^A-Za-z0-9]/g, '')).join('-');
}

/**
 * The audit fact of a refused action, and its id: one fact per press, and for strangers one per hour.
 *
 * @param at ISO 8601
 */
export function refusedActionFact(
  { caller, action, requestId, refusal, pressedAt }: RefusedAction,
  at: string,
): { readonly id: string; readonly fact: AuditFact } {
  const why = refusal.detail === undefined ? refusal.reason : `${refusal.reason}: ${refusal.detail}`;
  const by = 'principalId' in caller ? caller.principalId : caller.slackId;
  const isStranger = !('principalId' in caller) && isStrangerRefusal(refusal);
  const id = isStranger ? strangersHour(caller, at) : `${by}#${action}#${pressedAt}`;
  return {
    id,
    fact: {
      type: 'action-refused',
      at,
      by,
      note: `${action}: ${why}`,
      ...(requestId === undefined ? {} : { ids: [requestId] }),
    },
  };
}
