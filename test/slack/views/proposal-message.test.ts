import type { Proposal } from '../../../core/policy/changing/proposal.ts';
import { proposalMessage } from '../../../slack/views/proposal-message.ts';
import { breaches, markupOf, smuggled } from '../slack-limits.ts';

const proposal = (text: string): Proposal => ({
  id: text,
  principalId: text,
  userName: text,
  at: '2026-01-05T09:00:00.000Z',
  expiresAt: '2026-01-12T09:00:00.000Z',
  text: 'everything that is to be',
  base: '',
  note: text,
  state: 'proposed',
});

test('operators read who proposes a change and until when it waits, but not the text of the policies', () => {
  const said = markupOf(
    proposalMessage({ ...proposal('change-1'), userName: 'ana@example.com', note: 'for Eva' }),
  ).join();
  for (const part of [
    '*ana@example.com* proposes a change',
    'for Eva',
    'glasshammer policy proposal change-1',
    '<!date^',
  ])
    expect(said).toContain(part);
  expect(said).not.toContain('everything that is to be');
});

test.each([
  ['an empty text', ''],
  ['very long words', 'x'.repeat(5_000)],
  ['markup', '<!channel> <@U0BEN> <https://evil.example|bank> & @here '.repeat(20)],
  ['bidirectional controls', '\u202e\u2066evil'.repeat(50)],
])('with %s for every text, the message is within the limits of Slack and mentions nobody', (_what, text) => {
  const view = proposalMessage(proposal(text));
  expect([...breaches(view), ...markupOf(view).flatMap(smuggled)]).toEqual([]);
});
