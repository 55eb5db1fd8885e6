import type {
  ActionsBlock,
  Button,
  ConfirmationDialog,
  ContextBlock,
  HeaderBlock,
  InputBlock,
  InputBlockElement,
  KnownBlock,
  MrkdwnElement,
  PlainTextElement,
  PlainTextOption,
  SectionBlock,
} from '@slack/types';
import { LIMITS } from './limits.ts';
import { cut, plainLine } from './wording.ts';

/** A message: what notifications and screen readers get, and what everybody else sees. */
export interface MessageView {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** Shown where a text would be empty, which Slack refuses. */
const NOTHING = '–';

/**
 * Text with Slack's markup, made of parts that went through `wording.ts`. `verbatim`: addresses and names in people's words stay
 * plain text; our own mentions, dates and links still work.
 */
function mrkdwn(text: string, max: number = LIMITS.sectionText): MrkdwnElement {
  return { type: 'mrkdwn', text: cut(text, max) || NOTHING, verbatim: true };
}

/** Text without markup, on one line. */
export function plain(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: plainLine(text, max) || NOTHING };
}

/** Lines of text, the most important first; empty ones are left out, and so are those that do not fit any more. */
export function section(...lines: readonly string[]): SectionBlock {
  let text = '';
  for (const line of lines.filter((each) => each !== '')) {
    const longer = text === '' ? line : `${text}\n${line}`;
    // A line is shown whole or not at all: cut in two, its markup could come apart.
    if (text !== '' && longer.length > LIMITS.sectionText) break;
    text = longer;
  }
  return { type: 'section', text: mrkdwn(text) };
}

/** Label and value pairs in two columns. Pairs without a value are left out; `undefined` when none is left. */
export function fields(pairs: readonly (readonly [label: string, value: string])[]): SectionBlock | undefined {
  const shown = pairs.filter(([, value]) => value !== '').slice(0, LIMITS.fields);
  if (shown.length === 0) return undefined;
  return { type: 'section', fields: shown.map(([label, value]) => mrkdwn(`*${label}*\n${value}`, LIMITS.fieldText)) };
}

/** A heading, in plain text, cut to what Slack takes. */
export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, LIMITS.headerText) };
}

/** Small print; empty parts are left out. */
export function context(...parts: readonly string[]): ContextBlock {
  const shown = parts.filter((part) => part !== '').slice(0, LIMITS.contextElements);
  return { type: 'context', elements: (shown.length === 0 ? [NOTHING] : shown).map((part) => mrkdwn(part)) };
}

export interface ButtonOptions {
  readonly actionId: string;
  readonly text: string;
  /** Carries a request id and nothing else. */
  readonly value?: string;
  readonly url?: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: ConfirmationDialog;
}

/** A button, its texts cut to what Slack takes. */
export function button({ actionId, text, value, url, style, confirm }: ButtonOptions): Button {
  return {
    type: 'button',
    action_id: cut(actionId, LIMITS.id),
    text: plain(text, LIMITS.buttonText),
    ...(value === undefined ? {} : { value: cut(value, LIMITS.buttonValue) }),
    ...(url === undefined ? {} : { url }),
    ...(style === undefined ? {} : { style }),
    ...(confirm === undefined ? {} : { confirm }),
  };
}

/** Asks again before an action runs. */
export function confirmation(
  question: { readonly title: string; readonly text: string; readonly yes: string; readonly no: string },
  style?: 'danger',
): ConfirmationDialog {
  return {
    title: plain(question.title, LIMITS.confirmTitle),
    text: plain(question.text, LIMITS.confirmText),
    confirm: plain(question.yes, LIMITS.confirmButton),
    deny: plain(question.no, LIMITS.confirmButton),
    style,
  };
}

/** A row of buttons; `undefined` when there is none, for Slack refuses an empty row. */
export function actions(...buttons: readonly (Button | undefined)[]): ActionsBlock | undefined {
  const elements = buttons.filter((element) => element !== undefined).slice(0, LIMITS.actionElements);
  return elements.length === 0 ? undefined : { type: 'actions', elements };
}

/**
 * One field of a modal; its id is both block and action id. `dispatch`: a choice is told at once, not only with the form. `suffix`:
 * makes it another block, under which Slack holds nothing that was chosen before.
 */
export function input(
  id: string,
  label: string,
  element: InputBlockElement,
  options: {
    readonly optional?: boolean;
    readonly hint?: string;
    readonly dispatch?: boolean;
    readonly suffix?: string;
  } = {},
): InputBlock {
  return {
    type: 'input',
    block_id: cut(options.suffix === undefined ? id : `${id}:${options.suffix}`, LIMITS.id),
    label: plain(label, LIMITS.labelText),
    element: { ...element, action_id: id },
    ...(options.optional === true ? { optional: true } : {}),
    ...(options.dispatch === true ? { dispatch_action: true } : {}),
    ...(options.hint === undefined ? {} : { hint: plain(options.hint, LIMITS.labelText) }),
  };
}

/** A choice in a menu. */
export function option(text: string, value: string, description = ''): PlainTextOption {
  return {
    text: plain(text, LIMITS.optionText),
    value: cut(value, LIMITS.optionValue),
    ...(description === '' ? {} : { description: plain(description, LIMITS.optionDescription) }),
  };
}

/** The blocks that exist, at most as many as a message takes. */
export function blocks(...parts: readonly (KnownBlock | undefined)[]): KnownBlock[] {
  return parts.filter((part) => part !== undefined).slice(0, LIMITS.messageBlocks);
}
