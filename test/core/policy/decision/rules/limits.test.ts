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
    ['an extension within it is allowed', [TWO_HOURS], 60, extension(-30, 30), 0, undefined],
    ['an extension that uses all of it is allowed', [TWO_HOURS], 60, extension(-30, 30, []), 0, undefined],
    ['an extension beyond it is refused with what is left', [TWO_HOURS], 91, extension(-30, 30), 0, 'hold-limit', '1h'],
    ['with nothing left nothing is offered', [TWO_HOURS], 15, extension(-60, 60), 0, 'hold-limit', 'nothing'],
    [
      'another ask counts from now, and what is covered costs nothing',
      [TWO_HOURS],
      30,
      ask(-110, 10),
      0,
      'hold-limit',
      '10m',
    ],
    ['an ask for less than is left changes nothing, and is allowed', [TWO_HOURS], 5, ask(-115, 10), 0, undefined],
    ['a start while access lasts counts with it', [TWO_HOURS], 60, ask(-110, 10), 5, 'hold-limit', '5m'],
    ['a start after its end is a new access', [TWO_HOURS], 120, ask(-110, 10), 11, undefined],
    ['what is over does not count', [TWO_HOURS], 120, pastOnly(hold(-120, -1)), 0, undefined],
    [
      'a require binds the access too',
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

describe('what may be had within a day', () => {
  const PER_DAY = allow({ perDay: '3h' });
  it.each<[string, number, HeldFacts, string | undefined, string?]>([
    ['the first access of a day has all of it', 180, pastOnly(), undefined],
    ['what was had counts', 120, pastOnly(hold(-300, -180)), 'per-day', '1h'],
    ['what was had a day ago does not', 180, pastOnly(hold(-24 * 60 - 200, -24 * 60 - 10)), undefined],
    [
      'of what began before, only the part within the day counts',
      150,
      pastOnly(hold(-24 * 60 - 60, -24 * 60 + 30)),
      undefined,
    ],
    ['what lasts counts to its end', 60, extension(-60, 90), 'per-day', '30m'],
    ['an ask for what is covered costs nothing', 60, ask(-60, 90), undefined],
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
    ['nothing was had', pastOnly(), undefined],
    ['it has just ended: not before the pause is over', pastOnly(hold(-60, -1)), at(-1 + 480)],
    ['the pause is over', pastOnly(hold(-600, -480)), undefined],
    ['it lasts: an extension needs no pause', extension(-60, 10), undefined],
    ['it lasts: another ask needs none either', ask(-60, 10), undefined],
  ])('%s', async (_it, held, until) => {
    const { outcome, refusal } = await decideWith([PAUSED], 30, held);
    expect([outcome, refusal]).toEqual(
      until === undefined ? ['granted', undefined] : ['refused', { reason: 'cooldown', detail: until }],
    );
  });

  it('of several policies the longest counts', async () => {
    const policies = [PAUSED, { ...REQUIRE, cooldown: '12h' }];
    expect((await decideWith(policies, 30, pastOnly(hold(-600, -480)))).refusal?.reason).toBe('cooldown');
  });
});
