import { randomUUID } from 'node:crypto';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { STSClient } from '@aws-sdk/client-sts';
import type { EndSessionsServices } from '../../core/sessions/end-sessions.ts';
import { type GuardForm, guardNames } from '../../core/sessions/guard-policy.ts';
import type { OperateGuardServices } from '../../core/sessions/operate-guard.ts';
import type { WatchGuardsServices } from '../../core/sessions/watch-guards.ts';
import { createGuardLocks } from '../../gateways/dynamodb/guard-locks.ts';
import { createLockStore } from '../../gateways/dynamodb/lock-store.ts';
import { createGuardPolicies } from '../../gateways/iam/guard-policies.ts';
import { createBoundaries } from '../../gateways/identity-center/boundaries.ts';
import { createAccountSessions } from '../../gateways/sts/account-sessions.ts';
import { readEnvironment } from '../shared/environment.ts';
import { AWS_CALLS } from '../shared/services/aws-calls.ts';
import { systemNow } from '../shared/services/clock.ts';
import { documentClient, leaseStore, requestStore } from '../shared/services/tables.ts';

/** Everything that cutting sessions needs, from this function's environment. */
export function cutServices(): EndSessionsServices & OperateGuardServices & WatchGuardsServices {
  const environment = readEnvironment('cut-sessions');
  const { report, sessionGuard } = environment.settings;
  const { attachedTo } = sessionGuard;
  const { policies, role } = guardNames(sessionGuard.prefix);
  const partition = environment.instance.split(':')[1] ?? 'aws';
  const sessions = createAccountSessions({
    sts: new STSClient(AWS_CALLS),
    roleName: role,
    now: systemNow,
    partition,
  });
  const guards = (form: GuardForm) =>
    createGuardPolicies({ sessions, form, policy: policies[form], partition, client: AWS_CALLS });
  return {
    requests: requestStore(environment),
    leases: leaseStore(environment),
    boundaries: createBoundaries({
      sso: new SSOAdminClient(AWS_CALLS),
      instanceArn: environment.instance,
      guard: policies.boundary,
      attached: policies.attached,
      attachedTo: attachedTo.map(({ arn }) => arn),
    }),
    policies,
    guards: guards('boundary'),
    ...(attachedTo.length === 0 ? {} : { attachedGuards: guards('attached') }),
    attachedTo: attachedTo.map(({ name }) => name),
    attachedSets: attachedTo.map(({ arn }) => arn),
    locks: createGuardLocks({ client: documentClient(), tableName: environment.requestTable }),
    people: createLockStore({ client: documentClient(), tableName: environment.requestTable, newId: randomUUID }),
    deliveryDelaySeconds: report.deliveryDelaySeconds,
    newHolder: randomUUID,
    now: systemNow,
  };
}
