import { someOf, untoldWords } from '../../console/words/words.ts';

test('a requester who waits reads how many approvers could not be told, and to call one if none could', () => {
  const approvers = ['user-cleo', 'user-dan', 'user-ida'];
  expect(untoldWords({ approvers, untold: ['user-ida'] })).toMatch(/^1 of 3 approvers could not be told/);
  expect(untoldWords({ approvers, untold: approvers })).toMatch(/No approver could be told.*Call one of them\.$/);
});

test.each([
  [['Cleo'], 1, 'Cleo'],
  [['Cleo', 'Dan'], 2, 'Cleo or Dan'],
  [['Cleo', 'Dan', 'Ed'], 3, 'Cleo, Dan or Ed'],
  [['Cleo', 'Dan', 'Ed', 'Flo'], 4, 'Cleo, Dan, Ed or 1 other'],
  [['Cleo', 'Dan', 'Ed'], 5, 'Cleo, Dan, Ed or 2 others'],
])('of %j, any of %i may approve', (names, count, words) => {
  expect(someOf(names, count)).toBe(words);
});
