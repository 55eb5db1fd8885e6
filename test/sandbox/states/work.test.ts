import { Parking, Work } from '../../../sandbox/states/work.ts';

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Whether everybody who waits for idleness has been told. */
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
  it('is idle from the start, and again when all that began has ended', async () => {
    const work = new Work();
    expect(await isIdle(work)).toBe(true);
    work.begin();
    work.begin();
    work.end();
    expect(await isIdle(work)).toBe(false);
    work.end();
    expect(await isIdle(work)).toBe(true);
  });

  it('does not call idle what begins again in the same moment', async () => {
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

  it('counts an execution again from the moment it is woken, whether it was parked yet or not', async () => {
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
