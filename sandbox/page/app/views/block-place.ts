import type { Fields } from '../../../slack/checks/shape.ts';
import type { Action, Call } from '../action.ts';
import type { Reader } from '../mrkdwn.ts';

/** The surroundings of blocks: their reader, and the effect of a press. */
export interface BlockPlace {
  reader: Reader;
  /** The call or action of a press. For a menu, the picked value is added to it. */
  press(block: Fields, element: Fields): { call: Call } | { action: Action };
  /** Set for blocks in a form. */
  form?: FormPlace;
}

export interface FormPlace {
  viewId: string;
  /** Slack's value objects by block id and action id. */
  values: Record<string, Record<string, Fields>>;
  /** The options of external menus, by action id. */
  options: Record<string, Fields[]>;
  errors: Record<string, string>;
  users: { id: string; realName: string }[];
  channels: { id: string; name: string }[];
}
