import type { ActivityQuery } from '../../../core/activity/ports.ts';
import { createLogsSource } from '../../../gateways/cloudtrail/logs.ts';
import { MOST_ROWS } from '../../../gateways/cloudtrail/trail-queries.ts';

const QUERY: ActivityQuery = {
  requestId: 'request-1',
  accountId: '123456789012',
  region: 'eu-west-1',
  by: { userName: 'ana@example.com' },
  from: '2026-01-05T09:00:00Z',
  until: '2026-01-05T10:00:00Z',
};

const AT = '2026-01-05T09:30:00Z';
const BEGUN = Date.parse('2026-01-05T13:00:00Z');

const recordAt = (eventTime: string) => ({ eventTime, awsRegion: QUERY.region, recipientAccountId: QUERY.accountId });

/** A finished query with records at these times. */
function complete(...times: readonly string[]) {
  const results = times.map((time) => [{ field: '@message', value: JSON.stringify(recordAt(time)) }]);
  return { status: 'Complete', results };
}

type Outcome = { readonly status: string; readonly results?: unknown } | { readonly error: string };

/** The real SDK client over a fake connection: queries get counted ids, and `outcomeOf` gives the result of each id. */
function logs(outcomeOf: (queryId: string) => Outcome) {
  const polled: string[] = [];
  let started = 0;
  let nowMs = BEGUN;
  const requestHandler = {
    handle(request: { body: string | Uint8Array; headers: Record<string, string> }) {
      const text = typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body);
      const { queryId = '' } = JSON.parse(text) as { queryId?: string };
      const isStart = request.headers['x-amz-target']?.endsWith('StartQuery') === true;
      if (isStart) started += 1;
      else polled.push(queryId);
      const outcome = isStart ? { queryId: `q${started}` } : outcomeOf(queryId);
      const failed = 'error' in outcome;
      const body = JSON.stringify(failed ? { __type: outcome.error, message: 'no' } : outcome);
      return Promise.resolve({
        response: { statusCode: failed ? 400 : 200, headers: {}, body: Buffer.from(body) },
      });
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
  const source = createLogsSource({
    logGroupArn: 'arn:aws:logs:eu-central-1:111122223333:log-group:trail',
    client: { requestHandler, maxAttempts: 1, credentials: { accessKeyId: 'AKIAFUNCTION', secretAccessKey: 's' } },
    regions: { enabledRegions: () => Promise.resolve([]) },
    now: () => new Date(nowMs),
    pause: (ms) => {
      nowMs += ms;
      return Promise.resolve();
    },
  });
  const page = (token?: string, change: Partial<ActivityQuery> = {}) =>
    source.page({ ...QUERY, ...change, ...(token === undefined ? {} : { token }) });
  return { page, polled, started: () => started, passedMs: () => nowMs - BEGUN };
}

test('a second with more calls than one query returns is an error that names it, so that it can be read otherwise', async () => {
  const { page } = logs(() => complete(...Array.from({ length: MOST_ROWS }, () => AT)));
  await expect(page()).rejects.toMatchObject({ name: 'TooDenseError', at: AT });
});

describe('a query that runs longer than a page is waited for', () => {
  const running = { status: 'Running' };

  test.each([
    ['has failed', { status: 'Failed' }],
    ['is forgotten', { error: 'ResourceNotFoundException' }],
  ])('is started again if it %s meanwhile', async (_how, end) => {
    let polls = 0;
    const { page, started } = logs((id) => {
      polls += 1;
      if (id !== 'q1') return complete(AT);
      return polls <= 20 ? running : end;
    });
    const first = await page();
    const second = await page(first.next);
    expect([first.records, second.records, started()]).toEqual([[], [], 1]);
    const third = await page(second.next);
    expect(third.records).toMatchObject([{ eventTime: AT }]);
    expect(started()).toBe(2);
  });

  test('is given up if every query fails', async () => {
    const polls = new Map<string, number>();
    const { page, started } = logs((id) => {
      polls.set(id, (polls.get(id) ?? 0) + 1);
      return (polls.get(id) ?? 0) <= 20 ? running : { status: 'Timeout' };
    });
    let token: string | undefined;
    const all = async () => {
      for (let pages = 0; pages < 20; pages += 1) token = (await page(token)).next;
    };
    await expect(all()).rejects.toMatchObject({ name: 'QueryFailedError' });
    expect(started()).toBe(4);
  });
});
