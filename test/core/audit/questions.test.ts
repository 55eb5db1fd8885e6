import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AuditEvent } from '../../../core/audit/audit-event.ts';
import { historyOf } from '../../../core/audit/new-events.ts';
import { type AnswerFilter, answerQuestion, meaningless, questionSql } from '../../../core/audit/questions/question.ts';
import { QUESTIONS } from '../../../core/audit/questions/questions.ts';
import { recordChangeFact } from '../../../core/audit/record-change.ts';
import type { AccessItem } from '../../../core/model/access-item.ts';
import { recordChangeId } from '../../../core/model/stored-ids.ts';
import { recordHash } from '../../../core/policy/records/record-text.ts';
import { sha256 } from '../../../lambdas/shared/sha256.ts';
import { anEvent, stored } from './stored.ts';

/** The next day, at noon. */
const NOW = '2026-01-06T12:00:00.000Z';
const at = (minutes: number) => String(anEvent('x', minutes).at);

const policy = { record: 'policy#prod', hash: 'abc', version: '7', text: '{"id":"policy#prod"}' };
const granted = { ...anEvent('granted', 1), startsAt: at(1), endsAt: at(61), durationSeconds: 3600 };
const vote = (by: string, minutes = 0) =>
  anEvent('vote', minutes, { by, byName: `${by}@example.com`, note: 'approve' });

function request(id: string, events: Parameters<typeof stored>[0], more: Parameters<typeof stored>[1] = {}) {
  return historyOf(stored([anEvent('requested', 0, { by: 'user-ana' }), ...events], { id, ...more }));
}

function changed(minutes: number, before: AccessItem | undefined, after: AccessItem | undefined): AuditEvent[] {
  const fact = recordChangeFact({ at: at(minutes), ...(before && { before }), ...(after && { after }) }, sha256);
  return historyOf({ ...fact, id: recordChangeId(String(minutes)) });
}

function ask(id: string, events: readonly AuditEvent[], filter: AnswerFilter = {}) {
  const question = QUESTIONS.find((known) => known.id === id);
  if (question === undefined) throw new Error(`no question ${id}`);
  return answerQuestion(question, [...events].reverse(), filter, NOW);
}

