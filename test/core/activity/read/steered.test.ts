import { emptyDigest, rowsOf } from '../../../../core/activity/classify/aggregate/digest.ts';
import { MOST_FLAGGED, MOST_LISTED } from '../../../../core/activity/classify/listed-call.ts';
import { MOST_FOLLOWED } from '../../../../core/activity/read/follow.ts';
import { FLOOD_PAGES } from '../../../../core/activity/read/passes.ts';
import {
  beginReading,
  MOST_ROUNDS,
  openCursors,
  readRound,
  waitsUntil,
} from '../../../../core/activity/read/reading.ts';
import { buildReport } from '../../../../core/activity/report/report.ts';
import { TooDenseError } from '../../../../core/model/errors.ts';
import type { HeldAccess } from '../../../../core/model/held-access.ts';
import { type Answer, fakeSource, trailOf } from '../fakes.ts';
import { ACCOUNT, aCall, aChainedRole, aPlan, aRecord, endedRequest, type RecordChange, ROLE } from '../records.ts';

const plan = aPlan();
const OWN_SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/${ROLE}/ana@example.com`;

async function readAll(answer: Answer, overlapping: readonly HeldAccess[] = [], rounds = 400, now = plan.begunAt) {
  const source = fakeSource(answer);
  const reading = beginReading(plan);
  const digest = emptyDigest();
  for (let round = 0; openCursors(reading).length > 0 && round < rounds; round += 1)
    await readRound(reading, digest, { requestId: 'request-1', plan, source, now });
  const report = { requestId: 'request-1', version: 1, plan, reading, digest };
  const model = buildReport(endedRequest(), report, { sourceName: 'CloudTrail event history', overlapping });
  return {
    source,
    reading,
    digest,
    model,
    writes: rowsOf(digest, 'write').map(({ action, count }) => [action, count]),
  };
}

const at = (time: string) => `2026-01-05T${time}Z`;
/** A call as an IAM user, or as another role. */
const asUser = (user: string, key: string, action: string, change: RecordChange = {}) =>
  aCall(action, {
    userIdentity: {
      type: 'IAMUser',
      userName: user,
      accountId: ACCOUNT,
      accessKeyId: key,
      arn: `arn:aws:iam::${ACCOUNT}:user/${user}`,
    },
    ...change,
  });
const asRole = (role: string, key: string, action: string, change: RecordChange = {}) =>
  aCall(action, { role, session: 'deploy', onBehalfOf: null, key, ...change });

describe('sessions as another role or user', () => {
  const SWITCHED = { role: 'prod-admin', session: 'ana@example.com', onBehalfOf: null, began: at('09:05:00') };
  const switchRole = (change: RecordChange = {}) =>
    aCall('signin:SwitchRole', {
      ...SWITCHED,
      key: '',
      responseElements: { SwitchRole: 'Success' },
      additionalEventData: { SwitchFrom: OWN_SESSION },
      ...change,
    });

  test('a role switched to in the console is followed, although its calls carry keys that no record named', async () => {
    const byAws = aChainedRole(`arn:aws:iam::${ACCOUNT}:role/prod-admin`, 'ASIAUNUSED', {
      sourceIPAddress: 'AWS Internal',
      userAgent: 'AWS Internal',
    });
    (byAws.responseElements as { assumedRoleUser: { arn: string } }).assumedRoleUser.arn =
      `arn:aws:sts::${ACCOUNT}:assumed-role/prod-admin/ana@example.com`;
    const calls = [
      aCall('iam:CreateUser', { ...SWITCHED, key: 'ASIACONSOLE2' }),
      aCall('cloudtrail:StopLogging', { ...SWITCHED, key: 'ASIACONSOLE3' }),
    ];
    for (const records of [
      [byAws, switchRole(), ...calls],
      [switchRole(), ...calls],
      [byAws, ...calls],
    ].map((all) => all.map((record) => ({ ...record, awsRegion: 'us-east-1' }))))
      expect((await readAll(trailOf(records))).writes).toEqual(
        expect.arrayContaining([
          ['iam:CreateUser', 1],
          ['cloudtrail:StopLogging', 1],
        ]),
      );
  });

  test('a switch of role by somebody else, and a session in the same role from other access, are not counted', async () => {
    const { writes } = await readAll(
      trailOf([
        switchRole({ additionalEventData: { SwitchFrom: OWN_SESSION.replace('ana@', 'ben@') } }),
        aCall('iam:CreateUser', { ...SWITCHED, key: 'ASIA1' }),
      ]),
    );
    expect(writes).toEqual([]);
    const later = await readAll(
      trailOf([switchRole(), aCall('iam:CreateUser', { ...SWITCHED, key: 'ASIA1', began: at('08:10:00') })]),
    );
    expect(later.writes).toEqual([]);
  });

  test('calls with an access key that the person created are counted under its user, and the key is listed as still able to act', async () => {
    const { writes, model } = await readAll(
      trailOf([
        aCall('iam:CreateAccessKey', {
          requestParameters: { userName: 'svc-ci' },
          responseElements: { accessKey: { accessKeyId: 'AKIANEW', userName: 'svc-ci', status: 'Active' } },
        }),
        asUser('svc-ci', 'AKIANEW', 's3:PutBucketPolicy', { eventTime: at('11:10:00') }),
        asUser('svc-ci', 'AKIAOLD', 'ec2:StopInstances'),
      ]),
    );
    expect(writes).toEqual([
      ['iam:CreateAccessKey', 1],
      ['s3:PutBucketPolicy', 1],
    ]);
    expect(model.mayStillAct).toEqual([
      'user svc-ci: access key AKIANEW (iam:CreateAccessKey, 2026-01-05 09:30:00 UTC)',
    ]);
    expect(JSON.stringify(model.sections)).toContain(`as":"arn:aws:iam::${ACCOUNT}:user/svc-ci`);
  });

  test('federated credentials, and a console opened with them, are followed', async () => {
    const credentials = { accessKeyId: 'ASIAFED', expiration: 'Jan 5, 2026, 11:00:00 AM' };
    const federated = { arn: `arn:aws:sts::${ACCOUNT}:federated-user/x`, federatedUserId: '1:x' };
    const asFederated = {
      userIdentity: { type: 'FederatedUser', accountId: ACCOUNT, accessKeyId: 'ASIAFED', arn: federated.arn },
    };
    const { writes } = await readAll(
      trailOf([
        aCall('iam:CreateAccessKey', { responseElements: { accessKey: { accessKeyId: 'AKIANEW', userName: 'u' } } }),
        asUser('u', 'AKIANEW', 'sts:GetFederationToken', {
          responseElements: { credentials, federatedUser: federated },
        }),
        aCall('ec2:StopInstances', asFederated),
        aCall('signin:GetSigninToken', asFederated),
        aCall('ec2:RebootInstances', {
          userIdentity: { ...asFederated.userIdentity, accessKeyId: 'ASIAOFTHECONSOLE' },
          eventTime: at('09:40:00'),
        }),
      ]),
    );
    expect(writes).toEqual(
      expect.arrayContaining([
        ['ec2:StopInstances', 1],
        ['ec2:RebootInstances', 1],
      ]),
    );
  });

  const LATE = aChainedRole(`arn:aws:iam::${ACCOUNT}:role/deploy`, 'ASIALATE', { eventTime: at('10:59:00') });
  const untilOf = (expiration: string) => ({
    ...LATE,
    responseElements: {
      ...(LATE.responseElements as object),
      credentials: { accessKeyId: 'ASIALATE', expiration },
    },
  });

  test('a session that outlives the access is read once it has ended and CloudTrail has delivered', async () => {
    const records = [
      untilOf('Jan 5, 2026, 11:59:00 AM'),
      asRole('deploy', 'ASIALATE', 'ec2:DeleteVpc', { eventTime: at('11:50:00') }),
    ];
    const early = await readAll(trailOf(records));
    expect(early.source.queries.some(({ by }) => 'accessKeyId' in by)).toBe(false);
    expect(waitsUntil(early.reading, plan, plan.begunAt)).toBe(at('12:14:00'));
    const late = await readAll(trailOf(records), [], 400, at('12:14:00'));
    expect(late.writes).toEqual([['ec2:DeleteVpc', 1]]);
    expect(late.model.coverage.gaps).toEqual([]);
  });

  test('a session that lives longer than a report can wait is named as a gap, with its end', async () => {
    const { model } = await readAll(trailOf([untilOf('Jan 6, 2026, 10:59:00 AM')]));
    expect(model.coverage.gaps.join()).toContain('role/deploy until 2026-01-06 10:59:00 UTC');
    expect(model.mayStillAct.join()).toContain('until 2026-01-06 10:59:00 UTC');
  });

  test(`a role is not pushed out by ${MOST_FOLLOWED + 61} sessions of another one`, async () => {
    const decoys = Array.from({ length: MOST_FOLLOWED + 61 }, (_, nth) =>
      aChainedRole(`arn:aws:iam::${ACCOUNT}:role/decoy`, `ASIADECOY${nth}`, { eventTime: at('09:40:00') }),
    );
    const { writes, reading, digest, model } = await readAll(
      trailOf([
        ...decoys,
        aChainedRole(`arn:aws:iam::${ACCOUNT}:role/real`, 'ASIAREAL', { eventTime: at('09:10:00') }),
        asRole('real', 'ASIAREAL', 'iam:CreateUser'),
      ]),
    );
    expect(writes).toContainEqual(['iam:CreateUser', 1]);
    expect(digest.hops.map(({ role }) => role)).toContain(`arn:aws:iam::${ACCOUNT}:role/real`);
    expect(reading.unfollowed?.count).toBe(62);
    expect(model.coverage.gaps.join()).toContain('62 sessions as another role could not be followed');
  });
});

describe('the names and sessions of the person', () => {
  test.each([
    ['in another case', 'Ana@Example.com'],
    ['after a rename', 'ana.new@example.com'],
  ])(
    'a user name %s does not hide the calls of the person, whether a sign-in shows it or only the write itself',
    async (_how, name) => {
      const signIn = aCall('sts:AssumeRoleWithSAML', {
        readOnly: true,
        userIdentity: { type: 'SAMLUser', userName: name },
        requestParameters: { roleArn: `arn:aws:iam::${ACCOUNT}:role/x/${ROLE}`, roleSessionName: name },
      });
      const calls = [
        aCall('cloudtrail:StopLogging', { session: name }),
        aCall('iam:ListRoles', { session: name, readOnly: true }),
        aCall('iam:CreateUser', { session: 'ben@example.com', onBehalfOf: 'user-ben' }),
      ];
      for (const records of [[signIn, ...calls], calls]) {
        const { digest, writes } = await readAll(trailOf(records));
        expect(writes).toEqual([['cloudtrail:StopLogging', 1]]);
        expect(digest.counts.read).toBe(1);
      }
    },
  );

  test('a session begun after the end belongs to the next request, which the report names', async () => {
    const later = aRecord({ began: at('10:20:00'), eventTime: at('10:30:00') });
    const { digest, model } = await readAll(trailOf([later]), [
      { accessId: 'request-2', startedAt: at('10:10:00'), endsAt: at('10:55:00') },
    ]);
    expect(digest.counts.write).toBe(0);
    expect(model.flags.map(({ id }) => id)).not.toContain('after-end');
    const limits = model.coverage.limits.join('\n');
    expect(limits).toContain('with sessions begun after the end: 1 call');
    expect(limits).toContain('by request request-2 as well, 2026-01-05 10:10:00 to 10:55:00 UTC');
  });

  test('the same event on two pages, and found in two ways, is one call', async () => {
    const twice = aRecord({ eventID: 'one', eventTime: at('09:30:00') });
    const between = Array.from({ length: 5 }, (_, nth) => aRecord({ eventID: `b${nth}`, eventTime: at('09:30:00') }));
    const { digest } = await readAll(trailOf([twice, ...between, twice], 2));
    expect(digest.counts.write).toBe(6);
  });
});

describe('under very many calls', () => {
  const flood = (count: number, change: (nth: number) => RecordChange) =>
    Array.from({ length: count }, (_, nth) =>
      aCall('ec2:DescribeInstances', {
        readOnly: true,
        eventTime: new Date(Date.parse(at('09:59:59')) - nth * 250).toISOString().replace(/\.\d+/, ''),
        ...change(nth),
      }),
    );

  test('a write and the reading of a secret are read before 5,100 other reads, and no call is counted twice', async () => {
    const reads = flood(5100, () => ({}));
    const early = [
      aCall('iam:CreateAccessKey', { eventTime: at('09:01:00') }),
      aCall('secretsmanager:GetSecretValue', { eventTime: at('09:01:00'), readOnly: true }),
      aCall('iam:CreateUser', { eventTime: at('09:02:00'), session: 'ben@example.com', onBehalfOf: 'user-ben' }),
    ];
    const answer = trailOf([...reads, ...early]);
    // Reading is stopped long before the reads are through.
    const stopped = await readAll(answer, [], FLOOD_PAGES / 2 + 15);
    expect(stopped.writes).toEqual([['iam:CreateAccessKey', 1]]);
    expect(stopped.digest.flags.secrets?.count).toBe(1);
    const whole = await readAll(answer);
    expect([whole.digest.counts.write, whole.digest.counts.read]).toEqual([1, 5101]);
  });

  test('if reading stops at its limit, the report says that writes and flagged calls were read first', async () => {
    const source = fakeSource(trailOf(flood(5300, () => ({}))));
    const reading = beginReading(plan);
    const digest = emptyDigest();
    const round = () => readRound(reading, digest, { requestId: 'request-1', plan, source, now: plan.begunAt });
    while (!reading.lanes.some(({ flood: under }) => under?.step === 'rest')) await round();
    reading.rounds = MOST_ROUNDS;
    await round();
    expect(reading.lanes[0]?.stopped).toContain('Writes and flagged calls were read first');
  });

  /** Answers as a log group does: whole seconds, newest first. A second with more than `most` calls cannot be read. */
  const denseTrail =
    (records: readonly Record<string, unknown>[], most: number): Answer =>
    (query) => {
      const { token: until = query.until, ...rest } = query;
      const page = trailOf(records, 10_000)({ ...rest, until });
      if (page instanceof Error) return page;
      const { records: found } = page;
      if (found.length <= most) return { records: found };
      const oldest = String((found[most] as RecordChange).eventTime);
      const whole = found.filter((each) => String((each as RecordChange).eventTime) > oldest);
      return whole.length === 0 ? new TooDenseError(oldest) : { records: whole, next: oldest };
    };

  test('no call hides behind a burst in one second, of reads or of writes, and the report says what was passed over', async () => {
    const burst = (action: string, time: string, readOnly: boolean) =>
      Array.from({ length: 25 }, () => aCall(action, { readOnly, eventTime: at(time) }));
    const { model, writes, digest, reading } = await readAll(
      denseTrail(
        [
          aCall('ec2:StopInstances', { eventTime: at('09:50:00') }),
          ...burst('s3:PutObject', '09:40:00', false),
          aCall('iam:CreateUser', { eventTime: at('09:40:00') }),
          aCall('ec2:StopInstances', { eventTime: at('09:30:00') }),
          ...burst('s3:GetObject', '09:20:00', true),
          aCall('iam:CreateAccessKey', { eventTime: at('09:10:00') }),
          aCall('ec2:DescribeInstances', { readOnly: true, eventTime: at('09:10:00') }),
        ],
        20,
      ),
    );
    expect(Object.fromEntries(writes)).toEqual({
      'iam:CreateUser': 1,
      'iam:CreateAccessKey': 1,
      'ec2:StopInstances': 2,
    });
    expect(digest.counts.read).toBe(1);
    expect(reading.lanes.every(({ stopped }) => stopped === undefined)).toBe(true);
    expect(model.headline).toMatch(/ \(incomplete\)$/);
    expect(model.coverage.gaps.join(' ')).toContain(
      'There were seconds with more calls than can be read (2026-01-05 09:20:00 to 09:40:00 UTC).',
    );
  });

  test('the look-up of everybody’s sign-ins goes on past a second with too many calls', async () => {
    const signIns = Array.from({ length: 25 }, () => aCall('sts:AssumeRoleWithSAML', { eventTime: at('09:40:00') }));
    const { reading, model } = await readAll(denseTrail([...signIns, aRecord({ eventTime: at('09:10:00') })], 20));
    expect(openCursors(reading)).toEqual([]);
    expect(model.coverage.status).toBe('partly');
    expect(model.coverage.gaps.join(' ')).toContain('more calls than can be read (2026-01-05 09:40:00 UTC)');
  });
});

test('no flood of other calls keeps one that raises a flag out of the list', async () => {
  const reading = beginReading(plan);
  reading.listed = { counts: { ...MOST_LISTED }, flagged: { destruction: MOST_FLAGGED }, parts: 0 };
  const source = fakeSource(
    trailOf([aCall('iam:CreateAccessKey'), aCall('ec2:CreateTags'), aCall('ec2:TerminateInstances')]),
  );
  const listed: string[] = [];
  const list = ({ action }: { readonly action: string }) => listed.push(action);
  await readRound(reading, emptyDigest(), { requestId: 'request-1', plan, source, now: plan.begunAt, list });
  expect(new Set(listed)).toEqual(new Set(['iam:CreateAccessKey']));
});

test('no flood of writes keeps one that gives a role to a service out of the list', async () => {
  const reading = beginReading(plan);
  reading.listed = { counts: { ...MOST_LISTED }, parts: 0 };
  const requestParameters = { functionName: 'f', role: `arn:aws:iam::${ACCOUNT}:role/app` };
  const source = fakeSource(
    trailOf([aCall('ec2:CreateTags'), aCall('lambda:CreateFunction20150331', { requestParameters })]),
  );
  const listed: string[] = [];
  const list = ({ handedOn = '' }: { readonly handedOn?: string }) => listed.push(handedOn);
  await readRound(reading, emptyDigest(), { requestId: 'request-1', plan, source, now: plan.begunAt, list });
  expect(new Set(listed)).toEqual(new Set([`f: arn:aws:iam::${ACCOUNT}:role/app`]));
});

test('no flood of flagged calls that failed keeps a flagged call that succeeded out of the list', async () => {
  const reading = beginReading(plan);
  reading.listed = { counts: {}, flagged: {}, tried: { destruction: MOST_FLAGGED }, parts: 0 };
  const source = fakeSource(
    trailOf([aCall('ec2:TerminateInstances'), aCall('ec2:DeleteVpc', { errorCode: 'Client.UnauthorizedOperation' })]),
  );
  const listed: string[] = [];
  const list = ({ action }: { readonly action: string }) => listed.push(action);
  await readRound(reading, emptyDigest(), { requestId: 'request-1', plan, source, now: plan.begunAt, list });
  expect(new Set(listed)).toEqual(new Set(['ec2:TerminateInstances']));
  expect(reading.listed).toMatchObject({ flagged: { destruction: 1 }, tried: { destruction: MOST_FLAGGED } });
});
