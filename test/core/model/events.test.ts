import { actorOf, enter, happen, after as later } from '../../../core/model/events.ts';
import { NOON } from '../access/requests.ts';

describe('events', () => {
  it('name the state they enter, so that history and state cannot disagree', () => {
    expect(enter('ended', NOON)).toEqual({ type: 'ended', at: NOON, by: 'glasshammer', state: 'ended' });
  });

  it('may have another type than the state they enter, and still name the state', () => {
    const event = enter('active', NOON, { type: 'granted', by: 'user-ana', note: 'at last' });
    expect(event).toEqual({ type: 'granted', at: NOON, by: 'user-ana', state: 'active', note: 'at last' });
  });

  it('name no state when they change none, so that nobody takes a vote for a step', () => {
    expect(happen('vote', NOON, { by: 'user-cleo', note: 'approve' })).toEqual({
      type: 'vote',
      at: NOON,
      by: 'user-cleo',
      note: 'approve',
    });
  });

  it('carry no empty note, which the audit would show as something said', () => {
    expect(enter('ended', NOON, { note: '' })).not.toHaveProperty('note');
    expect(happen('warned', NOON, { note: '' })).not.toHaveProperty('note');
  });

  it('name a person by principal, and by Slack user where there is none', () => {
    expect(actorOf({ principalId: 'user-ana', slackId: 'U0ANA' })).toBe('user-ana');
    expect(actorOf({ principalId: '', slackId: 'U0EVE' })).toBe('U0EVE');
  });

  it('count seconds forward and back, across midnight', () => {
    expect(later('2026-01-05T23:59:30.000Z', 60)).toBe('2026-01-06T00:00:30.000Z');
    expect(later(new Date(NOON), -60)).toBe('2026-01-05T11:59:00.000Z');
  });
});
