import { untoldWords } from '../../console/words/words.ts';

test('a requester who waits reads how many approvers could not be told, and to call one if none could', () => {
  const approvers = ['user-cleo', 'user-dan', 'user-ida'];
  expect(untoldWords({ approvers, untold: ['user-ida'] })).toMatch(/^1 of 3 approvers could not be told/);
  expect(untoldWords({ approvers, untold: approvers })).toMatch(/No approver could be told.*Call one of them\.$/);
});
