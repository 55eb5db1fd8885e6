import type { Command } from 'commander';
import { type BuildReplay, type BuildVerify, registerAudit } from '../../../cli/audit/audit.ts';
import { main } from '../../../cli/main.ts';
import type { CliIo } from '../../../cli/terminal/io.ts';
import type { AuditEvent } from '../../../core/audit/audit-event.ts';
import { historyOf, newEvents } from '../../../core/audit/new-events.ts';
import type { ArchiveReader } from '../../../core/audit/ports.ts';
import { anEvent, change, stored } from '../../core/audit/stored.ts';
import { run } from '../run.ts';

const HISTORY = [stored([anEvent('requested'), anEvent('granted', 5), anEvent('ended', 24 * 60)])];

async function* history() {
  yield* HISTORY;
}

/** Runs `audit replay …` on Ana's history, with an archive that has these events already. */
async function replay(line: string, has: readonly string[] = []) {
  const names: Parameters<BuildReplay>[0][] = [];
  const handed: AuditEvent[] = [];
  const build: BuildReplay = async (given) => {
    names.push(given);
    return {
      history: { items: history },
      target: {
        take: async (events) => {
          handed.push(...events);
          return { taken: events.length, added: events.filter(({ id }) => !has.includes(id)).length };
        },
      },
    };
  };
  const ran = await runAudit(line, build);
  return { ...ran, names, types: handed.map(({ type }) => type) };
}

async function runAudit(line: string, build?: BuildReplay, buildVerify?: BuildVerify) {
  let [out, err, exit] = ['', '', 0];
  const io = {
    stdout: (text: string) => {
      out += text;
    },
    stderr: (text: string) => {
      err += text;
    },
    now: () => new Date('2026-01-05T12:03:00Z'),
    env: { REQUEST_TABLE: 'requests', AUDIT_BUCKET: 'archive' },
    exitWith: (code: number) => {
      exit = code;
    },
  } as unknown as CliIo;
  const register = (program: Command) => registerAudit(program, io, build, buildVerify);
  const code = await main(line.split(' '), io, [register]);
  return { code: code || exit, out, err };
}

test('after an outage, audit replay archives the missing events and tells the operator how many there were', async () => {
  const { code, out, names, types } = await replay('audit replay --from 2026-01-05 --to 2026-01-05', ['r1#0']);
  expect({ code, out }).toEqual({
    code: 0,
    out: '2 events from 2026-01-05T00:00:00.000Z to 2026-01-06T00:00:00.000Z; 1 was missing and is archived now\n',
  });
  expect(types).toEqual(['requested', 'granted']);
  expect(names).toEqual([{ requestTable: 'requests', target: { kind: 'archive', name: 'archive' } }]);
});

test('without --to the range of a replay ends now, and an instant in --to is exact', async () => {
  expect((await replay('audit replay --from 2026-01-05T11:00:00+01:00')).types).toEqual(['requested']);
  expect((await replay('audit replay --from 2026-01-05 --to 2026-01-06T12:00:00.001Z')).types).toHaveLength(3);
});

test('audit replay --target bus sends the events to the event bus again', async () => {
  const { out, names } = await replay('audit replay --from 2026-01-05 --target bus --bus glasshammer');
  expect(out).toBe(
    '1 event from 2026-01-05T00:00:00.000Z to 2026-01-05T12:03:00.000Z handed to the bus again; receivers know them by their ids\n',
  );
  expect(names[0]?.target).toEqual({ kind: 'bus', name: 'glasshammer' });
});

test('bad input gives one line that says what to fix, and exit code 2', async () => {
  for (const [line, message] of [
    ['--from yesterday', '--from must be a day such as 2026-01-05 or an instant such as 2026-01-05T09:00:00Z'],
    ['--from 2026-13-45', '--from must be a day'],
    ['--from 2026-01-05 --to 2026-01-05T00:00:00Z', '--to must be later than --from'],
    ['--from 2026-01-05 --target disk', '--target must be archive or bus, not disk'],
    ['--from 2026-01-05 --target bus', 'name the event bus: --bus NAME, or AUDIT_BUS in the environment'],
    ['', "required option '--from <time>' not specified"],
  ] as const) {
    const { code, err, names } = await replay(`audit replay ${line}`.trim());
    expect([line, code]).toEqual([line, 2]);
    expect(err).toContain(message);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(names).toEqual([]);
  }
});

test('glasshammer has the command audit replay', async () => {
  const { code, err } = await run('audit replay --from 2026-01-05', { env: {} });
  expect({ code, err }).toEqual({
    code: 2,
    err: 'name the request table: --request-table NAME, or REQUEST_TABLE in the environment\n',
  });
});

/** Runs `audit verify` on Ana's history, with an archive of these events. */
async function verify(events: readonly unknown[], ...more: string[]) {
  const archive: ArchiveReader = {
    async *objects() {
      for (const event of events)
        yield { key: keyOf(event as AuditEvent), shadowed: false, text: JSON.stringify(event) };
    },
    keyOf,
    timeOf: (key) => key.split(' ')[0],
  };
  const line = ['audit verify --from 2026-01-05 --to 2026-01-06', ...more].join(' ');
  return runAudit(line, undefined, async () => ({ history: { items: history }, archive }));
}

const keyOf = ({ id, at }: Pick<AuditEvent, 'id' | 'at'>) => `${at} ${id}`;
const ARCHIVED = HISTORY.flatMap((item) => historyOf(item));
const BY_HAND = newEvents(change(undefined, { id: 'control#freeze', by: 'cleo' }));

test('audit verify counts and names events that the request table cannot prove, in words and in JSON', async () => {
  expect(await verify(ARCHIVED)).toMatchObject({
    code: 0,
    out: '3 events from 2026-01-05T00:00:00.000Z to 2026-01-07T00:00:00.000Z: the archive says the same\n',
  });
  const [freeze] = BY_HAND.map(keyOf);
  expect(await verify([...ARCHIVED, ...BY_HAND])).toMatchObject({
    code: 0,
    out: `not provable\t${freeze}\n3 events from 2026-01-05T00:00:00.000Z to 2026-01-07T00:00:00.000Z: the archive says the same; not provable from the table: 1\n`,
  });
  const { code, out } = await verify([...ARCHIVED.slice(1), ...BY_HAND], '--json');
  expect({ code, ...JSON.parse(out) }).toEqual({
    code: 1,
    from: '2026-01-05T00:00:00.000Z',
    to: '2026-01-07T00:00:00.000Z',
    events: 3,
    faults: ARCHIVED.slice(0, 1).map((event) => ({ fault: 'missing', key: keyOf(event) })),
    notProvable: [freeze],
  });
});
