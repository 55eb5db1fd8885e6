import { type ComponentChildren, h, type JSX } from 'preact';
import { type Fields, fieldsList, isFields, textOf } from '../../../slack/checks/shape.ts';
import { act } from '../act.ts';
import type { Action, Call, Confirm } from '../action.ts';
import { link, mrkdwn, plainText, type Reader } from '../mrkdwn.ts';
import type { BlockPlace } from './block-place.ts';
import { inputBlock } from './inputs-view.ts';

/**
 * Renders blocks. For a type that the page does not render it shows a grey note, so that no block is missing unnoticed.
 */
export function blocksView(blocks: readonly Fields[], place: BlockPlace): JSX.Element[] {
  return blocks.map((block) => {
    switch (block.type) {
      case 'header':
        return h('h3', { class: 'block header' }, textView(block.text, place.reader));
      case 'section':
        return sectionView(block, place);
      case 'divider':
        return h('hr', { class: 'block' });
      case 'context':
        return h(
          'div',
          { class: 'block context' },
          fieldsList(block.elements)
            .filter((element) => element.type !== 'image')
            .map((element) => h('span', {}, textView(element, place.reader))),
        );
      case 'actions':
        return h(
          'div',
          { class: 'block actions' },
          fieldsList(block.elements).map((element) => elementView(block, element, place)),
        );
      case 'input':
        return inputBlock(block, place);
      case 'image':
        return h('figure', { class: 'block' }, `🖼 ${textOf(block.alt_text)}`);
      case 'markdown':
        return h('div', { class: 'block' }, plainText(textOf(block.text)));
      default:
        return h('div', { class: 'block unknown' }, `(${textOf(block.type)})`);
    }
  });
}

/** Renders a text object, formatted if it is mrkdwn. */
function textView(text: unknown, reader: Reader): ComponentChildren[] {
  if (!isFields(text)) return [];
  const words = textOf(text.text);
  return text.type === 'mrkdwn' ? mrkdwn(words, reader) : plainText(words);
}

function sectionView(block: Fields, place: BlockPlace): JSX.Element {
  const fields = fieldsList(block.fields);
  return h(
    'div',
    { class: 'block section' },
    h(
      'div',
      { class: 'section-text' },
      textView(block.text, place.reader),
      fields.length > 0 &&
        h(
          'div',
          { class: 'fields' },
          fields.map((field) => h('div', { class: 'field' }, textView(field, place.reader))),
        ),
    ),
    isFields(block.accessory) &&
      block.accessory.type !== 'image' &&
      h('div', { class: 'accessory' }, elementView(block, block.accessory, place)),
  );
}

function elementView(block: Fields, element: Fields, place: BlockPlace): ComponentChildren {
  if (element.type === 'button') return buttonView(block, element, place);
  if (element.type === 'static_select' || element.type === 'overflow') return menuView(block, element, place);
  const type = DATE_TYPES[textOf(element.type)];
  if (type === undefined) return h('span', { class: 'unknown' }, `(${textOf(element.type)})`);
  const press = place.press(block, element);
  return h('input', {
    type,
    class: 'button',
    'data-testid': `button-${actionName(textOf(element.action_id))}`,
    ...(type === 'datetime-local' ? { 'data-zone': place.reader.tz } : {}),
    onChange: act('call' in press ? { do: 'pick', call: press.call } : press.action),
  });
}

const DATE_TYPES: Record<string, string> = { datepicker: 'date', timepicker: 'time', datetimepicker: 'datetime-local' };

function buttonView(block: Fields, element: Fields, place: BlockPlace): JSX.Element {
  const words = isFields(element.text) ? textOf(element.text.text) : '';
  const attributes = {
    class: `button ${textOf(element.style)}`,
    'data-testid': `button-${actionName(textOf(element.action_id))}`,
    'data-action': textOf(element.action_id),
  };
  if (typeof element.url === 'string') return link(element.url, words, attributes);
  return h(
    'button',
    {
      type: 'button',
      ...attributes,
      onClick: act(confirmed(place.press(block, element), element.confirm, element.style === 'danger')),
    },
    plainText(words),
  );
}

/**
 * The action id without the suffix after a colon, which makes ids unique in a message. Tests find elements by this
 * name.
 */
export function actionName(actionId: string): string {
  return actionId.split(':')[0] ?? actionId;
}

function menuView(block: Fields, element: Fields, place: BlockPlace): JSX.Element {
  const press = place.press(block, element);
  const placeholder = isFields(element.placeholder) ? textOf(element.placeholder.text) : '…';
  return h(
    'select',
    {
      class: 'button',
      'aria-label': placeholder,
      'data-testid': `button-${actionName(textOf(element.action_id))}`,
      onChange: act('call' in press ? { do: 'pick', call: press.call } : press.action),
    },
    h('option', { value: '' }, placeholder),
    fieldsList(element.options).map((option) =>
      h('option', { value: textOf(option.value) }, isFields(option.text) ? textOf(option.text.text) : ''),
    ),
  );
}

/**
 * The action of a press: after a confirmation dialog, if it has one. Block Kit and legacy confirmations name their
 * texts differently.
 */
export function confirmed(press: { call: Call } | { action: Action }, confirm: unknown, danger: boolean): Action {
  if (!('call' in press)) return press.action;
  if (!isFields(confirm)) return { do: 'call', call: press.call };
  return { do: 'confirm', call: press.call, confirm: confirmWords(confirm, danger) };
}

function confirmWords(confirm: Fields, danger: boolean): Confirm {
  const words = (value: unknown, otherwise: string) =>
    (isFields(value) ? textOf(value.text) : textOf(value)) || otherwise;
  return {
    title: words(confirm.title, 'Are you sure?'),
    text: words(confirm.text, ''),
    ok: words(confirm.confirm ?? confirm.ok_text, 'Okay'),
    cancel: words(confirm.deny ?? confirm.dismiss_text, 'Cancel'),
    danger: confirm.style === undefined ? danger : confirm.style === 'danger',
  };
}
