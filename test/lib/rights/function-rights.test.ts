import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { build } from 'esbuild';
import { config as example } from '../../../glasshammer.config.ts';
import { RETENTION_DAYS } from '../../../lib/config/schema/shapes.ts';
import { functionRights, type OwnResources } from '../../../lib/rights/function-rights.ts';
import { ACTIVITY_READER_RIGHTS } from '../../../lib/rights/member-rights.ts';

const root = join(import.meta.dirname, '../../..');
const rights = functionRights(
  {
    ...example,
    groups: [{ name: 'OnCall', id: 'a1b2c3d4-5678-90ab-cdef-111111111111' }],
    report: { ...example.report, logs: { logGroupArn: 'arn:aws:logs:eu-central-1:111122223333:log-group:trail' } },
  },
  new Proxy({}, { get: (_own, name) => `<${String(name)}>` }) as unknown as OwnResources,
);

/** The AWS calls of the code, from its imports of commands and paginators: `sso-admin ListAccountAssignments`. */
function callsInCode(): Set<string> {
  const files = (readdirSync(join(root, 'gateways'), { recursive: true }) as string[]).filter((file) =>
    file.endsWith('.ts'),
  );
  const calls = new Set<string>();
  for (const file of files) {
    const text = readFileSync(join(root, 'gateways', file), 'utf8');
    for (const [, names = '', client = ''] of text.matchAll(/import \{([^}]+)\} from '@aws-sdk\/([\w-]+)'/g)) {
      const service = client.replace('client-', '').replace('lib-', '');
      for (const [, command, paginated] of names.matchAll(/(\w+)Command\b|paginate(\w+)/g))
        calls.add(`${service} ${command ?? paginated}`);
    }
  }
  return calls;
}

/** Calls whose name in the SDK differs from that in IAM. */
const SDK: Readonly<Record<string, string>> = {
  'dynamodb GetItem': 'dynamodb Get',
  'dynamodb PutItem': 'dynamodb Put',
  'dynamodb UpdateItem': 'dynamodb Update',
  'dynamodb DeleteItem': 'dynamodb Delete',
  'dynamodb BatchGetItem': 'dynamodb BatchGet',
  'lambda InvokeFunction': 'lambda Invoke',
};
const SERVICES: Readonly<Record<string, string>> = {
  events: 'eventbridge',
  logs: 'cloudwatch-logs',
  secretsmanager: 'secrets-manager',
  ses: 'sesv2',
  sso: 'sso-admin',
  states: 'sfn',
};
/** Lambda makes these calls for a function that reads a stream; its code does not. */
const BY_LAMBDA = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];

test('no function has a right for a call that the code does not make', () => {
  const calls = callsInCode();
  const granted = [...Object.values(rights).flat(), ...ACTIVITY_READER_RIGHTS].flatMap(({ actions }) => actions);
  const unused = [...new Set(granted)].filter((action) => {
    const [prefix = '', name = ''] = action.split(':');
    const call = `${SERVICES[prefix] ?? prefix} ${name}`;
    return !calls.has(SDK[call] ?? call) && !(prefix === 'dynamodb' && BY_LAMBDA.includes(name));
  });
  expect(calls.size).toBeGreaterThan(20);
  expect(unused).toEqual([]);
});

test('every wildcard in a resource has a reason, and no action has a wildcard', () => {
  for (const right of Object.values(rights).flat()) {
    expect(right.actions.filter((action) => action.includes('*'))).toEqual([]);
    if (right.deny !== true && right.resources.some((resource) => resource.includes('*')))
      expect(right.wildcard).toMatch(/^.{40,}$/);
  }
});

test('the rights and the configuration check load no CDK, so that the sandbox and the command line can use them', async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['lib/rights/function-rights.ts', 'lib/config/config.ts'],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outdir: 'nowhere',
    write: false,
    metafile: true,
  });
  const packages = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  expect(new Set(packages)).toEqual(new Set(['zod']));
});

test('the allowed days of log retention are those of the CDK', () => {
  const known = Object.values(RetentionDays).filter((days) => typeof days === 'number');
  // The last value of the CDK, 9999, means that logs never expire.
  expect([...RETENTION_DAYS, 9999]).toEqual(known);
});
