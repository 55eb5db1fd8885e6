import { VirtualClock } from '../../sandbox/clock.ts';

const START_MS = Date.parse('2026-01-05T09:00:00.000Z');
const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

const settled = () => Promise.resolve();
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Records events in their order, each with its second after the start. */
function recorder(clock: VirtualClock) {
  const seen: string[] = [];
  const note = (what: string) => () => {
    seen.push(`${what}@${(clock.nowMs() - START_MS) / SECOND_MS}`);
  };
  return { seen, note };
}

describe('a clock that was not started', () => {
  const still = () => new VirtualClock({ startMs: START_MS, speed: 60 });

  it('keeps the same time until it is advanced', async () => {
    const clock = still();
    await nextTurn();
    expect(clock.now().toISOString()).toBe('2026-01-05T09:00:00.000Z');
    await clock.advance(90 * SECOND_MS, settled);
    expect(clock.now().toISOString()).toBe('2026-01-05T09:01:30.000Z');
  });

  it('fires timers at exactly their instant, in order of time and then of scheduling', async () => {
    const clock = still();
    const { seen, note } = recorder(clock);
    clock.schedule(START_MS + 20 * SECOND_MS, note('second of two'));
    clock.schedule(START_MS + 5 * SECOND_MS, note('first'));
    clock.schedule(START_MS + 20 * SECOND_MS, note('third, same instant'));
    await clock.advance(60 * SECOND_MS, settled);
    expect(seen).toEqual(['first@5', 'second of two@20', 'third, same instant@20']);
    expect(clock.nowMs()).toBe(START_MS + 60 * SECOND_MS);
  });

  it('fires a timer due exactly at the target, and not the one a millisecond later', async () => {
    const clock = still();
    const { seen, note } = recorder(clock);
    clock.schedule(START_MS + SECOND_MS, note('due'));
    clock.schedule(START_MS + SECOND_MS + 1, note('not due'));
    await clock.advance(SECOND_MS, settled);
    expect(seen).toEqual(['due@1']);
  });

  it('fires timers that other timers schedule during the same advance', async () => {
    const clock = still();
    const { seen, note } = recorder(clock);
    clock.schedule(START_MS + 10 * SECOND_MS, () => {
      note('outer')();
      clock.schedule(clock.nowMs() + 5 * SECOND_MS, note('inner'));
      clock.schedule(clock.nowMs() - 5 * SECOND_MS, note('already past'));
    });
    clock.schedule(START_MS + 12 * SECOND_MS, note('between'));
    await clock.advance(60 * SECOND_MS, settled);
    expect(seen).toEqual(['outer@10', 'already past@10', 'between@12', 'inner@15']);
  });

  it('waits for pending work before the first step and after each step, without moving the time', async () => {
    const clock = still();
    const { seen, note } = recorder(clock);
    clock.schedule(START_MS + 10 * SECOND_MS, note('timer'));
    clock.schedule(START_MS + 30 * SECOND_MS, note('timer'));
    await clock.advance(60 * SECOND_MS, async () => {
      await nextTurn();
      note('settled')();
    });
    expect(seen).toEqual(['settled@0', 'timer@10', 'settled@10', 'timer@30', 'settled@30']);
  });

  it('fires a timer that pending work schedules before the target of the advance', async () => {
    const clock = still();
    const { seen, note } = recorder(clock);
    let asked = false;
    await clock.advance(10 * SECOND_MS, async () => {
      if (asked) return;
      asked = true;
      clock.schedule(START_MS + 3 * SECOND_MS, note('late arrival'));
    });
    expect(seen).toEqual(['late arrival@3']);
  });

  it('never fires a cancelled timer, and cancelling twice or too late does no harm', async () => {
    const clock = still();
    const { seen, note } = recorder(clock);
    const cancel = clock.schedule(START_MS + SECOND_MS, note('cancelled'));
    const cancelKept = clock.schedule(START_MS + SECOND_MS, note('kept'));
    clock.schedule(START_MS + 2 * SECOND_MS, note('last'));
    cancel();
    cancel();
    await clock.advance(SECOND_MS, settled);
    cancelKept();
    await clock.advance(SECOND_MS, settled);
    expect(seen).toEqual(['kept@1', 'last@2']);
  });

  it('lets a timer cancel another that is due at the same instant', async () => {
    const clock = still();
    const { seen, note } = recorder(clock);
    let cancel = () => {};
    clock.schedule(START_MS, () => cancel());
    cancel = clock.schedule(START_MS, note('cancelled in the same turn'));
    await nextTurn();
    await nextTurn();
    expect(seen).toEqual([]);
  });

  it('fires timers scheduled for the past in the next turn of the event loop, without an advance', async () => {
    const clock = still();
    const { seen, note } = recorder(clock);
    clock.schedule(START_MS - DAY_MS, note('yesterday'));
    clock.schedule(START_MS, note('now'));
    expect(seen).toEqual([]);
    await nextTurn();
    expect(seen).toEqual(['yesterday@0', 'now@0']);
  });

  it('fires timers that are already due before one that a timer schedules for the past', async () => {
    const clock = still();
    const { seen, note } = recorder(clock);
    clock.schedule(START_MS, () => {
      note('first')();
      clock.schedule(START_MS - DAY_MS, note('its follower'));
    });
    clock.schedule(START_MS, note('second'));
    await nextTurn();
    expect(seen).toEqual(['first@0', 'second@0']);
    await nextTurn();
    expect(seen).toEqual(['first@0', 'second@0', 'its follower@0']);
  });

  it('does not go back in time for a timer scheduled in the past', async () => {
    const clock = still();
    const { seen, note } = recorder(clock);
    await clock.advance(60 * SECOND_MS, settled);
    clock.schedule(START_MS + SECOND_MS, note('late'));
    await clock.advance(0, settled);
    expect(seen).toEqual(['late@60']);
  });

  it('queues concurrent advances, each starting where the previous one ended', async () => {
    const clock = still();
    const { seen, note } = recorder(clock);
    clock.schedule(START_MS + 15 * SECOND_MS, note('timer'));
    const first = clock.advance(10 * SECOND_MS, nextTurn).then(note('first done'));
    const second = clock.advance(10 * SECOND_MS, nextTurn).then(note('second done'));
    await Promise.all([first, second]);
    expect(seen).toEqual(['first done@10', 'timer@15', 'second done@20']);
  });

  it('refuses negative and invalid times and speeds', () => {
    expect(() => still().advance(-1, settled)).toThrow(RangeError);
    expect(() => still().advance(Number.NaN, settled)).toThrow(RangeError);
    expect(() => still().schedule(Number.NaN, () => {})).toThrow(RangeError);
    expect(() => new VirtualClock({ startMs: START_MS, speed: 0 })).toThrow(RangeError);
  });

  it('passes the error of a timer to the caller, stops at that time, and continues with the next advance', async () => {
    const clock = still();
    const { seen, note } = recorder(clock);
    clock.schedule(START_MS + SECOND_MS, () => {
      throw new Error('broken timer');
    });
    clock.schedule(START_MS + 2 * SECOND_MS, note('after'));
    await expect(clock.advance(10 * SECOND_MS, settled)).rejects.toThrow('broken timer');
    expect(clock.nowMs()).toBe(START_MS + SECOND_MS);
    await clock.advance(SECOND_MS, settled);
    expect(seen).toEqual(['after@2']);
  });

  it('fires thousands of timers in order and in time while half of them are cancelled', async () => {
    const clock = still();
    const fired: number[] = [];
    const late: number[] = [];
    const cancels: (() => void)[] = [];
    for (let i = 0; i < 2000; i++) {
      const atMs = START_MS + ((i * 7919) % 1009) * SECOND_MS;
      cancels.push(
        clock.schedule(atMs, () => {
          fired.push(atMs);
          if (clock.nowMs() !== atMs) late.push(atMs);
        }),
      );
    }
    cancels.forEach((cancel, i) => {
      if (i % 2 === 0) cancel();
    });
    await clock.advance(DAY_MS, settled);
    expect(fired).toHaveLength(1000);
    expect(fired).toEqual([...fired].sort((a, b) => a - b));
    expect(late).toEqual([]);
  });
});

