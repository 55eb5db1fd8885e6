import { FILES, textOf } from '../repo/repository.ts';

/** Whatever in the views puts a refusal into words, by its name. */
const WORDS = FILES.filter((path) => path.startsWith('slack/')).flatMap((path) =>
  [...textOf(path).matchAll(/export function (\w+)\(([^)]*)\)/g)]
    .filter(([, , parameters]) => /\bRefusal\b/.test(parameters ?? ''))
    .map(([, name = '']) => name),
);

/** The files of the function that answers Slack, and which of the words each has. */
function usersOfWords(): Record<string, readonly string[]> {
  const users: Record<string, readonly string[]> = {};
  for (const path of FILES.filter((file) => file.startsWith('lambdas/access-requested/'))) {
    const used = WORDS.filter((name) => new RegExp(`\\b${name}\\b`).test(textOf(path)));
    if (used.length > 0) users[path.replace('lambdas/access-requested/', '')] = used.sort();
  }
  return users;
}

describe('the words of a refusal in Slack', () => {
  it('are to be had only where the refusal is written down: as an event, or as the refused request of an ask', () => {
    expect(usersOfWords()).toEqual({
      'refused-action.ts': ['lostRaceNotice', 'refusedHomeView', 'refusedNotice', 'strangerModal', 'strangerNotice'],
      'ask.ts': ['refusedNotice', 'strangerNotice'],
      'forms/submissions.ts': ['fieldErrorsOf'],
    });
  });
});
