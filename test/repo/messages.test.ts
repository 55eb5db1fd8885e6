import { ALL_STATES } from '../../core/model/life-cycle.ts';
import { messagesPage } from '../../scripts/messages/render.ts';
import { SITUATIONS } from '../../scripts/messages/situations.ts';
import { textOf } from './repository.ts';

describe('docs/messages.md', () => {
  it('has the current messages (npm run messages writes it)', () => {
    expect(textOf('docs/messages.md')).toBe(messagesPage());
  });

  it('shows every state of a request that people can see', () => {
    const shown = new Set(SITUATIONS.map(({ request }) => request.state));
    // These two last for an instant, and no message is sent in them.
    const fleeting = ['requested', 'approved'];
    expect(ALL_STATES.filter((state) => !shown.has(state) && !fleeting.includes(state))).toEqual([]);
  });

  it('shows no note for programs and no missing value', () => {
    expect(messagesPage()).not.toMatch(/undefined|\bnull\b|NaN|\[object|kept: |Why: |done early|unknown time/);
  });
});
