import { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { withGivenMemberships } from '../../../gateways/dynamodb/leases/given-memberships.ts';
import { createAccountNames } from '../../../gateways/identity-center/account-names.ts';
import { createAssignees } from '../../../gateways/identity-center/assignees.ts';
import { createAssignments } from '../../../gateways/identity-center/assignments.ts';
import { createDirectory } from '../../../gateways/identity-center/directory.ts';
import type { Settings } from '../settings.ts';
import { AWS_CALLS } from './aws-calls.ts';
import { systemNow } from './clock.ts';
import { givenIn } from './configured-targets.ts';
import { documentClient } from './tables.ts';

interface IdentityCenterNames {
  readonly instance: string;
  readonly identityStore: string;
}

export function assignments({ instance, identityStore }: IdentityCenterNames) {
  return createAssignments({
    sso: new SSOAdminClient(AWS_CALLS),
    identityStore: new IdentitystoreClient(AWS_CALLS),
    instanceArn: instance,
    identityStoreId: identityStore,
  });
}

export function directory({ instance, identityStore }: IdentityCenterNames) {
  return createDirectory({
    sso: new SSOAdminClient(AWS_CALLS),
    identityStore: new IdentitystoreClient(AWS_CALLS),
    organizations: new OrganizationsClient(AWS_CALLS),
    instanceArn: instance,
    identityStoreId: identityStore,
  });
}

/** The directory for decisions: it also tells which memberships Glasshammer gave. */
export function decidingDirectory(
  environment: IdentityCenterNames & {
    readonly requestTable: string;
    readonly settings: Pick<Settings, 'groups' | 'retired'>;
  },
) {
  return withGivenMemberships(directory(environment), {
    client: documentClient(),
    requestTable: environment.requestTable,
    groups: [...environment.settings.groups, ...(environment.settings.retired?.groups ?? [])],
  });
}

/** Accounts to choose from in forms and pages. */
export function accountNames(settings: Settings) {
  return createAccountNames({ client: new OrganizationsClient(AWS_CALLS), isGiven: givenIn(settings), now: systemNow });
}

/** How long a preview waits for these assignments: they are shown but decide nothing. Milliseconds. */
const LOOK_MS = 800;

/**
 * Reads who is assigned what outside of Glasshammer, for display. Tries once, because nothing depends on the answer.
 */
export function assignees({ instance }: Pick<IdentityCenterNames, 'instance'>) {
  return createAssignees({
    client: new SSOAdminClient({ ...AWS_CALLS, maxAttempts: 1 }),
    instanceArn: instance,
    now: systemNow,
    waitMs: LOOK_MS,
  });
}
