import { loadedOptions } from '../checks/check-elements.ts';
import { LIMITS } from '../checks/limits.ts';
import { type Fields, type Findings, isFields, textOf } from '../checks/shape.ts';
import type { OpenView, SlackUser } from '../model.ts';
import { SlackError } from '../slack-error.ts';
import { checkModal, pushModal, replaceView } from '../views.ts';
import type { Workspace } from '../workspace.ts';
import type { Outcome } from './deliver.ts';
import { type Entered, enter, fieldNamed, isOffered, offeredKey, unfilled } from './enter.ts';
import { findElement, findUser, findView, labelOf, NotOnScreenError, optionsOf, type PlacedElement } from './find.ts';
import { blockSuggestion, viewClosed, viewPress, viewSubmission } from './payloads.ts';
import { blockAction, outcomeOf, parseObject, type Setting, type Tamper } from './press.ts';

export interface Submit {
  user: string;
  /** The view's id; the topmost modal when not given. */
  viewId?: string | undefined;
  /** The values to enter, by action id or block id. Other fields keep their values. */
  values?: Record<string, Entered> | undefined;
  tamper?: Tamper | undefined;
}

/**
 * Fills in a modal and submits it. A value of an external menu is typed first and then picked from the options offered,
 * as a person would do. Slack does not send a form whose required fields are empty, so the app gets no call.
 *
 * @throws NotOnScreenError for a view, field or option that is not there
 */
export async function submitView(setting: Setting, submit: Submit): Promise<Outcome> {
  const { workspace, courier } = setting;
  const { tamper = (payload) => payload } = submit;
  const user = findUser(workspace, submit.user);
  const view = findView(workspace, user.id, submit.viewId);
  if (view.type !== 'modal' || view.fields.submit === undefined)
    throw new NotOnScreenError('This view has no submit button.');
  await fillIn(setting, view, submit.values ?? {});
  const errors = unfilled(view);
  if (Object.keys(errors).length > 0)
    return { delivered: false, status: 0, problem: 'The form is not complete.', errors };
  const payload = tamper(viewSubmission(workspace, user, view, workspace.newTrigger(user.id, view.id)));
  const who = { user: user.id, doing: `submit ${labelOf({ text: view.fields.title })}` };
  const answer = await courier.interaction(workspace, 'interactivity', payload, who);
  if (!answer.taken) return answer.outcome;
  try {
    const errors = act(workspace, view, answer.body);
    return { delivered: true, status: answer.status, ...(errors === undefined ? {} : { errors }) };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const problem = `operation failed: Slack refuses the answer (${error.message})`;
    workspace.fail({ ...who, status: answer.status, problem });
    return { delivered: true, status: answer.status, problem };
  }
}

/** Applies the app's answer to a submission. Returns errors by block id if the form stays open. */
function act(workspace: Workspace, view: OpenView, text: string): Record<string, string> | undefined {
  if (text.trim() === '') return drop(workspace, view);
  const body = parseObject(text);
  if (body === undefined) throw new SlackError('invalid_response', ['must be JSON or empty']);
  switch (body.response_action) {
    case undefined:
      return drop(workspace, view);
    case 'clear':
      workspace.modals.delete(view.user);
      return undefined;
    case 'errors': {
      const errors = isFields(body.errors) ? body.errors : {};
      const blocks = new Set(findBlockIds(view));
      for (const [blockId, message] of Object.entries(errors)) {
        if (!blocks.has(blockId) || typeof message !== 'string')
          throw new SlackError('invalid_response', [`no input block [json-pointer:/errors/${blockId}]`]);
      }
      return errors as Record<string, string>;
    }
    case 'update':
      checkModal(workspace, asView(body), view);
      replaceView(workspace, view, asView(body));
      return undefined;
    case 'push':
      checkModal(workspace, asView(body));
      pushModal(workspace, view.user, asView(body));
      return undefined;
    default:
      throw new SlackError('invalid_response', ['must be a valid enum value [json-pointer:/response_action]']);
  }
}

function drop(workspace: Workspace, view: OpenView): undefined {
  workspace.modals.set(
    view.user,
    workspace.modalsOf(view.user).filter((open) => open !== view),
  );
  return undefined;
}

function asView(body: Fields): Fields {
  if (!isFields(body.view)) throw new SlackError('invalid_response', ['missing required field: view']);
  return body.view;
}

function findBlockIds(view: OpenView): string[] {
  return (view.fields.blocks as Fields[])
    .filter((block) => block.type === 'input')
    .map((block) => textOf(block.block_id));
}

async function fillIn(setting: Setting, view: OpenView, values: Record<string, Entered>): Promise<void> {
  for (const [key, entered] of Object.entries(values)) {
    const placed = fieldNamed(view, key);
    if (/external_select$/.test(textOf(placed.element.type))) {
      for (const value of [entered].flat()) {
        if (value !== null && value !== '' && !isOffered(view, placed, value))
          await lookUp(setting, view, placed, value);
      }
    }
    enter(view, placed, entered);
  }
}

/** Types the value into an external menu. If that does not offer it, opens the menu without a query. */
async function lookUp(setting: Setting, view: OpenView, placed: PlacedElement, value: string): Promise<void> {
  const user = findUser(setting.workspace, view.user);
  for (const query of [value, '']) {
    await ask(setting, user, view, placed, query);
    if (isOffered(view, placed, value)) return;
  }
}

