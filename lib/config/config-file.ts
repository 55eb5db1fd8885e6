import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidConfigError } from './problems/config-problems.ts';

/** The configuration in this repository: an example until an operator fills it in. */
const EXAMPLE = 'glasshammer.config.ts';
/** The operator's own configuration; upgrades never touch it. */
const LOCAL = 'glasshammer.config.local.ts';

/**
 * Finds the configuration file: the named one (`npx cdk deploy -c config=…`), else the operator's own file beside the
 * example, else the example.
 *
 * @param root folder of the checkout
 * @param named the value of `-c config=…`, relative to `root`
 * @throws InvalidConfigError when the named file does not exist
 */
export function configFile(
  root: string,
  named: string | undefined,
  exists: (path: string) => boolean = existsSync,
): string {
  if (named !== undefined) {
    const path = resolve(root, named);
    if (!exists(path)) throw new InvalidConfigError([`there is no configuration ${named}; -c config= names a file`]);
    return path;
  }
  const local = resolve(root, LOCAL);
  return exists(local) ? local : resolve(root, EXAMPLE);
}

/** The value of `-c config=…`: the CDK passes its context to the app as JSON. */
export function namedConfig(contextJson: string | undefined): string | undefined {
  if (contextJson === undefined) return undefined;
  const { config } = JSON.parse(contextJson) as { readonly config?: unknown };
  return typeof config === 'string' && config !== '' ? config : undefined;
}
