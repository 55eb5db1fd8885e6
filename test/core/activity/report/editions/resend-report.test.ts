import { resendReport } from '../../../../../core/activity/report/editions/resend-report.ts';
import { sendReport } from '../../../../../core/activity/report/editions/send-report.ts';
import type { AccessRequest } from '../../../../../core/model/request.ts';
import {
  fakeAdviser,
  fakeArchive,
  fakeHolds,
  fakeLooks,
  fakeMail,
  fakeReports,
  fakeRequests,
  fakeSource,
  fakeThread,
  named,
} from '../../fakes.ts';
import { aCall, endedRequest, PLAN_SETTINGS, READ_AT } from '../../records.ts';
import { storedReport } from '../../stored-reports.ts';

const ASKED = { requestId: 'request-1', askId: 'ask-1', by: 'cli:arn:aws:sts::1:assumed-role/Ops/olga' };

async function world(change: Partial<AccessRequest> = { state: 'reported' }) {
  const services = {
    requests: fakeRequests(endedRequest(change)),
    reports: fakeReports(),
    looks: fakeLooks(),
    holds: fakeHolds(),
    sha256: () => 'sha',
    source: fakeSource(() => new Error('nothing is read again')),
    mail: fakeMail(),
    thread: fakeThread(),
    archive: fakeArchive(),
    adviser: fakeAdviser(),
    settings: PLAN_SETTINGS,
    now: () => READ_AT,
  };
  await services.reports.create(storedReport([aCall('iam:CreateUser')]));
  return { services, resend: (askId = 'ask-1') => resendReport({ ...ASKED, askId }, services) };
}

describe('a report that is sent again', () => {
  test('is the stored report, and the audit says who had it sent', async () => {
    const { services, resend } = await world();
    expect(await resend()).toEqual({ sent: true, to: ['security@example.com'] });
    expect(services.mail.sent).toMatchObject([
      { subject: '[Glasshammer] Ana in Production as AdministratorAccess: 1 write, 1 to look at (sent again)' },
    ]);
    expect(services.mail.sent[0]?.text).toContain('iam:CreateUser');
    expect(services.requests.current()).toMatchObject({ state: 'reported' });
    expect(services.requests.current().events.at(-1)).toMatchObject({ type: 'report-resent', by: ASKED.by });
    // The thread has had the report before, and gets no second reply.
    expect(services.thread.replies).toEqual([]);
  });

  test('goes out once for one command, however often that is delivered, and again for another', async () => {
    const { services, resend } = await world();
    await resend();
    expect(await resend()).toEqual({ sent: true, to: [] });
    expect(services.mail.sent).toHaveLength(1);
    await resend('ask-2');
    expect(services.mail.sent).toHaveLength(2);
  });

  test('cannot fill the history of its request', async () => {
    const { services, resend } = await world();
    const outcomes = [];
    for (let n = 0; n < 20; n += 1) outcomes.push(await resend(`ask-${n}`));
    expect(outcomes.at(-1)).toEqual({ sent: false, why: 'too-often' });
    expect(services.mail.sent.length).toBeLessThan(10);
  });

  test('is audited before it goes out, so that one whose mail fails is audited as well', async () => {
    const { services, resend } = await world();
    services.mail.fail = named('SendingPausedException');
    await expect(resend()).rejects.toThrow('SendingPausedException');
    expect(services.requests.current().events.at(-1)?.type).toBe('report-resent');
  });

  test('is the last edition that was sent, compared with the one that was sent before it', async () => {
    const { services, resend } = await world();
    const kept = storedReport([aCall('iam:CreateUser')]);
    const later = storedReport([aCall('iam:CreateUser'), aCall('iam:DeleteRole')]);
    const last = storedReport([aCall('iam:CreateUser'), aCall('iam:DeleteRole'), aCall('ec2:DeleteVpc')]);
    await services.reports.create({ ...later, edition: 'addendum-1', sentAt: '2026-01-06T11:20:00Z' });
    await services.reports.create({ ...kept, edition: 'addendum-2' });
    await services.reports.create({ ...last, edition: 'addendum-3', sentAt: '2026-01-08T11:20:00Z' });
    services.looks.all.set('request-1', { looks: 3, out: 'addendum-3' });
    await resend();
    const [mail] = services.mail.sent;
    expect(mail?.subject).toMatch(/\(addendum\) \(sent again\)$/);
    expect(mail?.text).toContain('SINCE THE ADDENDUM OF 2026-01-06 11:20:00 UTC');
    expect(mail?.text).toContain('New: ec2:DeleteVpc.');
    services.looks.all.set('request-1', { looks: 1, out: 'addendum-1' });
    await resend('ask-2');
    expect(services.mail.sent[1]?.text).toContain('SINCE THE FINAL EDITION');
  });

  test('says what made reading stop, as it did the first time', async () => {
    const { services, resend } = await world({ state: 'ended' });
    await sendReport('request-1', 'States.Timeout', services);
    await resend();
    const [first, again] = services.mail.sent;
    expect(first?.text).toContain('States.Timeout');
    expect(again?.text).toContain('States.Timeout');
  });

  test('is refused if it has never been sent', async () => {
    const { services, resend } = await world({ state: 'ended' });
    expect(await resend()).toEqual({ sent: false, why: 'not-reported' });
    expect(services.mail.sent).toEqual([]);
  });
});