export interface LoadOptions {
  user: string;
  viewId?: string | undefined;
  actionId: string;
  /** The text typed so far. */
  query: string;
  /**
   * Other values of the form at that moment, as for `submitView`: the options of one menu may depend on another field.
   */
  values?: Record<string, Entered> | undefined;
}

/**
 * The options that an external menu offers for a query, requested from the app as the person types. For a query shorter
 * than `min_query_length` Slack does not call the app.
 *
 * @throws NotOnScreenError when there is no such menu
 */
export async function loadOptions(setting: Setting, load: LoadOptions): Promise<Fields[]> {
  const user = findUser(setting.workspace, load.user);
  const view = findView(setting.workspace, user.id, load.viewId);
  const placed = fieldNamed(view, load.actionId);
  if (!/external_select$/.test(textOf(placed.element.type)))
    throw new NotOnScreenError(`${load.actionId} is no external menu.`);
  await fillIn(setting, view, load.values ?? {});
  return ask(setting, user, view, placed, load.query);
}

async function ask(
  { workspace, courier }: Setting,
  user: SlackUser,
  view: OpenView,
  { block, element }: PlacedElement,
  query: string,
): Promise<Fields[]> {
  if (query.length < Number(element.min_query_length ?? LIMITS.minQueryLength)) return [];
  const blockId = textOf(block.block_id);
  const actionId = textOf(element.action_id);
  const who = { user: user.id, doing: `open the menu ${actionId}` };
  const payload = blockSuggestion(workspace, { user, view, blockId, actionId, query });
  const answer = await courier.interaction(workspace, 'options', payload, who);
  if (!answer.taken) return [];
  const body = parseObject(answer.body);
  const findings: Findings = [];
  loadedOptions(body, '', findings);
  if (body === undefined || findings.length > 0) {
    workspace.fail({
      ...who,
      status: answer.status,
      problem: `operation failed: Slack refuses the options (${findings.join('; ')})`,
    });
    return [];
  }
  const options = optionsOf(body);
  view.offered[offeredKey(block, element)] = [...(view.offered[offeredKey(block, element)] ?? []), ...options];
  return options;
}

export interface PressInView {
  user: string;
  /** The id of a modal or App Home; the topmost modal when not given. */
  viewId?: string | undefined;
  actionId: string;
  /** Selects one of several buttons with the same action id; for a menu, the option to pick. */
  value?: string | undefined;
  blockId?: string | undefined;
  /** Other values of the form at that moment, as for `submitView`. */
  values?: Record<string, Entered> | undefined;
  tamper?: Tamper | undefined;
}

/**
 * Presses a button or picks from a menu in a modal or App Home. For an input block Slack calls the app only with
 * `dispatch_action`.
 *
 * @throws NotOnScreenError when it is not there
 */
export async function pressInView(setting: Setting, press: PressInView): Promise<Outcome> {
  const { workspace, courier } = setting;
  const { tamper = (payload) => payload } = press;
  const user = findUser(workspace, press.user);
  const view = findView(workspace, user.id, press.viewId);
  await fillIn(setting, view, press.values ?? {});
  const placed = findElement(view.fields.blocks, { ...press, name: press.actionId });
  if (placed === undefined) throw new NotOnScreenError(`The view has no ${press.actionId}.`);
  if (placed.element.type !== 'button' && placed.element.type !== 'overflow') {
    await fillIn(setting, view, { [press.actionId]: press.value ?? null });
    if (placed.block.type === 'input' && placed.block.dispatch_action !== true) return { delivered: false, status: 0 };
  }
  const withOffered = {
    ...placed,
    element: {
      ...placed.element,
      options: [...optionsOf(placed.element), ...(view.offered[offeredKey(placed.block, placed.element)] ?? [])],
    },
  };
  const action = blockAction(workspace, withOffered, press.value);
  const payload = tamper(
    viewPress(workspace, { user, view, action, triggerId: workspace.newTrigger(user.id, view.id) }),
  );
  return outcomeOf(
    await courier.interaction(workspace, 'interactivity', payload, {
      user: user.id,
      doing: `press ${labelOf(placed.element)}`,
    }),
  );
}

/**
 * Closes a modal with its close button. The app gets a call only if the view has `notify_on_close`.
 *
 * @throws NotOnScreenError when nothing is open
 */
export async function closeView(
  { workspace, courier }: Setting,
  close: { user: string; viewId?: string | undefined },
): Promise<Outcome> {
  const user = findUser(workspace, close.user);
  const view = findView(workspace, user.id, close.viewId);
  if (view.type !== 'modal') throw new NotOnScreenError('An App Home cannot be closed.');
  const cleared = view.fields.clear_on_close === true;
  if (cleared) workspace.modals.delete(user.id);
  else drop(workspace, view);
  if (view.fields.notify_on_close !== true) return { delivered: false, status: 0 };
  const payload = viewClosed(workspace, user, view, cleared);
  return outcomeOf(
    await courier.interaction(workspace, 'interactivity', payload, { user: user.id, doing: 'close the form' }),
  );
}
