import { type ComponentChildren, h, type JSX } from 'preact';
import { type Fields, fieldsList, isFields, textOf } from '../../../slack/checks/shape.ts';
import { act } from '../act.ts';
import { plainText } from '../mrkdwn.ts';
import { wallOf } from '../time.ts';
import type { BlockPlace, FormPlace } from './block-place.ts';

/** A field of a form with its label, hint and error. */
export function inputBlock(block: Fields, place: BlockPlace): JSX.Element {
  const { form, reader } = place;
  const element = isFields(block.element) ? block.element : {};
  const label = isFields(block.label) ? textOf(block.label.text) : '';
  if (form === undefined) return h('div', { class: 'block unknown' }, label);
  const blockId = textOf(block.block_id);
  const actionId = textOf(element.action_id);
  const error = form.errors[blockId];
  const id = `field-${form.viewId}-${actionId}`;
  const field = fieldView(element, {
    form,
    id,
    actionId,
    held: form.values[blockId]?.[actionId] ?? {},
    described: `${id}-more`,
    label,
    required: block.optional !== true,
    tz: reader.tz,
    // With `dispatch_action` a change is sent to the app at once, before the form is submitted.
    ...(block.dispatch_action === true
      ? { onChange: act({ do: 'press-in-form', viewId: form.viewId, actionId, blockId }) }
      : {}),
  });
  return h(
    'div',
    { key: blockId, class: error === undefined ? 'block input' : 'block input wrong' },
    h('label', { for: id }, label, block.optional === true && h('span', { class: 'optional' }, ' (optional)')),
    field,
    h(
      'div',
      { id: `${id}-more`, class: 'more' },
      error !== undefined && h('p', { class: 'error', role: 'alert', 'data-testid': `error-${blockId}` }, error),
      isFields(block.hint) && h('p', { class: 'hint' }, plainText(textOf(block.hint.text))),
    ),
  );
}

interface Field {
  form: FormPlace;
  id: string;
  actionId: string;
  /** The field's value, as Slack's value object. */
  held: Fields;
  /** The id of the element that describes the field. */
  described: string;
  label: string;
  required: boolean;
  /** The reader's time zone. */
  tz: string;
  onChange?: ReturnType<typeof act>;
}

const TEXT_TYPES: Record<string, string> = {
  plain_text_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'number',
  datepicker: 'date',
  timepicker: 'time',
};

function fieldView(element: Fields, field: Field): ComponentChildren {
  const type = textOf(element.type);
  const common = commonAttributes(field);
  const placeholder = isFields(element.placeholder) ? textOf(element.placeholder.text) : undefined;
  if (type === 'plain_text_input' && element.multiline === true)
    return h('textarea', { ...common, rows: 3, placeholder, defaultValue: textOf(field.held.value) });
  if (type === 'datetimepicker') {
    const held = Number(field.held.selected_date_time ?? Number.NaN);
    return h('input', {
      ...common,
      type: 'datetime-local',
      'data-zone': field.tz,
      defaultValue: Number.isNaN(held) || held === 0 ? '' : wallOf(held, field.tz),
    });
  }
  const inputType = TEXT_TYPES[type];
  if (inputType !== undefined) {
    const held = field.held.value ?? field.held.selected_date ?? field.held.selected_time;
    return h('input', { ...common, type: inputType, placeholder, autocomplete: 'off', defaultValue: textOf(held) });
  }
  if (type === 'checkboxes' || type === 'radio_buttons') return choices(element, field);
  if (type.endsWith('external_select')) return externalMenu(element, field, placeholder);
  const options = menuOptions(type, element, field.form);
  if (options === undefined) return h('span', { class: 'unknown' }, `(${type})`);
  return h(
    'select',
    { ...common, multiple: type.startsWith('multi_') },
    type.startsWith('multi_') ? null : h('option', { value: '' }, placeholder ?? 'Choose'),
    optionNodes(options, heldValues(field.held)),
  );
}

