/**
 * Ids of everything that a person can press, fill in or call. A button's value grants no authority: at every press the
 * request is read again, the person identified again and the policies asked again.
 */
export const ACTIONS = {
  /** In alerts, which other tools post. The only button whose value is an ask. */
  breakGlass: 'break_glass',
  done: 'request.done',
  extend: 'request.extend',
  /** Opens a form in which an approver ends another person's access, with a reason. */
  endAccess: 'access.end',
  cancel: 'request.cancel',
  approve: 'request.approve',
  /** Opens a form with an optional note and an optional shorter duration. */
  approveWithNote: 'request.approve-with-note',
  deny: 'request.deny',
  /** A link. Slack reports the press all the same, and only wants an answer. */
  openPortal: 'request.open-portal',
  /** "I'm looking": an approver claims a request, which tells the other approvers. */
  claim: 'request.claim',
  /** Opens a form that asks to which other approver the request is handed on. */
  handOn: 'request.hand-on',
  /** The requester has the approvers mentioned once more. */
  nudge: 'request.nudge',
  /** What was done so far, for the requester and the approvers. The function that may read CloudTrail answers it. */
  soFar: 'access.so-far',
  acknowledgeReview: 'review.acknowledge',
  questionReview: 'review.question',
  /** The requester answers a reviewer's question. */
  answerReview: 'review.answer',
  /** In the App Home: opens the form. */
  newRequest: 'home.request',
  /** In the App Home: opens the form, filled in with a target the person had before. */
  askAgain: 'home.ask-again',
  /** In the form: fills in a target the person had before. */
  fillIn: 'form.fill-in',
} as const;

export type ActionName = (typeof ACTIONS)[keyof typeof ACTIONS];

/** `callback_id` of each modal. */
export const MODALS = {
  confirmBreakGlass: 'break_glass.confirm',
  request: 'request.new',
  /** Asks for more time on live access. */
  extend: 'access.extend',
  /** An approver ends another person's access. */
  endAccess: 'access.end.note',
  approve: 'request.approve.note',
  deny: 'request.deny.note',
  handOn: 'request.hand-on.to',
  questionReview: 'review.question.note',
  answerReview: 'review.answer.note',
} as const;

export type ModalName = (typeof MODALS)[keyof typeof MODALS];

/**
 * Fields of the modals. Each is the `action_id` of its input, and the `block_id` or its beginning (`input` in
 * `blocks.ts`).
 */
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

/** The slash command, and the `callback_id` of the global shortcut; both open the same form. */
export const ACCESS_COMMAND = '/access';
export const ACCESS_SHORTCUT = 'request.shortcut';

/** The `callback_id` of the shortcut in the menu of every message. */
export const MESSAGE_SHORTCUT = 'request.about-message';

/**
 * Slack needs action ids that are unique within a message, so an action that appears for several requests gets a
 * suffix.
 */
export function actionIdFor(action: ActionName, suffix?: string): string {
  return suffix === undefined || suffix === '' ? action : `${action}:${suffix}`;
}

/** The action of an action id, without its suffix; `undefined` for an id that is not Glasshammer's. */
export function actionOf(actionId: string): ActionName | undefined {
  const name = actionId.split(':', 1)[0];
  return Object.values(ACTIONS).find((action) => action === name);
}
