import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadStateMachine } from '../../../sandbox/states/definition/load.ts';

describe('the workflow that is deployed', () => {
  it('is one the interpreter plays whole, so that the sandbox runs the very file', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../statemachines/access.asl.json'), 'utf8');
    const names = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => String(name));
    const substitutions = Object.fromEntries(names.map((name) => [name, name]));
    const { startAt, states } = loadStateMachine(JSON.parse(text), substitutions);
    expect(states.has(startAt)).toBe(true);
    expect(Object.keys(JSON.parse(text).States)).toEqual([...states.keys()]);
  });
});
