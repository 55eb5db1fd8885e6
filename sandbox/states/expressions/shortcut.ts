import type { Json } from '../json.ts';

/** Returned by a shortcut for a value that only JSONata can evaluate. */
export const ASK_JSONATA = Symbol('ask JSONata');

/** Evaluates an expression without JSONata; `undefined` where JSONata's result would be `undefined`. */
export type Shortcut = (lookup: (variable: string) => Json | undefined) => Json | undefined | typeof ASK_JSONATA;

type Node = Readonly<Record<string, unknown>>;

function isPlain(node: unknown, type: string): node is Node & { value: string } {
  if (typeof node !== 'object' || node === null) return false;
  const { type: given, value, position: _position, ...others } = node as Node;
  return given === type && typeof value === 'string' && Object.keys(others).length === 0;
}

/** A shortcut for `$a` and `$a.b.c`, without predicates, groups or other additions to a step. */
function pathShortcut(tree: Node): Shortcut | undefined {
  const { type, steps, ...others } = tree;
  const isPath = type === 'path' && Array.isArray(steps) && Object.keys(others).length === 0;
  const [variable, ...names]: unknown[] = isPath ? steps : [tree];
  if (!isPlain(variable, 'variable') || variable.value === '' || variable.value === '$') return undefined;
  const keys: string[] = [];
  for (const name of names) {
    if (!isPlain(name, 'name')) return undefined;
    keys.push(name.value);
  }
  return (lookup) => {
    let value = lookup(variable.value);
    for (const key of keys) {
      // JSONata maps a step over an array and flattens the result. That is left to JSONata.
      if (Array.isArray(value)) return ASK_JSONATA;
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
      value = value[key];
    }
    return value;
  };
}

/** A shortcut for `$a.b = 'c'`, and the same with a number, true, false or null. */
function equalityShortcut(tree: Node): Shortcut | undefined {
  const { type, value: operator, lhs, rhs } = tree;
  if (type !== 'binary' || operator !== '=' || typeof lhs !== 'object' || lhs === null) return undefined;
  if (typeof rhs !== 'object' || rhs === null) return undefined;
  const { type: kind, value: wanted } = rhs as Node;
  if (kind !== 'string' && kind !== 'number' && kind !== 'value') return undefined;
  const path = pathShortcut(lhs as Node);
  if (path === undefined) return undefined;
  return (lookup) => {
    const value = path(lookup);
    return value === ASK_JSONATA ? value : value === wanted;
  };
}

/**
 * A shortcut for an expression that is only a path, or a path compared with a constant, as most of a workflow's are.
 * JSONata creates dozens of promises for each evaluation, which slows a simulation of thousands of executions.
 */
export function shortcutFor(tree: unknown): Shortcut | undefined {
  if (typeof tree !== 'object' || tree === null) return undefined;
  return pathShortcut(tree as Node) ?? equalityShortcut(tree as Node);
}
