import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAwsEmulator } from '../../../sandbox/aws/emulator.ts';
import { createWorld } from '../../../sandbox/aws/world/create-world.ts';
import { readSeed } from '../../../sandbox/aws/world/seed.ts';
import { CallCounter, FaultPlan } from '../../../sandbox/faults.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Where AWS calls are made: by functions, commands, the workflow, the page, and people who follow a document. */
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

/** The names of the document client for operations that it calls differently. */
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

/** Patterns for a call of an operation: by the SDK, the workflow, a console, or the AWS CLI. */
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

  test('all have a caller, because an operation without one would need maintenance for nothing', () => {
    const all = emulated();
    expect(all.length).toBeGreaterThan(60);
    expect(all.filter((name) => !spellings(name).some((spelling) => new RegExp(spelling).test(text)))).toEqual([]);
  });

  test('an operation without a caller would be found', () => {
    expect(spellings('sfn:SendTaskHeartbeat').some((spelling) => new RegExp(spelling).test(text))).toBe(false);
  });
});
