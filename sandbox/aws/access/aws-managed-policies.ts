const ANY = '*';

/**
 * Policies that AWS manages, as far as the sandbox's permission sets have them. The first two read as AWS publishes them; the real
 * `ReadOnlyAccess` names thousands of actions one by one, and this one says the same of the services that the sandbox plays.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const DOCUMENTS: Readonly<Record<string, readonly object[]>> = {
  AdministratorAccess: [{ Effect: 'Allow', Action: ANY, Resource: ANY }],
  PowerUserAccess: [
    { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: ANY },
    {
      Effect: 'Allow',
      Action: [
        'account:GetAccountInformation',
        'account:GetGovCloudAccountInformation',
        'account:GetPrimaryEmail',
        'account:ListRegions',
        'iam:CreateServiceLinkedRole',
        'iam:DeleteServiceLinkedRole',
        'iam:ListRoles',
        'organizations:DescribeEffectivePolicy',
        'organizations:DescribeOrganization',
      ],
      Resource: ANY,
    },
  ],
  ReadOnlyAccess: [
    {
      Effect: 'Allow',
      Action: [
        'cloudtrail:Describe*',
        'cloudtrail:Get*',
        'cloudtrail:List*',
        'cloudtrail:LookupEvents',
        'dynamodb:BatchGetItem',
        'dynamodb:Describe*',
        'dynamodb:Get*',
        'dynamodb:List*',
        'dynamodb:Query',
        'dynamodb:Scan',
        'ec2:Describe*',
        'ec2:Get*',
        'iam:Get*',
        'iam:List*',
        'lambda:Get*',
        'lambda:List*',
        's3:Get*',
        's3:List*',
      ],
      Resource: ANY,
    },
  ],
};

/** ARN of a policy that AWS manages, by its name. */
export function awsManagedPolicyArn(name: string): string {
  return `arn:aws:iam::aws:policy/${name}`;
}

/** The document in force; `undefined` for a policy that the sandbox has not. */
export function awsManagedPolicy(arn: string): string | undefined {
  const name = arn.replace(awsManagedPolicyArn(''), '');
  const statements = Object.hasOwn(DOCUMENTS, name) ? DOCUMENTS[name] : undefined;
  return statements === undefined ? undefined : JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
