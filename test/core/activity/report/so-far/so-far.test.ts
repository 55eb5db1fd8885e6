import { maySeeSoFar } from '../../../../../core/activity/report/so-far/may-see-so-far.ts';
import { readSoFar, type SoFarServices } from '../../../../../core/activity/report/so-far/so-far.ts';
import type { AccessRequest } from '../../../../../core/model/request.ts';
import { aRequest, NOON, statesExcept } from '../../../access/requests.ts';
import { caller, createWorld } from '../../../access/services.ts';
import { type Answer, fakeHolds, fakeRequests, fakeSource, named, pagesOf } from '../../fakes.ts';
import { aCall, aChainedRole, aRecord, endedRequest, PLAN_SETTINGS } from '../../records.ts';

const HALF_PAST = new Date('2026-01-05T09:40:00Z');
const ACTIVE: Partial<AccessRequest> = { state: 'active', endingAt: undefined, endedAt: undefined };

/** @param limit resolves when the time is up; by default never */
function world(
  answer: Answer,
  change: Partial<AccessRequest> = ACTIVE,
  passed?: string,
  limit: Promise<void> = new Promise(() => undefined),
) {
  const pauses: number[] = [];
  const source = fakeSource(answer);
  const services: SoFarServices = {
    requests: fakeRequests(endedRequest(change)),
    holds: fakeHolds(),
    source,
    settings: PLAN_SETTINGS,
    gate: { pass: () => Promise.resolve(passed) },
    now: () => HALF_PAST,
    pause: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
    timeLimit: (ms) => {
      expect(ms).toBe(30_000);
      return limit;
    },
  };
  return { pauses, source, ask: () => readSoFar('request-1', 'ask-1', services) };
}

describe('what was done so far', () => {
  test('is shown like the report while access lasts, and says that calls of the last minutes are missing', async () => {
    const { ask, source } = world(pagesOf({ 'eu-west-1': [aRecord(), aCall('iam:CreateUser')], 'us-east-1': [] }));
    const soFar = await ask();
    if (!soFar.read) throw new Error('it was refused');
    expect(soFar.model.headline).toBe('2 writes');
    expect(soFar.model.flags.map(({ id }) => id)).toEqual(['identity-persistence']);
    expect(soFar.calls.map(({ action }) => action).sort()).toEqual(['ec2:StopInstances', 'iam:CreateUser']);
    expect(soFar.model.coverage.gaps).toEqual([
      'This is what could be seen at 2026-01-05 09:40:00 UTC, before the report: calls of the last minutes are missing.',
    ]);
    expect(soFar.model.suggestion).toBeUndefined();
    // Nothing is looked for that cannot have happened yet.
    expect(new Set(source.queries.map(({ until }) => until))).toEqual(new Set(['2026-01-05T09:40:00Z']));
  });

  test('is never "nothing was done" before the report', async () => {
    const soFar = await world(pagesOf({})).ask();
    expect(soFar.read && soFar.model.headline).toBe('no calls found, but not everything was seen');
    expect(soFar.read && soFar.model.flags).toEqual([]);
  });

  test('includes calls as another role whose session still lives', async () => {
    const { ask } = world(
      pagesOf({
        'eu-west-1': [aChainedRole('arn:aws:iam::123456789012:role/Deploy', 'ASIAHOP')],
        ASIAHOP: [aRecord({ role: 'Deploy', session: 'deploy', onBehalfOf: null, key: 'ASIAHOP' })],
      }),
    );
    const soFar = await ask();
    expect(soFar.read && soFar.model.sections[0]?.rows.map(({ as }) => as)).toContain(
      'arn:aws:iam::123456789012:role/Deploy',
    );
  });

  test('comes when the time is up even if a look-up hangs, and names what is missing', async () => {
    let up = () => {};
    const limit = new Promise<void>((resolve) => {
      up = resolve;
    });
    const { ask, source } = world(pagesOf({ 'eu-west-1': [aRecord()], 'us-east-1': [] }), ACTIVE, undefined, limit);
    const { page } = source;
    source.page = (query) => {
      if (query.region !== 'us-east-1') return page(query);
      up();
      return new Promise(() => undefined);
    };
    const soFar = await ask();
    expect(soFar.read && soFar.model.coverage.gaps.join(' ')).toContain('us-east-1');
  });

  test('comes within a minute, whatever is left, and names what is missing', async () => {
    const endless: Answer = ({ region, token }) =>
      region === 'us-east-1' ? named('InternalError') : { records: [aRecord()], next: `${token ?? ''}x` };
    const { ask, pauses } = world(endless);
    const soFar = await ask();
    expect(pauses.length).toBeLessThan(45);
    expect(new Set(pauses)).toEqual(new Set([1000]));
    expect(soFar.read && soFar.model.headline).toMatch(/ \(incomplete\)$/);
    expect(soFar.read && soFar.model.coverage.gaps.join(' ')).toContain(
      'Not seen, or not all of it: eu-west-1 (read back to 2026-01-05 09:30:00 UTC) and us-east-1.',
    );
  });

  test('is not read again at once', async () => {
    const { ask, source } = world(pagesOf({}), ACTIVE, '2026-01-05T09:39:30.000Z');
    expect(await ask()).toEqual({
      read: false,
      refusal: { reason: 'asked-lately', detail: '2026-01-05T09:40:30.000Z' },
    });
    expect(source.queries).toEqual([]);
  });

  test.each([
    ['pending', 'not-begun'],
    ['refused', 'not-begun'],
    ['reported', 'already-reported'],
  ] as const)('is refused for a request that is %s', async (state, reason) => {
    expect(await world(pagesOf({}), { state }).ask()).toEqual({ read: false, refusal: { reason } });
  });
});

describe('who may see it in Slack', () => {
  const asked = {
    waitingPaths: [{ path: 'p', approvals: [{ policy: 'p', count: 1, approvers: ['user-cleo'] }] }],
    slackIds: {},
    allows: '',
    usedBefore: { times: 0 },
  };
  const seen = async (who: string, change: Partial<AccessRequest> = {}) => {
    const services = createWorld();
    services.requests.put(aRequest('active', { asked, ...change }));
    const outcome = await maySeeSoFar('r1', caller(who), services);
    return outcome.done ? 'yes' : outcome.refusal.reason;
  };

  test.each([
    ['ana', 'yes'],
    ['cleo', 'yes'],
    ['ben', 'not-yours'],
  ])('%s: %s', async (who, answer) => expect(await seen(who)).toBe(answer));

  test.each(statesExcept('active', 'ending', 'ended'))('nobody, of a request that is %s', async (state) => {
    expect(await seen('ana', { state, endedAt: NOON })).toMatch(/^(not-begun|already-reported)$/);
  });
});
