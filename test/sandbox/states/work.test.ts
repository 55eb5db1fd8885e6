import { Parking, Work } from '../../../sandbox/states/work.ts';

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Whether `idle()` resolves by the next turn of the event loop. */
async function isIdle(work: Work): Promise<boolean> {
  let told = false;
  const waiting = work.idle().then(() => {
    told = true;
  });
  await nextTurn();
  if (!told) return false;
  await waiting;
  return true;
}

describe('the count of work under way', () => {
  it('is idle at the start, and again when all work has ended', async () => {
    const work = new Work();
    expect(await isIdle(work)).toBe(true);
    work.begin();
    work.begin();
    work.end();
    expect(await isIdle(work)).toBe(false);
    work.end();
    expect(await isIdle(work)).toBe(true);
  });

  it('is not idle if new work begins before the next turn', async () => {
    const work = new Work();
    work.begin();
    let told = false;
    const idle = work.idle().then(() => {
      told = true;
    });
    work.end();
    work.begin();
    await nextTurn();
    expect(told).toBe(false);
    work.end();
    await idle;
    expect(told).toBe(true);
  });

  it('counts a parked execution again as soon as it is woken', async () => {
    for (const settleFirst of [true, false]) {
      const work = new Work();
      work.begin();
      const parking = new Parking<string>(work);
      if (settleFirst) parking.settle('answer');
      const answer = parking.wait();
      if (!settleFirst) expect(await isIdle(work)).toBe(true);
      if (!settleFirst) parking.settle('answer');
      expect(parking.settle('second answer')).toBe(false);
      expect(await isIdle(work)).toBe(false);
      expect(await answer).toBe('answer');
    }
  });
});
