import { untoldWords } from '../../console/words/words.ts';

test('whoever waits reads whether anybody knows of their request, and what to do where nobody does', () => {
  const approvers = ['user-cleo', 'user-dan', 'user-ida'];
  expect(untoldWords({ approvers, untold: ['user-ida'] })).toMatch(/^1 of 3 approvers could not be told/);
  expect(untoldWords({ approvers, untold: approvers })).toMatch(/No approver could be told.*Call one of them\.$/);
});
