import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { LIMITS } from '../../../../core/activity/classify/aggregate/digest.ts';
import type { ListedCall } from '../../../../core/activity/classify/listed-call.ts';
import { ACCOUNT, aCall, aChainedRole } from '../records.ts';
import { reportOf, storedReport } from '../stored-reports.ts';
import { AT_LAST, inRegion, world } from './edition-world.ts';

const DECOYS = 200;
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const aFunction = (functionName: string, roleName: string, minute = 30) =>
  aCall('lambda:CreateFunction20150331', {
    awsRegion: 'eu-west-1',
    eventTime: `2026-01-05T09:${String(minute).padStart(2, '0')}:00Z`,
    requestParameters: { functionName, role: role(roleName) },
  });
const decoys = (roleName: (nth: number) => string) =>
  Array.from({ length: DECOYS }, (_, nth) => aFunction(`a-decoy-${nth}`, roleName(nth), nth % 60));
const KEY = aCall('iam:CreateAccessKey', {
  requestParameters: { userName: 'zoe' },
  responseElements: { accessKey: { accessKeyId: 'AKIAZOE', userName: 'zoe' } },
});

describe('the section "may still act" with two hundred decoys', () => {
  test.each([
    ['decoys of one role', () => 'harmless'],
    ['decoys of a role each', (nth: number) => `harmless-${nth}`],
  ])('%s: the administrator and the key are named first, the rest is counted and listed', async (_how, roleName) => {
    const all = world();
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    Object.assign(all.services, { sha256 });
    all.trail.push(
      ...decoys(roleName),
      aFunction('zz-last', 'OrgAdmin', 59),
      { ...KEY, awsRegion: 'eu-west-1' },
      inRegion({}),
    );
    all.at(AT_LAST);
    await all.run();
    const [mail] = all.mails;
    const [, section = ''] = mail?.text.split('MAY STILL ACT\n') ?? [];
    const lines = section.split('\n\n')[0]?.split('\n') ?? [];
    expect(lines.slice(0, 2).join()).toContain('user zoe: access key AKIAZOE');
    expect(lines.slice(0, 2).join()).toContain(`zz-last: ${role('OrgAdmin')}`);
    const shown = lines.length - 1;
    expect(shown).toBe(LIMITS.handed);
    expect(lines.at(-1)).toContain(`${DECOYS + 2 - shown} more times`);
    expect(lines.at(-1)).toContain('handedOn');
    expect(mail?.html).toContain('zz-last');

    const [csv = '', json = ''] = all.services.archive.files.values();
    const { calls } = JSON.parse(json) as { readonly calls: readonly ListedCall[] };
    expect(calls.filter(({ handedOn = '' }) => handedOn !== '')).toHaveLength(DECOYS + 2);
    expect(csv).toContain(`zz-last: ${role('OrgAdmin')}`);
    for (const file of [csv, json]) {
      expect(mail?.text).toContain(sha256(file));
      expect(mail?.html).toContain(sha256(file));
    }
  });

  test('names the same in whatever order calls are read, and counts every call', () => {
    const records = [...decoys((nth) => `r${nth % 7}`), aFunction('zz-last', 'OrgAdmin'), KEY];
    const handed = (all: readonly unknown[]) => {
      const { digest } = storedReport(all);
      return { handed: digest.handed, cut: digest.handedCut };
    };
    const expected = handed(records);
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: records.length }), (shuffled) => {
        expect(handed(shuffled)).toEqual(expected);
      }),
      { numRuns: 10 },
    );
    const counted = (expected.handed ?? []).reduce((sum, { count = 1 }) => sum + count, 0);
    expect(counted + (expected.cut ?? 0)).toBe(records.length);
  });

  test('names the administrator role of a call first, however many decoys the call names before it', () => {
    const targets = Array.from({ length: 30 }, (_, nth) => ({
      id: `${nth}`,
      roleArn: role(nth === 29 ? 'OrgAdmin' : 'x'),
    }));
    const { mayStillAct } = reportOf([aCall('events:PutTargets', { requestParameters: { rule: 'nightly', targets } })]);
    expect(mayStillAct[0]).toContain(`nightly: ${role('OrgAdmin')}`);
  });
});

