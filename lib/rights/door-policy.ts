/*
 * Plain data, free of the CDK: the stack makes the API's resource policy of it, and the sandbox holds every call against it.
 */

/** A statement about who may call the API. */
export interface DoorStatement {
  readonly effect: 'Allow' | 'Deny';
  /** What it is about, or else everything that is not among `notResources`. */
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface DoorPlace {
  readonly partition: string;
  readonly region: string;
  /** The account the API is in. */
  readonly account: string;
  readonly organizationId: string;
  /** Accounts whose sessions are taken; `*` is every account of the organization. */
  readonly fromAccounts: '*' | readonly string[];
}

/** The version of the API is the name of its stage. */
export const STAGE = 'v1';

/** What paths about changes of the policies have after their user; a function of its own answers them. */
export const POLICY_CHANGES = 'policy-changes';

/**
 * The API's resource policy: sessions of Identity Center from the organization, each in the path of its own user.
 *
 * In the API's own account an allowance in the caller's policies is enough, and administrators have it for every path. So everything
 * is forbidden as well: a call from another organization, with another role than one below `aws-reserved/sso.amazonaws.com` (a path
 * in which only AWS makes roles; the name alone anybody can give), without the id of a user, and to any path but that user's.
 *
 * The id of an API has ten characters, and a policy cannot name the API it belongs to before there is one. A `*` instead would match
 * slashes as well, and so the path of somebody else with one's own behind it.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/condition-context-keys-sts-idc.html
 */
export function doorPolicy({ partition, region, account, organizationId, fromAccounts }: DoorPlace): DoorStatement[] {
  const api = `arn:${partition}:execute-api:${region}:${account}:${'?'.repeat(10)}/${STAGE}`;
  const own = [
    `${api}/GET/whoami`,
    ...['GET', 'POST'].map((method) => `${api}/${method}/people/\${identitystore:UserId}/*`),
  ];
  const roles = { 'aws:PrincipalArn': `arn:${partition}:iam::*:role/aws-reserved/sso.amazonaws.com/*` };
  const organization = { 'aws:PrincipalOrgID': organizationId };
  const accounts: Readonly<Record<string, readonly string[]>> =
    fromAccounts === '*' ? {} : { 'aws:PrincipalAccount': fromAccounts };
  const everything = [`${api}/*`];
  return [
    {
      effect: 'Allow',
      resources: own,
      conditions: { StringEquals: { ...organization, ...accounts }, ArnLike: roles },
    },
    { effect: 'Deny', notResources: own },
    { effect: 'Deny', resources: everything, conditions: { Null: { 'identitystore:UserId': 'true' } } },
    { effect: 'Deny', resources: everything, conditions: { StringNotEquals: organization } },
    { effect: 'Deny', resources: everything, conditions: { ArnNotLike: roles } },
    ...(fromAccounts === '*'
      ? []
      : [{ effect: 'Deny' as const, resources: everything, conditions: { StringNotEquals: accounts } }]),
  ];
}
