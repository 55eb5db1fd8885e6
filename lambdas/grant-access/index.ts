import * as z from 'zod/mini';
import { grantAccess, lookAtAccess } from '../../core/access/lease/grant/grant-access.ts';
import type { GrantAnswer } from '../../core/access/lease/grant/grant-answer.ts';
import { readEnvironment } from '../shared/environment.ts';
import { forRequest, log } from '../shared/log.ts';
import { once } from '../shared/once.ts';
import { systemNow } from '../shared/services/clock.ts';
import { givableBy } from '../shared/services/configured-targets.ts';
import { assignments, decidingDirectory } from '../shared/services/identity-center.ts';
import { accessStore, holdStore, leaseStore, policyStore, requestStore } from '../shared/services/tables.ts';
import { workflow } from '../shared/services/workflow.ts';
import { sha256 } from '../shared/sha256.ts';
import { taskInput } from '../shared/task-input.ts';

const services = once(() => {
  const environment = readEnvironment('grant-access');
  const { access } = environment.settings;
  return {
    requests: requestStore(environment),
    leases: leaseStore(environment),
    accesses: accessStore(environment),
    holds: holdStore(environment),
    workflow: workflow(environment),
    policyStore: policyStore(environment),
    directory: decidingDirectory(environment),
    assignments: assignments(environment),
    now: systemNow,
    sha256,
    maxDurationSeconds: access.maxDurationSeconds,
    givable: givableBy(environment.settings),
    warnBeforeEndSeconds: access.warnBeforeEndSeconds,
    grantTimeoutSeconds: access.grantTimeoutSeconds,
  };
});

/**
 * Handles the workflow's step "Grant access": decides again, takes the lease, asks Identity Center for the assignment.
 * It is the only function that may create assignments. It also handles "Look again", which gives nothing.
 */
export async function handler(event: unknown): Promise<GrantAnswer> {
  const { requestId, look = false } = z.parse(taskInput.grant, event);
  const step = look ? lookAtAccess : grantAccess;
  const answer = await forRequest('access.grant-failed', requestId, () => step(requestId, services()));
  log('access.grant', { requestId, next: answer.next });
  return answer;
}
