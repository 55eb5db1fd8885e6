import type { StoredReport } from '../../../../core/activity/ports.ts';
import { cardLinesOf, subjectOf, summaryOf } from '../../../../core/activity/report/summary.ts';
import type { AccessEvent } from '../../../../core/model/request.ts';
import { aCall, aChainedRole, aRecord } from '../records.ts';
import { reportOf } from '../stored-reports.ts';

const read = (change = {}) => aCall('ec2:DescribeInstances', { readOnly: true, ...change });
const refused = () => aCall('iam:CreateUser', { errorCode: 'AccessDenied' });

/** One Region could not be read. */
function oneRegionMissed({ reading }: StoredReport): void {
  const cursor = reading.lanes.at(-1);
  if (cursor !== undefined) cursor.stopped = 'CloudTrail refused the look-up (AccessDenied).';
}

function nothingRead({ reading }: StoredReport): void {
  for (const cursor of reading.lanes) {
    cursor.done = 0;
    cursor.stopped = 'The role could not be assumed (AccessDenied).';
  }
}

describe('the head of a report', () => {
  test.each([
    [
      [aRecord(), aRecord(), aRecord(), refused(), read()],
      '3 writes, 1 refused, 1 read',
      '3 writes, 1 refused, 1 to look at',
    ],
    [[aRecord()], '1 write', '1 write'],
    [[read(), read()], 'no writes, 2 reads', 'no writes, 2 reads'],
    [[aRecord({ errorCode: 'IncorrectState' })], 'no writes, 1 failed', 'no writes, 1 failed'],
    [[], 'nothing was done', 'nothing was done'],
  ])('%#: the subject says at a glance what was done', (records, headline, subject) => {
    const model = reportOf(records);
    expect(model.headline).toBe(headline);
    expect(subjectOf(model)).toBe(`[Glasshammer] Ana in Production as AdministratorAccess: ${subject}`);
  });

  test('a person who signed in is never said to have done nothing', () => {
    const model = reportOf([aCall('signin:ConsoleLogin')]);
    expect(model.headline).toBe('signed in, no calls found');
    expect(subjectOf(model)).toContain(': signed in, no calls found');
    expect(model.verdict).toBe('The person signed in, and no call with this access was found.');
    expect(model.flags).toEqual([]);
  });

  test('an access in which nothing was done is reported in these words, and one with a sign-in lists the empty sections', () => {
    expect(reportOf([]).verdict).toBe('Nothing was done with this access.');
    const model = reportOf([aCall('signin:ConsoleLogin')]);
    expect(model.sections.map(({ title, count }) => [title, count])).toEqual([
      ['Writes', 0],
      ['Refused calls', 0],
      ['Reads', 0],
      ['Sign-ins', 1],
    ]);
  });

  test('writes come first, then refused calls, then failed ones, then reads', () => {
    const model = reportOf([read(), aRecord({ errorCode: 'X' }), refused(), aRecord()]);
    expect(model.sections.map(({ kind }) => kind)).toEqual(['write', 'refused', 'failed', 'read']);
  });

  test('person, account and permission set stand there by name and by id', () => {
    const facts = JSON.stringify(reportOf([]).facts);
    for (const one of [
      'Ana',
      'user-ana',
      'ana@example.com',
      'U0ANA',
      'Production',
      '123456789012',
      'AdministratorAccess',
      'ps-admin',
    ])
      expect(facts).toContain(one);
  });

  test('reason, ticket, path, approver with their words, and both ends stand there', () => {
    const facts = Object.fromEntries(reportOf([]).facts.map(({ label, value }) => [label, value]));
    expect(facts).toMatchObject({
      Why: 'Checkout is failing since the deployment',
      Ticket: 'INC-42',
      When: '2026-01-05 09:00:00 to 10:00:09 UTC',
      'Allowed by': 'developers-production',
      'Approved by': 'user-cleo (Slack user U0CLEO), 2026-01-05 08:59:00 UTC: “go ahead”',
    });
  });

  test('an approver without a Slack user is named without one', () => {
    const votes = [{ principalId: 'user-cleo', slackId: '', vote: 'approve', at: '2026-01-05T08:59:00Z' } as const];
    expect(JSON.stringify(reportOf([], { change: { votes } }).facts)).toContain('"user-cleo, 2026-01-05 08:59:00 UTC"');
  });

  test.each<[Partial<AccessEvent>, string]>([
    [
      { by: 'user-ana', byName: 'ana', note: 'done early' },
      'ended early by ana at 2026-01-05 09:20:00 UTC (done early)',
    ],
    [{ by: 'cli:arn', note: 'ended by an operator: wrong account' }, 'by cli:arn at 2026-01-05 09:20:00 UTC (ended by'],
    [{ note: 'the policy is gone' }, 'ended early at 2026-01-05 09:20:00 UTC (the policy is gone)'],
    [
      { type: 'removed-by-others', by: 'arn:admin', note: 'by olga' },
      'removed outside of Glasshammer by arn:admin at 2026-01-05 09:20:00 UTC (by olga)',
    ],
  ])('it says who ended access before its time, and why: %o', (end, words) => {
    const ending = { type: 'ending', state: 'ending', by: 'glasshammer', at: '2026-01-05T09:20:00Z', ...end } as const;
    expect(JSON.stringify(reportOf([], { change: { events: [ending] } }).facts)).toContain(words);
  });

  test('an end at its time is no early end, and break glass is called that', () => {
    const at = '2026-01-05T10:00:05Z';
    const events = [{ type: 'ending', state: 'ending', at, by: 'glasshammer', note: 'time is up' } as const];
    const facts = JSON.stringify(reportOf([], { change: { events, breakGlass: true, votes: [] } }).facts);
    expect(facts).not.toContain('time is up');
    expect(facts).toContain('Nobody: break glass.');
  });
});

