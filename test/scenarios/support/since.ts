import { isOver } from '../../../core/model/life-cycle.ts';
import type { RequestState } from '../../../core/model/request.ts';
import type { State } from './state.ts';

/** The sandbox cuts its log at some length; well before that, a test resets the sandbox. */
const MOST_LOG_LINES = 3000;

/** What a sandbox held when a test began. */
export interface Baseline {
  readonly state: State;
  readonly logLines: number;
}

/** Whether a test can begin as if nothing had happened. Only reports that are still to come do not matter. */
export function isQuiet({ state, logLines }: Baseline): boolean {
  return (
    state.assignments.length === 0 &&
    state.requests.every((request) => isOver(request.state as RequestState)) &&
    state.alarms.every((alarm) => alarm.state === 'OK') &&
    logLines < MOST_LOG_LINES
  );
}

/** The state without what the baseline held, and without what came of that later. */
export function since({ state: before }: Baseline, now: State): State {
  const ids = before.requests.map(({ id }) => id);
  const threads = new Set(before.requests.map(({ origin }) => origin.messageTs));
  const names = new Set(before.executions.map(({ name }) => name));
  return {
    ...now,
    requests: now.requests.filter(({ id }) => !ids.includes(id)),
    accesses: now.accesses.filter(({ id }) => !ids.includes(id)),
    messages: now.messages
      .slice(before.messages.length)
      .filter(({ threadTs }) => threadTs === null || !threads.has(threadTs)),
    ephemerals: now.ephemerals.slice(before.ephemerals.length),
    emails: now.emails.slice(before.emails.length).filter(({ text }) => !ids.some((id) => text.includes(id))),
    executions: now.executions.filter(({ name }) => !names.has(name) && !ids.some((id) => name.includes(id))),
    alarms: now.alarms.slice(before.alarms.length),
    calls: Object.fromEntries(
      Object.entries(now.calls)
        .map(([name, count]) => [name, count - (before.calls[name] ?? 0)] as const)
        .filter(([, count]) => count > 0),
    ),
  };
}
