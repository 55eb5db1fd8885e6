import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAwsEmulator } from '../../../sandbox/aws/emulator.ts';
import { createWorld } from '../../../sandbox/aws/world/create-world.ts';
import { readSeed } from '../../../sandbox/aws/world/seed.ts';
import { CallCounter, FaultPlan } from '../../../sandbox/faults.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Where calls to AWS are made: by functions and commands, by the workflow, by the page, and by people whom doctor and the documents tell to. */
const CALLERS = [
  'gateways',
  'cli',
  'statemachines',
  'sandbox/server',
  'test/simulation/parts',
  'core/doctor',
  'docs/runbook.md',
  'docs/hardening.md',
];

/** The document client has names of its own. */
const OF_DOCUMENTS: Readonly<Record<string, string>> = {
  BatchGetItem: 'BatchGet',
  DeleteItem: 'Delete',
  GetItem: 'Get',
  PutItem: 'Put',
  TransactWriteItems: 'TransactWrite',
  UpdateItem: 'Update',
};

function emulated(): readonly string[] {
  const clock = { nowMs: () => 0 };
  const known: string[] = [];
  class Learning extends FaultPlan {
    override know(operations: readonly string[]): void {
      known.push(...operations);
    }
  }
  const world = createWorld(readSeed({}));
  createAwsEmulator({
    world,
    clock,
    faults: new Learning({ clock }),
    calls: new CallCounter(),
    newId: () => 'id',
  });
  return known;
}

function callers(): string {
  const files = execFileSync('git', ['ls-files', ...CALLERS], { cwd: ROOT, encoding: 'utf8' })
    .trim()
    .split('\n');
  return files.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');
}

/** Every spelling under which an operation is called: by the SDK, by the workflow, by a console, by the AWS CLI. */
function spellings(name: string): readonly string[] {
  const [service = '', operation = ''] = name.split(':');
  const kebab = operation.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  const camel = `${operation.charAt(0).toLowerCase()}${operation.slice(1)}`;
  const command = `${OF_DOCUMENTS[operation] ?? operation}Command\\b`;
  return [
    command,
    `paginate${operation}\\b`,
    `aws-sdk:\\w+:${camel}\\b`,
    `'${service}:${operation}'`,
    `aws [a-z0-9-]+ ${kebab}\\b`,
  ];
}

describe('the emulated operations', () => {
  const text = callers();

  test('are those of the clients, and each of them has a caller: what nobody calls would only be kept in step', () => {
    const all = emulated();
    expect(all.length).toBeGreaterThan(60);
    expect(all.filter((name) => !spellings(name).some((spelling) => new RegExp(spelling).test(text)))).toEqual([]);
  });

  test('an operation nobody calls would be found', () => {
    expect(spellings('sfn:GetExecutionHistory').some((spelling) => new RegExp(spelling).test(text))).toBe(false);
  });
});
