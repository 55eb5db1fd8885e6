import { expectedFrom } from '../../../cli/doctor/expected.ts';
import { leftOut } from '../../../core/access/lease/revoke/removable.ts';
import { removableIn } from '../../../core/doctor/expected.ts';
import type { Target } from '../../../core/model/target.ts';
import { removableBy } from '../../../lambdas/shared/services/configured-targets.ts';
import { defineConfig } from '../../../lib/config/config.ts';
import type { GlasshammerConfig } from '../../../lib/config/glasshammer-config.ts';
import { settingsFrom } from '../../../lib/config/settings-from-config.ts';
import { functionRights, type OwnResources } from '../../../lib/rights/function-rights.ts';
import { authorize } from '../../../sandbox/aws/access/authorize.ts';
import { BASE } from '../../stack/synthesized.ts';

const INSTANCE = BASE.instanceArn;
const SET = BASE.permissionSets[0]?.arn ?? '';
const OLD_SET = SET.replace(/ps-.*$/, 'ps-00000000000000ff');
const GROUP = 'a1b2c3d4-5678-90ab-cdef-111111111111';
const OLD_GROUP = 'a1b2c3d4-5678-90ab-cdef-222222222222';
const MANAGEMENT = '999999999999';
const OWN = '111122223333';

const ACCOUNTS = ['123456789012', '345678901234', OWN, MANAGEMENT];
const TARGETS: readonly Target[] = [
  ...ACCOUNTS.flatMap((accountId) => [SET, OLD_SET].map((permissionSetArn) => ({ accountId, permissionSetArn }))),
  { groupId: GROUP },
  { groupId: OLD_GROUP },
];

const CONFIGS: Readonly<Record<string, object>> = {
  'named accounts': { groups: [{ name: 'OnCall', id: GROUP }] },
  'retired accounts, permission sets and groups': {
    retired: {
      accounts: ['345678901234'],
      permissionSets: [{ name: 'Old', arn: OLD_SET }],
      groups: [{ name: 'Old', id: OLD_GROUP }],
    },
  },
  'every account': { accounts: '*' },
  'every account and the own account': { accounts: '*', includeOwnAccount: true },
  'every account and the management account': {
    env: { account: MANAGEMENT, region: BASE.env.region },
    organization: { ...BASE.organization, includeManagementAccount: true },
    accounts: '*',
  },
  'every account, and the management account retired': {
    env: { account: MANAGEMENT, region: BASE.env.region },
    accounts: '*',
    retired: { accounts: [MANAGEMENT] },
  },
  'the management account excluded': { env: { account: MANAGEMENT, region: BASE.env.region }, accounts: '*' },
};

/** In the management account, Identity Center deletes the role of a permission set with the rights of the caller. */
const ROLE = `arn:aws:iam::${MANAGEMENT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_x`;

function requiredRights(target: Target) {
  if ('groupId' in target)
    return [
      { action: 'identitystore:DeleteGroupMembership', resources: [`arn:aws:identitystore:::group/${target.groupId}`] },
    ];
  const { accountId, permissionSetArn } = target;
  const resources = [INSTANCE, permissionSetArn, `arn:aws:sso:::account/${accountId}`];
  const removal = { action: 'sso:DeleteAccountAssignment', resources };
  return accountId === MANAGEMENT ? [removal, { action: 'iam:DeleteRole', resources: [ROLE] }] : [removal];
}

describe.each(Object.entries(CONFIGS))('with %s', (_name, overrides) => {
  const config = defineConfig({ ...BASE, ...overrides } as GlasshammerConfig);
  const own = new Proxy({}, { get: (_own, name) => `<${String(name)}>` }) as unknown as OwnResources;
  const rights = functionRights(config, own);

  test.each(['revoke-access', 'sweep-access'] as const)(
    'the targets reported as left out are exactly those that the role of %s has no right to remove',
    (name) => {
      for (const target of TARGETS) {
        const isRefused = authorize(requiredRights(target), rights[name]) !== undefined;
        expect([target, leftOut(target, removableBy(settingsFrom(config))) !== undefined]).toEqual([target, isRefused]);
        // The doctor reads the configuration file, which may not be deployed yet.
        expect([target, leftOut(target, removableIn(expectedFrom(config))) !== undefined]).toEqual([target, isRefused]);
      }
    },
  );

  test('every target that can be granted can be removed', () => {
    for (const target of TARGETS) {
      const [giving] = requiredRights(target).map(({ resources }) => ({
        action: 'groupId' in target ? 'identitystore:CreateGroupMembership' : 'sso:CreateAccountAssignment',
        resources,
      }));
      if (giving === undefined || authorize([giving], rights['grant-access']) !== undefined) continue;
      expect([target, leftOut(target, removableBy(settingsFrom(config)))]).toEqual([target, undefined]);
    }
  });
});
