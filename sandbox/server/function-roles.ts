import { GUARD_POLICIES, GUARD_ROLE } from '../../core/sessions/guard-policy.ts';
import type { FunctionName } from '../../lambdas/shared/environment-names.ts';
import type { Settings } from '../../lambdas/shared/settings.ts';
import { type FunctionRightsConfig, functionRights } from '../../lib/rights/function-rights.ts';
import { guardForms } from '../../lib/rights/guard-rights.ts';
import { ACTIVITY_READER_RIGHTS, guardPolicyArn, sessionGuardRights } from '../../lib/rights/member-rights.ts';
import { authorize, type Denial, type Statement } from '../aws/access/authorize.ts';
import { type JudgedCall, requiredRights, type Surroundings } from '../aws/access/required-rights.ts';
import type { World } from '../aws/world/world.ts';
import {
  ACCESS_TABLE,
  AUDIT_BUCKET,
  AUDIT_BUS,
  FUNCTIONS_KEY_ID,
  REQUEST_TABLE,
  SECRET_NAME,
  stateMachineArn,
} from './environment.ts';

/** A denied call, for the log: the role, the action and the resource. */
export interface Refused extends Omit<Denial, 'explicit'> {
  readonly role: string;
}

/**
 * Authorizes each call by the role it is made with: a function's calls by the rights the function is deployed with,
 * calls with an AssumeRole session by the rights of the member roles. Calls with any other access key are an
 * administrator's and are allowed.
 *
 * @param deployed returns the settings of the latest deployment
 * @param onRefused called once for each denied call
 * @returns a function that the emulator calls: why a call is denied, in AWS's words; `undefined` if it is allowed
 */
export function createAuthorizer(
  world: World,
  deployed: () => Settings,
  onRefused: (refused: Refused) => void,
): (call: JudgedCall) => string | undefined {
  const sessionGuard = attachedBy(deployed());
  const around: Surroundings = { world, stateMachineArn: stateMachineArn(world) };
  let settings = deployed();
  let roles = rolesOf(world, settings);

  function roleOf({
    functionName,
    accessKeyId,
  }: JudgedCall): { name: string; rights: readonly Statement[] } | undefined {
    const session = world.sessions[accessKeyId];
    if (session !== undefined) {
      const name = session.roleArn.split('/').at(-1) ?? '';
      return { name, rights: memberRights(name, session.accountId) };
    }
    if (deployed() !== settings) {
      settings = deployed();
      roles = rolesOf(world, settings);
    }
    if (functionName !== undefined)
      return {
        name: functionName,
        rights: (Object.hasOwn(roles, functionName) && roles[functionName as FunctionName]) || [],
      };
    // A call with the functions' key but without a function's name was not attributed to a function, so it has no
    // rights.
    return accessKeyId === FUNCTIONS_KEY_ID ? { name: 'nobody', rights: [] } : undefined;
  }

  /** The rights of the roles that the member stack creates in an account. */
  function memberRights(roleName: string, accountId: string): readonly Statement[] {
    if (roleName === deployed().report.roleName) return ACTIVITY_READER_RIGHTS;
    if (roleName !== GUARD_ROLE) return [];
    return sessionGuardRights(
      ...guardForms({ sessionGuard }).map((form) => guardPolicyArn('aws', accountId, GUARD_POLICIES[form])),
    );
  }

  return (call) => {
    const role = roleOf(call);
    if (role === undefined) return undefined;
    const required = requiredRights(call, around);
    const denial =
      required === undefined
        ? { action: `${call.service}:${call.operation}`, resource: '*', explicit: false }
        : authorize(required, role.rights);
    if (denial === undefined) return undefined;
    const { action, resource, explicit } = denial;
    onRefused({ role: role.name, action, resource });
    const because = explicit
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
    return `User: ${role.name} is not authorized to perform: ${action} on resource: ${resource} ${because}`;
  };
}

function attachedBy({ sessionGuard }: Settings): FunctionRightsConfig['sessionGuard'] {
  return { attachedTo: sessionGuard.attachedTo.map(({ name }) => name) };
}

/** The rights of every function, as the stack grants them for this organization. */
function rolesOf(world: World, settings: Settings): Record<FunctionName, readonly Statement[]> {
  const { region, homeAccountId, organization } = world;
  const { retired } = settings;
  const config: FunctionRightsConfig = {
    env: { account: homeAccountId, region },
    instanceArn: world.instanceArn,
    identityStoreId: world.identityStoreId,
    organization: {
      id: organization.id,
      managementAccountId: organization.managementAccountId,
      includeManagementAccount: world.includeManagementAccount,
    },
    includeOwnAccount: false,
    accounts: settings.accounts.includes('*') ? '*' : [...settings.accounts],
    permissionSets: settings.permissionSets.map((set) => ({ ...set })),
    groups: settings.groups.map((id) => ({ id, name: id })),
    retired: {
      accounts: [...(retired?.accounts ?? [])],
      permissionSets: (retired?.permissionSets ?? []).map((set) => ({ ...set })),
      groups: (retired?.groups ?? []).map((id) => ({ id, name: id })),
    },
    sessionGuard: attachedBy(settings),
    stackName: settings.sessionGuard.prefix,
    api: settings.api,
    personas: settings.personas ?? { auditors: [], operators: [] },
    report: { from: settings.report.from, to: [...settings.report.to], roleName: settings.report.roleName },
  };
  const table = (name: string) => `arn:aws:dynamodb:${region}:${homeAccountId}:table/${name}`;
  return functionRights(config, {
    accessTable: table(ACCESS_TABLE),
    accessTableStream: `${table(ACCESS_TABLE)}/stream/sandbox`,
    accessTableStreamsName: '',
    requestTable: table(REQUEST_TABLE),
    slackSecret: settings.slack && (world.secrets.find(({ name }) => name === SECRET_NAME)?.arn ?? ''),
    stateMachine: stateMachineArn(world),
    requestTableStream: `${table(REQUEST_TABLE)}/stream/sandbox`,
    requestTableStreamsName: '',
    auditBus: `arn:aws:events:${region}:${homeAccountId}:event-bus/${AUDIT_BUS}`,
    auditEvents: `arn:aws:s3:::${AUDIT_BUCKET}/events/*`,
    auditEventsName: '',
    auditLists: `arn:aws:s3:::${AUDIT_BUCKET}/reports/*`,
    auditListsName: '',
  });
}
