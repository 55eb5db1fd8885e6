/**
 * Adds what `npm ci` insists on and some registries cannot give: lock entries for optional platform packages (a macOS or
 * Windows binary of a linter, say) that the registry the lock was made with does not carry. Without them npm 11 refuses the
 * lock with "Missing: … from lock file". An entry that is there is never changed.
 *
 * Run after every `npm install` that touches the lock: `npm run complete-lock`.
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

/** What a platform package's name says it runs on; an unknown name is for no system, so it is never installed. */
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
// Node's own builds need glibc, and their packages do not say so: elsewhere (Alpine) npm would put one that cannot start on its path.
for (const [path, entry] of Object.entries(lock.packages))
  if (path.startsWith('node_modules/node-linux-')) entry.libc = ['glibc'];
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(LOCK, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added.length} lock entries added`);