function commonAttributes(field: Field) {
  return {
    id: field.id,
    'data-field': field.actionId,
    'data-testid': `field-${field.actionId}`,
    'aria-describedby': field.described,
    'aria-required': field.required ? 'true' : undefined,
    ...(field.onChange === undefined ? {} : { onChange: field.onChange }),
  };
}

interface Choice {
  value: string;
  label: string;
  description: string;
}

function choiceOf(option: Fields): Choice {
  const words = (text: unknown) => (isFields(text) ? textOf(text.text) : '');
  return { value: textOf(option.value), label: words(option.text), description: words(option.description) };
}

function menuOptions(type: string, element: Fields, form: FormPlace): Choice[] | undefined {
  if (type.endsWith('static_select')) {
    const grouped = fieldsList(element.option_groups).flatMap((group) => fieldsList(group.options));
    return [...fieldsList(element.options), ...grouped].map(choiceOf);
  }
  if (type.endsWith('users_select'))
    return form.users.map(({ id, realName }) => ({ value: id, label: realName, description: '' }));
  if (type.endsWith('channels_select') || type.endsWith('conversations_select'))
    return form.channels.map(({ id, name }) => ({ value: id, label: `#${name}`, description: '' }));
  return undefined;
}

function optionNodes(options: readonly Choice[], held: readonly string[]): JSX.Element[] {
  return options.map(({ value, label, description }) =>
    h(
      'option',
      { key: value, value, selected: held.includes(value) },
      description === '' ? label : `${label} · ${description}`,
    ),
  );
}

/** The values a field holds: of its selected options, or plain values. */
function heldValues(held: Fields): string[] {
  const chosen = [held.selected_option, ...fieldsList(held.selected_options)]
    .filter(isFields)
    .map(({ value }) => textOf(value));
  const plain = Object.entries(held)
    .filter(([name]) => name.startsWith('selected_'))
    .flatMap(([, value]) => value)
    .filter((value) => typeof value === 'string');
  return [...chosen, ...plain];
}

function choices(element: Fields, field: Field): JSX.Element {
  const held = heldValues(field.held);
  const type = element.type === 'checkboxes' ? 'checkbox' : 'radio';
  return h(
    'div',
    { id: field.id, class: 'choices', role: 'group', 'aria-label': field.label, 'aria-describedby': field.described },
    fieldsList(element.options)
      .map(choiceOf)
      .map(({ value, label, description }) =>
        h(
          'label',
          { class: 'choice' },
          h('input', {
            type,
            value,
            name: field.id,
            'data-field': field.actionId,
            'data-testid': `field-${field.actionId}-${value}`,
            defaultChecked: held.includes(value),
          }),
          h('span', {}, label, description !== '' && h('small', {}, description)),
        ),
      ),
  );
}

/** A menu whose options come from the app: a search field, and below it the options found. */
function externalMenu(element: Fields, field: Field, placeholder: string | undefined): ComponentChildren {
  const { form, actionId, held } = field;
  const chosen = [held.selected_option, ...fieldsList(held.selected_options), element.initial_option].filter(isFields);
  const offered = form.options[actionId];
  // Each value once: of two options with the same value, the browser might keep the one that is not selected.
  const options = [...(offered ?? []), ...chosen].filter(
    (option, at, all) => all.findIndex(({ value }) => value === option.value) === at,
  );
  const search = { do: 'search', viewId: form.viewId, field: actionId } as const;
  return h(
    'div',
    { class: 'external' },
    h('input', {
      type: 'search',
      'aria-label': `Search ${field.label}`,
      'data-testid': `search-${actionId}`,
      placeholder: placeholder ?? 'Type to search',
      autocomplete: 'off',
      onInput: act(search),
      onFocus: act(search),
    }),
    h(
      'select',
      { ...commonAttributes(field), multiple: textOf(element.type).startsWith('multi_'), onFocus: act(search) },
      h('option', { value: '' }, offered !== undefined && options.length === 0 ? 'Nothing found' : 'Choose'),
      optionNodes(options.map(choiceOf), heldValues(held)),
    ),
  );
}