describe('what an auditor asks of access', () => {
  const gone = request('r1', [granted, anEvent('ended', 62)]);
  const kept = request('r2', [granted, anEvent('ended', 61, { note: 'kept: the assignment was there before us' })]);
  const open = request('r3', [granted]);

  test('"who had what" distinguishes access that was removed from access that stayed because others had given it', () => {
    const rows = ask('who-had-what', [...gone, ...kept, ...open, ...request('r4', [anEvent('refused')])]);
    expect(rows.map(({ request: id, had_until, how }) => [id, had_until, how])).toEqual([
      ['r1', at(62), 'removed'],
      ['r2', at(61), 'kept: the assignment was there before us'],
      ['r3', '', 'not ended'],
    ]);
    expect(rows[0]).toMatchObject({
      ...{ person: 'ana@example.com', account: 'Production', account_id: '123456789012', access: 'BreakGlassAdmin' },
      had_from: at(1),
    });
  });

  test('"who had what" on a day lists the access that overlaps with that day', () => {
    const on = (day: string) => ask('who-had-what', [...gone, ...open], { day }).map(({ request: id }) => id);
    expect([on('2026-01-04'), on('2026-01-05'), on('2026-01-06')]).toEqual([[], ['r1', 'r3'], ['r3']]);
  });

  test('a question about a period lists what overlaps with it, judged by the events before and after it as well', () => {
    const within = { from: at(30), to: at(62) };
    const asked = (id: string) => ask(id, [...gone, ...open], { within }).map(({ request: one }) => one);
    // r1 ended at the instant that the period excludes: the row has that end, and does not show the access as open.
    expect(ask('who-had-what', gone, { within })).toMatchObject([{ request: 'r1', had_until: at(62), how: 'removed' }]);
    expect(asked('who-had-what')).toEqual(['r1', 'r3']);
    expect(ask('who-had-what', gone, { within: { from: at(63), to: at(90) } })).toEqual([]);
    expect(ask('ended-on-time', gone, { within })).toMatchObject([{ seconds_late: '60' }]);
    // r1 and r3 were granted before the period. r5 was granted in it, and its vote from before the period counts.
    expect(asked('granted-alone')).toEqual([]);
    const voted = request('r5', [vote('user-cleo'), { ...granted, at: at(40) }]);
    expect(ask('granted-alone', voted, { within })).toEqual([]);
  });

  test('"ended on time" counts from the last planned end, and access that is not removed is late until now', () => {
    const extended = request('r4', [granted, { ...anEvent('extended', 30), endsAt: at(120) }, anEvent('ended', 121)]);
    const rows = ask('ended-on-time', [...gone, ...extended, ...open]);
    expect(rows.map(({ request: id, ends_at, seconds_late }) => [id, ends_at, seconds_late])).toEqual([
      ['r1', at(61), '60'],
      ['r3', at(61), String((Date.parse(NOW) - Date.parse(at(61))) / 1000)],
      ['r4', at(120), '60'],
    ]);
  });

  test('"granted alone" lists access that no second person approved, with the reason, and none with an approver’s vote', () => {
    const voted = request('r4', [vote('user-cleo'), granted]);
    const own = request('r5', [vote('user-ana'), granted]);
    const broke = request('r6', [granted], { breakGlass: true });
    const rows = ask('granted-alone', [...gone, ...voted, ...own, ...broke]);
    expect(rows.map(({ request: id, why }) => [id, why])).toEqual([
      ['r1', 'no approval asked for'],
      ['r5', 'own vote'],
      ['r6', 'broke the glass'],
    ]);
  });

  test('"reports missing" lists a report once it is overdue, with the reason if it could not be sent', () => {
    const sent = request('r4', [granted, anEvent('ended', 62), anEvent('reported', 140)]);
    const unsent = request('r5', [
      granted,
      anEvent('ended', 62),
      anEvent('report-unsent', 140, { note: 'SES refused' }),
    ]);
    const late = request('r6', [granted, anEvent('ended', 23 * 60)]);
    const rows = ask('reports-missing', [...gone, ...sent, ...unsent, ...late]);
    expect(rows.map(({ request: id, why }) => [id, why])).toEqual([
      ['r1', ''],
      ['r5', 'SES refused'],
    ]);
  });

  test('"unreviewed" lists break-glass access without a review, also by the button on an alert, for which none is owed', () => {
    const broke = request('r4', [granted], { breakGlass: true });
    const reviewed = request('r5', [granted, anEvent('reviewed', 90)], { breakGlass: true });
    const form = request('r6', [granted], { origin: { kind: 'command' } });
    const rows = ask('unreviewed', [...gone, ...broke, ...reviewed, ...form]);
    expect(rows.map(({ request: id, by_policy }) => [id, by_policy])).toEqual([
      ['r1', 'button, no review owed'],
      ['r4', 'break-glass policy, review owed'],
    ]);
  });
});

describe('what an auditor asks of approvals', () => {
  const pending = { ...anEvent('pending'), approvers: ['user-cleo', 'user-dan'] };
  const asked = request('r1', [pending, vote('user-cleo', 5), granted]);

  test('who approved, by name', () => {
    const [row] = ask('who-approved', asked);
    expect(row).toMatchObject({ at: at(5), request: 'r1', approver: 'user-cleo', vote: 'approve' });
    expect(row?.approver_name).toBe('user-cleo@example.com');
  });

  test('who could have approved, and who of them did', () => {
    const rows = ask('could-have-approved', asked, { request: 'r1' });
    expect(rows.map(({ approver, asked: how, voted }) => [approver, how, voted])).toEqual([
      ['user-cleo', 'asked', 'approve'],
      ['user-dan', 'asked', ''],
    ]);
    expect(ask('could-have-approved', asked, { request: 'r2' })).toEqual([]);
  });
});

