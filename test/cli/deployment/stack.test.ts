import type { DescribedStack } from '../../../cli/terminal/io.ts';
import type { AccessTableWriter } from '../../../core/policy/authoring/ports.ts';
import { run } from '../run.ts';

const OUTPUTS = { AccessTable: 'stack-access', RequestTable: 'stack-requests', StateMachineArn: 'arn:workflow' };
const stacks: Record<string, DescribedStack> = {
  Glasshammer: { status: 'CREATE_COMPLETE', changedAt: '2026-01-01T00:00:00Z', outputs: OUTPUTS },
  Website: { status: 'CREATE_COMPLETE', changedAt: '2026-01-01T00:00:00Z', outputs: { Url: 'https://example.com' } },
};

const table: AccessTableWriter = {
  list: async () => [],
  policiesAndStrays: async () => [],
  apply: async () => ({ applied: true }),
};

/** Runs a command and returns which tables it worked on. */
async function tablesOf(line: string, env: Record<string, string>) {
  const asked: unknown[] = [];
  const result = await run(line, { stacks, env, table, onTables: (names) => asked.push(names) });
  return { ...result, asked };
}

test('--stack decides which tables a command works on, even if variables in the environment name others', async () => {
  const yesterday = { ACCESS_TABLE: 'old-access', REQUEST_TABLE: 'old-requests' };
  const { code, asked } = await tablesOf('principal list --stack Glasshammer', yesterday);
  expect({ code, asked }).toEqual({
    code: 0,
    asked: [{ accessTable: 'stack-access', requestTable: 'stack-requests' }],
  });
});

test('GLASSHAMMER_STACK gives only the tables that no variable names, and an option takes precedence over --stack', async () => {
  const { asked } = await tablesOf('principal list', { GLASSHAMMER_STACK: 'Glasshammer', ACCESS_TABLE: 'mine' });
  expect(asked).toEqual([{ accessTable: 'mine', requestTable: 'stack-requests' }]);
  const options = await tablesOf('principal list --stack Glasshammer --access-table other', {});
  expect(options.asked).toEqual([{ accessTable: 'other', requestTable: 'stack-requests' }]);
});

test('a missing stack, or a stack that is not Glasshammer, is reported, and nothing is read', async () => {
  expect(await tablesOf('principal list --stack Glashammer', { AWS_REGION: 'eu-west-1' })).toMatchObject({
    code: 2,
    err: 'there is no stack Glashammer in eu-west-1 of this account\n',
    asked: [],
  });
  expect(await tablesOf('principal list --stack Website', {})).toMatchObject({
    code: 2,
    err: expect.stringContaining("is it Glasshammer's?"),
    asked: [],
  });
});

test('a command that needs no deployment works although GLASSHAMMER_STACK names a missing stack', async () => {
  const { code } = await run('slack-manifest --url https://api.example.com', { env: { GLASSHAMMER_STACK: 'Gone' } });
  expect(code).toBe(0);
});
