import { reportTimes } from '../../../core/sessions/live-sessions.ts';
import { endedRequest } from '../activity/records.ts';

describe('the times of a report', () => {
  test('are whole seconds and never early: a workflow that is woken at the second finds the edition due', () => {
    const request = endedRequest({ endedAt: '2026-01-05T10:00:09.300Z' });
    expect(reportTimes(request, 900)).toEqual({
      first: '2026-01-05T10:05:10.000Z',
      final: '2026-01-05T11:15:10.000Z',
    });
    expect(reportTimes({ ...request, endedAt: '2026-01-05T10:00:09.000Z' }, 900).first).toBe(
      '2026-01-05T10:05:09.000Z',
    );
  });
});
