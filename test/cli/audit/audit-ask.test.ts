import type { Command } from 'commander';
import { registerAudit } from '../../../cli/audit/audit.ts';
import type { BuildAsk } from '../../../cli/audit/audit-ask.ts';
import { main } from '../../../cli/main.ts';
import type { CliIo } from '../../../cli/terminal/io.ts';
import { historyOf } from '../../../core/audit/new-events.ts';
import type { ArchivedObject } from '../../../core/audit/ports.ts';
import { QueryFailedError } from '../../../core/model/errors.ts';
import { anEvent, stored } from '../../core/audit/stored.ts';

const EVENTS = historyOf(stored([anEvent('requested'), anEvent('granted', 5), anEvent('ended', 24 * 60)]));
const OBJECTS = EVENTS.map(
  (event): ArchivedObject => ({ key: event.id, shadowed: false, text: `${JSON.stringify(event)}\n` }),
);

/** Runs `audit ask …` on an archive of these objects, or on an Athena that answers one row or fails. */
async function ask(
  line: string,
  more: {
    readonly env?: CliIo['env'];
    readonly objects?: readonly ArchivedObject[];
    readonly failure?: Error;
  } = {},
) {
  let [out, err] = ['', ''];
  const ranges: { readonly from: string; readonly to: string }[] = [];
  const statements: string[] = [];
  const build: BuildAsk = {
    archive: async () => ({
      async *objects(range) {
        ranges.push(range);
        yield* more.objects ?? OBJECTS;
      },
      keyOf: ({ id }) => id,
      timeOf: () => '',
    }),
    queries: async () => ({
      rows: async (sql) => {
        statements.push(sql);
        if (more.failure !== undefined) throw more.failure;
        return [{ person: 'ana@example.com', request: 'r1' }];
      },
    }),
  };
  const io = {
    stdout: (text: string) => {
      out += text;
    },
    stderr: (text: string) => {
      err += text;
    },
    about: (text: string) => {
      err += text;
    },
    now: () => new Date('2026-01-07T12:00:00Z'),
    env: more.env ?? { AUDIT_BUCKET: 'archive' },
  } as unknown as CliIo;
  const register = (program: Command) => registerAudit(program, io, undefined, undefined, build);
  return { code: await main(line.split(' '), io, [register]), out, err, ranges, statements };
}

test('an auditor who can read the bucket gets one line per access, under the names of the columns', async () => {
  const { code, out, err, ranges } = await ask('audit ask who-had-what --day 2026-01-05');
  expect(code).toBe(0);
  const [columns, row, ...rest] = out
    .trim()
    .split('\n')
    .map((text) => text.split('\t'));
  expect(rest).toEqual([]);
  expect(columns?.slice(0, 2)).toEqual(['person', 'account']);
  expect(row?.slice(0, 2)).toEqual(['ana@example.com', 'Production']);
  expect(err).toBe('1 row, from 2025-10-07T00:00:00.000Z to 2026-01-07T12:00:00.000Z\n');
  expect(ranges).toHaveLength(1);
});

test('with --json each row is one line of JSON, and no rows give no output', async () => {
  const { out } = await ask('audit ask ended-on-time --json');
  expect(out).toBe('');
  expect(JSON.parse((await ask('audit ask granted-alone --json')).out)).toMatchObject({ why: 'no approval asked for' });
});

test('with a database, Athena reads the archive, including events before and after the asked time that belong to it', async () => {
  const line = 'audit ask who-had-what --from 2026-01-05 --to 2026-01-05 --user ana@example.com --json';
  const { out, statements, ranges } = await ask(line, { env: { AUDIT_BUCKET: 'archive', AUDIT_DATABASE: 'gh_audit' } });
  expect(JSON.parse(out)).toEqual({ person: 'ana@example.com', request: 'r1' });
  expect(ranges).toEqual([]);
  expect(statements[0]).toContain(`"gh_audit"."events" WHERE day BETWEEN '2025-10-07' AND '2026-01-07'`);
  expect(statements[0]).toContain("had_from < '2026-01-06T00:00:00.000Z'");
  expect(statements[0]).toContain("person IN ('ana@example.com')");
  const printed = await ask(`${line} --sql`, { env: {} });
  expect(printed.out).toContain('"glasshammer_archive"."events"');
});

test('when Athena is not deployed, the error says how to deploy it and how to ask without it', async () => {
  const without = (reason: string) =>
    ask('audit ask who-had-what --database glasshammer_archive', { failure: new QueryFailedError(reason) });
  for (const reason of [
    "SCHEMA_NOT_FOUND: line 1:15: Schema 'glasshammer_archive' does not exist",
    "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.glasshammer_archive.events' does not exist",
  ]) {
    const { code, err } = await without(reason);
    expect(code).toBe(1);
    expect(err).toContain('npx cdk deploy Audit/Catalog');
    expect(err).toContain('--bucket NAME');
  }
  expect((await without('SYNTAX_ERROR: line 1:1')).err).not.toContain('Audit/Catalog');
});

test('an overwritten object in the archive is reported beside the answer', async () => {
  const objects = [...OBJECTS, { key: 'x', shadowed: true, text: 'no json' }];
  expect((await ask('audit ask who-had-what', { objects })).err).toContain('see audit verify');
});

test('bad input gives one line that says what to fix, and exit code 2', async () => {
  for (const [line, message] of [
    ['who-had-wat', 'there is no question who-had-wat; did you mean who-had-what?'],
    ['who', 'there is no question who; there are who-had-what, who-approved'],
    ['who-approved --day 2026-01-05', '--day says nothing about who-approved'],
    ['who-had-what --day today', '--day must be a day such as 2026-01-05, not today'],
    ['mappings --from 2026-02-01', '--to must be later than --from'],
    ['mappings --policy x', '--policy says nothing about mappings'],
  ] as const) {
    const { code, err, ranges } = await ask(`audit ask ${line}`);
    expect([line, code]).toEqual([line, 2]);
    expect(err).toContain(message);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(ranges).toEqual([]);
  }
  expect((await ask('audit ask mappings', { env: {} })).err).toContain('name the archive: --stack NAME');
});
