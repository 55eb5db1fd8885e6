import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Component {
  /** `name@version` of the package, whatever somebody calls it. */
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly scope?: string;
  readonly properties?: readonly { readonly name: string }[];
}

interface Bill {
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

type LockedPackages = Readonly<
  Record<string, { readonly version?: string; readonly dev?: true; readonly devOptional?: true }>
>;

/** `name@version` of every package that is installed without what only development needs, as the lock file says. */
export function deployedPackages(packages: LockedPackages): ReadonlySet<string> {
  return new Set(
    Object.entries(packages)
      .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
      .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`),
  );
}

/**
 * The packages that are deployed or run, each with its content hash, as a CycloneDX document in JSON.
 *
 * `npm sbom --omit dev` is not asked for it: it also leaves out what is deployed and needed by a tool of development as well
 * (npm 11.19: `yaml`, `constructs`).
 *
 * @param root folder of `package.json` and its lock file
 */
export function billOfMaterials(root: string): string {
  const text = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: LockedPackages };
  const deployed = deployedPackages(lock.packages);
  const bill = JSON.parse(text) as Bill;
  const components = bill.components.filter((component) => deployed.has(component['bom-ref'])).map(asDeployed);
  const kept = new Set(components.map((component) => component['bom-ref']));
  const dependencies = bill.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
  return `${JSON.stringify({ ...bill, components, dependencies }, undefined, 2)}\n`;
}

/** A package that development knows under another name as well is listed once, under that name, and as development's. */
function asDeployed({ scope: _scope, properties = [], ...component }: Component): Component {
  const name = component['bom-ref'].slice(0, -component.version.length - 1);
  return {
    ...component,
    name,
    properties: properties.filter((property) => property.name !== 'cdx:npm:package:development'),
  };
}
