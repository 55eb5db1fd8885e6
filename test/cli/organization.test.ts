import { IdentitystoreClient } from '@aws-sdk/client-identitystore';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { readOrganization } from '../../gateways/identity-center/organization.ts';
import { type Harness, startHarness } from '../sandbox/aws/harness.ts';

let harness: Harness;

beforeEach(async () => {
  harness = await startHarness();
});

afterEach(() => harness.close());

test('--aws reads the users, groups, accounts with their units, and permission sets that policies are checked against', async () => {
  const clients = {
    sso: new SSOAdminClient(harness.inProcess()),
    identityStore: new IdentitystoreClient(harness.inProcess()),
    organizations: new OrganizationsClient(harness.inProcess()),
  };
  const { users, groups, accounts, permissionSets } = await readOrganization(clients);
  expect(users).toContainEqual(
    expect.objectContaining({
      id: 'user-dan',
      enabled: true,
      groups: expect.arrayContaining(['group-leads', 'group-directors']),
    }),
  );
  expect(groups).toContainEqual({ id: 'group-oncall', name: expect.any(String) });
  // Units are nested: the list goes from the root down to the account's own unit.
  expect(accounts.find(({ id }) => id === '210987654321')?.ou).toEqual(expect.arrayContaining(['ou-prod']));
  expect(accounts.find(({ id }) => id === '210987654321')?.ou[0]).toMatch(/^r-/);
  expect(permissionSets).toContainEqual({
    arn: 'arn:aws:sso:::permissionSet/ssoins-12345/ps-read',
    name: 'ReadOnlyAccess',
  });
});
