import { type CanaryLook, judgeCanary } from '../../../core/doctor/canary.ts';
import type { Finding } from '../../../core/doctor/finding.ts';
import { type TrialPorts, tryCanary } from '../../../core/doctor/try-canary.ts';
import { refusal } from '../../../core/model/refusal.ts';

const TARGET = { accountId: '345678901234', permissionSet: 'ReadOnlyAccess' };
const ASKED: CanaryLook = {
  requestId: 'req-1',
  state: 'granting',
  askedAt: '2026-01-05T09:00:00Z',
  there: false,
  standing: false,
};
const GIVEN: CanaryLook = { ...ASKED, state: 'active', givenAt: '2026-01-05T09:00:07Z', there: true };
const GONE: CanaryLook = {
  ...GIVEN,
  state: 'ended',
  endingAt: '2026-01-05T09:00:10Z',
  endedAt: '2026-01-05T09:00:15Z',
  there: false,
};

/** A trial whose looks find these values in turn, before and after its end; the last of each list repeats. */
async function trial(before: CanaryLook[], after: CanaryLook[], over: Partial<TrialPorts> = {}) {
  let [looks, ends, minutes] = [before, 0, 0];
  const findings: Finding[] = [];
  const ports: TrialPorts = {
    ask: async () => ({ asked: true, requestId: 'req-1' }),
    look: async () => (looks.length > 1 ? looks.shift() : looks[0]),
    end: async () => {
      ends++;
      looks = after;
      return true;
    },
    pause: async () => {
      minutes++;
    },
    now: () => new Date(Date.UTC(2026, 0, 5, 9, minutes)),
    words: ({ reason }) => reason,
    ...over,
  };
  for await (const finding of tryCanary(TARGET, ports)) findings.push(finding);
  return { findings, ends };
}

test('a trial reports how many seconds the grant and the removal took', async () => {
  const { findings, ends } = await trial([ASKED, GIVEN], [GONE]);
  expect(findings.map(({ check, status }) => `${check} ${status}`)).toEqual(['canary-grant ok', 'canary-end ok']);
  expect(findings[0]?.what).toContain('7 s after');
  expect(findings[1]?.what).toContain('5 s after');
  expect(ends).toBe(1);
});

test.each<[string, CanaryLook[], CanaryLook[], RegExp, number]>([
  ['a grant that failed', [{ ...ASKED, state: 'failed', failure: refusal('grant-failed') }], [], /grant-failed/, 0],
  ['a grant that never comes', [ASKED], [GONE], /was not given \(request req-1 is granting\)/, 1],
  ['access that Identity Center does not show', [{ ...GIVEN, there: false }], [GONE], /does not show it/, 1],
  ['access that was there before', [{ ...GIVEN, standing: true }], [GONE], /has .* already/, 1],
  ['access that stays', [GIVEN], [{ ...GIVEN, state: 'ending' }], /still there \(request req-1 is ending\)/, 1],
  [
    'access that is gone, by a request that failed',
    [GIVEN],
    [{ ...GONE, state: 'failed', endedAt: undefined }],
    /^Identity Center does not show .* any more, .* \(request req-1 is failed\)$/,
    1,
  ],
  [
    'access that is gone while its request still ends it',
    [GIVEN],
    [{ ...GONE, state: 'ending', endedAt: undefined }],
    /^Identity Center does not show .* any more, .* \(request req-1 is ending\)$/,
    1,
  ],
  ['access whose request is lost', [GIVEN], [], /^request req-1 is not there any more, so nobody knows/, 1],
  ['access that is said to be gone, and is not', [GIVEN], [{ ...GONE, there: true }], /still there/, 1],
])('%s is a fault, and nothing is left open knowingly', async (_what, before, after, says, ended) => {
  const { findings, ends } = await trial(before, after);
  const last = findings.at(-1);
  expect(last).toMatchObject({ status: 'fault', what: expect.stringMatching(says) });
  expect(last?.why).toBeTruthy();
  expect(last?.fix).toBeTruthy();
  expect(ends).toBe(ended);
});

test('a trial that was joined to another access is no fault and no success, and that access is left alone', async () => {
  const { findings, ends } = await trial([ASKED, { ...ASKED, state: 'joined', there: true }], []);
  expect(findings).toMatchObject([{ check: 'canary-grant', status: 'unseen' }]);
  expect(ends).toBe(0);
  const joined = await trial([GIVEN], [GIVEN], { end: async () => false });
  expect(joined.findings.at(-1)).toMatchObject({ check: 'canary-end', status: 'unseen' });
});

test.each<[string, CanaryLook | undefined, string]>([
  ['never asked for', undefined, 'never-asked'],
  ['refused', { ...ASKED, state: 'refused' }, 'refused'],
  ['taken back before it was given', { ...ASKED, state: 'cancelled' }, 'refused'],
  ['part of another access', { ...ASKED, state: 'joined', there: true }, 'joined'],
  ['an assignment that was there before', { ...GONE, standing: true }, 'standing'],
  ['still given', GIVEN, 'still-there'],
  ['ended by its request, but still there', { ...GONE, there: true }, 'still-there'],
  ['failed', { ...ASKED, state: 'failed' }, 'not-given'],
])('the nightly trial is no success when it was %s', (_what, look, because) => {
  expect(judgeCanary(look)).toEqual({ right: false, because });
});
