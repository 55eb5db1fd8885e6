/**
 * Ids of everything a person can press, fill in or call. A button's value carries a request id and nothing that grants
 * authority: the request is read again, the person identified again and the policy asked again at every press.
 */
export const ACTIONS = {
  /** In an alert, made by whoever writes alerts: the only button whose value says what is asked for. */
  breakGlass: 'break_glass',
  done: 'request.done',
  extend: 'request.extend',
  /** Ends somebody else's access, with a reason; for its approvers. */
  endAccess: 'access.end',
  cancel: 'request.cancel',
  approve: 'request.approve',
  /** Opens a form: an optional note, an optional shorter duration. */
  approveWithNote: 'request.approve-with-note',
  deny: 'request.deny',
  /** A link; Slack still reports the press, which needs nothing but an answer. */
  openPortal: 'request.open-portal',
  /** "I'm looking": tells the other approvers. */
  claim: 'request.claim',
  /** Opens a form: to which other approver. */
  handOn: 'request.hand-on',
  /** The person who waits has the approvers mentioned once more. */
  nudge: 'request.nudge',
  /** What was done so far: for the person and the approvers, answered by the function that may read it. */
  soFar: 'access.so-far',
  acknowledgeReview: 'review.acknowledge',
  questionReview: 'review.question',
  /** The person answers a reviewer's question. */
  answerReview: 'review.answer',
  /** Opens the form from the App Home. */
  newRequest: 'home.request',
  /** In the App Home: opens the form with what the person had before. */
  askAgain: 'home.ask-again',
  /** In the form: fills in what the person had before. */
  fillIn: 'form.fill-in',
} as const;

export type ActionName = (typeof ACTIONS)[keyof typeof ACTIONS];

/** `callback_id` of each modal. */
export const MODALS = {
  confirmBreakGlass: 'break_glass.confirm',
  request: 'request.new',
  /** More time on access that lasts. */
  extend: 'access.extend',
  /** An approver ends somebody's access. */
  endAccess: 'access.end.note',
  approve: 'request.approve.note',
  deny: 'request.deny.note',
  handOn: 'request.hand-on.to',
  questionReview: 'review.question.note',
  answerReview: 'review.answer.note',
} as const;

export type ModalName = (typeof MODALS)[keyof typeof MODALS];

/** Fields of the modals. Each is the `block_id` and the `action_id` of its input, so that an error finds its field. */
export const FIELDS = {
  account: 'account',
  permissionSet: 'permission-set',
  duration: 'duration',
  start: 'start',
  reason: 'reason',
  ticket: 'ticket',
  note: 'note',
  person: 'person',
} as const;

export type FieldName = (typeof FIELDS)[keyof typeof FIELDS];

/** The slash command, and the `callback_id` of the global shortcut, which open the same form. */
export const ACCESS_COMMAND = '/access';
export const ACCESS_SHORTCUT = 'request.shortcut';

/** The `callback_id` of the shortcut in every message's menu. */
export const MESSAGE_SHORTCUT = 'request.about-message';

/** Slack wants action ids unique within a message, so the same action for several requests carries a suffix. */
export function actionIdFor(action: ActionName, suffix?: string): string {
  return suffix === undefined || suffix === '' ? action : `${action}:${suffix}`;
}

/** The action of an action id, whatever its suffix. `undefined`: not one of ours. */
export function actionOf(actionId: string): ActionName | undefined {
  const name = actionId.split(':', 1)[0];
  return Object.values(ACTIONS).find((action) => action === name);
}
