import { type Deployment, HOME, MANAGEMENT, SET } from './deployment.ts';

/** What is broken, the check that must find it, what the finding must say, and how to break it. */
export type PlantedFault = readonly [string, string, RegExp, (world: Deployment) => void];

/** Faults around a deployment: the account, the organization, Identity Center and Slack's secret. */
export const AROUND: readonly PlantedFault[] = [
  [
    'credentials of another account',
    'caller',
    /for 123456789012 in/,
    (w) => {
      w.caller.account = '123456789012';
    },
  ],
  [
    'a caller in another Region',
    'caller',
    /in us-east-1/,
    (w) => {
      w.caller.region = 'us-east-1';
    },
  ],
  [
    'a deployment that was rolled back',
    'stack',
    /UPDATE_ROLLBACK_COMPLETE/,
    (w) => {
      w.deployed.status = 'UPDATE_ROLLBACK_COMPLETE';
    },
  ],
  [
    'an audit catalog whose deployment was rolled back',
    'audit-catalog',
    /GlasshammerAudit is ROLLBACK_COMPLETE/,
    (w) => {
      w.stacks.GlasshammerAudit = 'ROLLBACK_COMPLETE';
    },
  ],
  [
    'another version deployed',
    'version',
    /1\.1\.0.*1\.2\.0/,
    (w) => {
      w.deployed.version = '1.1.0';
    },
  ],
  [
    'another organization',
    'organization',
    /o-zzzzzzzzzz/,
    (w) => {
      w.organization.id = 'o-zzzzzzzzzz';
    },
  ],
  [
    'Identity Center not delegated',
    'delegation',
    /not a delegated administrator of Identity Center/,
    (w) => {
      w.delegated['sso.amazonaws.com'] = [];
    },
  ],
  [
    'StackSets not trusted',
    'stack-set',
    /does not trust StackSets/,
    (w) => {
      w.trusted = [];
    },
  ],
  [
    'StackSets not delegated',
    'stack-set',
    /not a delegated administrator of StackSets/,
    (w) => {
      w.delegated['member.org.stacksets.cloudformation.amazonaws.com'] = [];
    },
  ],
  [
    'an Identity Center instance that does not exist',
    'instance',
    /there is no Identity Center instance/,
    (w) => {
      w.instance = undefined;
    },
  ],
  [
    'another identity store',
    'instance',
    /d-0987654321/,
    (w) => {
      w.instance = { identityStoreId: 'd-0987654321', status: 'ACTIVE' };
    },
  ],
  [
    'another primary Region',
    'instance',
    /primary Region.*us-east-1/,
    (w) => {
      w.instance = { identityStoreId: 'd-1234567890', status: 'ACTIVE', primaryRegion: 'us-east-1' };
    },
  ],
  [
    'permission sets not enabled',
    'instance',
    /not enabled/,
    (w) => {
      w.instance = { identityStoreId: 'd-1234567890', status: 'ACTIVE', permissionSetsEnabled: false };
    },
  ],
  [
    'a customer-managed key that the configuration does not name',
    'key',
    /arn:aws:kms:key/,
    (w) => {
      w.instance = {
        identityStoreId: 'd-1234567890',
        status: 'ACTIVE',
        keyArn: 'arn:aws:kms:key',
        keyStatus: 'ENABLED',
      };
    },
  ],
  [
    'an account that left the organization',
    'accounts',
    /234567890123 is not in the organization/,
    (w) => {
      w.accounts.splice(1, 1);
    },
  ],
  [
    'a suspended account',
    'accounts',
    /Staging.*suspended/,
    (w) => {
      w.accounts[1] = { id: '234567890123', name: 'Staging', active: false };
    },
  ],
  [
    'a permission set that is gone',
    'permission-sets',
    /no permission set.*BreakGlassAdmin/,
    (w) => {
      w.sets = {};
    },
  ],
  [
    'a permission set under another name',
    'permission-sets',
    /is called Admin/,
    (w) => {
      w.sets[SET] = { name: 'Admin', sessionSeconds: 3600 };
    },
  ],
  [
    'a permission set provisioned in the management account',
    'permission-sets',
    /management account/,
    (w) => {
      w.provisioned[SET] = [MANAGEMENT];
    },
  ],
  [
    'a group that is gone',
    'groups',
    /no group group-oncall/,
    (w) => {
      w.groups = {};
    },
  ],
  [
    'a group that can be joined and has something in the account Glasshammer runs in',
    'groups-own-account',
    /^the group On-call \(group-oncall\) has BreakGlassAdmin, \S+ps-other in its own account 111122223333$/,
    (w) => {
      w.groupAssignments[HOME] = [SET, SET.replace(/ps-\w+$/, 'ps-other')].map((permissionSetArn) => ({
        groupId: 'group-oncall',
        permissionSetArn,
      }));
    },
  ],
  [
    'a group that can be joined and has something in the management account',
    'groups-management-account',
    /^the group On-call \(group-oncall\) has BreakGlassAdmin in the management account 999999999999$/,
    (w) => {
      w.groupAssignments[MANAGEMENT] = [{ groupId: 'group-oncall', permissionSetArn: SET }];
    },
  ],
  [
    'a group that can be joined and has something in the management account, which Glasshammer runs in',
    'groups-management-account',
    /has BreakGlassAdmin in the management account/,
    (w) => {
      w.expected.account = MANAGEMENT;
      w.caller.account = MANAGEMENT;
      w.groupAssignments[MANAGEMENT] = [{ groupId: 'group-oncall', permissionSetArn: SET }];
    },
  ],
  [
    'a group written by SCIM',
    'groups',
    /SCIM/,
    (w) => {
      w.groups['group-oncall'] = { name: 'On-call', external: true };
    },
  ],
  [
    'an organizational unit that is gone',
    'units',
    /ou-ab12-34cd56ef/,
    (w) => {
      w.units = [];
    },
  ],
  [
    'a Slack secret that still has its random value',
    'slack-secret',
    /random/,
    (w) => {
      w.secret = 'random';
    },
  ],
  [
    'a Slack secret of another form',
    'slack-secret',
    /signingSecret/,
    (w) => {
      w.secret = 'unreadable';
    },
  ],
  [
    'a token Slack refuses',
    'slack-token',
    /token_revoked/,
    (w) => {
      w.token = { refused: 'token_revoked' };
    },
  ],
  [
    'a token of another workspace',
    'slack-token',
    /T0OTHER/,
    (w) => {
      w.token = { teamId: 'T0OTHER', scopes: ['chat:write', 'users:read'] };
    },
  ],
  [
    'a token that lacks a scope',
    'slack-token',
    /lacks users:read/,
    (w) => {
      w.token = { teamId: 'T0HOME', scopes: ['chat:write'] };
    },
  ],
];
