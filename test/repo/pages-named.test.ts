import { FILES, textOf } from './repository.ts';

/** What code tells people to read: the place in the code, the page, and the heading or alarm if one is named. */
const NAMED = FILES.filter((path) => /^(core|cli|lambdas|lib|gateways|slack)\/.*\.ts$/.test(path)).flatMap((path) =>
  textOf(path)
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(/(docs\/[\w/-]+\.md)(?:, (?:["*“]|(?=[A-Z]|[a-z]+-))([^"*”'`;)]+))?/g)].map(
        ([, page = '', part]) => ({ place: `${path}:${index + 1}`, page, part }),
      ),
    ),
);

/** The headings of a page, and the alarms that it describes. */
function partsOf(page: string): readonly string[] {
  const text = textOf(page);
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  const alarms = [...text.matchAll(/^\*\*Description\.\*\*.*?\n\n/gms)].flatMap(([described]) =>
    [...described.matchAll(/`([a-z-]+)`/g)].map(([, id = '']) => id),
  );
  return [...headings, ...alarms];
}

describe('what the program tells an operator to read', () => {
  it('is a page that there is', () => {
    expect(NAMED.filter(({ page }) => !FILES.includes(page))).toEqual([]);
    expect(NAMED.length).toBeGreaterThan(30);
  });

  it('is a heading of that page, or an alarm that it describes', () => {
    const parts = NAMED.filter(({ page, part }) => part !== undefined && FILES.includes(page));
    expect(parts.filter(({ page, part = '' }) => !partsOf(page).includes(part))).toEqual([]);
    expect(parts.length).toBeGreaterThan(6);
  });
});
