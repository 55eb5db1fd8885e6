import type { AccessItem } from '../../../core/model/access-item.ts';
import type { AccessAudit, AccessChange, AccessTableWriter } from '../../../core/policy/authoring/ports.ts';
import { run } from '../run.ts';

const directory = 'users: [{ id: user-ana, userName: ana }, { id: user-ben, userName: ben }]\n';

/** An access table with these records, which notes what is written to it. */
function tableOf(...records: readonly AccessItem[]) {
  const items = new Map(records.map((item) => [item.id, item]));
  const written: { readonly changes: readonly AccessChange[]; readonly audit: AccessAudit }[] = [];
  const table: AccessTableWriter = {
    list: async (prefix) => [...items.values()].filter(({ id }) => id.startsWith(prefix)),
    policiesAndStrays: async () => [],
    apply: async (changes, audit) => {
      written.push({ changes, audit });
      for (const { id, after } of changes) after === undefined ? items.delete(id) : items.set(id, after);
      return { applied: true };
    },
  };
  return { table, written, items };
}

const record = (slackId: string, ssoPrincipal: string, more: object = {}): AccessItem => ({
  id: `principal#${slackId}`,
  ssoPrincipal,
  ...more,
});

const push = (text: string, table: AccessTableWriter, options = '--yes') =>
  run(`principal push people.yaml --directory d.yaml ${options}`.trim().split(' '), {
    files: { 'people.yaml': text, 'd.yaml': directory },
    table,
  });

test('after principal push the table holds exactly the people of the file, and a second push changes nothing', async () => {
  const { table, written, items } = tableOf(
    record('U0BEN', 'user-cleo', { note: 'kept' }),
    record('U0DAN', 'user-dan'),
  );
  const { code, out } = await push('U0ANA: ana\nU0BEN: ben\n', table);
  expect({ code, out }).toEqual({
    code: 0,
    out: 'U0ANA: nobody -> user-ana\nU0BEN: user-cleo -> user-ben\nU0DAN: user-dan -> nobody\n3 written\n',
  });
  expect([...items.values()]).toEqual([record('U0BEN', 'user-ben', { note: 'kept' }), record('U0ANA', 'user-ana')]);
  expect(written.map(({ audit: { type, ids } }) => [type, ids])).toEqual([
    ['principal-set', ['principal#U0ANA', 'principal#U0BEN']],
    ['principal-removed', ['principal#U0DAN']],
  ]);
  expect(await push('U0ANA: ana\nU0BEN: ben\n', table)).toMatchObject({
    code: 0,
    out: 'the table holds exactly these Slack users\n',
  });
});

test('without --yes nothing is written, and a file that has lost most of its lines needs --allow-removing', async () => {
  const few = tableOf();
  expect(await push('U0ANA: ana\n', few.table, '')).toMatchObject({ code: 2, out: 'U0ANA: nobody -> user-ana\n' });
  const many = tableOf(...['A', 'B', 'C', 'D'].map((letter) => record(`U${letter}`, 'user-dan')));
  expect((await push('U0ANA: ana\n', many.table)).err).toBe(
    'this removes 4 records; if that is meant, repeat with --allow-removing 4\n',
  );
  expect([...few.written, ...many.written]).toEqual([]);
  expect(await push('U0ANA: ana\n', many.table, '--yes --allow-removing 4')).toMatchObject({ code: 0 });
});

test('200 people are written in transactions of a size that DynamoDB allows', async () => {
  const { table, written } = tableOf();
  const lines = Array.from({ length: 200 }, (_, index) => `U${String(index).padStart(4, '0')}: ana`);
  expect((await push(lines.join('\n'), table)).code).toBe(0);
  expect(written.map(({ changes }) => changes.length)).toEqual([98, 98, 4]);
});

test.each([
  ['U0ANA: ana\nana: ana\n', 'people.yaml:2: ana must be the id of a Slack user, such as U0123ABCD'],
  ['U0ANA: annna\n', 'people.yaml:1: U0ANA: there is no user annna in the directory'],
  ['U0ANA:\n', 'people.yaml:1: U0ANA: say who it is, in a text'],
  ['- U0ANA\n', 'people.yaml: must be a map of Slack users to people'],
  ['', 'people.yaml: must be a map of Slack users to people'],
  ['U0ANA: ana\nU0ANA: ben\n', 'people.yaml:2:1: U0ANA is there twice'],
])('a mistake in the file (%j) is reported with its place, and nothing is written', async (text, problem) => {
  const { table, written } = tableOf();
  const { code, err } = await push(text, table);
  expect(code).toBe(2);
  expect(err).toContain(problem);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
  expect(written).toEqual([]);
});

test('a name instead of a user id is refused unless there is a directory to look it up', async () => {
  const { table } = tableOf();
  const files = { 'people.yaml': 'U0ANA: ana@example.com\n' };
  const { code, err } = await run('principal push people.yaml --yes', { files, table });
  expect({ code, err }).toEqual({
    code: 2,
    err: 'people.yaml:1: U0ANA: ana@example.com is no Identity Center user id; names need --directory FILE or --aws\n',
  });
});
