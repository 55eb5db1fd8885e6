import { emptyDigest } from '../../../../core/activity/classify/aggregate/digest.ts';
import { sessionTree, timeLine } from '../../../../core/activity/report/story.ts';
import { listed } from './listed.ts';

test('the time line counts the calls it has no room for, and a burst of lesser calls hides no grave one that comes later', () => {
  const burst = Array.from({ length: 1_200 }, (_, at) =>
    listed({ id: `b${at}`, at: '2026-01-05T09:10:00Z', action: 'iam:CreateUser', flag: 'identity-persistence' }),
  );
  const last = listed({ at: '2026-01-05T09:59:00Z', action: 'cloudtrail:StopLogging', flag: 'trail-tampering' });
  const moments = timeLine([...burst, last], 'see the attached list');
  expect(moments.slice(-2)).toEqual([
    { at: '2026-01-05 09:59:00 UTC', what: 'cloudtrail:StopLogging', detail: 'instanceId i-1' },
    { at: '', what: 'and 1,161 more', detail: 'see the attached list' },
  ]);
});

test('the time line has what may be harm and the sign-ins, in the order they happened', () => {
  const moments = timeLine(
    [
      listed({ at: '2026-01-05T09:40:00Z', action: 'iam:CreateUser', flag: 'identity-persistence', as: 'role/deploy' }),
      listed({ at: '2026-01-05T09:35:00Z' }),
      listed({ at: '2026-01-05T09:01:00Z', action: 'sts:AssumeRoleWithSAML', kind: 'sign-in', what: '' }),
    ],
    '',
  );
  expect(moments.map(({ what, detail }) => `${what} ${detail}`)).toEqual([
    'sts:AssumeRoleWithSAML ',
    'iam:CreateUser instanceId i-1 · as role/deploy',
  ]);
});

test('a session stands below the one it was begun from', () => {
  const session = { at: '2026-01-05T09:30:00Z', accountId: '1', accessKeyId: 'ASIA1' };
  const digest = emptyDigest();
  digest.hops.push(
    { ...session, role: 'two', from: 'one' },
    { ...session, role: 'one' },
    { ...session, role: 'user', accessKeyId: '', lasts: true },
    { ...session, role: 'lost', from: 'unknown' },
  );
  const tree = sessionTree(digest, 'Admin');
  expect(tree.find(({ name }) => name === 'user')?.detail).toContain('a key that CloudTrail does not name');
  expect(tree.map(({ depth, name }) => `${depth} ${name}`)).toEqual(['0 Admin', '1 one', '2 two', '1 user', '1 lost']);
});
