import type { ComponentChild, ComponentChildren, JSX } from 'preact';
import type { ActionHandler } from '../../../sandbox/page/app/act.ts';
import type { Action } from '../../../sandbox/page/app/action.ts';

/** An element of the page, as the tests read it. */
export interface ElementSeen {
  tag: unknown;
  /** Attributes and handlers that are set. */
  attributes: Record<string, unknown>;
  children: ComponentChild[];
}

/** The element and all its descendants, each parent before its children. */
export function elementsIn(node: ComponentChildren): ElementSeen[] {
  if (Array.isArray(node)) return node.flatMap(elementsIn);
  if (!isElement(node)) return [];
  const { children, ...attributes } = node.props as Record<string, unknown> & { children?: ComponentChildren };
  const below = Array.isArray(children) ? children : [children];
  return [{ tag: node.type, attributes, children: below }, ...below.flatMap(elementsIn)];
}

/** All text in the element. */
export function textIn(node: ComponentChildren | ElementSeen): string {
  if (Array.isArray(node)) return node.map(textIn).join('');
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  if (isElement(node)) return textIn((node.props as { children?: ComponentChildren }).children);
  return typeof node === 'object' && node !== null && 'tag' in node ? textIn(node.children) : '';
}

/** The elements with this `data-testid`. */
export function byTestId(node: ComponentChildren, id: string): ElementSeen[] {
  return elementsIn(node).filter(({ attributes }) => attributes['data-testid'] === id);
}

/** The action of this event of the element. */
export function actionOn(element: ElementSeen | undefined, event: string): Action | undefined {
  return (element?.attributes[event] as ActionHandler | undefined)?.action;
}

function isElement(node: unknown): node is JSX.Element {
  return typeof node === 'object' && node !== null && 'props' in node;
}
