import type {
  Account as AwsAccount,
  OrganizationalUnit as AwsUnit,
  DescribeAccountRequest,
  DescribeAccountResponse,
  DescribeOrganizationalUnitRequest,
  DescribeOrganizationalUnitResponse,
  DescribeOrganizationResponse,
  ListAccountsRequest,
  ListAccountsResponse,
  ListAWSServiceAccessForOrganizationRequest,
  ListAWSServiceAccessForOrganizationResponse,
  ListDelegatedAdministratorsRequest,
  ListDelegatedAdministratorsResponse,
  ListParentsRequest,
  ListParentsResponse,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
} from '@aws-sdk/client-organizations';
import { AwsError } from '../wire/aws-error.ts';
import { page } from '../wire/paging.ts';
import type { Operations, Wire } from '../wire/service.ts';
import type { Account, OrganizationalUnit, World } from '../world/world.ts';

/** AWS Organizations: accounts, organizational units, tags. Pages of at most 20. */
export function organizations(world: World): Operations {
  const { id: organizationId, rootId, managementAccountId } = world.organization;
  const arn = (kind: string, id: string) =>
    `arn:aws:organizations::${managementAccountId}:${kind}/${organizationId}/${id}`;
  const accountOf = (id: string) => world.accounts.find((account) => account.id === id);
  const unitOf = (id: string) => world.organizationalUnits.find((unit) => unit.id === id);
  const describeAccount = (account: Account): Wire<AwsAccount> => ({
    Id: account.id,
    Arn: arn('account', account.id),
    Name: account.name,
    Email: account.email,
    Status: account.status,
    State: account.status,
    JoinedMethod: account.id === managementAccountId ? 'INVITED' : 'CREATED',
    JoinedTimestamp: JOINED,
  });
  const describeUnit = ({ id, name }: OrganizationalUnit): Wire<AwsUnit> => ({
    Id: id,
    Name: name,
    Arn: arn('ou', id),
  });

  return {
    DescribeOrganization(): Wire<DescribeOrganizationResponse> {
      return {
        Organization: {
          Id: organizationId,
          Arn: `arn:aws:organizations::${managementAccountId}:organization/${organizationId}`,
          FeatureSet: 'ALL',
          MasterAccountId: managementAccountId,
          MasterAccountArn: arn('account', managementAccountId),
        },
      };
    },
    DescribeAccount(input: Wire<DescribeAccountRequest>): Wire<DescribeAccountResponse> {
      const account = accountOf(input.AccountId);
      if (account === undefined)
        throw new AwsError('AccountNotFoundException', "You specified an account that doesn't exist.");
      return { Account: describeAccount(account) };
    },
    ListAccounts(input: Wire<ListAccountsRequest>): Wire<ListAccountsResponse> {
      const { items, nextToken } = cut('accounts', world.accounts, input);
      return { Accounts: items.map(describeAccount), ...next(nextToken) };
    },
    ListDelegatedAdministrators(
      input: Wire<ListDelegatedAdministratorsRequest>,
    ): Wire<ListDelegatedAdministratorsResponse> {
      const wanted = input.ServicePrincipal;
      const ids = Object.entries(world.delegatedAdministrators).flatMap(([service, delegated]) =>
        wanted === undefined || wanted === service ? delegated : [],
      );
      const { items, nextToken } = cut(`delegated ${wanted}`, [...new Set(ids)], input);
      const described = items.flatMap((id) => {
        const account = accountOf(id);
        return account === undefined ? [] : [{ ...describeAccount(account), DelegationEnabledDate: JOINED }];
      });
      return { DelegatedAdministrators: described, ...next(nextToken) };
    },
    ListAWSServiceAccessForOrganization(
      input: Wire<ListAWSServiceAccessForOrganizationRequest>,
    ): Wire<ListAWSServiceAccessForOrganizationResponse> {
      const { items, nextToken } = cut('trusted services', world.trustedServices, input);
      return {
        EnabledServicePrincipals: items.map((ServicePrincipal) => ({ ServicePrincipal, DateEnabled: JOINED })),
        ...next(nextToken),
      };
    },
    ListParents(input: Wire<ListParentsRequest>): Wire<ListParentsResponse> {
      const id = accountOf(input.ChildId)?.ou ?? unitOf(input.ChildId)?.parent;
      if (id === undefined) throw new AwsError('ChildNotFoundException', "You specified a child that doesn't exist.");
      return { Parents: [{ Id: id, Type: id === rootId ? 'ROOT' : 'ORGANIZATIONAL_UNIT' }] };
    },
    DescribeOrganizationalUnit(
      input: Wire<DescribeOrganizationalUnitRequest>,
    ): Wire<DescribeOrganizationalUnitResponse> {
      const unit = unitOf(input.OrganizationalUnitId);
      if (unit === undefined)
        throw new AwsError(
          'OrganizationalUnitNotFoundException',
          "You specified an organizational unit that doesn't exist.",
        );
      return { OrganizationalUnit: describeUnit(unit) };
    },
    ListTagsForResource(input: Wire<ListTagsForResourceRequest>): Wire<ListTagsForResourceResponse> {
      const account = accountOf(input.ResourceId);
      if (account === undefined && input.ResourceId !== rootId && unitOf(input.ResourceId) === undefined)
        throw new AwsError('TargetNotFoundException', "You specified a target that doesn't exist.");
      const tags = Object.entries(account?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
      // The service sets the page size: this list alone has no parameter for it.
      const { items, nextToken } = cut(`tags ${input.ResourceId}`, tags, { NextToken: input.NextToken });
      return { Tags: items, ...next(nextToken) };
    },
  };
}

/** When every account joined. Nothing depends on the date. */
const JOINED = Date.UTC(2024, 0, 15) / 1000;

function cut<T>(kind: string, list: readonly T[], input: { MaxResults?: number; NextToken?: string | undefined }) {
  return page(kind, list, {
    size: input.MaxResults,
    token: input.NextToken,
    maximum: 20,
    fail: (message) => new AwsError('InvalidInputException', message),
  });
}

function next(nextToken: string | undefined): { NextToken?: string } {
  return nextToken === undefined ? {} : { NextToken: nextToken };
}