describe('what a report says it did not see', () => {
  test('a Region that could not be read is named with the reason, and the numbers are called incomplete', () => {
    const model = reportOf([aRecord()], { edit: oneRegionMissed });
    expect(model.coverage.status).toBe('partly');
    expect(model.coverage.gaps).toEqual([
      'Not seen, or not all of it: us-east-1. CloudTrail refused the look-up (AccessDenied).',
    ]);
    expect(model.headline).toBe('1 write (incomplete)');
    expect(model.verdict).toBe('At least 1 call with this access. Not everything could be read.');
  });

  test('with a Region missing, a report without calls does not say that nothing was done', () => {
    const model = reportOf([], { edit: oneRegionMissed });
    expect(model.headline).toBe('no calls found in 1 of 2 Regions');
    expect(subjectOf(model)).toContain(': no calls found in 1 of 2 Regions');
    expect(model.verdict).toContain('not proof that nothing was done');
    expect(model.flags).toEqual([]);
  });

  test('with an unreadable record, a report without calls does not say that nothing was done', () => {
    const model = reportOf(['{']);
    expect(model.coverage.gaps).toEqual(['1 record could not be understood and may be anything.']);
    expect(model.headline).toBe('no calls found, but not everything was seen');
  });

  test('a report that could read nothing shows no number at all', () => {
    const model = reportOf([], { edit: nothingRead });
    expect(model.coverage.status).toBe('unreadable');
    expect(model.counts).toBeUndefined();
    expect(model.sections).toEqual([]);
    expect(model.coverage.gaps[0]).toBe(
      'Not seen, or not all of it: eu-west-1 and us-east-1. The role could not be assumed (AccessDenied).',
    );
    expect(subjectOf(model)).toBe('[Glasshammer] Ana in Production as AdministratorAccess: activity could not be read');
  });

  test('reading that was given up keeps what was read, and says where it stopped', () => {
    const model = reportOf([aRecord()], {
      stopped: 'ThrottlingException',
      edit: ({ reading }) => {
        for (const cursor of reading.lanes.slice(1)) cursor.done = 0;
      },
    });
    expect(model.coverage).toMatchObject({
      status: 'partly',
      gaps: [
        'Reading the activity was given up after repeated errors (ThrottlingException).',
        'Not seen, or not all of it: us-east-1. Reading did not come to its end.',
      ],
    });
    expect(model.counts?.write).toBe(1);
  });

  test('a session as another role that was not followed is a gap with the name of the role', () => {
    const model = reportOf([aChainedRole('arn:aws:iam::555555555555:role/Elsewhere', 'ASIAHOP')], {
      edit: ({ reading }) => {
        reading.unfollowed = { count: 1, roles: ['arn:aws:iam::555555555555:role/Elsewhere'] };
      },
    });
    expect(model.coverage.gaps.join()).toContain(
      '1 session as another role could not be followed (arn:aws:iam::555555555555:role/Elsewhere)',
    );
  });

  test('what cannot be reconstructed is named with ids, times and reasons, so that an investigator can go on', () => {
    const sessions = [
      { role: 'role/Elsewhere', id: 'ASIAHOP', at: '2026-01-05T09:40:00Z', why: 'account' as const },
      { role: 'role/Console', id: '', at: '', why: 'unknown' as const },
    ];
    const model = reportOf(
      [aRecord(), { eventID: 'e-17', eventTime: '2026-01-05T09:31:00Z', awsRegion: 'eu-west-1' }],
      {
        edit: ({ reading }) => {
          reading.unfollowed = { count: 3, roles: ['role/Elsewhere', 'role/Console'], sessions };
          for (const cursor of reading.lanes.slice(1)) {
            cursor.stopped = 'Reading was given up.';
            cursor.edge = { at: '2026-01-05T09:45:00Z', ids: '' };
          }
        },
      },
    );
    const gaps = model.coverage.gaps.join('\n');
    expect(gaps).toContain(
      'Not followed: role/Elsewhere as ASIAHOP, begun 2026-01-05 09:40:00 UTC (in more accounts than are read); role/Console (CloudTrail says nothing to look it up by); ….',
    );
    expect(gaps).toContain(
      '1 record could not be understood and may be anything: e-17 2026-01-05T09:31:00Z eu-west-1.',
    );
    expect(gaps).toContain('us-east-1 (read back to 2026-01-05 09:45:00 UTC)');
  });

  test('what is missing is in the subject and thread if it is much, and in the mail alone if it is little', () => {
    const much = reportOf([aRecord(), ...Array.from({ length: 12 }, () => '{')], {
      edit: ({ reading }) => {
        reading.unfollowed = { count: 62, roles: ['role/decoy'] };
        for (const cursor of reading.lanes.slice(1)) cursor.stopped = 'Reading was given up.';
      },
    });
    const missing = '1 of 2 Regions not read, 62 sessions not followed, 12 records not understood';
    expect(subjectOf(much)).toContain(`1 write (incomplete), ${missing}`);
    expect(summaryOf(much, ['a@example.com'])[0]).toContain(
      'Not everything was seen: 1 of 2 Regions not read, 62 sessions not followed and 12 records not understood;',
    );
    const little = reportOf([aRecord(), '{'], {
      edit: ({ reading }) => {
        reading.unfollowed = { count: 1, roles: ['role/decoy'] };
      },
    });
    expect(subjectOf(little)).toMatch(/: 1 write$/);
  });

  test('calls too many to list are counted and said to be cut', () => {
    const model = reportOf(Array.from({ length: 200 }, (_, at) => aCall(`ec2:Stop${at}`)));
    expect(model.counts?.write).toBe(200);
    expect(model.coverage.gaps).toContain(
      '90 calls are in the counts, but there were too many different ones to list them all.',
    );
  });

  test('what the same person did before, after and in older sessions is stated and not counted', () => {
    const model = reportOf([
      aRecord({ eventTime: '2026-01-05T08:10:00Z' }),
      aRecord({ eventTime: '2026-01-05T11:10:00Z' }),
      aRecord({ began: '2026-01-05T08:10:00Z' }),
    ]);
    expect(model.headline).toBe('nothing was done');
    const limits = model.coverage.limits.join('\n');
    expect(limits).toContain('also used this role before the grant: 1 call, 2026-01-05 08:10:00 UTC');
    expect(limits).toContain('also used this role after the window: 1 call');
    expect(limits).toContain('with sessions begun before the grant: 1 call');
  });

  test('every report says where it looked, until when credentials worked, and what CloudTrail never holds', () => {
    const limits = reportOf([]).coverage.limits.join('\n');
    expect(limits).toContain('CloudTrail event history of account 123456789012, in 2 Regions: eu-west-1, us-east-1');
    expect(limits).toContain('Window: 2026-01-05 09:00:00 to 11:01:09 UTC');
    expect(limits).toContain('worked until 2026-01-05 11:00:09 UTC');
    expect(limits).toContain('20 minutes after the last credentials ran out');
    expect(limits).toContain('Data events');
  });

  test('access that was there before the request is said to go on', () => {
    const change = { grant: { askedAt: '2026-01-05T09:00:00Z', standing: true } };
    expect(reportOf([], { change }).coverage.limits.join()).toContain('had this access before the request and kept it');
  });

  test('a group membership is reported as such, and no call is attributed to it', () => {
    const model = reportOf([], { change: { target: { groupId: 'group-oncall' }, names: { groupName: 'On-call' } } });
    expect(model.title).toBe('Ana in the group On-call');
    expect(model.coverage.status).toBe('not-attributable');
    expect(model.counts).toBeUndefined();
    expect(JSON.stringify(model.facts)).toContain('group-oncall');
    expect(JSON.stringify(model)).not.toContain('Nothing was done');
  });
});

