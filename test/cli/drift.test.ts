import { Command } from 'commander';
import { registerDrift } from '../../cli/drift.ts';
import type { CliIo } from '../../cli/terminal/io.ts';
import { createAuditLog } from '../../gateways/dynamodb/audit-log.ts';
import { createDriftStore } from '../../gateways/dynamodb/drift-store.ts';
import { emulateAws, REQUEST_TABLE } from '../contracts/emulated.ts';
import { BENS } from '../core/drift/workbench.ts';

const OLGA = 'cli:arn:aws:sts::456789012345:assumed-role/Operators/olga';

function desk() {
  const { dynamo: client } = emulateAws();
  const table = { client, tableName: REQUEST_TABLE };
  const written: { type: string; by: string; note?: string }[] = [];
  const log = createAuditLog(table);
  const drift = createDriftStore(table);
  const audit = {
    write: (id: string, fact: Parameters<typeof log.write>[1]) => {
      written.push(fact);
      return log.write(id, fact);
    },
  };
  async function run(...line: string[]): Promise<string> {
    let out = '';
    const io = {
      stdout: (text: string) => {
        out += text;
      },
      now: () => new Date('2026-01-05T12:00:00Z'),
      newId: () => 'id-1',
      env: { REQUEST_TABLE },
      callerArn: async () => OLGA.slice('cli:'.length),
    };
    const program = new Command();
    registerDrift(program, io as unknown as CliIo, async () => ({ drift, audit }));
    await program.parseAsync(['drift', ...line], { from: 'user' });
    return out;
  }
  return { drift, written, run };
}

test('until an operator confirms, drift status says that nothing is removed', async () => {
  const { run } = desk();
  expect(await run('status')).toBe(
    'report-only: nothing is removed; glasshammer drift confirm lets the configuration decide\n' +
      'no full pass has begun yet\nnothing is known that no request accounts for\n',
  );
});

test('drift confirm stores who confirmed and when, and a second confirm writes no second audit event', async () => {
  const { run, drift, written } = desk();
  await run('confirm');
  expect(await run('confirm')).toContain(`enforcing, since 2026-01-05T12:00:00.000Z by ${OLGA}`);
  expect(await drift.mode()).toEqual({ mode: 'enforcing', by: OLGA, at: '2026-01-05T12:00:00.000Z' });
  expect(written).toEqual([expect.objectContaining({ type: 'drift-mode', by: OLGA, note: 'enforcing' })]);
});

test('one command goes back to report-only', async () => {
  const { run, drift } = desk();
  await run('confirm');
  await run('report-only');
  expect((await drift.mode()).mode).toBe('report-only');
});

test('drift status lists each assignment by name and id, who made it, and when it is removed', async () => {
  const { run, drift } = desk();
  const item = {
    assignment: BENS,
    foundAt: '2026-01-05T11:00:00.000Z',
    made: { by: { id: 'arn:olga', name: 'olga' }, at: '2026-01-05T10:59:00Z', eventId: 'e' },
    names: { principalName: 'Ben', accountName: 'Staging' },
    action: 'revoke' as const,
    rules: '[]',
  };
  await drift.put({ ...item, status: 'to-remove', due: '2026-01-05T12:30:00.000Z' }, undefined);
  const line = (await run('status')).split('\n').find((text) => text.startsWith('Ben (user-ben)'));
  expect(line).toContain('in Staging (234567890123)');
  expect(line).toContain('made by olga (arn:olga)');
  expect(line).toContain('removed at 2026-01-05T12:30:00.000Z');
  expect(JSON.parse(await run('status', '--json')).items).toHaveLength(1);

  const cleos = { ...BENS, principalId: 'user-cleo' };
  await drift.put({ ...item, assignment: cleos, names: { principalGone: true }, status: 'told', due: '' }, undefined);
  expect(await run('status')).toContain('deleted (user-cleo)  ');
});

test('a stored drift mode that cannot be read counts as report-only, so that nothing is removed by accident', async () => {
  const { drift } = desk();
  await drift.setMode({ mode: 'yes please' as 'enforcing', by: 'somebody', at: '2026-01-05T12:00:00Z' });
  expect((await drift.mode()).mode).toBe('report-only');
});
