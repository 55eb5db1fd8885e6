import type { Method } from './chat.ts';
import { checkView } from './checks/check-blocks.ts';
import { LIMITS } from './checks/limits.ts';
import { type Fields, fieldsList, isFields, textOf } from './checks/shape.ts';
import type { OpenView } from './model.ts';
import { SlackError } from './slack-error.ts';
import type { Workspace } from './workspace.ts';

/** The view methods. */
export const VIEWS: Record<string, Method> = {
  'views.open': (workspace, args) => {
    const view = args.object('view');
    checkModal(workspace, view);
    const { user } = workspace.exchangeTrigger(args.required('trigger_id'));
    return { view: workspace.viewObject(openModal(workspace, user, view)) };
  },

  'views.push': (workspace, args) => {
    const view = args.object('view');
    checkModal(workspace, view);
    const { user, viewId } = workspace.exchangeTrigger(args.required('trigger_id'));
    if (viewId === undefined || !workspace.modalsOf(user).some((open) => open.id === viewId))
      throw new SlackError('not_found');
    return { view: workspace.viewObject(pushModal(workspace, user, view)) };
  },

  'views.update': (workspace, args) => {
    const view = args.object('view');
    const id = args.optional('view_id');
    const externalId = args.optional('external_id');
    if (id === undefined && externalId === undefined)
      throw new SlackError('invalid_arguments', ['missing required field: view_id']);
    const open = workspace
      .openViews()
      .find((each) => (id === undefined ? each.fields.external_id === externalId : each.id === id));
    if (open === undefined) throw new SlackError('not_found');
    if (view.type !== open.type)
      throw new SlackError('invalid_arguments', ['must not change the type [json-pointer:/view/type]']);
    checkHash(open, args.optional('hash'));
    checkAny(workspace, view, open);
    return { view: workspace.viewObject(replaceView(workspace, open, view)) };
  },

  'views.publish': (workspace, args) => {
    const user = args.required('user_id');
    if (!workspace.users.has(user)) throw new SlackError('user_not_found');
    const view = args.object('view');
    const open = workspace.homes.get(user);
    if (view.type !== 'home')
      throw new SlackError('invalid_arguments', ['unsupported type for this method [json-pointer:/view/type]']);
    checkHash(open, args.optional('hash'));
    checkAny(workspace, view, open);
    if (open !== undefined) return { view: workspace.viewObject(replaceView(workspace, open, view)) };
    const home = newView(workspace, user, view, []);
    workspace.homes.set(user, home);
    return { view: workspace.viewObject(home) };
  },
};

/**
 * Refuses the modals that Slack refuses.
 *
 * @throws SlackError invalid_arguments, view_too_large, duplicate_external_id
 */
export function checkModal(workspace: Workspace, view: Fields, replaces?: OpenView): void {
  if (view.type !== 'modal')
    throw new SlackError('invalid_arguments', ['unsupported type for this method [json-pointer:/view/type]']);
  checkAny(workspace, view, replaces);
}

function checkAny(workspace: Workspace, view: Fields, replaces: OpenView | undefined): void {
  const findings = checkView(view);
  if (findings.length > 0) throw new SlackError('invalid_arguments', findings);
  if (Buffer.byteLength(JSON.stringify(view)) > LIMITS.viewBytes) throw new SlackError('view_too_large');
  const externalId = textOf(view.external_id);
  const taken = workspace.openViews().some((open) => open !== replaces && open.fields.external_id === externalId);
  if (externalId !== '' && taken) throw new SlackError('duplicate_external_id');
}

function checkHash(open: OpenView | undefined, hash: string | undefined): void {
  if (hash === undefined || hash === open?.hash) return;
  throw new SlackError('hash_conflict');
}

/** Opens a modal. The modals of this app that the person had open are closed. */
function openModal(workspace: Workspace, user: string, view: Fields): OpenView {
  const open = newView(workspace, user, view, []);
  workspace.modals.set(user, [open]);
  return open;
}

