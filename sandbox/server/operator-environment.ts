import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectedOf } from './deployed.ts';
import type { SignedIn } from './doors/api-door.ts';
import { STACK_NAME } from './environment.ts';
import type { Sandbox } from './sandbox.ts';

/**
 * The environment variables with which the command line works on a sandbox as on a deployment. The credentials are
 * placeholders.
 */
export function operatorEnvironment({ world, settings }: Sandbox, url: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: world.region,
    AWS_ACCESS_KEY_ID: 'AKIAOPERATOR',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    GLASSHAMMER_API: `${url}/v1`,
    GLASSHAMMER_STACK: STACK_NAME,
    GLASSHAMMER_CONFIG: writtenOnce(JSON.stringify(expectedOf(world, settings))),
    SLACK_API_URL: `${url}/api/`,
  };
}

/**
 * The environment variables as lines to paste into a shell. A profile or session token set in that shell would take
 * precedence, so they are unset.
 */
export function exportLines(environment: Readonly<Record<string, string>>): string {
  const assignments = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`);
  return ['unset AWS_PROFILE AWS_SESSION_TOKEN', ...assignments].join('\n');
}

interface Address {
  readonly url: string;
  readonly region: string;
}

/** Lines for a person's shell with which they call the API and the access portal as themselves. */
export function personalExports(credentials: SignedIn, portalToken: string, { url, region }: Address): string {
  const environment = {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    GLASSHAMMER_API: `${url}/v1`,
    GLASSHAMMER_PORTAL_TOKEN: portalToken,
  };
  const assignments = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`);
  return ['unset AWS_PROFILE', ...assignments].join('\n');
}

/**
 * Writes the text to a file. The file's name is a hash of its content, so that sandboxes on the same machine do not
 * overwrite each other's.
 */
function writtenOnce(text: string): string {
  const folder = join(tmpdir(), 'glasshammer-settings');
  const file = join(folder, `expected-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.json`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, text);
    renameSync(`${file}.${process.pid}`, file);
  }
  return file;
}
