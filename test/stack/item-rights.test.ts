import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FUNCTION_NAMES } from '../../lambdas/shared/environment-names.ts';
import { pascalCase } from '../../lib/functions/access-functions.ts';
import { ITEM_KINDS, type ItemKind } from '../../lib/rights/tables/item-rights.ts';
import { authorize } from '../../sandbox/aws/access/authorize.ts';
import { resources, type Statement, sorted, statements, synthesize } from './synthesized.ts';

const root = join(import.meta.dirname, '../..');
const VERBS = ['PutItem', 'UpdateItem', 'DeleteItem'] as const;
const KINDS = Object.keys(ITEM_KINDS) as ItemKind[];

/** With operators and policy changes. The documentation lists what operators add to the API's rights separately. */
const template = synthesize({
  personas: { operators: ['a1b2c3d4-0000-4000-8000-000000000001'] },
  policyChanges: { fourEyes: true },
});
const withoutOperators = synthesize();
const [requestTable = ''] = resources(template, 'AWS::DynamoDB::Table')
  .map(([id]) => id)
  .filter((id) => id.startsWith('TablesRequests'));
const table = `<${requestTable}.Arn>`;

/** The statements of one function's role, as `authorize` reads them. */
function roleOf(owner: string, of = template) {
  return statements(of)
    .filter((statement) => statement.owner === owner)
    .map(({ effect, actions, resources: where, conditions }: Statement) => ({
      actions,
      resources: where,
      conditions: conditions as Record<string, Record<string, string | string[]>>,
      deny: effect === 'Deny',
    }));
}

function may(owner: string, verb: string, ids: readonly string[], of = template): boolean {
  const demand = {
    action: `dynamodb:${verb}`,
    resources: [table],
    context: { 'dynamodb:LeadingKeys': ids },
  };
  return authorize([demand], roleOf(owner, of)) === undefined;
}

const idsOf = (kind: ItemKind) => (kind === 'request' ? ['req-1', 'older-1'] : ITEM_KINDS[kind].map((id) => `${id}1`));

/** The table of docs/architecture.md by function: the kinds that it puts, updates and deletes. */
function documented(): Record<string, string[][]> {
  const [, text = ''] = readFileSync(join(root, 'docs/architecture.md'), 'utf8').split('## Who may write which items');
  const rows = [...text.matchAll(/^\| `([\w-]+)` \|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)];
  const cell = (written = '') =>
    sorted(
      written
        .split(',')
        .map((kind) => kind.trim())
        .filter(Boolean),
    );
  return Object.fromEntries(rows.map(([, name = '', ...cells]) => [name, cells.map(cell)]));
}

const templateFor = (name: string) => (name === 'change-policies' ? template : withoutOperators);

test('the documentation says which items a stolen role of each function could write', () => {
  const deployed = FUNCTION_NAMES.map((name) => [
    name,
    VERBS.map((verb) =>
      sorted(KINDS.filter((kind) => idsOf(kind).some((id) => may(pascalCase(name), verb, [id], templateFor(name))))),
    ),
  ]).filter(([, verbs]) => (verbs as string[][]).flat().length > 0);
  expect(Object.fromEntries(deployed)).toEqual(documented());
});

test('the function that faces the internet cannot write a lease, not even beside requests in one transaction', () => {
  const lease = 'assignment#user-ana#123456789012#arn:aws:sso:::permissionSet/ssoins-1/ps-1';
  expect(may('AccessRequested', 'PutItem', ['req-1', 'click#1'])).toBe(true);
  for (const verb of VERBS) {
    expect(may('AccessRequested', verb, [lease])).toBe(false);
    expect(may('AccessRequested', verb, ['req-1', lease])).toBe(false);
  }
});

test('without operators in the configuration no function can thaw a freeze, lift a lock or have drift removed', () => {
  for (const name of FUNCTION_NAMES) {
    for (const verb of VERBS) {
      for (const id of [...ITEM_KINDS.switch, ...ITEM_KINDS.stop])
        expect([name, may(pascalCase(name), verb, [id], withoutOperators)]).toEqual([name, false]);
    }
  }
});

test('a right on certain items allows no call that names no item', () => {
  const demand = [{ action: 'dynamodb:UpdateItem', resources: [table] }];
  expect(authorize(demand, roleOf('AccessRecordsChanged'))).toBeDefined();
});

test('every prefix of an id that the code writes has a kind, so that none is open to all who write requests', () => {
  const folders = ['gateways/dynamodb', 'core/model', 'core/audit'];
  const texts = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(root, folder, file), 'utf8')),
  );
  const written = texts.flatMap((text) =>
    [...text.matchAll(/['`]([a-z][a-z-]*#)/g)].map(([, beginning = '']) => beginning),
  );
  /** Prefixes of the access table, which people write, and one function if the configuration says so. */
  const byPeople = ['access#', 'policy#', 'principal#', 'person#'];
  const known = Object.values(ITEM_KINDS).flat() as readonly string[];
  const unknown = written.filter((id) => !byPeople.includes(id) && !known.some((kind) => kind.startsWith(id)));
  expect(written).toContain('assignment#');
  expect([...new Set(unknown)]).toEqual([]);
});
