import { LIMITS, lengthOf } from '../checks/limits.ts';
import { type Fields, fieldsList, isFields, textOf } from '../checks/shape.ts';
import type { OpenView } from '../model.ts';
import { valueField } from '../views.ts';
import { elementsIn, NotOnScreenError, optionsOf, type PlacedElement } from './find.ts';

/** What a person enters: a text, a date, the value of an option, several values, or nothing (`null`). */
export type Entered = string | string[] | null;

/** The element of a view that holds a value and has this action id, or else is in the block with this id. */
export function fieldNamed(view: OpenView, key: string): PlacedElement {
  const fields = elementsIn(view.fields.blocks).filter(({ element }) => valueField(textOf(element.type)) !== undefined);
  const found =
    fields.find(({ element }) => element.action_id === key) ?? fields.find(({ block }) => block.block_id === key);
  if (found === undefined) throw new NotOnScreenError(`The form has no field ${key}.`);
  return found;
}

/**
 * Puts the entered value into the view as Slack's value object.
 *
 * @throws NotOnScreenError for an option that was not offered.
 */
export function enter(view: OpenView, { block, element }: PlacedElement, entered: Entered): void {
  const type = textOf(element.type);
  const field = valueField(type) ?? 'value';
  const blockId = textOf(block.block_id);
  const actionId = textOf(element.action_id);
  view.values[blockId] = {
    ...view.values[blockId],
    [actionId]: { type, [field]: chosen(view, { block, element }, field, entered) },
  };
}

function chosen(view: OpenView, placed: PlacedElement, field: string, entered: Entered): unknown {
  const several = Array.isArray(entered) ? entered : entered === null || entered === '' ? [] : [entered];
  if (field === 'selected_options') return several.map((value) => offeredOption(view, placed, value));
  if (field.endsWith('s')) return several;
  const [one] = several;
  if (one === undefined) return null;
  if (field === 'selected_option') return offeredOption(view, placed, one);
  return field === 'selected_date_time' ? Number(one) : one;
}

function offeredOption(view: OpenView, placed: PlacedElement, value: string): Fields {
  const { element } = placed;
  const option = offeredOptions(view, placed).find((each) => each.value === value);
  if (option === undefined) throw new NotOnScreenError(`${textOf(element.action_id)} does not offer ${value}.`);
  return option;
}

function offeredOptions(view: OpenView, { block, element }: PlacedElement): Fields[] {
  const initial = [element.initial_option, ...fieldsList(element.initial_options)].filter(isFields);
  return [...optionsOf(element), ...initial, ...(view.offered[offeredKey(block, element)] ?? [])];
}

/** Has the menu offered this value to the person already? */
export function isOffered(view: OpenView, placed: PlacedElement, value: string): boolean {
  return offeredOptions(view, placed).some((option) => option.value === value);
}

/** The key under which an open view keeps the options of an external menu. */
export function offeredKey(block: Fields, element: Fields): string {
  return `${textOf(block.block_id)}/${textOf(element.action_id)}`;
}

/**
 * The errors that Slack itself shows before a form is sent, by block id: required fields that are empty, and texts too
 * short or too long.
 */
export function unfilled(view: OpenView): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of fieldsList(view.fields.blocks)) {
    if (block.type !== 'input' || !isFields(block.element)) continue;
    const { element } = block;
    const blockId = textOf(block.block_id);
    const field = valueField(textOf(element.type)) ?? 'value';
    const held = view.values[blockId]?.[textOf(element.action_id)]?.[field];
    const empty = held === undefined || held === null || held === '' || (Array.isArray(held) && held.length === 0);
    if (empty && block.optional !== true) errors[blockId] = 'Please complete this required field.';
    if (empty || typeof held !== 'string' || field !== 'value') continue;
    const least = Number(element.min_length ?? 0);
    const most = Number(element.max_length ?? LIMITS.inputLength);
    if (lengthOf(held) < least) errors[blockId] = `Must be at least ${least} characters.`;
    if (lengthOf(held) > most) errors[blockId] = `Must be at most ${most} characters.`;
  }
  return errors;
}
