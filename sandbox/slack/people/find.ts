import { type Fields, fieldsList, isFields, textOf } from '../checks/shape.ts';
import type { Ephemeral, Message, OpenView, SlackUser } from '../model.ts';
import type { Workspace } from '../workspace.ts';

/** A caller acted on something that is not on the person's screen. The message names it. */
export class NotOnScreenError extends Error {
  override readonly name = 'NotOnScreenError';
}

/** @throws NotOnScreenError when there is no such person. */
export function findUser(workspace: Workspace, id: string): SlackUser {
  const user = workspace.user(id);
  if (user === undefined) throw new NotOnScreenError(`There is no user ${id} in this workspace.`);
  return user;
}

/** @throws NotOnScreenError when there is no such conversation. */
export function findChannel(workspace: Workspace, id: string): { id: string; name: string } {
  const channel = workspace.conversation(id);
  if (channel === undefined) throw new NotOnScreenError(`There is no channel ${id} in this workspace.`);
  return { id: channel.id, name: channel.name };
}

/** The message that a person sees at this place: a channel message or an ephemeral one of their own. */
export function findSeen(
  workspace: Workspace,
  at: { user: string; channel: string; ts: string },
): { kind: 'message'; message: Message } | { kind: 'ephemeral'; message: Ephemeral } {
  const message = workspace.message(at.channel, at.ts);
  if (message !== undefined) return { kind: 'message', message };
  const ephemeral = workspace.ephemerals.find(
    ({ user, channel, ts }) => user === at.user && channel === at.channel && ts === at.ts,
  );
  if (ephemeral !== undefined) return { kind: 'ephemeral', message: ephemeral };
  throw new NotOnScreenError(`There is no message ${at.ts} in ${at.channel} that ${at.user} can see.`);
}

/** The view with this id among those the person has open; without an id, their topmost modal. */
export function findView(workspace: Workspace, user: string, viewId: string | undefined): OpenView {
  const candidates = [workspace.homes.get(user), ...workspace.modalsOf(user)].filter((view) => view !== undefined);
  const view = viewId === undefined ? workspace.modalsOf(user).at(-1) : candidates.find(({ id }) => id === viewId);
  if (view === undefined)
    throw new NotOnScreenError(
      viewId === undefined ? `${user} has no form open.` : `${user} has no view ${viewId} open.`,
    );
  return view;
}

/** A legacy button and the attachment it belongs to. */
export interface LegacyButton {
  attachment: Fields;
  action: Fields;
}

/** Selects one of several buttons with the same name. All given fields have to match. */
export interface ButtonChoice {
  name: string;
  value?: string | undefined;
  attachmentIndex?: number | undefined;
  blockId?: string | undefined;
}

/** The legacy button with this name; `undefined` if the message has none. */
export function findLegacyButton(attachments: readonly Fields[], choice: ButtonChoice): LegacyButton | undefined {
  return attachments
    .filter((_, index) => choice.attachmentIndex === undefined || choice.attachmentIndex === index)
    .flatMap((attachment) => fieldsList(attachment.actions).map((action) => ({ attachment, action })))
    .find(({ action }) => action.name === choice.name && (choice.value === undefined || action.value === choice.value));
}

/** An interactive element and its block. */
export interface PlacedElement {
  block: Fields;
  element: Fields;
}

/** All interactive elements of the blocks. */
export function elementsIn(blocks: unknown): PlacedElement[] {
  return fieldsList(blocks).flatMap((block) =>
    [block.element, block.accessory, ...(block.type === 'actions' ? fieldsList(block.elements) : [])]
      .filter(isFields)
      .filter((element) => element.action_id !== undefined || element.type === 'button')
      .map((element) => ({ block, element })),
  );
}

/**
 * The Block Kit element with this action id. For a button `value` must match; for a menu it is the option to pick and
 * is ignored here.
 */
export function findElement(blocks: unknown, choice: ButtonChoice): PlacedElement | undefined {
  return elementsIn(blocks).find(
    ({ block, element }) =>
      element.action_id === choice.name &&
      (choice.blockId === undefined || block.block_id === choice.blockId) &&
      (element.type !== 'button' || choice.value === undefined || element.value === choice.value),
  );
}

/** The options of a menu, including those in groups. */
export function optionsOf(element: Fields): Fields[] {
  return [
    ...fieldsList(element.options),
    ...fieldsList(element.option_groups).flatMap((group) => fieldsList(group.options)),
  ];
}

/** The label of a button, for the record of failures. */
export function labelOf(element: Fields): string {
  return isFields(element.text) ? textOf(element.text.text) : textOf(element.text);
}
