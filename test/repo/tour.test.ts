import { IMPORT_TABLE } from '../../scripts/lint/import-table.ts';
import { FILES, textOf } from './repository.ts';

const ROWS = [...textOf('docs/tour.md').matchAll(/^\| (.+\?) \| \[`(.+?)`\]\((.+?)\) \| `(.+?)` \|$/gm)].map(
  ([, question = '', path = '', link = '', symbol = '']) => ({ question, path, link, symbol }),
);

/** The folders in the table of README.md. */
const FOLDERS = [...textOf('README.md').matchAll(/^\| (`[a-z]+\/`(?:, `[a-z]+\/`)*) \|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`([a-z]+)\/`/g)].map(([, folder = '']) => folder),
);

describe('the tour', () => {
  it('answers ten questions', () => expect(ROWS).toHaveLength(10));

  it.each(ROWS)('names an existing file and symbol: $question', ({ path, link, symbol }) => {
    expect(link).toBe(`../${path}`);
    expect(FILES).toContain(path);
    expect(textOf(path)).toMatch(new RegExp(`(?<![\\w-])${symbol}(?![\\w-])`));
  });

  it('is linked from README.md and CONTRIBUTING.md', () => {
    for (const path of ['README.md', 'CONTRIBUTING.md']) expect(textOf(path)).toContain('docs/tour.md');
  });
});

describe("README's table of folders", () => {
  it('has each folder once, and only folders that exist', () => {
    expect(FOLDERS).toEqual([...new Set(FOLDERS)]);
    expect(FOLDERS.filter((folder) => !FILES.some((path) => path.startsWith(`${folder}/`)))).toEqual([]);
  });

  it('has every folder of the repository', () => {
    const folders = FILES.filter((path) => /^[a-z]+\//.test(path)).map((path) => path.split('/')[0] ?? '');
    expect([...new Set(folders)].filter((folder) => !FOLDERS.includes(folder))).toEqual([]);
  });

  it('has every folder with an import rule', () => {
    const ruled = IMPORT_TABLE.map(({ folder }) => folder.split('/')[0] ?? '');
    expect([...new Set(ruled)].filter((folder) => !FOLDERS.includes(folder))).toEqual([]);
  });
});