describe('what an auditor asks of policies', () => {
  const before = { id: 'policy#prod', effect: 'allow', maxDuration: '1h' };
  const after = { ...before, maxDuration: '8h' };
  const pushed = historyOf({
    ...{ id: 'audit#1', type: 'policy-pushed', at: at(9), by: 'cli:olga' },
    ...{ ids: ['policy#other', 'policy#prod'], hashes: ['', recordHash(after, sha256)] },
  });

  test('a change has as its author the command that wrote exactly this text; a change by hand has no known author', () => {
    const rows = ask('policy-history', [...changed(10, before, after), ...changed(12, after, before), ...pushed]);
    expect(rows.map(({ author, change, record }) => [author, record, change])).toEqual([
      ['cli:olga', 'policy#prod', 'maxDuration: "1h" -> "8h"'],
      ['unknown', 'policy#prod', 'maxDuration: "8h" -> "1h"'],
    ]);
    expect(rows[0]?.before).toContain('"maxDuration":"1h"');
    expect(ask('policy-history', changed(10, before, after), { policy: 'prod' })).toHaveLength(1);
    expect(ask('policy-history', changed(10, before, after), { policy: 'staging' })).toEqual([]);
  });

  test('a command that wrote the same text long before is not taken for the author', () => {
    expect(ask('policy-history', [...changed(60, before, after), ...pushed])[0]?.author).toBe('unknown');
  });

  test('an auditor can read what the policy said when access was given, whatever it says now', () => {
    const [row] = ask('policy-when-granted', request('r1', [{ ...anEvent('granting', 1), policy }, granted]));
    expect(row).toMatchObject({ request: 'r1', record: 'policy#prod', version: '7', hash: 'abc', text: policy.text });
  });

  test('"mappings" lists which Slack user is which principal since when, by records and by requests', () => {
    const record = { id: 'principal#U0ANA', ssoPrincipal: 'user-ana' };
    const rows = ask('mappings', [
      ...changed(10, undefined, record),
      ...changed(20, record, undefined),
      ...request('r1', []),
    ]);
    expect(rows.map(({ slack_user, principal, source }) => [slack_user, principal, source])).toEqual([
      ['U0ANA', 'user-ana', 'seen in a request'],
      ['U0ANA', 'user-ana', 'record'],
      ['U0ANA', '', 'record removed'],
    ]);
  });
});

test('the documentation lists exactly the questions that can be asked', () => {
  const [, text = ''] = readFileSync(resolve(import.meta.dirname, '../../../docs/audit.md'), 'utf8').split(
    '## Questions',
  );
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| (.+) \|$/gm)].map(([, id, asks]) => ({ id, asks }));
  expect(rows.slice(0, QUESTIONS.length)).toEqual(QUESTIONS.map(({ id, asks }) => ({ id, asks })));
});

describe('the same question in SQL', () => {
  const all: AnswerFilter = { request: "o'r1", user: 'ana', account: 'Production', policy: 'prod' };

  test.each(QUESTIONS.map((question) => [question.id, question] as const))(
    '%s has the columns of the answer',
    (_id, question) => {
      const sql = questionSql(question, '"db"."events"', "day >= '2026-01-01'");
      expect(sql).toContain(`SELECT ${question.columns.join(', ')}\nFROM (\n`);
      // The last SELECT gives each column, under its own name or by an alias.
      const [inner = ''] = question.sql.select.split(/\nFROM |\sFROM /);
      const names = splitColumns(inner.replace(/^SELECT /, '')).map((column) => /(\w+)"?$/.exec(column.trim())?.[1]);
      expect(names).toHaveLength(question.columns.length);
      expect(new Set(names)).toEqual(new Set(question.columns));
      expect(question.columns).toContain(question.orderedBy);
      const rows = ask(question.id, [
        ...request(
          'r1',
          [
            { ...anEvent('pending'), approvers: ['user-cleo'] },
            ...[vote('user-cleo'), { ...anEvent('granting', 1), policy }, granted, anEvent('ended', 62)],
          ],
          { breakGlass: true },
        ),
        ...request('r2', [granted]),
        ...changed(10, undefined, { id: 'policy#prod', effect: 'allow' }),
      ]);
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(new Set(Object.keys(row))).toEqual(new Set(question.columns));
    },
  );

  test('every filter is in the SQL, and a quote that somebody types in it is escaped', () => {
    for (const question of QUESTIONS) {
      const useless = meaningless(question, all);
      const filter = Object.fromEntries(Object.entries(all).filter(([name]) => !useless.includes(name)));
      const sql = questionSql(question, 'events', 'true', filter);
      for (const text of Object.values(filter)) expect(sql).toContain(`'${String(text).replace("'", "''")}'`);
      expect(sql.split("'").length % 2).toBe(1);
    }
  });

  test('only "who had what" can be asked about a day', () => {
    expect(QUESTIONS.filter((question) => meaningless(question, { day: '2026-01-05' }).length === 0)).toEqual([
      expect.objectContaining({ id: 'who-had-what' }),
    ]);
  });
});

/** Splits at commas, but not within brackets or quotes. */
function splitColumns(text: string): string[] {
  const columns = [''];
  let depth = 0;
  for (const character of text.replace(/'[^']*'/g, "''")) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) columns.push('');
    else columns[columns.length - 1] += character;
  }
  return columns;
}
