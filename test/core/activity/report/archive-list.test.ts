import { createHash } from 'node:crypto';
import { resendReport } from '../../../../core/activity/report/editions/resend-report.ts';
import { noteUnsent } from '../../../../core/activity/report/editions/send-report.ts';
import { renderHtml } from '../../../../core/activity/report/render/render-html.ts';
import { renderText } from '../../../../core/activity/report/render/render-text.ts';
import { buildReport } from '../../../../core/activity/report/report.ts';
import { summaryOf } from '../../../../core/activity/report/summary.ts';
import { named } from '../fakes.ts';
import { aRecord, endedRequest } from '../records.ts';
import { storedReport } from '../stored-reports.ts';
import { AT_FIRST, AT_LAST, ID, inRegion, world } from './edition-world.ts';

/** An access in which one access key was created among `count` reads. */
function looks(count: number) {
  const all = world();
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  Object.assign(all.services, { sha256 });
  all.trail.push(
    ...Array.from({ length: count }, (_, nth) =>
      inRegion({
        eventID: `look-${nth}`,
        eventName: 'DescribeInstances',
        readOnly: true,
        eventTime: `${new Date(Date.parse('2026-01-05T09:59:59Z') - nth * 300).toISOString().slice(0, 19)}Z`,
        requestParameters: { instanceName: 'x'.repeat(90) },
      }),
    ),
    inRegion({ eventSource: 'iam.amazonaws.com', eventName: 'CreateAccessKey', eventTime: '2026-01-05T09:02:00Z' }),
  );
  all.at(AT_LAST);
  return all;
}

describe('the whole list of calls', () => {
  test('is archived before the mail that links to it, with every call of a flood and flagged calls first', async () => {
    const all = looks(5_400);
    await all.run();
    const [csv = '', json = ''] = all.services.archive.files.values();
    const lines = csv.split('\r\n').slice(1, -1);
    expect(lines).toHaveLength(5_401);
    expect(lines[0]).toContain('"iam:CreateAccessKey"');
    const { calls } = JSON.parse(json) as { readonly calls: readonly { readonly action: string }[] };
    expect([calls.length, calls[0]?.action]).toEqual([5_401, 'iam:CreateAccessKey']);

    const [mail] = all.mails;
    for (const file of [csv, json]) {
      const hash = createHash('sha256').update(file).digest('hex');
      expect(mail?.text).toContain(`SHA-256 ${hash}`);
      expect(mail?.html).toContain(hash);
    }
    const [key = ''] = all.services.archive.files.keys();
    for (const text of [mail?.text, mail?.html, all.services.thread.replies[0]?.join('\n')])
      expect(text).toContain(`https://archive.example.com/${key}`);
    // The attached files are smaller, and say so.
    const attached = mail?.attachments?.[0]?.content.split('\r\n') ?? [];
    expect(attached.length).toBeLessThan(lines.length);
    expect(mail?.text).toMatch(/[\d,]+ calls had no room in the mail: the archived list/);
  });

  test('is archived once for an edition, however often its mail is tried', async () => {
    const all = looks(3);
    all.services.mail.fail = named('SendingPausedException');
    await expect(all.run()).rejects.toThrow('SendingPausedException');
    await noteUnsent(ID, 'SendingPausedException', undefined, all.services);
    expect(all.services.thread.replies[0]?.join('\n')).toContain('https://archive.example.com/reports/');
    all.services.mail.fail = undefined;
    await all.run();
    expect([...all.services.archive.files.keys()].map((key) => key.replace(/\w{64}/, 'sha'))).toEqual([
      'reports/request-1/final/sha.csv',
      'reports/request-1/final/sha.json',
    ]);
  });

  test('that cannot be archived does not hold up the mail, which says so, and is archived when the mail is sent again', async () => {
    const all = looks(3);
    all.services.archive.refuse = named('AccessDenied');
    await all.run();
    expect(all.mails[0]?.text).toContain('The list of calls could not be archived (AccessDenied)');
    expect(all.services.requests.current().events.at(-1)?.note).toContain('could not be archived (AccessDenied)');
    delete all.services.archive.refuse;
    await resendReport({ requestId: ID, askId: 'ask-1', by: 'op' }, all.services);
    expect(all.mails[1]?.text).toContain('https://archive.example.com/reports/request-1/final/');
    expect((await all.services.reports.get(ID))?.archived).toHaveLength(2);
  });

  test('that cannot be archived with a first edition is promised for the final one, as a first one is not sent again', async () => {
    const all = looks(3);
    all.at(AT_FIRST);
    all.services.archive.refuse = named('AccessDenied');
    expect(await all.run()).toBe('first');
    expect(all.mails[0]?.text).toContain('could not be archived (AccessDenied): the final edition, which is read at');
    expect(all.mails[0]?.text).not.toContain('--resend');
  });

  test('is offered by the command line alone if the mail has no room for it and the archive failed', async () => {
    const all = looks(5_400);
    all.services.archive.refuse = named('AccessDenied');
    await all.run();
    expect(all.mails[0]?.text).toMatch(/had no room in the mail: npx glasshammer report request-1 --csv has them/);
    expect(all.mails[0]?.text).not.toContain('the archived list');
  });

  test('that lacks calls is not called "every call" in the mail or in the thread', () => {
    const report = storedReport([aRecord(), aRecord({ eventID: 'e2' })]);
    const cut = { ...report, reading: { ...report.reading, listed: { counts: { write: 1 }, parts: 1 } } };
    const archived = [{ format: 'csv', key: 'k', sha256: 's', address: 'https://a.example.com/k' }] as const;
    const model = buildReport(endedRequest(), { ...cut, archived }, { sourceName: 'CloudTrail event history' });
    expect(renderText(model)).toContain('1 OF 2 CALLS\n');
    expect(renderText(model)).toContain(
      '1 of 2 calls are in the list, flagged ones first; the others are in the counts',
    );
    expect(renderHtml(model)).not.toContain('Every call');
    expect(summaryOf(model, []).join('\n')).toContain('1 of 2 calls: https://a.example.com/k');
  });

  test('is not archived if nothing was done', async () => {
    const all = world();
    all.at(AT_LAST);
    await all.run();
    expect(all.services.archive.files.size).toBe(0);
    expect(all.mails[0]?.text).not.toContain('EVERY CALL');
  });
});
