import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { type EndSessionsAnswer, endSessions } from '../../core/sessions/end-sessions.ts';
import { type GuardReply, operateGuard } from '../../core/sessions/operate-guard.ts';
import { forRequest, log } from '../shared/log.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { once } from '../shared/once.ts';
import { taskInput } from '../shared/task-input.ts';
import { cutServices } from './services.ts';

const services = once(cutServices);

/**
 * The workflow's "Cut live sessions", and its "Change guard" for operators, who cannot write the policies themselves. Each failed
 * try counts towards the alarm, which therefore lasts as long as sessions live that cannot be cut.
 */
export async function handler(event: unknown): Promise<EndSessionsAnswer | GuardReply> {
  const asked = z.safeParse(taskInput.guard, event);
  if (asked.success) {
    const { guard } = asked.data;
    const reply = await operateGuard(guard, randomUUID(), services());
    log('sessions.guard', { ask: guard.ask, account: guard.accountId, ...reply });
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
      ...(answer.failed === undefined ? {} : { why: answer.failed }),
    });
    if (answer.failed !== undefined) count(METRICS.sessionsUncut);
    return answer;
  } catch (error) {
    count(METRICS.sessionsUncut);
    throw error;
  }
}
