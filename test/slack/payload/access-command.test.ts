import { pickNamed } from '../../../core/access/request/target/pick-named.ts';
import { readAccessCommand } from '../../../slack/payload/access-command.ts';

test.each([
  ['prod admin 1h "why not"', { verb: 'ask', words: ['prod', 'admin'], durationSeconds: 3600, reason: 'why not' }],
  ['prod admin 1H why not', { verb: 'ask', words: ['prod', 'admin'], durationSeconds: 3600, reason: 'why not' }],
  ['“the \u2019phone\u2019 keyboard”', { verb: 'ask', words: [], reason: 'the \u2019phone\u2019 keyboard' }],
  ['the cache is full', { verb: 'ask', text: 'the cache is full' }],
  ['Help', { verb: 'help' }],
  ['status', { verb: 'status' }],
  ['status page is down', { verb: 'ask', text: 'status page is down' }],
  ['extend 30m', { verb: 'extend', words: [], durationSeconds: 1800 }],
  ['end prod admin', { verb: 'end', words: ['prod', 'admin'] }],
  ['end of the month closing', { verb: 'ask' }],
])('text after /access is read as a command, or else as the reason: %s', (typed, expected) => {
  expect(readAccessCommand(typed)).toMatchObject(expected);
});

test('a word that matches several accounts gives the best one together with the others', () => {
  const accounts = ['Production EU', 'Production', 'Staging'].map((name, index) => ({
    id: `${index}`.repeat(12),
    name,
  }));
  expect(pickNamed(accounts, 'prod')).toMatchObject({
    one: { name: 'Production' },
    others: [{ name: 'Production EU' }],
  });
  expect(pickNamed(accounts, 'production')).toMatchObject({ one: { name: 'Production' }, others: [] });
  expect(pickNamed(accounts, '222222222222')).toMatchObject({ one: { name: 'Staging' }, others: [] });
  expect(pickNamed(accounts, 'nowhere')).toBeUndefined();
});
