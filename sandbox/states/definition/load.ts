import { readFileSync } from 'node:fs';
import { TemplateCompiler } from '../expressions/template.ts';
import type { State, StateMachineDefinition } from './definition.ts';
import { InvalidDefinitionError } from './definition-errors.ts';
import { Fields } from './fields.ts';
import { loadState } from './load-state.ts';

const TOP_FIELDS = ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version'];

/** The largest number of seconds AWS accepts. */
const MOST_SECONDS = 99_999_999;

const SUBSTITUTION = /\$\{([A-Za-z0-9_]+)\}/g;

/** Replaces `${Name}` in every string, as CloudFormation does on deployment, and adds the names found to `met`. */
function substitute(value: unknown, substitutions: Readonly<Record<string, string>>, met: Set<string>): unknown {
  if (typeof value === 'string') {
    return value.replace(SUBSTITUTION, (_whole, name: string) => {
      const replacement = Object.hasOwn(substitutions, name) ? substitutions[name] : undefined;
      if (replacement === undefined) throw new InvalidDefinitionError({ field: `\${${name}}` }, 'no such substitution');
      met.add(name);
      return replacement;
    });
  }
  if (Array.isArray(value)) return value.map((item) => substitute(item, substitutions, met));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substitute(item, substitutions, met)]));
}

/** The possible next states of a state, each with the field that names it. */
function waysOut(state: State): { next: string; field: string }[] {
  switch (state.type) {
    case 'Choice':
      return [
        ...state.choices.map(({ next }, index) => ({ next, field: `Choices[${index}]/Next` })),
        ...(state.default === undefined ? [] : [{ next: state.default, field: 'Default' }]),
      ];
    case 'Task':
      return [
        ...(state.next === undefined ? [] : [{ next: state.next, field: 'Next' }]),
        ...state.catch.map(({ next }, index) => ({ next, field: `Catch[${index}]/Next` })),
      ];
    case 'Wait':
    case 'Pass':
      return state.next === undefined ? [] : [{ next: state.next, field: 'Next' }];
    case 'Succeed':
    case 'Fail':
      return [];
  }
}

function checkGraph(startAt: string, states: ReadonlyMap<string, State>): void {
  for (const [name, state] of states) {
    for (const { next, field } of waysOut(state)) {
      if (!states.has(next)) throw new InvalidDefinitionError({ state: name, field }, `there is no state '${next}'`);
    }
  }
  if (!states.has(startAt)) throw new InvalidDefinitionError({ field: 'StartAt' }, `there is no state '${startAt}'`);
  const reached = new Set([startAt]);
  for (const name of reached) {
    const state = states.get(name);
    for (const { next } of state === undefined ? [] : waysOut(state)) reached.add(next);
  }
  for (const name of states.keys()) {
    if (!reached.has(name)) throw new InvalidDefinitionError({ state: name, field: 'Next' }, 'no state leads here');
  }
}

function assignedNames(states: ReadonlyMap<string, State>): Set<string> {
  const names = new Set<string>();
  for (const state of states.values()) {
    const passages =
      state.type === 'Choice'
        ? state.choices
        : state.type === 'Task'
          ? [state, ...state.catch]
          : 'assign' in state
            ? [state]
            : [];
    for (const { assign } of passages) for (const [name] of assign ?? []) names.add(name);
  }
  return names;
}

/**
 * A variable that no state assigns is refused at load. AWS accepts the definition, and the execution fails when it gets
 * there.
 */
function checkVariables(states: ReadonlyMap<string, State>, compiler: TemplateCompiler): void {
  const assigned = assignedNames(states);
  for (const { reads, place } of compiler.expressions) {
    for (const name of reads) {
      if (!assigned.has(name)) throw new InvalidDefinitionError(place, `no state assigns $${name}`);
    }
  }
}

/**
 * Checks and compiles a workflow in Amazon States Language, JSONata only. `${Name}` in its strings is replaced; a
 * substitution that is missing or unused is an error. Both errors name the state and the field.
 *
 * @throws UnsupportedConstructError for what AWS runs and this interpreter does not
 * @throws InvalidDefinitionError for what AWS would refuse, or what could only fail
 */
export function loadStateMachine(
  definition: unknown,
  substitutions: Readonly<Record<string, string>>,
): StateMachineDefinition {
  const met = new Set<string>();
  const top = new Fields(substitute(definition, substitutions, met), { field: '' }, TOP_FIELDS);
  for (const name of Object.keys(substitutions)) {
    if (!met.has(name)) throw new InvalidDefinitionError({ field: `\${${name}}` }, 'this substitution is never used');
  }
  if (top.get('QueryLanguage') !== 'JSONata') {
    throw new InvalidDefinitionError(top.at('QueryLanguage'), "must be 'JSONata'; JSONPath is not played");
  }
  top.word('Version', ['1.0']);
  const given = top.get('States');
  const names = typeof given === 'object' && given !== null ? Object.keys(given) : [];
  const list = new Fields(given, top.at('States'), names);
  const compiler = new TemplateCompiler();
  const states = new Map<string, State>();
  for (const name of names) {
    if (name === '' || name.length > 80) {
      throw new InvalidDefinitionError({ state: name, field: 'States' }, 'the name of a state has 1 to 80 characters');
    }
    states.set(name, loadState(list.get(name), name, compiler));
  }
  const startAt = top.string('StartAt');
  checkGraph(startAt, states);
  checkVariables(states, compiler);
  return {
    startAt,
    states,
    ...(top.has('TimeoutSeconds') ? { timeoutSeconds: top.number('TimeoutSeconds', 1, 1, MOST_SECONDS) } : {}),
  };
}

const loaded = new Map<string, { readonly text: string; readonly definition: StateMachineDefinition }>();

/**
 * The same for a file, which is compiled again only when it has changed: every reset of the sandbox loads it.
 *
 * @param substitutions the same for each load of one file
 * @throws as `loadStateMachine`; SyntaxError if the file is no JSON; whatever reading it throws
 */
export function loadStateMachineFile(
  file: string,
  substitutions: Readonly<Record<string, string>>,
): StateMachineDefinition {
  const text = readFileSync(file, 'utf8');
  const known = loaded.get(file);
  if (known?.text === text) return known.definition;
  const definition = loadStateMachine(JSON.parse(text), substitutions);
  loaded.set(file, { text, definition });
  return definition;
}
