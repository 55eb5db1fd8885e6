import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidConfigError } from './problems/config-problems.ts';

/** The configuration of this repository: a worked example until somebody fills it in. */
const EXAMPLE = 'glasshammer.config.ts';
/** One's own, which no upgrade ever touches. */
const LOCAL = 'glasshammer.config.local.ts';

/**
 * Where the configuration is: what was named (`npx cdk deploy -c config=…`), else one's own beside the example, else the example.
 *
 * @param root folder of the checkout
 * @throws InvalidConfigError when a file is named that is not there
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

/** What `-c config=…` said: the CDK hands its context on to the app as JSON. */
export function namedConfig(contextJson: string | undefined): string | undefined {
  if (contextJson === undefined) return undefined;
  const { config } = JSON.parse(contextJson) as { readonly config?: unknown };
  return typeof config === 'string' && config !== '' ? config : undefined;
}
