import type { Action } from './action.ts';

/** Events the page listens to. `mount.js` adds what was entered to the action before it is carried out. */
export type EventName = 'click' | 'change' | 'input' | 'submit' | 'focus' | 'keydown';

/**
 * A piece of the page as plain data. Text is only ever shown as text; there is no way to put markup in. Nodes with a `key` keep
 * their element, and what was typed into it, wherever they move among their siblings.
 */
export interface VNode {
  tag: string;
  key?: string;
  /** Attributes. `value` and `checked` are what a field starts with, and are never written again. */
  attributes: Record<string, string>;
  on: Partial<Record<EventName, Action>>;
  children: (VNode | string)[];
}

/** What may be written between the parentheses: nothing shows nothing. */
export type Child = VNode | string | false | null | undefined | Child[];

interface Options {
  key?: string;
  on?: Partial<Record<EventName, Action>>;
  [attribute: string]: string | number | boolean | undefined | Partial<Record<EventName, Action>>;
}

/** A node. Attributes that are false or undefined are left out; true stands without a value. */
export function h(tag: string, options: Options = {}, ...children: Child[]): VNode {
  const { key, on = {}, ...rest } = options;
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined || value === false || typeof value === 'object') continue;
    attributes[name] = value === true ? '' : String(value);
  }
  return { tag, attributes, on, children: flat(children), ...(key === undefined ? {} : { key }) };
}

function flat(children: Child[]): (VNode | string)[] {
  return children.flatMap((child) => {
    if (Array.isArray(child)) return flat(child);
    return child === false || child === null || child === undefined || child === '' ? [] : [child];
  });
}

/** All text of a node, for tests and labels. */
export function textIn(node: VNode | string): string {
  return typeof node === 'string' ? node : node.children.map(textIn).join('');
}

/** All nodes below, the node itself first. */
export function nodesIn(node: VNode | string): VNode[] {
  return typeof node === 'string' ? [] : [node, ...node.children.flatMap(nodesIn)];
}

/** The nodes with this `data-testid`. */
export function byTestId(node: VNode, id: string): VNode[] {
  return nodesIn(node).filter((each) => each.attributes['data-testid'] === id);
}
