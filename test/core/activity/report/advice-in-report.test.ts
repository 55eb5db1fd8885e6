import { LIMITS } from '../../../../core/activity/classify/aggregate/digest.ts';
import { resendReport } from '../../../../core/activity/report/editions/resend-report.ts';
import { sendReport } from '../../../../core/activity/report/editions/send-report.ts';
import { startReport } from '../../../../core/activity/report/editions/start-report.ts';
import { AT_LAST, ID, inRegion, reported, world } from './edition-world.ts';

describe('the advice which permission set would have been enough', () => {
  test('is based on the actions that were used, also those that give rights, and on the roles that were passed', async () => {
    const { services, mails } = await reported();
    expect(services.adviser.asked).toEqual([['s3:DeleteBucket']]);
    for (const { text, html } of mails.slice(1))
      for (const rendered of [text, html])
        expect(rendered).toContain('ReadOnlyAccess would have covered the calls listed here.');
    const all = world();
    all.trail.push(
      inRegion({ eventSource: 'iam.amazonaws.com', eventName: 'CreateUser', readOnly: false }),
      inRegion({
        eventSource: 'lambda.amazonaws.com',
        eventName: 'CreateFunction20150331',
        readOnly: false,
        requestParameters: { role: 'arn:aws:iam::123456789012:role/Worker' },
      }),
    );
    await all.run();
    all.at(AT_LAST);
    await all.run();
    expect(all.services.adviser.asked).toEqual([['iam:CreateUser', 'iam:PassRole', 'lambda:CreateFunction']]);
  });

  test('is stored as it was mailed, and is worked out once', async () => {
    const { services } = await reported();
    const { asked } = services.adviser;
    expect((await services.reports.get(ID))?.advice).toEqual([
      'ReadOnlyAccess would have covered the calls listed here.',
    ]);
    await resendReport({ requestId: ID, askId: 'a', by: 'cli:olga' }, services);
    expect([asked.length, services.mail.sent.length]).toEqual([1, 3]);
    expect(services.mail.sent[2]?.text).toContain('ReadOnlyAccess would have covered the calls listed here.');
  });

  const NOT_SAID =
    'Which permission set would have been enough is not said: not every call that was made is in this edition.';
  const deleted = inRegion({ eventSource: 's3.amazonaws.com', eventName: 'DeleteBucket', readOnly: false });

  test('names no permission set in a first edition, because calls may still be delivered', async () => {
    const { mails } = await reported();
    expect(mails[0]?.text).toContain(NOT_SAID);
    expect(mails[0]?.text).not.toContain('would have covered');
    expect(mails[1]?.text).not.toContain(NOT_SAID);
  });

  test('names no permission set if the person made so many calls that some are not listed', async () => {
    const all = world();
    const reads = LIMITS.rows.read + 1;
    for (let n = 0; n < reads; n += 1)
      all.trail.push(
        inRegion({
          eventSource: 'ec2.amazonaws.com',
          eventName: `DescribeThing${n}`,
          readOnly: true,
          eventID: `id-${n}`,
        }),
      );
    all.at(AT_LAST);
    await all.run();
    expect(all.services.adviser.asked).toEqual([]);
    expect(all.mails[0]?.text).toContain(NOT_SAID);
  });

  test('names no permission set if reading was given up', async () => {
    const all = world();
    all.trail.push(deleted);
    all.at(AT_LAST);
    await startReport(ID, all.services);
    await all.read('final');
    await sendReport(ID, 'ThrottlingException', all.services, 'final');
    expect(all.services.adviser.asked).toEqual([]);
    expect(all.mails[0]?.text).toContain(NOT_SAID);
  });
});
