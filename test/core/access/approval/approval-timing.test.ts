import fc from 'fast-check';
import { nextStep } from '../../../../core/access/approval/approval-timing.ts';
import { happen, after as later } from '../../../../core/model/events.ts';
import type { AccessRequest } from '../../../../core/model/request.ts';
import { aRequest, NOON } from '../requests.ts';

const HOUR = 3600;

function waiting(overrides: Partial<AccessRequest> = {}): AccessRequest {
  return aRequest('pending', {
    expiresAt: later(NOON, 8 * HOUR),
    approvalTiming: { expiresSeconds: 8 * HOUR, remindSeconds: 900 },
    ...overrides,
  });
}

/** All the steps that a pending request is woken for, if each is done when it is due. */
function wholeStatus(request: AccessRequest): { what: string; afterMinutes: number }[] {
  const story = [];
  let current = request;
  for (let turn = 0; turn < 100; turn++) {
    const { what, at } = nextStep(current);
    story.push({ what, afterMinutes: (Date.parse(at) - Date.parse(NOON)) / 60_000 });
    if (what === 'expire') return story;
    current = {
      ...current,
      events: [...current.events, happen(what === 'remind' ? 'reminded' : 'escalated', at)],
    };
  }
  throw new Error('the story has no end');
}

describe('waking a request that waits for approvers', () => {
  it('reminds at growing intervals and then lets it expire, so that nobody is nagged and nothing waits for ever', () => {
    expect(wholeStatus(waiting())).toEqual([
      { what: 'remind', afterMinutes: 15 },
      { what: 'remind', afterMinutes: 45 },
      { what: 'remind', afterMinutes: 105 },
      { what: 'remind', afterMinutes: 225 },
      { what: 'remind', afterMinutes: 465 },
      { what: 'expire', afterMinutes: 480 },
    ]);
  });

  it('escalates once, at its time, between the reminders', () => {
    const timing = { expiresSeconds: 2 * HOUR, remindSeconds: HOUR, escalate: { afterSeconds: 1800, to: ['group:x'] } };
    expect(wholeStatus(waiting({ expiresAt: later(NOON, 2 * HOUR), approvalTiming: timing }))).toEqual([
      { what: 'escalate', afterMinutes: 30 },
      { what: 'remind', afterMinutes: 60 },
      { what: 'expire', afterMinutes: 120 },
    ]);
  });

  it('escalates instead of reminding when both are due at the same instant', () => {
    const timing = { expiresSeconds: 2 * HOUR, remindSeconds: 1800, escalate: { afterSeconds: 1800, to: ['group:x'] } };
    expect(nextStep(waiting({ approvalTiming: timing }))).toEqual({ what: 'escalate', at: later(NOON, 1800) });
  });

  it('expires instead of reminding or escalating when these are due at the same instant', () => {
    const timing = { expiresSeconds: HOUR, remindSeconds: HOUR, escalate: { afterSeconds: HOUR, to: ['group:x'] } };
    expect(nextStep(waiting({ expiresAt: later(NOON, HOUR), approvalTiming: timing })).what).toBe('expire');
  });

  it('reminds nobody where reminders are switched off', () => {
    const quiet = waiting({ approvalTiming: { expiresSeconds: 8 * HOUR, remindSeconds: 0 } });
    expect(nextStep(quiet)).toEqual({ what: 'expire', at: later(NOON, 8 * HOUR) });
  });

  it('expires at once when no expiry was ever written: a request that waits for ever is a door left open', () => {
    const { expiresAt: _, approvalTiming: __, ...bare } = waiting();
    expect(nextStep(bare)).toEqual({ what: 'expire', at: NOON });
  });

  it('always ends, with each interval longer than the one before, whatever the policy says', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 200_000 }), fc.integer({ min: 30, max: 100_000 }), (expires, remind) => {
        const timing = { expiresSeconds: expires, remindSeconds: remind };
        const story = wholeStatus(waiting({ expiresAt: later(NOON, expires), approvalTiming: timing }));
        const reminders = story.slice(0, -1).map(({ afterMinutes }) => afterMinutes);
        const gaps = reminders.map((at, index) => at - (reminders[index - 1] ?? 0));
        expect(story.at(-1)).toEqual({ what: 'expire', afterMinutes: expires / 60 });
        for (const [index, gap] of gaps.entries()) expect(gap).toBeGreaterThan((gaps[index - 1] ?? 0) * 1.5);
      }),
    );
  });
});
