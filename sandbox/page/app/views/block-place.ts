import type { Fields } from '../../../slack/checks/shape.ts';
import type { Action, Call } from '../action.ts';
import type { Reader } from '../mrkdwn.ts';

/** Where blocks stand: who reads them, and what pressing something there does. */
export interface BlockPlace {
  reader: Reader;
  /** The call or action a press means; a menu's pick is added to it. */
  press(block: Fields, element: Fields): { call: Call } | { action: Action };
  /** Set inside a form. */
  form?: FormPlace;
}

export interface FormPlace {
  viewId: string;
  /** Value objects by block id and action id, as Slack keeps them. */
  values: Record<string, Record<string, Fields>>;
  /** What external menus offer, by action id. */
  options: Record<string, Fields[]>;
  errors: Record<string, string>;
  users: { id: string; realName: string }[];
  channels: { id: string; name: string }[];
}
