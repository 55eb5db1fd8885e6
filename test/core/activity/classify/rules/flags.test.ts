import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aggregatePage } from '../../../../../core/activity/classify/aggregate/aggregate.ts';
import { emptyDigest } from '../../../../../core/activity/classify/aggregate/digest.ts';
import { parseCall } from '../../../../../core/activity/classify/call.ts';
import { DISCOVERY_ACTIONS, MANY_KINDS } from '../../../../../core/activity/classify/rules/discovery.ts';
import { FLAG_RULES } from '../../../../../core/activity/classify/rules/flag-actions.ts';
import { FLAG_IDS } from '../../../../../core/activity/classify/rules/flag-ids.ts';
import { FLAGS, flagsOfCall } from '../../../../../core/activity/classify/rules/flags.ts';
import { createMatcher } from '../../../../../core/activity/read/match.ts';
import { raisedFlags } from '../../../../../core/activity/report/raised-flags.ts';
import { ACCOUNT, aCall, aChainedRole, aPlan, aRecord, type RecordChange } from '../../records.ts';
import { BENIGN_RECORDS } from '../benign-samples.ts';

function flagsOf(action: string, change: RecordChange = {}): readonly string[] {
  const call = parseCall(aCall(action, change));
  return call === undefined ? ['not a call'] : flagsOfCall(call);
}

function raised(records: readonly unknown[], complete = true) {
  const plan = aPlan();
  const digest = emptyDigest();
  aggregatePage(digest, records, { plan, match: createMatcher(plan), subject: { accountId: ACCOUNT, as: '' } });
  return raisedFlags(digest, complete);
}

describe('the flag a call raises', () => {
  test.each([
    ['cloudtrail:StopLogging', 'trail-tampering'],
    ['cloudtrail:DeleteTrail', 'trail-tampering'],
    ['ec2:DeleteFlowLogs', 'trail-tampering'],
    ['monitoring:DeleteAlarms', 'trail-tampering'],
    ['iam:CreateAccessKey', 'identity-persistence'],
    ['iam:UpdateAssumeRolePolicy', 'identity-persistence'],
    ['iam:DeleteRolePermissionsBoundary', 'identity-persistence'],
    ['s3:PutBucketPolicy', 'exposure'],
    ['lambda:AddPermission20150331v2', 'exposure'],
    ['s3:DeletePublicAccessBlock', 'exposure'],
    ['rds:DeleteDBInstance', 'destruction'],
    ['ec2:TerminateInstances', 'destruction'],
    ['kms:ScheduleKeyDeletion', 'destruction'],
    ['sqs:PurgeQueue', 'destruction'],
    ['newservice:DeleteEverything', 'destruction'],
    ['secretsmanager:GetSecretValue', 'secrets'],
    ['kms:Decrypt', 'secrets'],
    ['sts:AssumeRole', 'role-hop'],
    ['signin:SwitchRole', 'role-hop'],
  ])('%s: %s', (action, flag) => {
    expect(flagsOf(action)).toEqual([flag]);
  });

  test.each([
    'ec2:DescribeInstances',
    'ec2:StopInstances',
    'ec2:DeleteTags',
    's3:DeleteBucketTagging',
    'iam:UndeleteThing',
  ])('%s: none', (action) => {
    expect(flagsOf(action)).toEqual([]);
  });

  test('a parameter is a secret only when it is read decrypted', () => {
    expect(flagsOf('ssm:GetParameter', { requestParameters: { name: '/db', withDecryption: true } })).toEqual([
      'secrets',
    ]);
    expect(flagsOf('ssm:GetParameter', { requestParameters: { name: '/db', withDecryption: false } })).toEqual([]);
  });

  test('no action is in two rules, so that none is counted twice', () => {
    const all = FLAG_RULES.flatMap(({ actions }) => actions);
    expect(all.filter((action, at) => all.indexOf(action) !== at)).toEqual([]);
  });
});

