import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ReportLooks } from '../../core/activity/ports.ts';
import { MalformedItemError } from '../../core/model/errors.ts';
import { reportLookId } from '../../core/model/stored-ids.ts';
import { createReportLooks } from '../../gateways/dynamodb/reports/report-looks.ts';
import { NOON } from '../core/access/requests.ts';
import { fakeLooks } from '../core/activity/fakes.ts';
import { all, emulateAws, REQUEST_TABLE } from './emulated.ts';

const TOMORROW = '2026-01-06T12:00:00.000Z';

describe.each<[string, () => ReportLooks]>([
  ['in memory', () => fakeLooks()],
  ['in DynamoDB', () => createReportLooks({ client: emulateAws().dynamo, tableName: REQUEST_TABLE })],
])('later looks at reports, %s', (_where, create) => {
  it('are due when their time has come, and not before', async () => {
    const looks = create();
    await looks.begin('r1', NOON);
    await looks.begin('r2', TOMORROW);
    await looks.begin('r3', undefined);
    expect(await all(looks.due(NOON))).toEqual(['r1']);
    expect(new Set(await all(looks.due('2026-02-01T00:00:00.000Z')))).toEqual(new Set(['r1', 'r2']));
    expect(await looks.get('r2')).toEqual({ looks: 0, out: 'final', at: TOMORROW });
  });

  it('keep their first time: a final edition that is sent again does not put the look off', async () => {
    const looks = create();
    await looks.begin('r1', NOON);
    await looks.begin('r1', TOMORROW);
    expect((await looks.get('r1'))?.at).toBe(NOON);
  });

  it('note each look once, and are no longer due when there is no next one', async () => {
    const looks = create();
    await looks.begin('r1', NOON);
    expect(await looks.move('r1', 0, { looks: 1, out: 'final', at: TOMORROW })).toBe(true);
    expect(await looks.move('r1', 0, { looks: 1, out: 'addendum-1' })).toBe(false);
    expect(await looks.move('r1', 1, { looks: 2, out: 'addendum-2' })).toBe(true);
    expect(await looks.get('r1')).toEqual({ looks: 2, out: 'addendum-2' });
    expect(await all(looks.due('2026-02-01T00:00:00.000Z'))).toEqual([]);
  });

  it('do not exist for a report that has not been sent', async () => {
    const looks = create();
    expect(await looks.get('r9')).toBeUndefined();
    expect(await looks.move('r9', 0, { looks: 1, out: 'final' })).toBe(false);
  });
});

test('a look in DynamoDB that names no valid edition is refused, not taken for the final one', async () => {
  const { dynamo } = emulateAws();
  const looks = createReportLooks({ client: dynamo, tableName: REQUEST_TABLE });
  const Item = { id: reportLookId('r1'), requestId: 'r1', looks: 1, out: 'adendum-1' };
  await dynamo.send(new PutCommand({ TableName: REQUEST_TABLE, Item }));
  await expect(looks.get('r1')).rejects.toThrow(MalformedItemError);
});
