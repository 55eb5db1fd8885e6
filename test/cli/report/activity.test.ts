import { main } from '../../../cli/main.ts';
import { registerActivity } from '../../../cli/report/activity.ts';
import type { SoFarQuestion } from '../../../gateways/lambda/report-function.ts';
import { aCall } from '../../core/activity/records.ts';
import { reportOf } from '../../core/activity/stored-reports.ts';
import { run } from '../run.ts';

const NOW = new Date('2026-01-05T09:40:00Z');
const CALL = { id: 'event-1', action: 'iam:CreateUser' };

async function activity(line: string, answer: unknown) {
  const asked: SoFarQuestion[] = [];
  const said = { out: '', err: '' };
  const none = () => Promise.reject(new Error('needs nothing else'));
  const code = await main(
    line.split(' '),
    {
      stdout: (text) => {
        said.out += text;
      },
      stderr: (text) => {
        said.err += text;
      },
      about: (text) => {
        said.err += text;
      },
      stack: async () =>
        ({ status: 'CREATE_COMPLETE', createdAt: NOW, outputs: { ReportFunction: 'report' } }) as never,
      callerArn: none,
      readFile: none,
      writeFile: none,
      now: () => NOW,
      newId: () => 'id-1',
      env: {},
      liveStores: none,
      accessTable: none,
      organization: none,
    },
    [
      (program, io) =>
        registerActivity(program, io, async (name) => ({
          ask: async (question) => {
            expect(name).toBe('report');
            asked.push(question);
            return answer;
          },
        })),
    ],
  );
  return { code, asked, ...said };
}

const READ = { read: true, requestId: 'req-1', model: reportOf([aCall('iam:CreateUser')]), calls: [CALL], left: 0 };

describe('glasshammer activity', () => {
  test('prints what the report would show, asked of the report function, which alone may read CloudTrail', async () => {
    const { code, out, asked } = await activity('activity req-1 --stack Glasshammer', { soFar: READ });
    expect(code).toBe(0);
    expect(out).toContain('GLASSHAMMER  Ana in Production as AdministratorAccess');
    expect(out).toContain('iam:CreateUser');
    expect(asked).toEqual([{ requestId: 'req-1', askId: 'id-1' }]);
  });

  test('--json lists the calls, and a line says how many had no room', async () => {
    const { out, err } = await activity('activity req-1 --json --stack G', { soFar: { ...READ, left: 7 } });
    expect(JSON.parse(out)).toEqual({ requestId: 'req-1', calls: [CALL] });
    expect(err).toContain('7 calls had no room');
  });

  test.each([
    ['unknown-request', 'there is no request req-1'],
    ['not-begun', 'the access of request req-1 has not begun'],
    ['already-reported', 'the report of request req-1 is out: glasshammer report req-1'],
    ['asked-lately', 'ask again after'],
  ])('refused with %s, one line says what to do', async (reason, line) => {
    const { code, err } = await activity('activity req-1 --stack G', { soFar: { read: false, refusal: { reason } } });
    expect([code, err.trim().split('\n')]).toEqual([2, [expect.stringContaining(line)]]);
  });

  test('an answer from a function of another version is answered with what to deploy', async () => {
    const { code, err } = await activity('activity req-1 --stack G', { next: 'done' });
    expect([code, err]).toEqual([2, expect.stringContaining('deploy the version of this checkout')]);
  });

  test('is a command of glasshammer', async () => {
    expect(await run('activity req-1', { env: {} })).toMatchObject({
      code: 2,
      err: 'name the function: --report-function NAME, or REPORT_FUNCTION in the environment\n',
    });
  });
});
