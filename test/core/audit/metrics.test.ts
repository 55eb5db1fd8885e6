import { type MetricValue, metricsOf } from '../../../core/audit/metrics.ts';
import { newEvents } from '../../../core/audit/new-events.ts';
import type { StoredItem } from '../../../core/audit/stored-item.ts';
import { anEvent, change, stored } from './stored.ts';

/** The figures of the last event of a history. */
function figures(events: readonly StoredItem[], overrides: StoredItem = {}): MetricValue[] {
  const written = change(stored(events.slice(0, -1)), stored(events, overrides));
  return newEvents(written).flatMap((event) => metricsOf({ event, change: written }));
}

test('a request is counted when it is made, and once more with its outcome', () => {
  expect(figures([anEvent('requested')])).toEqual([{ kind: 'requested' }]);
  for (const outcome of ['refused', 'denied', 'expired', 'cancelled', 'failed'] as const)
    expect(figures([anEvent('requested'), anEvent(outcome)])).toEqual([{ kind: 'outcome', outcome }]);
  expect(figures([anEvent('requested'), anEvent('vote')])).toEqual([]);
});

test('time to access counts from the approval or the planned start, not from the wait for approvers', () => {
  const seconds = (...events: StoredItem[]) => figures(events).find(({ kind }) => kind === 'time-to-access');
  const [asked, at20, at90] = [anEvent('requested'), anEvent('approved', 20), anEvent('granting', 90)];
  expect(seconds(asked, anEvent('granted', 2))).toEqual({ kind: 'time-to-access', seconds: 120 });
  expect(seconds(asked, at20, anEvent('granted', 21))).toEqual({ kind: 'time-to-access', seconds: 60 });
  expect(seconds(asked, at20, anEvent('scheduled', 20), at90, anEvent('granted', 91))).toEqual({
    kind: 'time-to-access',
    seconds: 60,
  });
});

test('time to removal counts from the planned end, or from an earlier end', () => {
  const removed = (ending: number, ended: number) =>
    figures([anEvent('requested'), anEvent('ending', ending), anEvent('ended', ended)]);
  expect(removed(62, 65)).toEqual([{ kind: 'time-to-removed', seconds: 300 }]);
  expect(removed(30, 31)).toEqual([{ kind: 'time-to-removed', seconds: 60 }]);
});

test('clocks that disagree give no negative time, and an unreadable time or a fact gives no figure', () => {
  expect(figures([anEvent('requested', 5), anEvent('granted', 4)])).toContainEqual({
    kind: 'time-to-access',
    seconds: 0,
  });
  expect(figures([{ type: 'requested', at: 'x', by: 'y' }, anEvent('granted')])).toEqual([
    { kind: 'outcome', outcome: 'granted' },
  ]);
  const fact = change(undefined, { id: 'audit#1', type: 'granted', at: 'x', by: 'y' });
  expect(newEvents(fact).flatMap((event) => metricsOf({ event, change: fact }))).toEqual([]);
});
