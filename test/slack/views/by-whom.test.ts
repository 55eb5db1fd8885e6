import { outcomeNotice } from '../../../slack/views/approving/reminder.ts';
import { duplicateNotice } from '../../../slack/views/ephemerals.ts';
import { anEvent, aRequest } from '../a-request.ts';
import { markupOf } from '../slack-limits.ts';

test.each([
  ['cli:arn:aws:sts::456789012345:assumed-role/AWSReservedSSO_Operators_0123456789abcdef/olga', 'the operator `olga`'],
  ['cli:arn:aws:iam::456789012345:user/ops/olga', 'the operator `olga`'],
  ['cli:unidentified', 'an operator'],
  ['arn:aws:sts::456789012345:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/olga', '`olga`'],
])('a person who acted outside of Slack (%s) is shown by name, not by an ARN that is cut off', (by, name) => {
  const request = aRequest({
    state: 'cancelled',
    events: [anEvent('cancelled', { by, note: 'cancelled by an operator: On leave' })],
  });
  const { text, blocks } = outcomeNotice(request);
  expect(text).toContain(`was cancelled by ${name}.`);
  const words = markupOf({ text, blocks }).join('\n');
  expect(words).toContain('On leave');
  expect(words).not.toContain('cancelled by an operator:');
});

test('a scheduled request that starts while the same access is active is announced as begun, not as approved', () => {
  const joined = { state: 'joined', endsAt: '2026-01-05T10:30:00.000Z' } as const;
  const planned = outcomeNotice(aRequest({ ...joined, events: [anEvent('scheduled', { state: 'scheduled' })] }));
  expect(planned.text).toMatch(/the time you asked for has begun: .* until <!date\^1767609000/);
  const waited = outcomeNotice(aRequest({ ...joined, events: [anEvent('pending', { state: 'pending' })] }));
  expect(waited.text).toContain('it is approved');
});

test('access that somebody removed outside of Glasshammer is announced as such, with their name', () => {
  const by = 'arn:aws:sts::456789012345:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/olga';
  const removed = anEvent('removed-by-others', { state: 'ending', by, note: 'by administrator' });
  const { text } = outcomeNotice(aRequest({ state: 'ended', events: [removed] }));
  expect(text).toMatch(/`olga` removed your access to .* outside of Glasshammer/);
});

test('a person without a Slack user is shown by user name, or else by id', () => {
  const cancelled = (more: object) =>
    aRequest({ state: 'cancelled', events: [anEvent('cancelled', { by: 'user-zoe', ...more })] });
  expect(duplicateNotice(cancelled({ byName: 'zoe@example.com' })).text).toContain('by `zoe@example.com`');
  expect(duplicateNotice(cancelled({})).text).toContain('by `user-zoe`');
});
