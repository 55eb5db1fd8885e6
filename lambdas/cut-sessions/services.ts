import { randomUUID } from 'node:crypto';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { STSClient } from '@aws-sdk/client-sts';
import type { EndSessionsServices } from '../../core/sessions/end-sessions.ts';
import { GUARD_POLICY, GUARD_ROLE } from '../../core/sessions/guard-policy.ts';
import { createAccountSessions } from '../../gateways/account-sessions.ts';
import { createGuardLocks } from '../../gateways/dynamodb/guard-locks.ts';
import { createGuardPolicies } from '../../gateways/iam/guard-policies.ts';
import { createBoundaries } from '../../gateways/identity-center/boundaries.ts';
import { readEnvironment } from '../shared/environment.ts';
import { AWS_CALLS } from '../shared/services/aws-calls.ts';
import { systemNow } from '../shared/services/clock.ts';
import { documentClient, leaseStore, requestStore } from '../shared/services/tables.ts';

/** What cutting sessions takes, as this function's environment says. */
export function cutServices(): EndSessionsServices {
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
}
