import { createHash } from 'node:crypto';
import type { Command } from 'commander';
import { main } from '../../../cli/main.ts';
import { type ReportReader, registerReport } from '../../../cli/report/report.ts';
import { resend } from '../../../cli/report/resend.ts';
import { emptyDigest } from '../../../core/activity/classify/aggregate/digest.ts';
import { planReport } from '../../../core/activity/read/plan.ts';
import { beginReading } from '../../../core/activity/read/reading.ts';
import { collectReport } from '../../../core/activity/report/collect-report.ts';
import { sendReport } from '../../../core/activity/report/editions/send-report.ts';
import { startReport } from '../../../core/activity/report/editions/start-report.ts';
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
  pagesOf,
  trailOf,
} from '../../core/activity/fakes.ts';
import { aCall, aRecord, endedRequest, PLAN_SETTINGS, READ_AT } from '../../core/activity/records.ts';
import { run } from '../run.ts';

async function report(line: string, call = aCall('iam:CreateUser', { requestParameters: { userName: '=u' } })) {
  const requests = fakeRequests(endedRequest());
  const reports = fakeReports();
  const services = {
    requests,
    reports,
    holds: fakeHolds(),
    source: fakeSource(pagesOf({ 'eu-west-1': [call] })),
    settings: PLAN_SETTINGS,
    now: () => READ_AT,
  };
  if (!line.includes('unread')) for (let round = 0; round < 5; round += 1) await collectReport('request-1', services);
  return ask(line, { requests, reports, looks: fakeLooks(), holds: fakeHolds() });
}

async function ask(line: string, reader: ReportReader) {
  let [out, err] = ['', ''];
  const code = await main(
    line.replace(' unread', '').split(' '),
    {
      stdout: (text) => {
        out += text;
      },
      stderr: (text) => {
        err += text;
      },
      about: (text) => {
        err += text;
      },
      stack: () => Promise.reject(new Error('reads no stack')),
      callerArn: () => Promise.reject(new Error('asks for no name')),
      readFile: () => Promise.reject(new Error('reads no file')),
      writeFile: () => Promise.reject(new Error('writes no file')),
      now: () => READ_AT,
      newId: () => 'id',
      env: { REQUEST_TABLE: 'requests' },
      liveStores: () => Promise.reject(new Error('reads no live facts')),
      accessTable: () => Promise.reject(new Error('reads no access table')),
      organization: () => Promise.reject(new Error('reads no organization')),
    },
    [(program: Command, io) => registerReport(program, io, () => Promise.resolve(reader))],
  );
  return { code, out, err };
}

