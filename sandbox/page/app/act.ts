import type { Action } from './action.ts';

/** The browser's event. Only `main.js` reads it. */
type PageEvent = unknown;

/** Handles an event of the page, and has the action it stands for. */
export interface ActionHandler {
  (event: PageEvent): void;
  readonly action: Action;
}

let carryOut: (action: Action, event: PageEvent) => void = () => undefined;

/** Sets the function that carries actions out. The page's program calls this once. */
export function actWith(listener: (action: Action, event: PageEvent) => void): void {
  carryOut = listener;
}

/** An event handler for this action. The program adds the entered values before it carries the action out. */
export function act(action: Action): ActionHandler {
  return Object.assign((event: PageEvent) => carryOut(action, event), { action });
}
