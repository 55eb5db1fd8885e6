import { FILES, textOf } from './repository.ts';

const GLOSSARY = textOf('docs/glossary.md');
const TERMS = [...GLOSSARY.matchAll(/^\| \*\*(.+?)\*\* \|/gm)].map(([, term = '']) => term);
const named = new Set([...GLOSSARY.matchAll(/`(\w+)`/g)].map(([, name]) => name));

const texts = FILES.filter(
  (path) => /^(core|gateways|lambdas|slack|lib|cli|docs|test)\//.test(path) && /\.(ts|md)$/.test(path),
)
  .filter((path) => !/glossary/.test(path))
  .map((path) => textOf(path).replace(/\s+(\*|\/\/)?\s*/g, ' '));
const models = FILES.filter((path) => /^core\/model\/.*\.ts$/.test(path));

/** Matches `policy set` also as `PolicySet`, `policySet` and `policy-set`. */
const anySpelling = (term: string) => new RegExp(`${term.split(/[ -]/).join('[ _-]?')}`, 'i');

describe('the glossary', () => {
  it('has more than 40 terms, each once and with a definition', () => {
    expect(TERMS.length).toBeGreaterThan(40);
    expect(TERMS).toEqual([...new Set(TERMS)]);
    for (const [line, , meaning = ''] of GLOSSARY.matchAll(/^\| \*\*(.+?)\*\* \| (.*) \|$/gm)) {
      expect({ line, words: meaning.split(' ').length > 3 }).toEqual({ line, words: true });
    }
  });

  it.each(TERMS)('explains only words that are used elsewhere: %s', (term) => {
    const spelled = anySpelling(term);
    expect(texts.some((text) => spelled.test(text))).toBe(true);
  });

  it.each(models)('explains every type of %s', (path) => {
    const types = [...textOf(path).matchAll(/^export (?:abstract )?(?:interface|type|class) (\w+)/gm)];
    expect(types.map(([, name]) => name).filter((name) => !named.has(name ?? ''))).toEqual([]);
  });

  it.each(['README.md', 'CONTRIBUTING.md', 'docs/tour.md'])('is linked from %s', (path) => {
    expect(textOf(path)).toContain('glossary.md)');
  });
});
