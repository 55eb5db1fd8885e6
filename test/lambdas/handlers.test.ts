import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  ENVIRONMENT,
  FUNCTION_ENVIRONMENT,
  FUNCTION_NAMES,
  type FunctionName,
} from '../../lambdas/shared/environment-names.ts';
import { listenToStdout } from './stdout.ts';

const LAMBDAS = join(import.meta.dirname, '../../lambdas');
const stdout = listenToStdout();

/** An input for each function that it can parse, so that it goes on to read its environment. */
const INPUTS: Partial<Record<FunctionName, unknown>> = {
  'access-requested': { rawPath: '/slack/interactivity', headers: {}, body: '', isBase64Encoded: false },
  api: { httpMethod: 'GET', path: '/whoami', requestContext: { identity: {} } },
  'ask-for-approval': { requestId: 'r1', remind: true },
  'check-assignment': { requestId: 'r1', operation: 'removal' },
  'hold-access': { requestId: 'r1', token: 'secret-token', endsAt: '2026-01-05T13:00:00.000Z' },
  'report-on-access': { requestId: 'r1', step: 'start' },
  'access-records-changed': { Records: [] },
  'sweep-access': {},
  'try-access': { nightly: 'ask' },
  'watch-assignments': { detail: {} },
  'audit-to-bus': { Records: [] },
  'audit-to-archive': { Records: [] },
};

async function handlerOf(name: FunctionName): Promise<(event: unknown) => Promise<unknown>> {
  const module = (await import(`../../lambdas/${name}/index.ts`)) as { handler: (event: unknown) => Promise<unknown> };
  return module.handler;
}

/** Removes every variable of Glasshammer from the environment. */
function withoutEnvironment(): void {
  for (const variable of Object.values(ENVIRONMENT)) delete process.env[variable];
}

describe('the functions', () => {
  beforeEach(withoutEnvironment);

  it('are exactly the folders of lambdas/ that have an index.ts', () => {
    const folders = readdirSync(LAMBDAS).filter((name) => existsSync(join(LAMBDAS, name, 'index.ts')));
    expect(folders.sort((a, b) => a.localeCompare(b))).toEqual([...FUNCTION_NAMES].sort((a, b) => a.localeCompare(b)));
  });

  it.each(FUNCTION_NAMES)(
    '%s names all missing variables of its environment in one error, and reads none of them before it is called',
    async (name) => {
      const handler = await handlerOf(name);
      const failed = await handler(INPUTS[name] ?? { requestId: 'r1' }).catch((error: unknown) => error as Error);
      expect(failed).toMatchObject({ name: 'ConfigurationError' });
      for (const key of FUNCTION_ENVIRONMENT[name]) expect(String(failed)).toContain(`${ENVIRONMENT[key]} is not set`);
      expect(stdout.text()).not.toContain('secret-token');
    },
  );

  it.each(FUNCTION_NAMES.filter((name) => name !== 'access-requested'))(
    '%s throws for a malformed input, and logs no text of it',
    async (name) => {
      const handler = await handlerOf(name);
      await expect(handler({ requestId: 7, Records: 'no', detail: 1, token: 'secret-token' })).rejects.toThrow();
      expect(stdout.text()).not.toContain('secret-token');
    },
  );
});
