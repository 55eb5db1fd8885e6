import { isDeepStrictEqual } from 'node:util';
import { LIMITS } from './limits.ts';
import {
  all,
  anyText,
  anything,
  boolean,
  byType,
  type Fields,
  type Findings,
  fieldsList,
  integer,
  isFields,
  list,
  object,
  plainText,
  type Rule,
  report,
  string,
} from './shape.ts';

const actionId = string({ min: 1, max: LIMITS.actionId });
const url = string({ min: 1, max: LIMITS.url, pattern: /^[a-z][a-z0-9+.-]*:/i });
const date = string({ pattern: /^\d{4}-\d{2}-\d{2}$/ });
const time = string({ pattern: /^([01]\d|2[0-3]):[0-5]\d$/ });

const confirm = object(
  {
    title: plainText(LIMITS.confirmTitle),
    text: anyText(LIMITS.confirmText),
    confirm: plainText(LIMITS.confirmButton),
    deny: plainText(LIMITS.confirmButton),
  },
  { style: string({ oneOf: ['primary', 'danger'] }) },
);

const option = (text: (max: number) => Rule) =>
  object(
    { text: text(LIMITS.optionText), value: string({ min: 1, max: LIMITS.optionValue }) },
    { description: text(LIMITS.optionText), url },
  );
const menuOption = option(plainText);
const choiceOption = option(anyText);

const optionGroups = list(
  object({
    label: plainText(LIMITS.optionGroupLabel),
    options: list(menuOption, { max: LIMITS.selectOptions }),
  }),
  { max: LIMITS.optionGroups },
);

/** The options of a menu, as a list of options or of groups. The answer to an options load must look like this. */
export const loadedOptions: Rule = (value, pointer, findings) => {
  if (!isFields(value) || (value.options === undefined) === (value.option_groups === undefined))
    return report(findings, pointer, 'must define either `options` or `option_groups`');
  if (value.options !== undefined) {
    list(menuOption, { min: 0, max: LIMITS.selectOptions })(value.options, `${pointer}/options`, findings);
  } else {
    optionGroups(value.option_groups, `${pointer}/option_groups`, findings);
  }
};

const interactive = { action_id: actionId, confirm, focus_on_load: boolean };
const placeholder = plainText(LIMITS.placeholder);
const type = anything;

function menu(required: Record<string, Rule>, optional: Record<string, Rule>): Rule {
  return object({ type, ...required }, { ...interactive, placeholder, ...optional });
}

/** Exactly one of `options` and `option_groups`. */
const oneSourceOfOptions: Rule = (value, pointer, findings) => {
  if (isFields(value) && (value.options === undefined) === (value.option_groups === undefined))
    report(findings, pointer, 'must define either `options` or `option_groups`');
};

/** `initial_option` must be exactly one of the options, its text included; otherwise Slack refuses the view. */
const initialAmongOptions: Rule = (value, pointer, findings) => {
  if (!isFields(value)) return;
  const groups = fieldsList(value.option_groups).flatMap((group) => fieldsList(group.options));
  const offered = [...fieldsList(value.options), ...groups];
  const isOffered = (initial: Fields) => offered.some((each) => isDeepStrictEqual(each, initial));
  if (isFields(value.initial_option) && !isOffered(value.initial_option))
    report(findings, `${pointer}/initial_option`, 'must be one of the options');
  for (const [index, each] of fieldsList(value.initial_options).entries()) {
    if (!isOffered(each)) report(findings, `${pointer}/initial_options/${index}`, 'must be one of the options');
  }
};

const staticMenu = (optional: Record<string, Rule>) =>
  all(
    menu({}, { options: list(menuOption, { max: LIMITS.selectOptions }), option_groups: optionGroups, ...optional }),
    oneSourceOfOptions,
    initialAmongOptions,
  );

const several = { max_selected_items: integer(1, LIMITS.selectOptions) };
const someIds = list(string({ min: 1 }), { max: LIMITS.selectOptions });

const MENUS: Record<string, Rule> = {
  static_select: staticMenu({ initial_option: menuOption }),
  multi_static_select: staticMenu({ initial_options: list(menuOption, { max: LIMITS.selectOptions }), ...several }),
  external_select: menu({}, { initial_option: menuOption, min_query_length: integer(0, 300) }),
  multi_external_select: menu(
    {},
    {
      initial_options: list(menuOption, { max: LIMITS.selectOptions }),
      min_query_length: integer(0, 300),
      ...several,
    },
  ),
  users_select: menu({}, { initial_user: string({ min: 1 }) }),
  multi_users_select: menu({}, { initial_users: someIds, ...several }),
  conversations_select: menu(
    {},
    {
      initial_conversation: string({ min: 1 }),
      default_to_current_conversation: boolean,
      response_url_enabled: boolean,
      filter: anything,
    },
  ),
  multi_conversations_select: menu(
    {},
    { initial_conversations: someIds, default_to_current_conversation: boolean, filter: anything, ...several },
  ),
  channels_select: menu({}, { initial_channel: string({ min: 1 }), response_url_enabled: boolean }),
  multi_channels_select: menu({}, { initial_channels: someIds, ...several }),
};

