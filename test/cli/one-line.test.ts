import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Runs a program without the variable that jest.config.mjs sets to silence the SDK, as at a terminal. */
function run(...argv: string[]) {
  const { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: _quiet, ...env } = process.env;
  return spawnSync(process.execPath, argv, {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...env,
      ...{ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x', AWS_MAX_ATTEMPTS: '1' },
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    },
  });
}

test('a command that cannot reach AWS says so in one line, without the warning of the SDK about Node versions', () => {
  const { status, stdout, stderr } = run('bin/glasshammer-cli.mjs', 'requests', '--request-table', 'a-table');
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('ECONNREFUSED')]);
});

test.each(['-1', '3601'])('the sandbox refuses --speed %s in one line that says what to fix', (speed) => {
  const { status, stdout, stderr } = run('--import', 'tsx', 'sandbox/main.ts', '--speed', speed);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/^sandbox: .*--speed.*npm run sandbox/)]);
});
