import * as z from 'zod/mini';
import { checkCreation } from '../../core/access/lease/grant/check-creation.ts';
import { checkRemoval } from '../../core/access/lease/revoke/revoke-access.ts';
import type { RevokeAnswer } from '../../core/access/lease/revoke/revoke-answer.ts';
import { revokeUnrecorded } from '../../core/access/lease/revoke/revoke-lost.ts';
import { readEnvironment } from '../shared/environment.ts';
import { forRequest, log } from '../shared/log.ts';
import { METRICS } from '../shared/monitoring/metric-catalog.ts';
import { count } from '../shared/monitoring/metrics.ts';
import { once } from '../shared/once.ts';
import { systemNow } from '../shared/services/clock.ts';
import { removableBy } from '../shared/services/configured-targets.ts';
import { assignments, directory } from '../shared/services/identity-center.ts';
import { holdStore, leaseStore, requestStore } from '../shared/services/tables.ts';
import { taskInput } from '../shared/task-input.ts';

const services = once(() => {
  const environment = readEnvironment('check-assignment');
  return {
    requests: requestStore(environment),
    holds: holdStore(environment),
    leases: leaseStore(environment),
    assignments: assignments(environment),
    directory: directory(environment),
    now: systemNow,
    grantTimeoutSeconds: environment.settings.access.grantTimeoutSeconds,
    deliveryDelaySeconds: environment.settings.report.deliveryDelaySeconds,
    removable: removableBy(environment.settings),
  };
});

type CheckAnswer = Awaited<ReturnType<typeof checkCreation>> | RevokeAnswer;

/**
 * Handles the workflow's steps "Check assignment" and "Check removal": asks Identity Center once. The workflow does the
 * waiting.
 */
export async function handler(event: unknown): Promise<CheckAnswer> {
  const input = z.parse(taskInput.check, event);
  const { requestId } = input;
  const answer = await forRequest<CheckAnswer>('assignment.check-failed', requestId, () =>
    input.operation === 'creation'
      ? checkCreation(requestId, input.operationId, services())
      : revokeUnrecorded(
          requestId,
          { known: input.made || undefined, recall: async () => undefined },
          () => checkRemoval(requestId, services()),
          { ...services(), part: 'follows' },
        ),
  );
  log('assignment.checked', { requestId, operation: input.operation, next: answer.next });
  if ('failed' in answer) count(METRICS.grantFailed);
  if (input.operation === 'removal' && answer.next === 'again') count(METRICS.revokeFailed);
  return answer;
}
