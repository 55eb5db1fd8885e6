import { randomUUID } from 'node:crypto';
import { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { ConfigurationError } from '../../core/model/errors.ts';
import type { Organization } from '../../core/policy/authoring/organization.ts';
import { createRefusalLog } from '../../gateways/dynamodb/audit-log.ts';
import { createAccessTableWriter } from '../../gateways/dynamodb/policies/access-table-writer.ts';
import { createProposalStore } from '../../gateways/dynamodb/policies/proposal-store.ts';
import { readOrganization } from '../../gateways/identity-center/organization.ts';
import { browserDoorOf } from '../api/services.ts';
import { readEnvironment } from '../shared/environment.ts';
import { once } from '../shared/once.ts';
import { PATIENT_AWS_CALLS } from '../shared/services/aws-calls.ts';
import { systemNow } from '../shared/services/clock.ts';
import { givenIn } from '../shared/services/configured-targets.ts';
import { decidingDirectory } from '../shared/services/identity-center.ts';
import { NO_SLACK } from '../shared/services/no-slack.ts';
import { documentClient, policyStore } from '../shared/services/tables.ts';
import { sha256 } from '../shared/sha256.ts';
import { readPolicies } from './read-policies.ts';

/** Everything this function works with, built at the first call. */
export const services = once(() => {
  const environment = readEnvironment('change-policies');
  const { settings, accessTable, requestTable } = environment;
  if (settings.policyChanges === undefined)
    throw new ConfigurationError('change-policies: the settings have no policyChanges');
  const tables = { client: documentClient(), accessTable, requestTable, sha256 };
  return {
    door: settings.api,
    browserDoor: browserDoorOf(environment),
    directory: decidingDirectory(environment),
    policyStore: policyStore(environment),
    chat: NO_SLACK,
    teamIds: [],
    emailDomains: [],
    personas: settings.personas ?? { auditors: [], operators: [] },
    refusals: createRefusalLog({ client: documentClient(), tableName: requestTable }),
    proposals: createProposalStore(tables),
    accessTable: createAccessTableWriter({ ...tables, newId: randomUUID }),
    organization: inTime(() =>
      readOrganization(
        {
          sso: new SSOAdminClient(PATIENT_AWS_CALLS),
          identityStore: new IdentitystoreClient(PATIENT_AWS_CALLS),
          organizations: new OrganizationsClient(PATIENT_AWS_CALLS),
        },
        { instanceArn: environment.instance, identityStoreId: environment.identityStore },
      ),
    ),
    isGiven: givenIn(settings),
    readPolicies,
    sha256,
    now: systemNow,
    expireAfterSeconds: settings.policyChanges.expireAfterSeconds,
  };
});

export type Services = ReturnType<typeof services>;

/** API Gateway gives up after 29 seconds, and there is work left to do after this read. */
const LONGEST_READ_MS = 18_000;

/** Reads a whole organization; `undefined` if it takes longer than the caller can wait. */
function inTime(read: () => Promise<Organization>): () => Promise<Organization | undefined> {
  return async () => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), LONGEST_READ_MS);
    });
    try {
      return await Promise.race([read(), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}
