import type { AuditFact } from '../../audit/audit-event.ts';
import type { Refusal, RefusalReason } from '../../model/refusal.ts';
import type { Caller, SlackCaller } from './identity/identify.ts';

/** A block action, a form or a call about a request that came to nothing. */
export interface RefusedAction {
  readonly caller: Caller;
  /** The id of the button, the form or the operation. */
  readonly action: string;
  /** The request it was about; absent where its value names none. */
  readonly requestId?: string;
  readonly refusal: Refusal;
  /** Equal when the same press is delivered again. */
  readonly pressedAt: string;
}

/**
 * Who is nobody here, or of whom Slack does not say that they are somebody: their presses may be as many as they like. A stranger who
 * presses fast enough has Slack refuse to say who they are (`ratelimited`), and must not count as more than a stranger for it.
 */
const STRANGERS: readonly RefusalReason[] = [
  'other-workspace',
  'slack-connect-user',
  'guest',
  'bot',
  'deactivated-user',
  'slack-user-unreadable',
];

/** Is this the refusal of somebody who may not use Glasshammer at all, whatever they press, or who may be such a person? */
export function isOfStranger({ reason }: Refusal): boolean {
  return STRANGERS.includes(reason);
}

/** Equal for whatever a stranger presses within one hour: one item is enough to know of it. @param at ISO 8601 */
export function strangersHour({ teamId, slackId }: SlackCaller, at: string): string {
  return [teamId, slackId, at.slice(0, 13)].map((part) => part.replace(/[^A-Za-z0-9]/g, '')).join('-');
}

/**
 * What the audit keeps of a refused action, and under which id: one fact a press, and one an hour for strangers.
 *
 * @param at ISO 8601
 */
export function refusedActionFact(
  { caller, action, requestId, refusal, pressedAt }: RefusedAction,
  at: string,
): { readonly id: string; readonly fact: AuditFact } {
  const why = refusal.detail === undefined ? refusal.reason : `${refusal.reason}: ${refusal.detail}`;
  const by = 'principalId' in caller ? caller.principalId : caller.slackId;
  const isStranger = !('principalId' in caller) && isOfStranger(refusal);
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
