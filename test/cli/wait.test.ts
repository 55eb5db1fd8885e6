import { ApiProblemError, type Session, type ShownRequest } from '../../cli/access/session.ts';
import { waitForAccess } from '../../cli/access/wait.ts';

const PENDING = { id: 'req-1', state: 'pending', votesNeeded: 1, expiresAt: null, endsAt: null, refusal: null };
const TOO_MANY = new ApiProblemError('too many calls', 1, {}, 429);

/** How long each pause is, in seconds, while a request waits and the API answers these; then access is there. */
async function pausesWhile(answers: readonly ('pending' | 'too many')[]): Promise<number[]> {
  const pauses: number[] = [];
  const left = [...answers];
  const get = async () => {
    const answer = left.shift();
    if (answer === 'too many') throw TOO_MANY;
    return { ...PENDING, state: answer ?? 'active' };
  };
  const pause = async (ms: number) => void pauses.push(ms / 1000);
  await waitForAccess(
    PENDING as unknown as ShownRequest,
    { get } as unknown as Session,
    { pause },
    { stderr: () => {} },
  );
  return pauses;
}

test('a person who waits sees access within two seconds in the first minutes', async () => {
  expect(await pausesWhile(Array.from({ length: 59 }, () => 'pending'))).toEqual(Array.from({ length: 60 }, () => 2));
});

test('a hundred people who have waited for minutes leave the API, with its 25 calls a second, room for others', async () => {
  const pauses = await pausesWhile(Array.from({ length: 400 }, () => 'pending'));
  const after = (minutes: number) => {
    let seconds = 0;
    return pauses.find((pause) => {
      seconds += pause;
      return seconds > minutes * 60;
    });
  };
  expect(after(5)).toBeCloseTo(5, 0);
  expect(after(10)).toBeCloseTo(10, 0);
  expect(Math.max(...pauses)).toBe(15);
});

test('a person whose looks are too many for the API looks less often, and more often when it answers again', async () => {
  const answers = ['too many', 'too many', 'too many', 'pending', 'pending', 'pending'] as const;
  expect(await pausesWhile(answers)).toEqual([2, 4, 8, 16, 8, 4, 2].map((seconds) => expect.closeTo(seconds, 0)));
  expect(Math.max(...(await pausesWhile(Array.from({ length: 20 }, () => 'too many'))))).toBe(60);
});
