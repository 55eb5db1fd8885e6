import type { Action } from './action.ts';

/** The event as a browser gives it; only `main.js` looks inside. */
type PageEvent = unknown;

/** Handles an event of the page, and says which action it stands for. */
export interface ActionHandler {
  (event: PageEvent): void;
  readonly action: Action;
}

let carryOut: (action: Action, event: PageEvent) => void = () => undefined;

/** Sets what carries actions out. Called once, by the program of the page. */
export function actWith(listener: (action: Action, event: PageEvent) => void): void {
  carryOut = listener;
}

/** An event handler that has this action carried out, with what was entered added to it. */
export function act(action: Action): ActionHandler {
  return Object.assign((event: PageEvent) => carryOut(action, event), { action });
}
