import { aggregatePage } from '../../../../../core/activity/classify/aggregate/aggregate.ts';
import { createMatcher } from '../../../../../core/activity/read/match.ts';
import { suggestPolicy } from '../../../../../core/activity/report/advice/least-privilege.ts';
import { ACCOUNT, aCall, aRecord } from '../../records.ts';
import { storedReport } from '../../stored-reports.ts';

const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const aFunction = (name: string, change = {}) =>
  aCall('lambda:CreateFunction20150331', { requestParameters: { functionName: 'f', role: role(name) }, ...change });
const aMachine = (iamInstanceProfile: unknown) =>
  aCall('ec2:RunInstances', { requestParameters: { instanceType: 't3.micro', iamInstanceProfile } });

function suggested(records: readonly unknown[]) {
  const { policy = '', used = [], limits = [] } = suggestPolicy(storedReport(records).digest) ?? {};
  const statements = JSON.parse(policy).Statement as readonly {
    readonly Action: unknown;
    readonly Resource: unknown;
  }[];
  return {
    passed: statements.find(({ Action }) => Action === 'iam:PassRole')?.Resource,
    used,
    limits: limits.join('\n'),
  };
}

describe('iam:PassRole in a smaller policy', () => {
  test('a role with a long path is passed by its whole ARN', () => {
    const long = `${'path/'.repeat(16)}${'x'.repeat(64)}`;
    expect(suggested([aFunction(long)]).passed).toEqual([role(long)]);
  });

  test.each([
    ['by name', { name: 'web' }],
    ['by ARN', { arn: `arn:aws:iam::${ACCOUNT}:instance-profile/web` }],
  ])(
    'an instance profile %s needs iam:PassRole for a role that no record names, and the limits say so',
    (_how, profile) => {
      const { passed, used, limits } = suggested([aMachine(profile)]);
      expect(passed).toBeUndefined();
      expect(used).toContain('iam:PassRole');
      expect(limits).toMatch(
        /iam:PassRole is needed as well for what CloudTrail does not name a role of: [\w:/-]*web\./,
      );
      expect(limits).not.toContain('No role was seen');
    },
  );

  test('if there are more roles than the policy has room for, the limits say so', () => {
    const { passed, limits } = suggested(Array.from({ length: 60 }, (_, nth) => aFunction(`r${nth}`)));
    expect(passed).toHaveLength(16);
    expect(limits).toContain(
      'iam:PassRole is there for 16 of the roles that were passed to services; there were more.',
    );
  });

  test('a role that was passed in a session as another role needs no right of the permission set', () => {
    const { digest, plan } = storedReport([aRecord()]);
    const as = role('deploy');
    aggregatePage(digest, [aFunction('admin', { role: 'deploy', session: 'd', onBehalfOf: null, key: 'ASIAX' })], {
      plan,
      match: createMatcher(plan),
      subject: { accountId: ACCOUNT, accessKeyId: 'ASIAX', as },
    });
    expect(digest.handed).toHaveLength(1);
    expect(suggestPolicy(digest)?.policy).not.toContain('PassRole');
    expect(suggestPolicy(digest)?.used).not.toContain('iam:PassRole');
  });

  test('the creation of an access key passes no role', () => {
    const key = { accessKey: { accessKeyId: 'AKIA1', userName: 'u' } };
    expect(suggested([aRecord(), aCall('iam:CreateAccessKey', { responseElements: key })]).used).not.toContain(
      'iam:PassRole',
    );
  });
});