/** Puts a modal on top of the person's modals. @throws SlackError push_limit_reached */
export function pushModal(workspace: Workspace, user: string, view: Fields): OpenView {
  const stack = workspace.modalsOf(user);
  if (stack.length >= LIMITS.modalStack) throw new SlackError('push_limit_reached');
  const open = newView(workspace, user, view, stack);
  workspace.modals.set(user, [...stack, open]);
  return open;
}

/** Replaces the content of an open view. Entered values stay where the new view has the same block id and action id. */
export function replaceView(workspace: Workspace, open: OpenView, view: Fields): OpenView {
  open.fields = withBlockIds(workspace, view);
  open.hash = `${workspace.nextTs()}.${workspace.nextId('h')}`;
  const before = open.values;
  open.values = initialValues(open.fields);
  for (const [blockId, actions] of Object.entries(open.values)) {
    for (const actionId of Object.keys(actions)) {
      const entered = before[blockId]?.[actionId];
      if (entered !== undefined) actions[actionId] = entered;
    }
  }
  return open;
}

function newView(workspace: Workspace, user: string, view: Fields, stack: readonly OpenView[]): OpenView {
  const id = workspace.nextId('V');
  const fields = withBlockIds(workspace, view);
  return {
    id,
    user,
    type: view.type === 'home' ? 'home' : 'modal',
    fields,
    hash: `${workspace.nextTs()}.${workspace.nextId('h')}`,
    rootId: stack[0]?.id ?? id,
    previousId: stack.at(-1)?.id ?? null,
    values: initialValues(fields),
    offered: {},
  };
}

/** Gives an id to every block and interactive element without one, as Slack does. */
function withBlockIds(workspace: Workspace, view: Fields): Fields {
  const named = (element: unknown) =>
    isFields(element) && !SHOWN_ONLY.has(textOf(element.type))
      ? { ...element, action_id: element.action_id ?? workspace.nextId('a') }
      : element;
  const blocks = workspace.withBlockIds(fieldsList(view.blocks)).map((block) => ({
    ...block,
    ...(isFields(block.element) ? { element: named(block.element) } : {}),
    ...(isFields(block.accessory) ? { accessory: named(block.accessory) } : {}),
    ...(block.type === 'actions' ? { elements: fieldsList(block.elements).map(named) } : {}),
  }));
  return { ...view, blocks };
}

const SHOWN_ONLY = new Set(['image', 'plain_text', 'mrkdwn']);

/** The values of a view's fields before the person changes them, as Slack's value objects. Buttons have none. */
function initialValues(view: Fields): OpenView['values'] {
  const values: OpenView['values'] = {};
  for (const block of fieldsList(view.blocks)) {
    const elements = [block.element, block.accessory, ...fieldsList(block.type === 'actions' ? block.elements : [])];
    for (const element of elements.filter(isFields)) {
      const initial = initialValue(element);
      if (initial === undefined) continue;
      const blockId = textOf(block.block_id);
      values[blockId] = { ...values[blockId], [textOf(element.action_id)]: initial };
    }
  }
  return values;
}

/** The name of the field for the value of an element of this type; `undefined` for elements without a value. */
export function valueField(type: string): string | undefined {
  if (type.endsWith('_text_input') || type === 'number_input') return 'value';
  const multiple = type.startsWith('multi_') ? 's' : '';
  if (/^(multi_)?(static|external)_select$/.test(type)) return `selected_option${multiple}`;
  if (/^(multi_)?(users|channels|conversations)_select$/.test(type))
    return `selected_${type.replace('multi_', '').replace('s_select', '')}${multiple}`;
  return FIELDS[type];
}

const FIELDS: Record<string, string> = {
  checkboxes: 'selected_options',
  radio_buttons: 'selected_option',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
};

function initialValue(element: Fields): Fields | undefined {
  const type = textOf(element.type);
  const field = valueField(type);
  if (field === undefined) return undefined;
  const initial = element[field === 'value' ? 'initial_value' : field.replace('selected_', 'initial_')];
  return { type, [field]: initial ?? (field.endsWith('s') ? [] : null) };
}
