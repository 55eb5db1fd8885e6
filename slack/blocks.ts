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
import { cut, plainLine } from './words/wording.ts';

/** A message: `text` is for notifications and screen readers, `blocks` is what everybody else sees. */
export interface MessageView {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** Replaces an empty text, which Slack would refuse. */
const NOTHING = '–';

/**
 * Text with Slack's markup, made of parts that went through `wording.ts`. `verbatim` keeps addresses and names in
 * people's words plain; mentions, dates and links in Slack's markup still work.
 */
function mrkdwn(text: string, max: number = LIMITS.sectionText): MrkdwnElement {
  return { type: 'mrkdwn', text: cut(text, max) || NOTHING, verbatim: true };
}

/** Text without markup, on one line. */
export function plain(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: plainLine(text, max) || NOTHING };
}

/**
 * Lines of text, the most important first. Empty lines are left out, and so is everything from the first line that does
 * not fit.
 */
export function section(...lines: readonly string[]): SectionBlock {
  let text = '';
  for (const line of lines.filter((each) => each !== '')) {
    const longer = text === '' ? line : `${text}\n${line}`;
    // A line is shown whole or not at all: cut in two, its markup could break.
    if (text !== '' && longer.length > LIMITS.sectionText) break;
    text = longer;
  }
  return { type: 'section', text: mrkdwn(text) };
}

/** Pairs of label and value in two columns. Pairs without a value are left out; `undefined` if none is left. */
export function fields(pairs: readonly (readonly [label: string, value: string])[]): SectionBlock | undefined {
  const shown = pairs.filter(([, value]) => value !== '').slice(0, LIMITS.fields);
  if (shown.length === 0) return undefined;
  return { type: 'section', fields: shown.map(([label, value]) => mrkdwn(`*${label}*\n${value}`, LIMITS.fieldText)) };
}

/** A heading in plain text, cut to Slack's limit. */
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
  /** A request id, or the target that the button fills in. */
  readonly value?: string;
  readonly url?: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: ConfirmationDialog;
}

/** A button, with its texts cut to Slack's limits. */
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

/** A dialog that asks for confirmation before an action runs. */
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

/** A row of buttons; `undefined` without buttons, because Slack refuses an empty row. */
export function actions(...buttons: readonly (Button | undefined)[]): ActionsBlock | undefined {
  const elements = buttons.filter((element) => element !== undefined).slice(0, LIMITS.actionElements);
  return elements.length === 0 ? undefined : { type: 'actions', elements };
}

/**
 * A field of a modal. Its id is the action id and, without `suffix`, the block id. `dispatch` makes Slack send a choice
 * at once and not only with the form. `suffix` changes the block id, so that Slack drops what was entered under the old
 * one.
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

/** An option of a menu. */
export function option(text: string, value: string, description = ''): PlainTextOption {
  return {
    text: plain(text, LIMITS.optionText),
    value: cut(value, LIMITS.optionValue),
    ...(description === '' ? {} : { description: plain(description, LIMITS.optionDescription) }),
  };
}

/** All blocks that are not `undefined` and that still fit into a message after those before them. */
export function blocks(...parts: readonly (KnownBlock | undefined)[]): KnownBlock[] {
  let shown: KnownBlock[] = [];
  for (const part of parts) {
    if (part !== undefined && fitsMessage([...shown, part])) shown = [...shown, part];
  }
  return shown;
}

/** Does Slack take these blocks in one message, by their number and by all their texts together? */
export function fitsMessage(all: readonly KnownBlock[]): boolean {
  return all.length <= LIMITS.messageBlocks && textLength(all) <= LIMITS.messageBlocksText;
}

/** Each text as JSON in a list of its own. Slack does not say what it counts, so escapes and brackets count as well. */
function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + textLength(each), 0);
  if (typeof value !== 'object' || value === null) return 0;
  const { text, ...others } = value as Readonly<Record<string, unknown>>;
  const own = typeof text === 'string' ? JSON.stringify([text]).length + 2 : textLength(text);
  return own + textLength(Object.values(others));
}
