import { readFileSync } from 'node:fs';
import { INVARIANTS } from '../watch/invariants.ts';
import { MUTATIONS } from './mutations.ts';

const mutations = Object.entries(MUTATIONS).map(([name, mutation]) => ({ name, ...mutation }));
const page = readFileSync(new URL('../../../docs/simulation.md', import.meta.url), 'utf8');

test('every invariant has a build that breaks it: a check that nothing can fail is worth nothing', () => {
  expect(new Set(mutations.map(({ breaks }) => String(breaks)))).toEqual(new Set(Object.keys(INVARIANTS)));
});

describe('the page about the simulation', () => {
  it.each(mutations)('lists $name', ({ name, what, breaks }) => {
    expect(page).toContain(`| ${name} | ${what} | ${breaks} |`);
  });

  it.each(Object.entries(INVARIANTS))('says what invariant %s is', (number, text) => {
    expect(page).toContain(`| ${number} | ${text.replace(/\.$/, '')}`);
  });
});
