import { createHash } from 'node:crypto';
import { resendReport } from '../../../../core/activity/report/editions/resend-report.ts';
import { noteUnsent } from '../../../../core/activity/report/editions/send-report.ts';
import { named } from '../fakes.ts';
import { AT_LAST, ID, inRegion, world } from './edition-world.ts';

/** An access in which one key was made among so many looks. */
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
  test('is in the archive before the mail that names it, every call of a flood, what matters most first', async () => {
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

  test('is written once, however often its mail is tried, and each edition has its own', async () => {
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

  test('that cannot be archived holds up no mail, which says so, and is archived when the mail is sent again', async () => {
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

  test('of an access in which nothing was done is nowhere', async () => {
    const all = world();
    all.at(AT_LAST);
    await all.run();
    expect(all.services.archive.files.size).toBe(0);
    expect(all.mails[0]?.text).not.toContain('EVERY CALL');
  });
});
