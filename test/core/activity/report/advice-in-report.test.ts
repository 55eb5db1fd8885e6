import { resendReport } from '../../../../core/activity/report/resend-report.ts';
import { ID, inRegion, reported, world } from './edition-world.ts';

describe('the advice which permission set would have been enough', () => {
  test('goes by what was used, rights that give rights and roles that were passed among them', async () => {
    const { services, mails } = await reported();
    expect(services.adviser.asked).toEqual([['s3:DeleteBucket'], ['s3:DeleteBucket']]);
    for (const { text, html } of mails)
      for (const rendered of [text, html]) expect(rendered).toContain('ReadOnlyAccess would have covered it.');
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
    expect(all.services.adviser.asked).toEqual([['iam:CreateUser', 'iam:PassRole', 'lambda:CreateFunction']]);
  });

  test('is kept as it was mailed, and found out once', async () => {
    const { services } = await reported();
    const { asked } = services.adviser;
    expect((await services.reports.get(ID))?.advice).toEqual(['ReadOnlyAccess would have covered it.']);
    await resendReport({ requestId: ID, askId: 'a', by: 'cli:olga' }, services);
    expect([asked.length, services.mail.sent.length]).toEqual([2, 3]);
    expect(services.mail.sent[2]?.text).toContain('ReadOnlyAccess would have covered it.');
  });
});
