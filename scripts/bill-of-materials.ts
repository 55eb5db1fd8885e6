import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Component {
  /** `name@version` of the package, even where it is installed under an alias. */
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

/** `name@version` of every package in the lock file that is not only needed for development. */
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
 * `npm sbom --omit dev` cannot be used: it also omits deployed packages that a development tool needs as well (npm
 * 11.19: `yaml`, `constructs`).
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

/**
 * npm lists a package that is also installed under a development alias only once, with that alias and marked as
 * development. This restores its own name and removes the mark.
 */
function asDeployed({ scope: _scope, properties = [], ...component }: Component): Component {
  const name = component['bom-ref'].slice(0, -component.version.length - 1);
  return {
    ...component,
    name,
    properties: properties.filter((property) => property.name !== 'cdx:npm:package:development'),
  };
}
