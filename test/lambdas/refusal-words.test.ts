import { FILES, textOf } from '../repo/repository.ts';

/** The exported functions of slack/ that take a Refusal, by name: they put it into words. */
const WORDS = FILES.filter((path) => path.startsWith('slack/')).flatMap((path) =>
  [...textOf(path).matchAll(/export function (\w+)\(([^)]*)\)/g)]
    .filter(([, , parameters]) => /\bRefusal\b/.test(parameters ?? ''))
    .map(([, name = '']) => name),
);

/** The files of access-requested that use such a function, each with the functions it uses. */
function usersOfWords(): Record<string, readonly string[]> {
  const users: Record<string, readonly string[]> = {};
  for (const path of FILES.filter((file) => file.startsWith('lambdas/access-requested/'))) {
    const used = WORDS.filter((name) => new RegExp(`\\b${name}\\b`).test(textOf(path)));
    if (used.length > 0) users[path.replace('lambdas/access-requested/', '')] = used.sort();
  }
  return users;
}

describe('the functions that put a refusal into words for Slack', () => {
  it('are used only in files that record the refusal, as an event or as a refused request', () => {
    expect(usersOfWords()).toEqual({
      'refused-action.ts': ['lostRaceNotice', 'refusedHomeView', 'refusedNotice', 'strangerModal', 'strangerNotice'],
      'ask.ts': ['refusedNotice', 'strangerNotice'],
      'forms/submissions.ts': ['fieldErrorsOf'],
    });
  });
});
