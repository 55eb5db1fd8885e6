import * as z from 'zod/mini';
import { holdAccess } from '../../core/access/lease/revoke/end-access.ts';
import { readEnvironment } from '../shared/environment.ts';
import { forRequest, log } from '../shared/log.ts';
import { once } from '../shared/once.ts';
import { requestStore } from '../shared/services/tables.ts';
import { taskInput } from '../shared/task-input.ts';

const services = once(() => ({ requests: requestStore(readEnvironment('hold-access')) }));

/**
 * Handles the workflow's step "Hold access": stores the task token by which the access can be ended before its time.
 */
export async function handler(event: unknown): Promise<void> {
  const { requestId, token, endsAt } = z.parse(taskInput.hold, event);
  await forRequest('access.hold-failed', requestId, () => holdAccess(requestId, token, endsAt, services()));
  log('access.held', { requestId });
}