describe('a clock that was started', () => {
  let realMs = 0;
  const flowing = (speed = 60) => {
    const clock = new VirtualClock({ startMs: START_MS, speed, realNow: () => realMs });
    clock.start();
    return clock;
  };
  /** Lets real time pass, for the clock and for the timers it has set. */
  const pass = (ms: number) => {
    realMs += ms;
    jest.advanceTimersByTime(ms);
  };

  beforeEach(() => {
    realMs = 1_000_000;
    jest.useFakeTimers({ doNotFake: ['performance', 'queueMicrotask', 'nextTick'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('advances a minute per second at speed 60', () => {
    const clock = flowing();
    const { seen, note } = recorder(clock);
    clock.schedule(START_MS + 60 * SECOND_MS, note('a minute'));
    pass(999);
    expect(seen).toEqual([]);
    pass(1);
    expect(seen).toEqual(['a minute@60']);
    clock.stop();
  });

  it('fires a timer after 40 days at speed 1, although a Node timer cannot be set that far', () => {
    const clock = flowing(1);
    const { seen, note } = recorder(clock);
    clock.schedule(START_MS + 40 * DAY_MS, note('forty days'));
    for (let day = 0; day < 39; day++) pass(DAY_MS);
    expect(seen).toEqual([]);
    pass(DAY_MS);
    expect(seen).toEqual([`forty days@${40 * 86_400}`]);
    clock.stop();
  });

  it('does not advance after it is stopped', () => {
    const clock = flowing();
    const { seen, note } = recorder(clock);
    clock.schedule(START_MS + 120 * SECOND_MS, note('never'));
    pass(1000);
    clock.stop();
    pass(60_000);
    expect(clock.nowMs()).toBe(START_MS + 60 * SECOND_MS);
    expect(seen).toEqual([]);
  });

  it('ignores real time during an advance, and runs on from its target', async () => {
    const clock = flowing();
    const { seen, note } = recorder(clock);
    clock.schedule(START_MS + 100 * SECOND_MS, note('timer'));
    pass(500);
    await clock.advance(3600 * SECOND_MS, async () => {
      pass(10_000);
      note('settled')();
    });
    expect(seen).toEqual(['settled@30', 'timer@100', 'settled@100']);
    expect(clock.nowMs()).toBe(START_MS + 3630 * SECOND_MS);
    pass(1000);
    expect(clock.nowMs()).toBe(START_MS + 3690 * SECOND_MS);
    clock.stop();
  });

  it('stays stopped if it was stopped in the middle of an advance', async () => {
    const clock = flowing();
    await clock.advance(10 * SECOND_MS, async () => clock.stop());
    pass(5000);
    expect(clock.nowMs()).toBe(START_MS + 10 * SECOND_MS);
  });
});

describe('a clock with a limited speed', () => {
  it('runs at the limit while there is one, and keeps the time that has passed', async () => {
    let realMs = 0;
    const clock = new VirtualClock({ startMs: START_MS, speed: 600, realNow: () => realMs });
    clock.start();
    const passed = () => (clock.nowMs() - START_MS) / SECOND_MS;
    realMs = 1000;
    expect(passed()).toBe(600);
    clock.limit(60);
    realMs = 2000;
    expect(passed()).toBe(660);
    clock.limit(undefined);
    realMs = 3000;
    expect(passed()).toBe(1260);
    clock.stop();
  });

  it('is not made faster by a limit above its own speed', () => {
    let realMs = 0;
    const clock = new VirtualClock({ startMs: START_MS, speed: 2, realNow: () => realMs });
    clock.start();
    clock.limit(60);
    realMs = 1000;
    expect(clock.nowMs() - START_MS).toBe(2000);
    clock.stop();
  });

  it('ignores real time during an advance also when a limit is set', async () => {
    let realMs = 0;
    const clock = new VirtualClock({ startMs: START_MS, speed: 600, realNow: () => realMs });
    await clock.advance(SECOND_MS, async () => {
      realMs += 1000;
      clock.limit(60);
    });
    expect(clock.nowMs() - START_MS).toBe(SECOND_MS);
  });
});
