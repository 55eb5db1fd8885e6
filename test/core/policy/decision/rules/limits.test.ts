import fc from 'fast-check';
import type { HeldFacts } from '../../../../../core/model/decision.ts';
import { directoryOf } from '../../../../../core/policy/authoring/organization.ts';
import { decide } from '../../../../../core/policy/decision/decide.ts';
import { factsNeeded, gatherFacts } from '../../../../../core/policy/decision/facts.ts';
import { policySetOf } from '../../../../../core/policy/records/policy-set.ts';
import { allow, MONDAY_MORNING, requestInputOf, WORLD } from '../../world.ts';

const T0 = Date.parse(MONDAY_MORNING);
/** An instant so many minutes after Monday, nine o'clock. */
const at = (minutes: number) => new Date(T0 + minutes * 60_000).toISOString();
const hold = (from: number, to: number, accessId = `a${from}`) => ({ accessId, startedAt: at(from), endsAt: at(to) });
const REQUIRE = { name: 'limit', effect: 'require', who: ['everyone'], accounts: ['*'] };

async function decideWith(policies: readonly object[], minutes: number, held: HeldFacts, when = 0) {
  const policySet = policySetOf(policies);
  const requestInput = { ...requestInputOf({ at: at(when), hours: minutes / 60 }), held };
  const facts = await gatherFacts(factsNeeded(policySet, [], requestInput), directoryOf(WORLD), { checkAll: true });
  return decide(policySet, [], requestInput, facts);
}

const extension = (from: number, to: number, past: HeldFacts['past'] = []): HeldFacts => ({
  current: hold(from, to, 'now'),
  isExtension: true,
  past,
});
const ask = (from: number, to: number): HeldFacts => ({ current: hold(from, to, 'now'), isExtension: false, past: [] });
const pastOnly = (...past: HeldFacts['past']): HeldFacts => ({ isExtension: false, past });

const TWO_HOURS = allow({ maxDuration: '2h' });

describe('the longest uninterrupted access', () => {
  it.each<[string, object[], number, HeldFacts, number, string | undefined, string?]>([
    ['an extension within it is allowed', [TWO_HOURS], 30, extension(-30, 30), 0, undefined],
    ['an extension that uses all of it is allowed', [TWO_HOURS], 60, extension(-30, 30), 0, undefined],
    ['an extension beyond it is refused with what is left', [TWO_HOURS], 61, extension(-30, 30), 0, 'hold-limit', '1h'],
    ['with nothing left nothing is offered', [TWO_HOURS], 15, extension(-60, 60), 0, 'hold-limit', 'nothing'],
    [
      'another request counts from now, and the time that is already given costs nothing',
      [TWO_HOURS],
      30,
      ask(-110, 10),
      0,
      'hold-limit',
      '10m',
    ],
    ['a request within the time that is already given is allowed', [TWO_HOURS], 5, ask(-115, 10), 0, undefined],
    [
      'a planned start while access lasts counts as the same access',
      [TWO_HOURS],
      60,
      ask(-110, 10),
      5,
      'hold-limit',
      '5m',
    ],
    ['a planned start after its end is a new access', [TWO_HOURS], 120, ask(-110, 10), 11, undefined],
    ['access that is over does not count', [TWO_HOURS], 120, pastOnly(hold(-120, -1)), 0, undefined],
    [
      'the longest duration of a require counts too',
      [allow(), { ...REQUIRE, maxDuration: '1h' }],
      31,
      extension(-30, 0),
      0,
      'hold-limit',
      '30m',
    ],
  ])('%s', async (_it, ...[policies, minutes, held, when, reason, detail]) => {
    const decision = await decideWith(policies, minutes, held, when);
    expect(decision.refusal?.reason).toBe(reason);
    if (detail !== undefined) expect(decision.refusal?.detail).toBe(detail);
    if (reason === undefined) expect(decision.outcome).toBe('granted');
  });

  it('names the longest that would still be allowed, for a button that asks for no length', async () => {
    expect(await decideWith([TWO_HOURS], 60, ask(-110, 10))).toMatchObject({ maxDurationSeconds: 600 });
  });

  it('is never exceeded, however requests are staggered', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            wait: fc.integer({ min: 0, max: 50 }),
            minutes: fc.integer({ min: 1, max: 150 }),
            extend: fc.boolean(),
          }),
          {
            maxLength: 25,
          },
        ),
        async (steps) => {
          let now = 0;
          let current: { from: number; to: number } | undefined;
          for (const { wait, minutes, extend } of steps) {
            now += wait;
            if (current !== undefined && current.to <= now) current = undefined;
            const held: HeldFacts =
              current === undefined
                ? pastOnly()
                : { current: hold(current.from, current.to, 'now'), isExtension: extend, past: [] };
            const { outcome } = await decideWith([TWO_HOURS], minutes, held, now);
            if (outcome !== 'granted') continue;
            const from = current?.from ?? now;
            const to = Math.max(current?.to ?? 0, (extend && current !== undefined ? current.to : now) + minutes);
            current = { from, to };
            expect(to - from).toBeLessThanOrEqual(120);
          }
        },
      ),
      { numRuns: 20, endOnFailure: true },
    );
  });
});

