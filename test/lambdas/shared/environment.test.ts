import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../../../lambdas/shared/environment.ts';
import {
  ENVIRONMENT,
  FUNCTION_ENVIRONMENT,
  FUNCTION_NAMES,
  SET_SOMETIMES,
  SETTINGS_FILE,
} from '../../../lambdas/shared/environment-names.ts';
import { createWorld } from '../../../sandbox/aws/world/create-world.ts';
import { defaultSeed } from '../../../sandbox/aws/world/seed.ts';
import { settingsFor } from '../../../sandbox/server/environment.ts';

const SETTINGS = settingsFor(createWorld(defaultSeed()), { teamId: 'T0HOME' });

/** An environment in which everything is set. */
function complete(overrides: Record<string, string | undefined> = {}): Record<string, string | undefined> {
  const names = Object.fromEntries(Object.values(ENVIRONMENT).map((variable) => [variable, `value of ${variable}`]));
  return { ...names, [ENVIRONMENT.settings]: JSON.stringify(SETTINGS), ...overrides };
}

function problemOf(environment: Record<string, string | undefined>): { name: string; message: string } {
  try {
    readEnvironment('grant-access', environment);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('the environment was read');
}

describe('the environment of a function', () => {
  it.each(FUNCTION_NAMES)('has exactly the variables that %s is listed with', (name) => {
    const { slackApi: _, ...values } = readEnvironment(name, complete()) as Record<string, unknown>;
    expect(Object.keys(values)).toEqual([...FUNCTION_ENVIRONMENT[name], ...(SET_SOMETIMES[name] ?? [])]);
  });

  it('has the settings as the operator configured them', () => {
    expect(readEnvironment('grant-access', complete()).settings).toEqual(SETTINGS);
  });

  it('may name a file beside the code with the settings, because those of a large organization fit into no variable', () => {
    const codeRoot = mkdtempSync(join(tmpdir(), 'glasshammer-bundle-'));
    const many = { ...SETTINGS, accounts: Array.from({ length: 1000 }, (_, n) => String(300_000_000_000 + n)) };
    writeFileSync(join(codeRoot, SETTINGS_FILE), JSON.stringify(many));
    const deployed = complete({ [ENVIRONMENT.settings]: SETTINGS_FILE, LAMBDA_TASK_ROOT: codeRoot });
    expect(readEnvironment('grant-access', deployed).settings).toEqual(many);
    rmSync(codeRoot, { recursive: true });
    expect(problemOf(deployed).message).toMatch('GLASSHAMMER_SETTINGS names settings.json, which cannot be read');
  });

  it.each(FUNCTION_NAMES)('of %s has the settings only if its code reads them', (name) => {
    const folder = join(import.meta.dirname, '../../../lambdas', name);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const code = files.map((file) => readFileSync(join(folder, file), 'utf8'));
    const given: readonly string[] = FUNCTION_ENVIRONMENT[name];
    expect(code.some((text) => /\bsettings\b/.test(text))).toBe(given.includes('settings'));
  });

  it('may lack the URL of Slack, which is then slack.com', () => {
    expect(readEnvironment('announce-access', complete({ [ENVIRONMENT.slackApi]: undefined }))).not.toHaveProperty(
      'slackApi',
    );
    expect(readEnvironment('announce-access', complete({ [ENVIRONMENT.slackApi]: '' }))).not.toHaveProperty('slackApi');
  });

  it('if incomplete, gives one error that names every missing variable, so that one deployment repairs it', () => {
    const { name, message } = problemOf({ [ENVIRONMENT.instance]: '' });
    expect(name).toBe('ConfigurationError');
    expect(message).toMatch(/^grant-access: /);
    for (const key of FUNCTION_ENVIRONMENT['grant-access']) expect(message).toContain(`${ENVIRONMENT[key]} is not set`);
  });

  it.each([
    ['are not JSON', '{"slack":', 'GLASSHAMMER_SETTINGS is not JSON'],
    ['lack a part', JSON.stringify({ ...SETTINGS, access: undefined }), 'does not fit: access'],
    [
      'have a text for a number',
      JSON.stringify({ ...SETTINGS, access: { ...SETTINGS.access, maxDurationSeconds: '4h' } }),
      'access.maxDurationSeconds',
    ],
    [
      'trust no Slack workspace',
      JSON.stringify({ ...SETTINGS, slack: { ...SETTINGS.slack, teamIds: [] } }),
      'slack.teamIds',
    ],
  ])('is refused if its settings %s, and the error names the place', (_what, text, place) => {
    const { name, message } = problemOf(complete({ [ENVIRONMENT.settings]: text }));
    expect({ name, says: message.includes(place) }).toEqual({ name: 'ConfigurationError', says: true });
  });

  it('is refused if its settings have a field that this version does not know', () => {
    const { message } = problemOf(complete({ [ENVIRONMENT.settings]: JSON.stringify({ ...SETTINGS, freeze: true }) }));
    expect(message).toMatch('GLASSHAMMER_SETTINGS does not fit');
  });
});
