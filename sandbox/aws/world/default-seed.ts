import type { SeedInput } from './seed-schema.ts';

const PERMISSION_SETS = 'arn:aws:sso:::permissionSet/ssoins-12345';
const BREAK_GLASS_ADMIN = `${PERMISSION_SETS}/ps-12345`;

/** The boundary that `glasshammer guard attach` gives a permission set; see docs/sessions.md. */
const SESSION_GUARD = { CustomerManagedPolicyReference: { Name: 'SessionGuard', Path: '/glasshammer/' } };

/**
 * A small company, with which each sandbox starts. The ids are part of the sandbox's contract, which `docs/sandbox.md`
 * describes.
 */
export const DEFAULT_SEED: SeedInput = {
  region: 'eu-central-1',
  organization: {
    id: 'o-example1234',
    rootId: 'r-ab12',
    managementAccountId: '999999999999',
    homeAccountId: '456789012345',
  },
  identityCenter: {
    instanceArn: 'arn:aws:sso:::instance/ssoins-12345',
    identityStoreId: 'd-1234567890',
    provisioningSeconds: 2,
    includeManagementAccount: false,
  },
  organizationalUnits: [
    { id: 'ou-prod', name: 'Production', parent: 'r-ab12' },
    { id: 'ou-prod-eu', name: 'Production EU', parent: 'ou-prod' },
    { id: 'ou-nonprod', name: 'Non-production', parent: 'r-ab12' },
    { id: 'ou-security', name: 'Security', parent: 'r-ab12' },
  ],
  accounts: [
    account('123456789012', 'Production', 'ou-prod', 'prod'),
    account('210987654321', 'Production EU', 'ou-prod-eu', 'prod'),
    account('234567890123', 'Staging', 'ou-nonprod', 'staging'),
    account('345678901234', 'Sandbox', 'ou-nonprod', 'sandbox'),
    account('456789012345', 'Identity', 'ou-security', 'security'),
    account('999999999999', 'Management', 'r-ab12', 'management'),
  ],
  permissionSets: [
    {
      arn: BREAK_GLASS_ADMIN,
      name: 'BreakGlassAdmin',
      description: 'Everything, for emergencies',
      managedPolicies: ['AdministratorAccess'],
    },
    {
      arn: `${PERMISSION_SETS}/ps-admin`,
      name: 'AdministratorAccess',
      description: 'Everything',
      managedPolicies: ['AdministratorAccess'],
      permissionsBoundary: SESSION_GUARD,
    },
    {
      arn: `${PERMISSION_SETS}/ps-power`,
      name: 'PowerUserAccess',
      description: 'Everything but identities',
      managedPolicies: ['PowerUserAccess'],
    },
    {
      arn: `${PERMISSION_SETS}/ps-read`,
      name: 'ReadOnlyAccess',
      description: 'Look, do not touch',
      managedPolicies: ['ReadOnlyAccess'],
    },
  ],
  users: [
    user('user-ana', 'ana', 'Ana Alvarez'),
    user('user-ben', 'ben', 'Ben Bauer'),
    user('user-cleo', 'cleo', 'Cleo Costa'),
    user('user-dan', 'dan', 'Dan Dorn'),
    { ...user('user-hal', 'hal', 'Hal Holm'), status: 'DISABLED' },
    // The canary belongs to no person. Granting it access tests that access can be granted.
    user('user-canary', 'canary', 'Canary'),
    user('user-eva', 'eva', 'Eva Ek'),
  ],
  groups: [
    { id: 'group-sre', displayName: 'SRE', members: ['user-ana'] },
    { id: 'group-developers', displayName: 'Developers', members: ['user-ben'] },
    { id: 'group-leads', displayName: 'Leads', members: ['user-cleo', 'user-dan'] },
    { id: 'group-directors', displayName: 'Directors', members: ['user-dan'] },
    // Eva is the second operator beside Ana, because a policy change needs two.
    { id: 'group-platform', displayName: 'Platform', members: ['user-eva'] },
    { id: 'group-oncall', displayName: 'On-call', members: [] },
  ],
  assignments: [],
  cloudTrail: {
    deliverySeconds: 300,
    records: [],
    rolesMissing: [],
    enabledRegions: ['us-east-1', 'us-west-2', 'eu-central-1', 'eu-west-1'],
  },
  // Every account has the session guard's policy, and AdministratorAccess has it as boundary. The other permission sets
  // are left for trying `glasshammer guard attach`.
  guardedAccounts: ['*'],
  attachedGuards: [],
  mail: { identities: ['example.com'], productionAccess: true },
  secrets: [
    {
      name: 'glasshammer/slack',
      value: JSON.stringify({ signingSecret: 'sandbox-signing-secret', botToken: 'xoxb-sandbox' }),
    },
  ],
  buckets: ['glasshammer-archive'],
  topics: ['glasshammer-alarms'],
  eventBuses: ['default', 'glasshammer'],
  slack: {
    workspace: { id: 'T0HOME', name: 'Example', domain: 'example' },
    users: [
      person('U0ANA', 'ana', 'Ana Alvarez'),
      person('U0BEN', 'ben', 'Ben Bauer'),
      { ...person('U0CLEO', 'cleo', 'Cleo Costa'), tz: 'America/New_York' },
      person('U0DAN', 'dan', 'Dan Dorn'),
      person('U0GUS', 'gus', 'Gus Grau'),
      person('U0HAL', 'hal', 'Hal Holm'),
      { ...person('U0FAY', 'fay', 'Fay Falk'), is_restricted: true },
      { ...person('U0OLE', 'ole', 'Ole Olsen'), deleted: true },
      // A user of another company, through Slack Connect: Slack does not show the e-mail.
      { id: 'U0EVE', name: 'eve', real_name: 'Eve Engel', team_id: 'T0OTHER', is_stranger: true },
      { ...bot('U0GLASS', 'glasshammer', 'Glasshammer') },
      { ...bot('U0ALERT', 'alerts', 'Alerts') },
    ],
    channels: [
      {
        id: 'C0ALERTS',
        name: 'alerts',
        members: ['U0ANA', 'U0BEN', 'U0CLEO', 'U0DAN', 'U0GUS', 'U0HAL', 'U0FAY', 'U0EVE', 'U0GLASS', 'U0ALERT'],
      },
      { id: 'C0ACCESS', name: 'access', members: ['U0ANA', 'U0BEN', 'U0CLEO', 'U0DAN', 'U0GLASS'] },
    ],
  },
  accessRecords: [
    principal('U0ANA', 'user-ana'),
    principal('U0BEN', 'user-ben'),
    principal('U0CLEO', 'user-cleo'),
    principal('U0DAN', 'user-dan'),
    { id: { S: `access#123456789012#${BREAK_GLASS_ADMIN}#user-ana` } },
    {
      id: { S: 'policy#developers-staging' },
      effect: { S: 'allow' },
      who: strings('group:Developers'),
      accounts: strings('234567890123'),
      permissionSets: strings('PowerUserAccess'),
      maxDuration: { S: '2h' },
    },
    {
      id: { S: 'policy#developers-production' },
      effect: { S: 'allow' },
      who: strings('group:Developers', 'group:SRE'),
      accounts: strings('ou:ou-prod'),
      permissionSets: strings('AdministratorAccess', 'ReadOnlyAccess'),
      maxDuration: { S: '1h' },
      approval: { M: { approvers: strings('group:Leads'), count: { N: '1' } } },
    },
    {
      id: { S: 'policy#oncall-group' },
      effect: { S: 'allow' },
      who: strings('group:SRE'),
      groups: strings('group-oncall'),
      maxDuration: { S: '8h' },
      approval: { M: { approvers: strings('group:Leads'), count: { N: '1' } } },
    },
    {
      id: { S: 'policy#canary' },
      effect: { S: 'allow' },
      who: strings('user:user-canary'),
      accounts: strings('345678901234'),
      permissionSets: strings('ReadOnlyAccess'),
      maxDuration: { S: '15m' },
    },
    {
      id: { S: 'policy#no-management' },
      effect: { S: 'deny' },
      who: strings('everyone'),
      accounts: strings('999999999999'),
      permissionSets: strings('*'),
    },
  ],
};

function account(id: string, name: string, ou: string, env: string) {
  return { id, name, email: `aws+${env}-${id.slice(0, 3)}@example.com`, ou, tags: { env } };
}

function user(id: string, name: string, displayName: string) {
  return { id, userName: `${name}@example.com`, displayName, email: `${name}@example.com` };
}

function person(id: string, name: string, realName: string) {
  return { id, name, real_name: realName, email: `${name}@example.com`, team_id: 'T0HOME' };
}

function bot(id: string, name: string, realName: string) {
  return { id, name, real_name: realName, team_id: 'T0HOME', is_bot: true };
}

function principal(slackId: string, principalId: string) {
  return { id: { S: `principal#${slackId}` }, ssoPrincipal: { S: principalId } };
}

function strings(...values: string[]) {
  return { L: values.map((value) => ({ S: value })) };
}