describe('the flags a report shows', () => {
  test('the most serious flag stands first, in whatever order the calls came', () => {
    const flags = raised([
      aCall('kms:Decrypt', { readOnly: true, eventTime: '2026-01-05T09:02:00Z' }),
      aCall('rds:DeleteDBInstance', { eventTime: '2026-01-05T09:03:00Z' }),
      aCall('cloudtrail:StopLogging', { eventTime: '2026-01-05T09:50:00Z' }),
    ]);
    expect(flags.map(({ id }) => id)).toEqual(['trail-tampering', 'destruction', 'secrets']);
    expect(FLAG_IDS[0]).toBe('trail-tampering');
  });

  test('an attempt that AWS refused is shown, and called an attempt', () => {
    const [flag] = raised([
      aCall('cloudtrail:StopLogging', { errorCode: 'AccessDenied' }),
      aCall('cloudtrail:StopLogging', { errorCode: 'AccessDenied' }),
    ]);
    expect(flag?.found).toBe('2 calls, none of which succeeded: cloudtrail:StopLogging ×2 (2026-01-05 09:30:00 UTC)');
  });

  test('a secret that AWS did not hand out is not called known to the person', () => {
    const refused = aCall('secretsmanager:GetSecretValue', { readOnly: true, errorCode: 'AccessDenied' });
    expect(raised([refused])[0]?.sentence).toBe(
      'It was tried to read secrets, passwords or decrypted data. Nothing was read.',
    );
    const read = aCall('secretsmanager:GetSecretValue', { readOnly: true });
    expect(raised([refused, read])[0]?.sentence).toContain('should be thought of as known');
  });

  test.each(FLAG_IDS.filter((id) => !['looking-around', 'new-address', 'nothing-done'].includes(id)))(
    '%s: nothing is said to have been done where everything was refused',
    (id) => {
      const action = id === 'after-end' ? 'ec2:StartInstances' : FLAG_RULES.find(({ flag }) => flag === id)?.actions[0];
      const flags = raised([
        aCall(action ?? '', { errorCode: 'AccessDenied', eventTime: '2026-01-05T10:30:00Z', requestParameters: null }),
      ]);
      expect(flags.find((flag) => flag.id === id)?.sentence).toMatch(/tried/);
    },
  );

  test('many different calls that list users and resources raise looking-around; one call made often does not', () => {
    const asked = [...DISCOVERY_ACTIONS].slice(0, MANY_KINDS).map((action) => aCall(action, { readOnly: true }));
    expect(raised(asked).map(({ id }) => id)).toContain('looking-around');
    const often = Array.from({ length: 40 }, () => aCall('iam:ListUsers', { readOnly: true }));
    expect(raised(often).map(({ id }) => id)).not.toContain('looking-around');
  });

  test('calls after the access was over are shown with when and what', () => {
    const [flag] = raised([
      aRecord({ eventTime: '2026-01-05T10:30:00Z' }),
      aRecord({ eventTime: '2026-01-05T10:00:00Z' }),
    ]);
    expect(flag).toMatchObject({
      id: 'after-end',
      found: '1 call: ec2:StopInstances (2026-01-05 10:30:00 UTC)',
      resources: ['instanceId i-0abc'],
    });
  });

  test('a second IP address is shown with when it came; the host name of an AWS service is no address', () => {
    const flags = raised([
      aRecord({ eventTime: '2026-01-05T09:40:00Z', sourceIPAddress: '198.51.100.2' }),
      aRecord({ eventTime: '2026-01-05T09:10:00Z' }),
      aRecord({ sourceIPAddress: 'cloudformation.amazonaws.com' }),
    ]);
    expect(flags.map(({ id, found }) => [id, found])).toEqual([
      ['new-address', 'First 203.0.113.7 (1 call), then 198.51.100.2 from 2026-01-05 09:40:00 UTC (1 call).'],
    ]);
  });

  test('one address raises nothing', () => {
    expect(raised([aRecord(), aRecord()])).toEqual([]);
  });

  test('role chaining is flagged with the name of the role', () => {
    expect(raised([aChainedRole('arn:aws:iam::123456789012:role/Deploy', 'ASIAHOP')])).toMatchObject([
      { id: 'role-hop', resources: ['arn:aws:iam::123456789012:role/Deploy'] },
    ]);
  });

  test.each([
    ['kms:Decrypt by the person is flagged as a secret', aCall('kms:Decrypt', { readOnly: true }), ['secrets']],
    [
      'kms:Decrypt by a service on the person’s behalf is not flagged',
      aCall('kms:Decrypt', { readOnly: true, sourceIPAddress: 's3.amazonaws.com' }),
      [],
    ],
    [
      'bucket logging turned off is flagged as tampering',
      aCall('s3:PutBucketLogging', { requestParameters: { bucketName: 'b', BucketLoggingStatus: {} } }),
      ['trail-tampering'],
    ],
    [
      'bucket logging turned on is not flagged',
      aCall('s3:PutBucketLogging', {
        requestParameters: { bucketName: 'b', BucketLoggingStatus: { LoggingEnabled: { TargetBucket: 'logs' } } },
      }),
      [],
    ],
    ['a new IP list for GuardDuty is flagged as tampering', aCall('guardduty:CreateIPSet'), ['trail-tampering']],
    ['an exported machine image is flagged as data taken out', aCall('ec2:ExportImage'), ['data-out']],
    [
      'federated credentials are flagged, because they outlive the access',
      aCall('sts:GetFederationToken'),
      ['identity-persistence'],
    ],
  ])('%s', (_what, record, expected) => {
    expect(raised([record]).map(({ id }) => id)).toEqual(expected);
  });

  test('a report says that nothing was done if everything was read, and never if something was missed', () => {
    expect(raised([], true)).toMatchObject([{ id: 'nothing-done', found: 'The person did not sign in.' }]);
    expect(raised([], false)).toEqual([]);
    expect(raised([aCall('signin:ConsoleLogin')], true)).toEqual([]);
  });
});

test('less than a tenth of ordinary work is flagged, so that reviewers do not learn to ignore flags', () => {
  const flagged = BENIGN_RECORDS.filter((record) => {
    const call = parseCall(record);
    return call === undefined || flagsOfCall(call).some((flag) => FLAGS[flag].level === 'look');
  });
  expect(BENIGN_RECORDS.length).toBeGreaterThan(100);
  expect(flagged.length / BENIGN_RECORDS.length).toBeLessThan(0.1);
  expect(flagged.map(({ eventName }) => eventName)).toEqual(['CreateDBSnapshot', 'CreateSnapshot', 'CreateTrail']);
});

test('a reviewer finds every flag and every call that raises it in docs/report.md', () => {
  const handbook = readFileSync(join(process.cwd(), 'docs/report.md'), 'utf8');
  const named = [...FLAG_IDS, ...FLAG_RULES.flatMap(({ id, actions }) => [id, ...actions]), ...DISCOVERY_ACTIONS];
  expect(named.filter((name) => !handbook.includes(`\`${name}\``))).toEqual([]);
  for (const { why, benign } of FLAG_RULES) {
    expect(handbook).toContain(why);
    expect(handbook).toContain(benign);
  }
});
