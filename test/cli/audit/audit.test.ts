import type { Command } from 'commander';
import { type BuildReplay, registerAudit } from '../../../cli/audit/audit.ts';
import { main } from '../../../cli/main.ts';
import type { CliIo } from '../../../cli/terminal/io.ts';
import type { AuditEvent } from '../../../core/audit/audit-event.ts';
import { anEvent, stored } from '../../core/audit/stored.ts';
import { run } from '../run.ts';

const HISTORY = [stored([anEvent('requested'), anEvent('granted', 5), anEvent('ended', 24 * 60)])];

/** Runs `audit …` on Ana's history, with an archive that has these events already. */
async function replay(line: string, has: readonly string[] = []) {
  let out = '';
  let err = '';
  const names: Parameters<BuildReplay>[0][] = [];
  const handed: AuditEvent[] = [];
  const build: BuildReplay = async (given) => {
    names.push(given);
    return {
      history: {
        async *items() {
          yield* HISTORY;
        },
      },
      target: {
        take: async (events) => {
          handed.push(...events);
          return { taken: events.length, added: events.filter(({ id }) => !has.includes(id)).length };
        },
      },
    };
  };
  const io = {
    stdout: (text: string) => {
      out += text;
    },
    stderr: (text: string) => {
      err += text;
    },
    now: () => new Date('2026-01-05T12:03:00Z'),
    env: { REQUEST_TABLE: 'requests', AUDIT_BUCKET: 'archive' },
  } as unknown as CliIo;
  const code = await main(line.split(' '), io, [(program: Command) => registerAudit(program, io, build)]);
  return { code, out, err, names, types: handed.map(({ type }) => type) };
}

test('after an outage what is missing is archived, and the operator is told how much it was', async () => {
  const { code, out, names, types } = await replay('audit replay --from 2026-01-05 --to 2026-01-05', ['r1#0']);
  expect({ code, out }).toEqual({
    code: 0,
    out: '2 events from 2026-01-05T00:00:00.000Z to 2026-01-06T00:00:00.000Z; 1 was missing and is archived now\n',
  });
  expect(types).toEqual(['requested', 'granted']);
  expect(names).toEqual([{ requestTable: 'requests', target: { kind: 'archive', name: 'archive' } }]);
});

test('without an end, the range ends now; an instant is exact', async () => {
  expect((await replay('audit replay --from 2026-01-05T11:00:00+01:00')).types).toEqual(['requested']);
  expect((await replay('audit replay --from 2026-01-05 --to 2026-01-06T12:00:00.001Z')).types).toHaveLength(3);
});

test('the bus can be told again', async () => {
  const { out, names } = await replay('audit replay --from 2026-01-05 --target bus --bus glasshammer');
  expect(out).toBe(
    '1 event from 2026-01-05T00:00:00.000Z to 2026-01-05T12:03:00.000Z handed to the bus again; receivers know them by their ids\n',
  );
  expect(names[0]?.target).toEqual({ kind: 'bus', name: 'glasshammer' });
});

test('what cannot be worked with is one line that says what to fix, and exit code 2', async () => {
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

test('the command is part of the program', async () => {
  const { code, err } = await run('audit replay --from 2026-01-05', { env: {} });
  expect({ code, err }).toEqual({
    code: 2,
    err: 'name the request table: --request-table NAME, or REQUEST_TABLE in the environment\n',
  });
});
