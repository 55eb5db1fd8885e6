/**
 * Adds lock entries that `npm ci` requires and some registries do not provide: optional platform packages (such as a
 * linter's binary for macOS or Windows) that the registry used to write the lock does not have. Without them, npm 11
 * refuses the lock with "Missing: … from lock file". Existing entries keep their versions.
 *
 * Run after every `npm install` that changes the lock: `npm run complete-lock`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface LockEntry {
  version?: string;
  optional?: boolean;
  dev?: boolean;
  os?: string | string[];
  cpu?: string | string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const LOCK = 'package-lock.json';
const SYSTEMS = ['darwin', 'linux', 'win32', 'freebsd', 'openbsd', 'netbsd', 'sunos', 'aix', 'android', 'openharmony'];
const PROCESSORS = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32'];

/** The platform in a package's name. An unknown name gets the system `none`, so it is never installed. */
function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu'> {
  const words = name.split(/[-/]/);
  return {
    os: [SYSTEMS.find((system) => words.includes(system)) ?? 'none'],
    cpu: [PROCESSORS.find((processor) => words.includes(processor)) ?? 'none'],
  };
}

const lock = JSON.parse(readFileSync(LOCK, 'utf8')) as { packages: Record<string, LockEntry> };
const added: string[] = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${path}/node_modules/${name}`;
    const top = `node_modules/${name}`;
    if (lock.packages[nested] !== undefined || lock.packages[top] !== undefined) continue;
    const version = range.replace(/^[~^]/, '');
    lock.packages[top] = { version, optional: true, ...(entry.dev ? { dev: true } : {}), ...platformOf(name) };
    added.push(name);
  }
}
// Node's own builds need glibc, and their packages do not declare it: on Alpine npm would install one that cannot
// start.
for (const [path, entry] of Object.entries(lock.packages))
  if (path.startsWith('node_modules/node-linux-')) entry.libc = ['glibc'];
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(LOCK, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added.length} lock entries added`);
