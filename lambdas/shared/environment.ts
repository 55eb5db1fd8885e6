import * as z from 'zod/mini';
import { ConfigurationError } from '../../core/model/errors.ts';
import { readBundledFile } from '../../gateways/bundled-file.ts';
import {
  ENVIRONMENT,
  type EnvironmentKey,
  FUNCTION_ENVIRONMENT,
  type FunctionName,
  SET_SOMETIMES,
} from './environment-names.ts';
import { type Settings, settingsSchema } from './settings.ts';

type Values<Name extends FunctionName> = {
  readonly [Key in (typeof FUNCTION_ENVIRONMENT)[Name][number]]: Key extends 'settings' ? Settings : string;
} & {
  /** Base address of Slack's Web API, if it is not slack.com. */
  readonly slackApi?: string;
  /** ARN of the Slack secret; absent without Slack. */
  readonly slackSecret?: string;
  /** Address of the web console, without a slash at the end; absent without a console. */
  readonly consoleUrl?: string;
  /** Issuer and client id of the web console's tokens; absent without a console. */
  readonly consoleIssuer?: string;
  readonly consoleClient?: string;
  /** What was deployed, as the API shows it. */
  readonly stack?: string;
  readonly version?: string;
};

/**
 * Reads the variables that a function needs, once per cold start.
 *
 * @throws ConfigurationError naming every missing or unreadable variable in one message
 */
export function readEnvironment<Name extends FunctionName>(
  name: Name,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Values<Name> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const key of FUNCTION_ENVIRONMENT[name] as readonly EnvironmentKey[]) {
    const variable = ENVIRONMENT[key];
    const value = environment[variable];
    if (value === undefined || value === '') problems.push(`${variable} is not set`);
    else if (key !== 'settings') values[key] = value;
    else {
      const settings = readSettings(value, environment.LAMBDA_TASK_ROOT ?? '.');
      if ('problem' in settings) problems.push(`${variable} ${settings.problem}`);
      else values[key] = settings.settings;
    }
  }
  if (problems.length > 0) throw new ConfigurationError(`${name}: ${problems.join('; ')}`);
  for (const key of ['slackApi', ...(SET_SOMETIMES[name] ?? [])] as const) {
    const value = environment[ENVIRONMENT[key]];
    if (value) values[key] = value;
  }
  return values as Values<Name>;
}

/**
 * Reads the settings. All variables of a function together may have 4 KB, too little for the settings of a large
 * organization, so the variable names a file of the bundle. It may also hold the settings themselves, as JSON.
 *
 * @param codeRoot the folder where Lambda has unpacked the bundle
 */
function readSettings(value: string, codeRoot: string): { readonly settings: Settings } | { readonly problem: string } {
  const text = value.endsWith('.json') ? readBundledFile(codeRoot, value) : value;
  if (text === undefined) return { problem: `names ${value}, which cannot be read` };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problem: 'is not JSON' };
  }
  const parsed = z.safeParse(settingsSchema, json);
  if (parsed.success) return { settings: parsed.data };
  const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  return { problem: `does not fit: ${where}` };
}
