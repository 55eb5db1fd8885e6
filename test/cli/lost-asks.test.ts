import { NOON } from '../lambdas/api/calling.ts';
import { listenToStdout } from '../lambdas/stdout.ts';
import { EXEC, terminal, unreachable } from './terminal.ts';

listenToStdout();

describe('exec when answers of the API are lost', () => {
  it('finds the request to which no answer came, ends its access, which no program uses, and says so', async () => {
    const at = terminal();
    const ask = () =>
      at.faults.push((method, path) => {
        if (method !== 'POST' || !path.endsWith('/requests')) return undefined;
        return at.world.requests.requests.size === 0 ? undefined : unreachable();
      });
    // The ask reaches the API, but the answers to it and to each repetition are lost.
    at.arrivals.push(ask);
    const { code, err } = await at.run('ana', EXEC, [() => {}, () => {}, () => at.enterState('active')]);
    expect([code, at.only().state, at.world.requests.requests.size, at.ran]).toEqual([1, 'ending', 1, []]);
    expect(err).toMatch(/not known whether this was asked for .*looked for.*\n.*: access is ended\n$/);
  });

  it('says that nothing was asked for only after it has looked for the request long enough to know', async () => {
    const at = terminal();
    at.faults.push((method) => (method === 'POST' ? unreachable() : undefined));
    const waits = Array.from({ length: 22 }, () => () => {});
    const { code, err } = await at.run('ana', EXEC, waits);
    expect([code, at.world.requests.requests.size]).toEqual([1, 0]);
    expect(err).toMatch(/: nothing was asked for\n$/);
  });

  it('asks again when the answer to the ask was lost, and makes no second request', async () => {
    const at = terminal();
    let asks = 0;
    at.faults.push((method, path) =>
      method === 'POST' && path.endsWith('/requests') && ++asks === 1 ? unreachable() : undefined,
    );
    const { code } = await at.run('ana', EXEC, [() => {}, () => at.enterState('active')]);
    expect([code, asks, at.world.requests.requests.size]).toEqual([3, 2, 1]);
  });
});

test('an ask whose answers were lost is reported as unknown, and a retry with the printed key makes no second request', async () => {
  const at = terminal();
  at.faults.push((method, path) => (method === 'POST' && path.endsWith('/requests') ? unreachable() : undefined));
  at.arrivals.push(() => {});
  const lost = await at.run('ana', 'request prod glass 1h "down" --json', [() => {}, () => {}]);
  const { reason, key } = JSON.parse(lost.out);
  expect([lost.code, reason]).toEqual([1, 'outcome-unknown']);
  expect(lost.err).toMatch(
    /^it is not known whether this was asked for \(.*--key key-1 tells, and asks only if it was not\n$/,
  );
  at.faults.length = 0;
  const again = await at.run('ana', `request prod glass 1h "down" --key ${key} --json`);
  expect([again.code, JSON.parse(again.out).id, at.world.requests.requests.size]).toEqual([0, at.only().id, 1]);
});

test('access that another request joins just before exec ends it stays active', async () => {
  const at = terminal();
  const end = () =>
    at.faults.push((method, path) => {
      if (method !== 'POST' || !path.endsWith('/end')) return undefined;
      const root = at.only();
      at.world.requests.put({ ...root, joins: [{ requestId: 'req-other', at: NOON, endsAt: root.endsAt }] });
      at.faults.length = 0;
      return undefined;
    });
  const { code, err } = await at.run('ana', EXEC, [() => at.enterState('active'), () => {}], {}, end);
  expect([code, at.only().state]).toEqual([3, 'active']);
  expect(err).toContain('another request of yours is part of it');
});
