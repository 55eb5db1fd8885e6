const ANY = '*';

/**
 * AWS managed policies that the sandbox's permission sets have. The first two are as AWS publishes them. The real
 * `ReadOnlyAccess` names thousands of actions; this one covers the services that the sandbox emulates.
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

/** The ARN of an AWS managed policy. */
export function awsManagedPolicyArn(name: string): string {
  return `arn:aws:iam::aws:policy/${name}`;
}

/** The policy document; `undefined` for a policy that the sandbox does not have. */
export function awsManagedPolicy(arn: string): string | undefined {
  const name = arn.replace(awsManagedPolicyArn(''), '');
  const statements = Object.hasOwn(DOCUMENTS, name) ? DOCUMENTS[name] : undefined;
  return statements === undefined ? undefined : JSON.stringify({ Version: '2012-10-17', Statement: statements });
}