describe('the summary for the thread', () => {
  const to = ['security@example.com'];

  test('of many kinds of writes it names the three that the report begins with, and how many more there are', () => {
    const harmless = ['ec2:CreateTags', 'sqs:CreateQueue', 'sns:CreateTopic', 'ecs:CreateCluster'].map((a) => aCall(a));
    const [, writes] = summaryOf(reportOf([...harmless, aCall('cloudtrail:StopLogging')]), to);
    expect(writes).toMatch(/^Writes: cloudtrail:StopLogging; [a-z0-9]+:\w+; [a-z0-9]+:\w+, and 2 more\.$/);
  });

  test('it says in a few lines what was done and to look at, which writes, and where the rest is', () => {
    expect(summaryOf(reportOf([aCall('cloudtrail:StopLogging'), aCall('s3:PutBucketPolicy')]), to)).toEqual([
      '2 writes. To look at: tampering with logs and alarms and opening to others.',
      'Writes: cloudtrail:StopLogging; s3:PutBucketPolicy.',
      'The full report went by e-mail to security@example.com.',
    ]);
  });

  test('approvers, whose card has the verdict, read what to look at, what was changed, and where the whole of it is', () => {
    expect(cardLinesOf(reportOf([aCall('cloudtrail:StopLogging'), aCall('s3:PutBucketPolicy')]), to)).toEqual([
      'To look at: tampering with logs and alarms and opening to others.',
      'Writes: cloudtrail:StopLogging; s3:PutBucketPolicy.',
      'The full report went by e-mail to security@example.com.',
    ]);
  });

  test('nothing done and nothing readable cannot be mistaken for each other', () => {
    expect(summaryOf(reportOf([]), to)[0]).toBe('Nothing was done. Nothing was flagged.');
    expect(summaryOf(reportOf([], { edit: nothingRead }), to)).toEqual([
      'Activity could not be read. Not seen, or not all of it: eu-west-1 and us-east-1. The role could not be assumed (AccessDenied).',
      'A report that says so went by e-mail to security@example.com.',
    ]);
  });

  test('many recipients do not fill the channel', () => {
    const many = Array.from({ length: 9 }, (_, at) => `r${at}@example.com`);
    expect(summaryOf(reportOf([]), many)[1]).toBe(
      'The full report went by e-mail to r0@example.com, r1@example.com, r2@example.com and 6 more.',
    );
  });
});

