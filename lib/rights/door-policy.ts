/*
 * Plain data without the CDK: the stack makes the API's resource policy from it, and the sandbox checks every call with
 * it.
 */

/** A statement of the API's resource policy. */
export interface DoorStatement {
  readonly effect: 'Allow' | 'Deny';
  /** The resources it covers; without them, everything that is not in `notResources`. */
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
  /** Accounts whose sessions are accepted; `*` is every account of the organization. */
  readonly fromAccounts: '*' | readonly string[];
}

/** The name of the API's stage, which is its version. */
export const STAGE = 'v1';

/** Path segment after the user's id in calls about policy changes, which a separate function answers. */
export const POLICY_CHANGES = 'policy-changes';

/**
 * The API's resource policy: only Identity Center sessions of the organization, each only under its own user's path.
 *
 * In the API's own account, an Allow in the caller's own policies would be enough, and administrators have one for
 * every path. So everything else is denied: calls from another organization, calls with a role outside of the path
 * `aws-reserved/sso.amazonaws.com` (only AWS can make roles there, while anybody can copy such a role's name), calls
 * without a user id, and calls to a path other than that user's.
 *
 * An API's id has ten characters, and a policy cannot name its API before the API exists. `*` instead of ten `?` would
 * match slashes as well, and so another user's path followed by the caller's own.
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