describe('access that the same person has with another user', () => {
  /** Of `others`, a hold that ends after `now` still lasts. @param now minutes after nine */
  const having = (others: HeldFacts['past'], held: HeldFacts = pastOnly(), now = 0): HeldFacts => ({
    ...held,
    others: {
      lasting: others.filter(({ endsAt }) => endsAt > at(now)),
      past: others.filter(({ endsAt }) => endsAt <= at(now)),
    },
  });
  it.each<[string, object, number, HeldFacts, string | undefined, string?]>([
    [
      'lasts: only the rest of the longest duration is left',
      TWO_HOURS,
      60,
      having([hold(-90, 30)]),
      'hold-limit',
      '30m',
    ],
    ['lasts: its time is not already given to this user', TWO_HOURS, 20, having([hold(-110, 60)]), 'hold-limit', '10m'],
    [
      'took turns with this user’s: there was no break',
      TWO_HOURS,
      60,
      having([hold(-60, 30)], pastOnly(hold(-100, -50))),
      'hold-limit',
      '20m',
    ],
    [
      'overlaps with what is extended: its earlier start counts',
      TWO_HOURS,
      30,
      having([hold(-100, 30)], extension(-20, 10)),
      'hold-limit',
      '10m',
    ],
    ['is over: the longest duration begins anew', TWO_HOURS, 120, having([hold(-120, -1)]), undefined],
    ['counts for the limit within a day', allow({ perDay: '3h' }), 120, having([hold(-300, -180)]), 'per-day', '1h'],
    [
      'adds up with this user’s for the limit within a day',
      allow({ perDay: '3h' }),
      120,
      having([hold(-300, -240)], pastOnly(hold(-200, -140))),
      'per-day',
      '1h',
    ],
    [
      'has ended: the pause is for both users',
      allow({ cooldown: '8h' }),
      30,
      having([hold(-60, -1)]),
      'cooldown',
      at(479),
    ],
    [
      'ends at this instant: the pause begins',
      allow({ cooldown: '8h' }),
      30,
      having([hold(-60, 0)]),
      'cooldown',
      at(480),
    ],
    ['lasts: no pause has begun', allow({ cooldown: '8h' }), 30, having([hold(-60, 1)]), undefined],
    [
      'lasts: this user’s own access that has ended needs its pause all the same',
      allow({ cooldown: '8h' }),
      30,
      having([hold(-60, 60)], pastOnly(hold(-60, -30))),
      'cooldown',
      at(450),
    ],
  ])('%s', async (_it, ...[policy, minutes, held, reason, detail]) => {
    const { outcome, refusal } = await decideWith([policy], minutes, held);
    expect([outcome, refusal?.reason, refusal?.detail]).toEqual(
      reason === undefined ? ['granted', undefined, undefined] : ['refused', reason, detail],
    );
  });

  const LIMITED = allow({ maxDuration: '2h', perDay: '4h', cooldown: '20m' });
  const width = { refused: 0, 'needs-approval': 1, granted: 2 };
  const span = fc
    .tuple(fc.integer({ min: -1500, max: 0 }), fc.integer({ min: 1, max: 240 }))
    .map(([from, minutes]) => hold(from, from + minutes, 'other'));

  it('never gives the person more', async () => {
    const own = fc.constantFrom(pastOnly(), ask(-50, 20), extension(-50, 20), pastOnly(hold(-90, -5)));
    await fc.assert(
      fc.asyncProperty(
        own,
        fc.array(span, { maxLength: 4 }),
        fc.integer({ min: 1, max: 150 }),
        async (held, others, minutes) => {
          const apart = await decideWith([LIMITED], minutes, held);
          const together = await decideWith([LIMITED], minutes, having(others, held));
          expect(width[together.outcome]).toBeLessThanOrEqual(width[apart.outcome]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('lets nobody exceed a limit by taking turns, however requests are staggered', async () => {
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 50 }),
      minutes: fc.integer({ min: 1, max: 150 }),
      by: fc.nat({ max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        let now = 0;
        const holds: { by: number; from: number; to: number }[] = [];
        const heldBy = (is: (by: number) => boolean) =>
          holds.filter(({ by }) => is(by)).map(({ from, to }) => hold(from, to));
        for (const { wait, minutes, by } of steps) {
          now += wait;
          const mine = holds.find((one) => one.by === by && one.to > now);
          const own = heldBy((one) => one === by);
          const current = mine === undefined ? undefined : hold(mine.from, mine.to);
          const past = own.filter(({ endsAt }) => endsAt <= at(now));
          const others = heldBy((one) => one !== by);
          const held = having(others, { current, past, isExtension: false }, now);
          if ((await decideWith([LIMITED], minutes, held, now)).outcome !== 'granted') continue;
          if (mine === undefined) holds.push({ by, from: now, to: now + minutes });
          else mine.to = Math.max(mine.to, now + minutes);
        }
        const [, unbroken] = holds.reduce<[number, number, number]>(
          ([from, longest, to], one) => {
            const start = one.from <= to ? from : one.from;
            const end = Math.max(to, one.to);
            return [start, Math.max(longest, end - start), end];
          },
          [-1, 0, -1],
        );
        expect(unbroken).toBeLessThanOrEqual(120);
        const inAll = holds.filter(({ from }) => from < 1440).reduce((sum, { from, to }) => sum + to - from, 0);
        if (holds.every(({ to }) => to <= 1440)) expect(inAll).toBeLessThanOrEqual(240);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });
});

describe('the limit within a day', () => {
  const PER_DAY = allow({ perDay: '3h' });
  it.each<[string, number, HeldFacts, string | undefined, string?]>([
    ['the first access of a day has all of it', 180, pastOnly(), undefined],
    ['earlier access counts', 120, pastOnly(hold(-300, -180)), 'per-day', '1h'],
    ['access of a day ago does not count', 180, pastOnly(hold(-24 * 60 - 200, -24 * 60 - 10)), undefined],
    [
      'of access that began earlier, only the part within the day counts',
      150,
      pastOnly(hold(-24 * 60 - 60, -24 * 60 + 30)),
      undefined,
    ],
    ['access that lasts counts to its end', 60, extension(-60, 90), 'per-day', '30m'],
    ['a request for time that is already given costs nothing', 60, ask(-60, 90), undefined],
  ])('%s', async (_it, ...[minutes, held, reason, detail]) => {
    const { outcome, refusal } = await decideWith([PER_DAY], minutes, held);
    expect([outcome, refusal?.reason, refusal?.detail]).toEqual(
      reason === undefined ? ['granted', undefined, undefined] : ['refused', reason, detail],
    );
  });
});

describe('the pause between two accesses', () => {
  const PAUSED = allow({ cooldown: '8h' });
  it.each<[string, HeldFacts, string | undefined]>([
    ['there was no access before', pastOnly(), undefined],
    ['access has just ended: nothing is granted before the pause is over', pastOnly(hold(-60, -1)), at(-1 + 480)],
    ['access ends at this instant: the pause begins', pastOnly(hold(-60, 0)), at(480)],
    ['the pause is over', pastOnly(hold(-600, -480)), undefined],
    ['access lasts: an extension needs no pause', extension(-60, 10), undefined],
    ['access lasts: another request needs no pause either', ask(-60, 10), undefined],
  ])('%s', async (_it, held, until) => {
    const { outcome, refusal } = await decideWith([PAUSED], 30, held);
    expect([outcome, refusal]).toEqual(
      until === undefined ? ['granted', undefined] : ['refused', { reason: 'cooldown', detail: until }],
    );
  });

  it('the longest of several policies counts', async () => {
    const policies = [PAUSED, { ...REQUIRE, cooldown: '12h' }];
    expect((await decideWith(policies, 30, pastOnly(hold(-600, -480)))).refusal?.reason).toBe('cooldown');
  });
});
