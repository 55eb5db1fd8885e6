import { aCall, aChainedRole } from '../records.ts';
import { reportOf } from '../stored-reports.ts';

describe('sessions that were cut', () => {
  const role = (name: string, change = {}) =>
    aChainedRole(`arn:aws:iam::123456789012:role/${name}`, `ASIA${name}`, change);
  const cut = { sessionsCutAt: '2026-01-05T10:00:31.000Z' };
  const said = (records: readonly unknown[], change = {}) => reportOf(records, { change }).coverage.gaps.join('\n');

  test('do not include sessions as other roles: each role is named with its latest end', () => {
    // CloudTrail gives the newest first, and does not say of every session when it runs out.
    const records = [
      role('Deploy', { eventTime: '2026-01-05T09:50:00Z', responseElements: null }),
      role('Deploy', { eventTime: '2026-01-05T09:05:00Z', responseElements: null }),
      role('Audit', { eventTime: '2026-01-05T09:10:00Z' }),
    ];
    expect(said(records, cut)).toContain(
      "Sessions as other roles are not cut with the person's own: arn:aws:iam::123456789012:role/Deploy until 2026-01-05 10:50:00 UTC at the latest and arn:aws:iam::123456789012:role/Audit until 2026-01-05 10:30:00 UTC at the latest.",
    );
    expect(said([], cut)).not.toContain('other roles');
    // Without a cut, such sessions are reported as before.
    expect(said(records)).not.toContain('are not cut with');
  });

  test('do not include a created access key, which is named before all roles; roles beyond five are counted', () => {
    const key = aCall('iam:CreateAccessKey', {
      responseElements: { accessKey: { userName: 'backdoor', accessKeyId: 'AKIA1' } },
    });
    const text = said([...Array.from({ length: 6 }, (_, n) => role(`Deploy${n}`)), key], cut);
    expect(text).toContain("person's own: arn:aws:iam::123456789012:user/backdoor by a key that has no end, ");
    expect(text).toContain('2 more roles, no longer than these');
  });
});
