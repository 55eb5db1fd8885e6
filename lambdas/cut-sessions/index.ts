import { randomUUID } from 'node:crypto';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod/mini';
import { type EndSessionsAnswer, endSessions } from '../../core/sessions/end-sessions.ts';
import { GUARD_POLICY, GUARD_ROLE } from '../../core/sessions/guard-policy.ts';
import { type GuardReply, operateGuard } from '../../core/sessions/operate-guard.ts';
import { createAccountSessions } from '../../gateways/account-sessions.ts';
import { createGuardLocks } from '../../gateways/dynamodb/guard-locks.ts';
import { createGuardPolicies } from '../../gateways/iam/guard-policies.ts';
import { createBoundaries } from '../../gateways/identity-center/boundaries.ts';
import { readEnvironment } from '../shared/environment.ts';
import { forRequest, log } from '../shared/log.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { once } from '../shared/once.ts';
import { AWS_CALLS } from '../shared/services/aws-calls.ts';
import { systemNow } from '../shared/services/clock.ts';
import { documentClient, leaseStore, requestStore } from '../shared/services/tables.ts';
import { taskInput } from '../shared/task-input.ts';

const services = once(() => {
  const environment = readEnvironment('cut-sessions');
  const { permissionSets, report } = environment.settings;
  const partition = environment.instance.split(':')[1] ?? 'aws';
  return {
    requests: requestStore(environment),
    leases: leaseStore(environment),
    boundaries: createBoundaries({
      sso: new SSOAdminClient(AWS_CALLS),
      instanceArn: environment.instance,
      guard: GUARD_POLICY,
    }),
    guards: createGuardPolicies({
      sessions: createAccountSessions({
        sts: new STSClient(AWS_CALLS),
        roleName: GUARD_ROLE,
        sessionName: 'glasshammer-cut-sessions',
        now: systemNow,
        partition,
      }),
      policy: `${GUARD_POLICY.path}${GUARD_POLICY.name}`,
      partition,
      client: AWS_CALLS,
    }),
    locks: createGuardLocks({ client: documentClient(), tableName: environment.requestTable }),
    permissionSets,
    deliveryDelaySeconds: report.deliveryDelaySeconds,
    newHolder: randomUUID,
    now: systemNow,
  };
});

/**
 * The workflow's "Cut live sessions", and its "Change guard" for operators, who cannot write the policies themselves. Each failed try counts towards the alarm, which therefore lasts as long as sessions live that
 * cannot be cut.
 */
export async function handler(event: unknown): Promise<EndSessionsAnswer | GuardReply> {
  const asked = z.safeParse(taskInput.guard, event);
  if (asked.success) {
    const { guard } = asked.data;
    const reply = await operateGuard(guard, randomUUID(), services());
    log('sessions.guard', { ask: guard.ask, account: guard.accountId, ...reply });
    return reply;
  }
  const { requestId } = z.parse(taskInput.request, event);
  try {
    const answer = await forRequest('sessions.cut-failed', requestId, () => endSessions(requestId, services()));
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