test('sessions that still work are all counted, even if there is no room to name each', async () => {
  const all = world();
  const ASSUMED = aChainedRole(role('deploy'), 'ASIA0').responseElements as object;
  all.trail.push(
    ...Array.from({ length: 100 }, (_, nth) =>
      aChainedRole(role(nth === 0 ? 'OrgAdmin' : 'deploy'), `ASIA${nth}`, {
        awsRegion: 'eu-west-1',
        responseElements: {
          ...ASSUMED,
          credentials: { accessKeyId: `ASIA${nth}`, expiration: 'Jan 7, 2026, 10:30:00 AM' },
        },
      }),
    ),
  );
  all.at(AT_LAST);
  await all.run();
  const [, section = ''] = all.mails[0]?.text.split('MAY STILL ACT\n') ?? [];
  const lines = section.split('\n\n')[0]?.split('\n') ?? [];
  expect(lines).toHaveLength(LIMITS.hops + 1);
  expect(lines[0]).toContain('role/OrgAdmin');
  expect(lines.at(-1)).toContain(`${100 - LIMITS.hops} more sessions that still worked`);
});

describe('what a row and a flag name first among two hundred decoys', () => {
  const opened = (groupId: string, cidrIp: string) =>
    aCall('ec2:AuthorizeSecurityGroupIngress', {
      requestParameters: {
        groupId,
        ipPermissions: { items: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp }] } }] },
      },
    });

  test.each<[string, (nth: number) => Record<string, unknown>, Record<string, unknown>, string]>([
    [
      'a port open to everybody',
      (nth) => opened(`sg-a${nth}`, `203.0.113.${nth}/32`),
      opened('sg-zz', '0.0.0.0/0'),
      'sg-zz',
    ],
    [
      'a port open to everybody by IPv6',
      (nth) => opened(`sg-a${nth}`, `203.0.113.${nth}/32`),
      opened('sg-zz', '::/0'),
      'sg-zz',
    ],
    [
      'a role that becomes administrator',
      (nth) =>
        aCall('iam:AttachRolePolicy', {
          requestParameters: { roleName: `a${nth}`, policyArn: 'arn:aws:iam::aws:policy/AIOpsReadOnlyAccess' },
        }),
      aCall('iam:AttachRolePolicy', {
        requestParameters: { roleName: 'zz', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      }),
      'AdministratorAccess to role zz',
    ],
    [
      'a snapshot shared with everybody',
      (nth) =>
        aCall('ec2:ModifySnapshotAttribute', {
          requestParameters: {
            snapshotId: `snap-a${nth}`,
            createVolumePermission: { add: { items: [{ userId: String(210987654321 + nth) }] } },
          },
        }),
      aCall('ec2:ModifySnapshotAttribute', {
        requestParameters: { snapshotId: 'snap-zz', createVolumePermission: { add: { items: [{ group: 'all' }] } } },
      }),
      'snap-zz: given to all',
    ],
  ])('%s', (_what, decoy, grave, expected) => {
    const records = Array.from({ length: DECOYS }, (_, nth) => decoy(nth));
    for (const all of [
      [...records, grave],
      [grave, ...records],
    ]) {
      const model = reportOf(all);
      const [row] = model.sections.find(({ kind }) => kind === 'write')?.rows ?? [];
      expect(row?.resources[0]).toContain(expected);
      expect(row?.count).toBe(DECOYS + 1);
      expect(model.flags[0]?.resources[0]).toContain(expected);
    }
  });
});

test('no flag takes the room of another: a command that was run stands beside two hundred kinds of deleting', () => {
  const deleted = Array.from({ length: DECOYS }, (_, nth) => aCall(`rds:DeleteThing${nth}`));
  for (const records of [
    [...deleted, aCall('ssm:SendCommand'), aCall('kms:ScheduleKeyDeletion')],
    [aCall('ssm:SendCommand'), aCall('kms:ScheduleKeyDeletion'), ...deleted],
  ]) {
    const { sections, flags } = reportOf(records);
    const actions = sections.find(({ kind }) => kind === 'write')?.rows.map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['ssm:SendCommand', 'kms:ScheduleKeyDeletion']));
    expect(flags.find(({ id }) => id === 'destruction')?.found).toContain('kms:ScheduleKeyDeletion');
  }
});
