import type { Names } from './sandbox-state.ts';

/** A CloudTrail record, as `POST /sandbox/activity` accepts it. */
export type TrailRecord = Record<string, unknown>;

/** One call that a person makes with their access. */
interface Doing {
  source: string;
  name: string;
  region: string;
  readOnly: boolean;
  parameters: Record<string, unknown>;
  errorCode?: string;
}

/** Three sequences of calls, so that repeated uses do not all look alike in a report. */
const STORIES: readonly Doing[][] = [
  [
    {
      source: 'ecs',
      name: 'DescribeServices',
      region: 'eu-central-1',
      readOnly: true,
      parameters: { cluster: 'shop', services: ['checkout'] },
    },
    {
      source: 'ecs',
      name: 'UpdateService',
      region: 'eu-central-1',
      readOnly: false,
      parameters: { cluster: 'shop', service: 'checkout', forceNewDeployment: true },
    },
    {
      source: 'secretsmanager',
      name: 'GetSecretValue',
      region: 'eu-central-1',
      readOnly: true,
      parameters: { secretId: 'shop/checkout/db' },
      errorCode: 'AccessDenied',
    },
  ],
  [
    { source: 's3', name: 'ListBuckets', region: 'us-east-1', readOnly: true, parameters: {} },
    {
      source: 's3',
      name: 'PutBucketPolicy',
      region: 'eu-central-1',
      readOnly: false,
      parameters: { bucketName: 'shop-exports' },
    },
  ],
  [
    { source: 'rds', name: 'DescribeDBInstances', region: 'eu-central-1', readOnly: true, parameters: {} },
    {
      source: 'rds',
      name: 'RebootDBInstance',
      region: 'eu-central-1',
      readOnly: false,
      parameters: { dBInstanceIdentifier: 'checkout' },
    },
    {
      source: 'iam',
      name: 'CreateAccessKey',
      region: 'us-east-1',
      readOnly: false,
      parameters: { userName: 'deployer' },
      errorCode: 'AccessDenied',
    },
  ],
];

/** Identity Center gives a permission set's role a random suffix; the sandbox's is always this one. */
const ROLE_SUFFIX = '0123456789abcdef';

/**
 * The CloudTrail records of a person who uses their access for a moment. `turn` selects what they do. They sign in at
 * `now` (ISO 8601), and their calls follow a second apart, so none is earlier than the access.
 */
export function believableActivity(
  assignment: { principalId: string; accountId: string; permissionSetArn: string },
  names: Names,
  now: string,
  turn: number,
): TrailRecord[] {
  const { principalId, accountId, permissionSetArn } = assignment;
  const role = `AWSReservedSSO_${names.of(permissionSetArn)}_${ROLE_SUFFIX}`;
  const session = names.userName(principalId);
  const story = STORIES[turn % STORIES.length] ?? [];
  const startMs = Date.parse(now);
  const identity = {
    type: 'AssumedRole',
    principalId: `AROASANDBOXSANDBOX00:${session}`,
    arn: `arn:aws:sts::${accountId}:assumed-role/${role}/${session}`,
    accountId,
    accessKeyId: 'ASIASANDBOXSANDBOX00',
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROASANDBOXSANDBOX00',
        arn: `arn:aws:iam::${accountId}:role/aws-reserved/sso.amazonaws.com/eu-central-1/${role}`,
        accountId,
        userName: role,
      },
      attributes: { creationDate: seconds(startMs), mfaAuthenticated: 'false' },
    },
    onBehalfOf: {
      userId: principalId,
      identityStoreArn: 'arn:aws:identitystore::999999999999:identitystore/d-1234567890',
    },
  };
  return story.map((doing, index) => ({
    eventVersion: '1.11',
    userIdentity: identity,
    eventTime: seconds(startMs + index * 1000),
    eventSource: `${doing.source}.amazonaws.com`,
    eventName: doing.name,
    awsRegion: doing.region,
    sourceIPAddress: '203.0.113.7',
    userAgent: 'aws-cli/2.31.0',
    ...(doing.errorCode === undefined
      ? {}
      : {
          errorCode: doing.errorCode,
          errorMessage: `User is not authorized to perform: ${doing.source}:${doing.name}`,
        }),
    requestParameters: doing.parameters,
    responseElements: null,
    readOnly: doing.readOnly,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: accountId,
    eventCategory: 'Management',
  }));
}

/** CloudTrail records whole seconds. */
function seconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
