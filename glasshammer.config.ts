import { defineConfig } from './lib/config/config.ts';

/**
 * A worked example: every id is invented, and it synthesizes as it stands. Put your own ids in, then `npx cdk deploy`.
 * `docs/deploy.md` says where to find each; `lib/config/glasshammer-config.ts` describes every setting.
 */
export const config = defineConfig({
  env: { account: '111122223333', region: 'eu-central-1' },

  instanceArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
  identityStoreId: 'd-1234567890',
  organization: { id: 'o-a1b2c3d4e5', managementAccountId: '999999999999' },
  portalUrl: 'https://d-1234567890.awsapps.com/start',

  accounts: ['123456789012', '210987654321', '234567890123'],
  permissionSets: [
    { name: 'BreakGlassAdmin', arn: 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef' },
    { name: 'ReadOnlyAccess', arn: 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-abcdef1234567890' },
  ],

  slack: { teamIds: ['T0HOME'], approvalChannel: 'C0ACCESS' },
  access: { defaultDuration: '1h', maxDuration: '12h' },

  report: {
    from: 'glasshammer@example.com',
    to: ['security@example.com'],
    regions: ['us-east-1', 'eu-central-1'],
  },
  alarms: { emails: ['oncall@example.com'] },
});