const button = object(
  { type, text: plainText(LIMITS.buttonText) },
  {
    action_id: actionId,
    value: string({ max: LIMITS.buttonValue }),
    url,
    style: string({ oneOf: ['primary', 'danger'] }),
    confirm,
    accessibility_label: string({ max: LIMITS.buttonText }),
  },
);

const choices = (optional: Record<string, Rule>) =>
  all(
    object({ type, options: list(choiceOption, { max: LIMITS.choiceOptions }) }, { ...interactive, ...optional }),
    initialAmongOptions,
  );

const PICKERS: Record<string, Rule> = {
  checkboxes: choices({ initial_options: list(choiceOption, { max: LIMITS.choiceOptions }) }),
  radio_buttons: choices({ initial_option: choiceOption }),
  datepicker: menu({}, { initial_date: date }),
  timepicker: menu({}, { initial_time: time, timezone: string({ min: 1 }) }),
};
const datetimepicker = object({ type }, { ...interactive, initial_date_time: integer(0, 9_999_999_999) });

const typedText = (optional: Record<string, Rule>) =>
  object(
    { type },
    { action_id: actionId, focus_on_load: boolean, placeholder, dispatch_action_config: anything, ...optional },
  );
const initialText = { initial_value: string() };

/** An image in a section or context. */
const image = object(
  { type, alt_text: string({ min: 1, max: LIMITS.label }) },
  { image_url: url, slack_file: anything },
);

/** The elements that a section may have as accessory. */
export const accessory: Rule = byType({
  button,
  image,
  ...MENUS,
  ...PICKERS,
  overflow: object(
    { type, options: list(menuOption, { max: LIMITS.overflowOptions }) },
    { action_id: actionId, confirm },
  ),
});

/** The elements of an actions block. */
export const actionsElement: Rule = byType({
  button,
  ...MENUS,
  ...PICKERS,
  datetimepicker,
  overflow: object(
    { type, options: list(menuOption, { max: LIMITS.overflowOptions }) },
    { action_id: actionId, confirm },
  ),
});

/** The elements of an input block. */
export const inputElement: Rule = byType({
  ...MENUS,
  ...PICKERS,
  datetimepicker,
  plain_text_input: typedText({
    ...initialText,
    multiline: boolean,
    min_length: integer(0, LIMITS.inputLength),
    max_length: integer(1, LIMITS.inputLength),
  }),
  email_text_input: typedText(initialText),
  url_text_input: typedText(initialText),
  number_input: all(
    typedText({ ...initialText, is_decimal_allowed: boolean, min_value: string(), max_value: string() }),
    (value, pointer, findings) => {
      if (isFields(value) && value.is_decimal_allowed === undefined)
        report(findings, pointer, 'missing required field: is_decimal_allowed');
    },
  ),
});

/** The elements of a context block. */
export const contextElement: Rule = byType({
  image,
  plain_text: anyText(),
  mrkdwn: anyText(),
});

/** The interactive elements of one block with their JSON pointers, for comparing their ids. */
function elementsOf(
  block: Record<string, unknown>,
  pointer: string,
): { element: Record<string, unknown>; pointer: string }[] {
  const found = fieldsList(block.elements).map((element, index) => ({
    element,
    pointer: `${pointer}/elements/${index}`,
  }));
  if (isFields(block.accessory)) found.push({ element: block.accessory, pointer: `${pointer}/accessory` });
  if (isFields(block.element)) found.push({ element: block.element, pointer: `${pointer}/element` });
  return found;
}

/** Two elements of one block must not share an action_id. */
export function checkActionIds(block: Record<string, unknown>, pointer: string, findings: Findings): void {
  const seen = new Set<string>();
  for (const { element, pointer: at } of elementsOf(block, pointer)) {
    if (typeof element.action_id !== 'string') continue;
    if (seen.has(element.action_id))
      report(
        findings,
        `${at}/action_id`,
        `\`action_id\` \`${element.action_id}\` already exists for another interactive element`,
      );
    seen.add(element.action_id);
  }
}
