import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { type EndSessionsAnswer, endSessions } from '../../core/sessions/end-sessions.ts';
import { type GuardReply, operateGuard } from '../../core/sessions/operate-guard.ts';
import { type WatchedGuards, watchGuards } from '../../core/sessions/watch-guards.ts';
import { forRequest, log } from '../shared/log.ts';
import { METRICS } from '../shared/monitoring/metric-catalog.ts';
import { count } from '../shared/monitoring/metrics.ts';
import { once } from '../shared/once.ts';
import { taskInput } from '../shared/task-input.ts';
import { cutServices } from './services.ts';

const services = once(cutServices);

/**
 * Handles the workflow's step "Cut live sessions", and its step "Change guard" for operators, who may not write the
 * guard policies themselves. Each failed try counts towards the alarm, so the alarm lasts as long as there are live
 * sessions that cannot be cut. A schedule also has it check the guards that are attached to permission sets, whether or
 * not there are sessions to cut.
 */
export async function handler(event: unknown): Promise<EndSessionsAnswer | GuardReply | WatchedGuards> {
  if (z.safeParse(taskInput.watchGuards, event).success) return watch();
  const asked = z.safeParse(taskInput.guard, event);
  if (asked.success) {
    const { guard } = asked.data;
    const reply = await operateGuard(guard, randomUUID(), services());
    const said = 'changes' in reply ? reply.changes : reply;
    log('sessions.guard', { ask: guard.ask, account: guard.accountId, ...said });
    if (Object.values(said).includes('grants')) count(METRICS.guardGrants);
    return reply;
  }
  const { requestId, made, cutSince } = z.parse(taskInput.cut, event);
  try {
    const answer = await forRequest('sessions.cut-failed', requestId, () =>
      endSessions(requestId, services(), made || undefined, cutSince || undefined),
    );
    log('sessions.cut', {
      requestId,
      next: answer.next,
      why: answer.failed,
    });
    if (answer.failed !== undefined) count(METRICS.sessionsUncut);
    if (answer.grants === true) count(METRICS.guardGrants);
    return answer;
  } catch (error) {
    count(METRICS.sessionsUncut);
    throw error;
  }
}

async function watch(): Promise<WatchedGuards> {
  const found = await watchGuards(services());
  const { accounts, granting, edited, missing, unseen, unseenSets } = found;
  log('sessions.guards-watched', {
    accounts,
    granting: granting.join(' '),
    edited: edited.join(' '),
    missing: missing.join(' '),
    unseen: unseen.join(' '),
    unseenSets: unseenSets.join(' '),
  });
  if (granting.length > 0) count(METRICS.guardGrants);
  if (edited.length > 0) count(METRICS.guardEdited);
  if (unseen.length + unseenSets.length > 0) count(METRICS.guardUnseen);
  return found;
}
