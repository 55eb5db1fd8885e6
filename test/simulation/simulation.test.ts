import { type History, loses, randomHistory } from './history.ts';
import { WANTED } from './parts/fixture.ts';
import { play } from './play.ts';
import { reportBroken } from './run.ts';
import { shrink } from './shrink.ts';

describe('a random history of requests, people and misfortunes', () => {
  it('is the same from its seed, call by call, however often it is played', async () => {
    const history = randomHistory(2);
    const first = await play(history);
    expect(first.trace.length).toBeGreaterThan(50);
    expect((await play(history)).trace).toEqual(first.trace);
  });

  it('differs from seed to seed', async () => {
    const [one, other] = [await play(randomHistory(2)), await play(randomHistory(3))];
    expect(one.trace).not.toEqual(other.trace);
  });
});

describe('what is asked for in all histories together', () => {
  it('is a group in a third of them at least, also where records are lost', () => {
    const histories = Array.from({ length: 720 }, (_, index) => randomHistory(index + 1));
    const isForGroup = ({ steps }: History) =>
      steps.some((step) => step.do === 'ask' && 'groupId' in (WANTED[step.wanted]?.target ?? {}));
    const share = (of: readonly History[]) => of.filter(isForGroup).length / of.length;
    expect(share(histories)).toBeGreaterThan(1 / 3);
    expect(share(histories.filter(loses))).toBeGreaterThanOrEqual(1 / 3);
    expect(share(histories.filter(loses))).toBeLessThan(2 / 3);
  });
});

describe('a history that breaks a promise', () => {
  it('is told in its smallest form, with the command that plays it again', async () => {
    const withoutSweep = { mutant: { withoutSweep: true, withoutRule: true }, mutation: 'no-sweep-no-rule' };
    const history = randomHistory(2);
    const { broken } = await play(history, withoutSweep.mutant);
    if (broken === undefined) throw new Error('nothing was broken');
    const smallest = await shrink(
      history,
      async (candidate) => (await play(candidate, withoutSweep.mutant, broken.invariant)).broken !== undefined,
      100,
    );
    expect(smallest.steps.length + smallest.faults.length).toBeLessThan(history.steps.length + history.faults.length);
    const told = await reportBroken(history, broken, withoutSweep);
    expect(told).toContain(`Seed 2 breaks invariant ${broken.invariant}`);
    expect(told).toContain('npm run simulate -- --seed 2 --mutation no-sweep-no-rule --trace');
  });
});
