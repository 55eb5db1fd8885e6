import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadStateMachine } from '../../../sandbox/states/definition/load.ts';

describe('the deployed workflow file', () => {
  it('can be loaded completely, so that the sandbox runs the same file', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../statemachines/access.asl.json'), 'utf8');
    const names = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => String(name));
    const substitutions = Object.fromEntries(names.map((name) => [name, name]));
    const { startAt, states } = loadStateMachine(JSON.parse(text), substitutions);
    expect(states.has(startAt)).toBe(true);
    expect(Object.keys(JSON.parse(text).States)).toEqual([...states.keys()]);
  });
});