describe('the suggested smaller policy', () => {
  test('allows the roles that were passed to be passed again, and names the actions left out because they give rights', () => {
    const role = 'arn:aws:iam::123456789012:role/app';
    const model = reportOf([
      aCall('lambda:CreateFunction20150331', { requestParameters: { functionName: 'f', role } }),
      aCall('iam:AttachRolePolicy'),
    ]);
    expect(JSON.parse(model.suggestion?.policy ?? '').Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['lambda:CreateFunction'],
        Resource: ['arn:aws:lambda:eu-west-1:123456789012:function:f'],
      },
      { Effect: 'Allow', Action: 'iam:PassRole', Resource: [role] },
    ]);
    expect(model.suggestion?.limits.join()).toContain('can give themselves more: iam:AttachRolePolicy.');
  });

  test('is limited to the resources of the calls where all of them name theirs, and says for how many actions', () => {
    const parameters = (requestParameters: object) => ({ requestParameters, awsRegion: 'eu-west-1' });
    const model = reportOf([
      aCall('s3:PutBucketPolicy', parameters({ bucketName: 'logs' })),
      aCall('s3:PutBucketTagging', parameters({ bucketName: 'logs' })),
      aCall('lambda:Invoke', parameters({ functionName: 'f' })),
      aCall('lambda:InvokeWithResponseStream', parameters({ functionName: 'g' })),
      aCall('ec2:RunInstances', parameters({})),
      aCall('dynamodb:DeleteTable', { ...parameters({ tableName: 't' }), errorCode: 'AccessDenied' }),
    ]);
    expect(JSON.parse(model.suggestion?.policy ?? '').Statement).toEqual([
      { Effect: 'Allow', Action: ['s3:PutBucketPolicy', 's3:PutBucketTagging'], Resource: ['arn:aws:s3:::logs'] },
      { Effect: 'Allow', Action: ['ec2:RunInstances', 'lambda:InvokeFunction'], Resource: '*' },
    ]);
    expect(model.suggestion?.limits).toContain(
      'Resources are those of the calls seen, for 2 of the 4 actions; the others are allowed for all.',
    );
  });

  test('has the IAM actions of the calls that AWS did not refuse, by their IAM names', () => {
    const model = reportOf([
      aCall('s3:ListBuckets', { readOnly: true }),
      aCall('monitoring:PutMetricAlarm'),
      aCall('lambda:CreateFunction20150331'),
      aCall('apigateway:CreateRestApi'),
      aCall('sts:GetCallerIdentity', { readOnly: true }),
      aCall('s3:DeleteBucket', { errorCode: 'BucketNotEmpty' }),
      refused(),
    ]);
    expect(model.suggestion?.actions).toEqual([
      'apigateway:POST',
      'cloudwatch:PutMetricAlarm',
      'lambda:CreateFunction',
      's3:DeleteBucket',
      's3:ListAllMyBuckets',
    ]);
    expect(model.suggestion?.sentence).toBe(
      'AdministratorAccess was asked for; 5 actions of 4 services would have done.',
    );
    expect(JSON.parse(model.suggestion?.policy ?? '')).toMatchObject({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow' }],
    });
  });

  test('is absent if nothing was done', () => {
    expect(reportOf([]).suggestion).toBeUndefined();
  });
});

test('a report says where it was read from, and what can be seen there', () => {
  const source = { name: 'CloudWatch Logs', sees: 'Data events are in it.' };
  const { limits } = reportOf([aRecord()], {
    edit: (report) => Object.assign(report, { plan: { ...report.plan, source } }),
  }).coverage;
  expect(limits[0]).toMatch(/^Read from CloudWatch Logs of account 123456789012/);
  expect(limits).toContain('Data events are in it.');
  expect(limits.join(' ')).not.toContain('Management events only');
});