describe('glasshammer report', () => {
  test('prints the report as it was mailed', async () => {
    const { code, out } = await report('report request-1');
    expect(code).toBe(0);
    expect(out).toContain('GLASSHAMMER  Ana in Production as AdministratorAccess');
    expect(out).toContain('iam:CreateUser');
  });

  test('prints the newest edition that was sent, names it, and says what it adds', async () => {
    const trail = [aRecord({ awsRegion: 'eu-west-1', eventName: 'RunInstances' })];
    let now = new Date('2026-01-05T10:05:09Z');
    const services = {
      requests: fakeRequests(endedRequest()),
      reports: fakeReports(),
      looks: fakeLooks(),
      holds: fakeHolds(),
      sha256: () => 'sha',
      source: fakeSource((query) => trailOf(trail)(query)),
      mail: fakeMail(),
      thread: fakeThread(),
      archive: fakeArchive(),
      adviser: fakeAdviser(),
      settings: PLAN_SETTINGS,
      now: () => now,
    };
    const told: (readonly [string, string])[] = [];
    for (const [at, eventName, unreadable] of [
      ['2026-01-05T10:05:09Z', 'CreateVpc'],
      ['2026-01-05T11:20:00Z', 'CreateSubnet', 'TooManyRequestsException'],
      ['2026-01-06T11:20:00Z', 'CreateVolume'],
    ] as const) {
      now = new Date(at);
      const { edition = 'final' } = await startReport('request-1', services);
      for (let round = 0; round < 5; round += 1) await collectReport('request-1', services, edition);
      await sendReport('request-1', unreadable, services, edition);
      const { out, err } = await ask('report request-1', services);
      told.push([err, out]);
      trail.push(aRecord({ awsRegion: 'eu-west-1', eventName }));
    }
    expect(told).toEqual([
      [
        'This is the first edition of request-1, mailed 2026-01-05 10:05:09 UTC; the final edition is read at 2026-01-05 11:15:10 UTC.\n',
        expect.stringContaining('First edition: what is known so far.'),
      ],
      [
        'This is the final edition of request-1, mailed 2026-01-05 11:20:00 UTC.\n',
        expect.stringMatching(/TooManyRequestsException.*SINCE THE FIRST EDITION OF.*New: ec2:CreateVpc/s),
      ],
      [
        'This is the addendum of request-1, mailed 2026-01-06 11:20:00 UTC.\n',
        expect.stringMatching(/SINCE THE FINAL EDITION OF.*New: ec2:CreateSubnet/s),
      ],
    ]);
    const { out } = await ask('report request-1 --csv', services);
    expect(out).toContain('ec2:CreateSubnet');
  });

  test('--json and --csv print every listed call', async () => {
    const json = JSON.parse((await report('report request-1 --json')).out);
    expect(json.calls).toMatchObject([{ action: 'iam:CreateUser', id: expect.stringMatching(/^event-/) }]);
    const csv = (await report('report request-1 --csv')).out.split('\r\n');
    expect(csv[0]).toContain('"at","action"');
    expect(csv[1]).toContain('"iam:CreateUser"');
  });

  test('--csv prints the archived list, and refuses one that has another hash than the mail names', async () => {
    const text = '"at","action"\r\n"2026-01-05T09:10:00Z","ec2:RunInstances"\r\n';
    const key = 'reports/request-1/final/list.csv';
    const reports = fakeReports();
    const plan = planReport(endedRequest(), PLAN_SETTINGS, READ_AT);
    const reading = beginReading(plan);
    await reports.create({ requestId: 'request-1', version: 0, plan, reading, digest: emptyDigest() });
    const sha256 = createHash('sha256').update(text).digest('hex');
    await reports.note({ requestId: 'request-1' }, 'sentAt', '2026-01-05T11:21:00Z', {
      archived: [{ format: 'csv', key, sha256, address: 'https://archive.example.com' }],
    });
    const stores = { requests: fakeRequests(endedRequest()), reports, looks: fakeLooks(), holds: fakeHolds() };
    const asked: string[] = [];
    const from = (object: string) => ({
      ...stores,
      archived: async (wanted: string) => {
        asked.push(wanted);
        return object;
      },
    });
    const kept = await ask('report request-1 --csv', from(text));
    expect([kept.out, kept.err, asked]).toEqual([text, expect.stringContaining(sha256), [key]]);
    const other = await ask('report request-1 --csv', from(text.replace('Run', 'Stop')));
    expect([other.code, other.out]).toEqual([2, '']);
    expect(other.err).toContain('is not the list that the mail names');
    const refused = await ask('report request-1 --csv', { ...stores, archived: async () => undefined });
    expect([refused.code, refused.err]).toEqual([0, expect.stringContaining('You may not read reports/')]);
    // Without an archive the list comes from the table, and a line says where the archived list is.
    expect((await ask('report request-1 --csv', stores)).err).toContain(`the archived one is ${key}`);
  });

  test('--permission-set prints code for a smaller permission set that can be added to a CDK app', async () => {
    const { code, out } = await report('report request-1 --permission-set', aCall('ec2:StopInstances'));
    expect(code).toBe(0);
    expect(out).toContain('export function addPermissionSet');
    expect(out).toContain('ec2:StopInstances');
  });

  test.each([
    ['report request-1 --permission-set', 'no permission set follows from this report'],
    ['report request-2', 'there is no request request-2'],
    ['report request-1 unread', 'request request-1 is ended; it has no report yet'],
    ['report request-1 --json --csv', 'choose one of --json, --csv, --permission-set and --resend'],
    ['report', "missing required argument 'request'"],
  ])('%s is answered with one line that says what to fix', async (line, message) => {
    const { code, err } = await report(line);
    expect([code, err.trim().split('\n')]).toEqual([2, [expect.stringContaining(message)]]);
  });

  test('--resend names the caller as STS does, and prints what came of it', async () => {
    const asked: unknown[] = [];
    const answers = [
      { resent: { sent: true, to: ['security@example.com'] } },
      { resent: { sent: true, to: [] } },
      { resent: { sent: false, why: 'not-reported' } },
      { next: 'done' },
    ];
    const told: string[] = [];
    for (const answer of answers) {
      const said: string[] = [];
      const io = {
        env: {},
        newId: () => 'id-1',
        stdout: (text: string) => said.push(text),
        callerArn: () => Promise.resolve('arn:aws:sts::1:assumed-role/Ops/olga'),
      } as unknown as Parameters<typeof resend>[2];
      const failed = await resend('req-1', 'report', io, async () => ({
        resend: async (asking) => {
          asked.push(asking);
          return answer;
        },
      })).then(
        () => '',
        ({ message }: Error) => message,
      );
      told.push([...said, failed].join(''));
    }
    expect(asked[0]).toEqual({ requestId: 'req-1', askId: 'id-1', by: 'cli:arn:aws:sts::1:assumed-role/Ops/olga' });
    expect(told).toEqual([
      'sent to security@example.com\n',
      'sent before\n',
      'the report of request req-1 is not out yet: glasshammer activity req-1',
      'report does not answer this; deploy the version of this checkout',
    ]);
  });

  test('is a command of glasshammer', async () => {
    expect(await run('report request-1', { env: {} })).toMatchObject({
      code: 2,
      err: 'name the request table: --request-table NAME, or REQUEST_TABLE in the environment\n',
    });
  });
});
