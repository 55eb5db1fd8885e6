import { ALL_STATES } from '../../core/model/life-cycle.ts';
import { messagesPage } from '../../scripts/messages/render.ts';
import { SITUATIONS } from '../../scripts/messages/situations.ts';
import { textOf } from './repository.ts';

describe('the page of every message', () => {
  it('is what the program says today (npm run messages writes it anew)', () => {
    expect(textOf('docs/messages.md')).toBe(messagesPage());
  });

  it('leaves no state out that people read of', () => {
    const shown = new Set(SITUATIONS.map(({ request }) => request.state));
    // Nobody is told anything of these two: they last for an instant.
    const fleeting = ['requested', 'approved'];
    expect(ALL_STATES.filter((state) => !shown.has(state) && !fleeting.includes(state))).toEqual([]);
  });

  it('shows no note that was written for programs, and no value that is missing', () => {
    expect(messagesPage()).not.toMatch(/undefined|\bnull\b|NaN|\[object|kept: |Why: |done early|unknown time/);
  });
});
