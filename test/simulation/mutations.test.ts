import { readFileSync } from 'node:fs';
import { randomHistory } from './history.ts';
import { INVARIANTS } from './invariants.ts';
import { MUTATIONS } from './mutations.ts';
import { play } from './play.ts';
import { firstNoticed } from './run.ts';

jest.setTimeout(120_000);

/** What a seed means changes with every call the functions make more or less, so the next ones are tried as well. */
const SEEDS = 200;

const mutations = Object.entries(MUTATIONS).map(([name, mutation]) => ({ name, ...mutation }));
const page = readFileSync(new URL('../../docs/simulation.md', import.meta.url), 'utf8');

describe('a build that is broken on purpose', () => {
  it.each(mutations)('is noticed: $name breaks invariant $breaks', async ({ breaks, breakage, firstSeed }) => {
    const noticed = await firstNoticed(firstSeed, SEEDS, async (seed) => {
      const { broken } = await play(randomHistory(seed), breakage, breaks);
      return broken?.invariant === breaks;
    });
    if (noticed === undefined) throw new Error(`not noticed in ${SEEDS} histories from seed ${firstSeed}`);
    // And it is the breakage that is noticed, nothing else.
    expect((await play(randomHistory(noticed))).broken).toBeUndefined();
  });

  it('exists for every invariant: a check that nothing can fail is worth nothing', () => {
    expect(new Set(mutations.map(({ breaks }) => String(breaks)))).toEqual(new Set(Object.keys(INVARIANTS)));
  });
});

describe('the page about the simulation', () => {
  it.each(mutations)('lists $name', ({ name, what, breaks }) => {
    expect(page).toContain(`| ${name} | ${what} | ${breaks} |`);
  });

  it.each(Object.entries(INVARIANTS))('says what invariant %s is', (number, text) => {
    expect(page).toContain(`| ${number} | ${text.replace(/\.$/, '')}`);
  });
});
