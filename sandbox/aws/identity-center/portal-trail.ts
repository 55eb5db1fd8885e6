import type { World } from '../world/world.ts';
import type { PortalSession } from './permission-set-roles.ts';
import { portalRoleArn, roleName, sessionArn, sessionName, type Use } from './portal.ts';

/**
 * CloudTrail's records of a person fetching credentials: the portal's event in the account that owns the instance, and
 * STS's event in the target account.
 */
export function fetchRecords(world: World, session: PortalSession): Record<string, unknown>[] {
  const eventTime = seconds(session.issuedAtMs);
  const { managementAccountId } = world.organization;
  return [
    {
      eventVersion: '1.11',
      userIdentity: {
        type: 'IdentityCenterUser',
        accountId: managementAccountId,
        onBehalfOf: onBehalfOf(world, session),
      },
      eventTime,
      eventSource: 'sso.amazonaws.com',
      eventName: 'GetRoleCredentials',
      awsRegion: world.region,
      sourceIPAddress: ADDRESS,
      requestParameters: null,
      responseElements: null,
      serviceEventDetails: {
        role_name: world.permissionSets.find(({ arn }) => arn === session.permissionSetArn)?.name,
        account_id: session.accountId,
      },
      readOnly: true,
      eventType: 'AwsServiceEvent',
      managementEvent: true,
      recipientAccountId: managementAccountId,
    },
    {
      eventVersion: '1.11',
      userIdentity: { type: 'SAMLUser', userName: sessionName(world, session) },
      eventTime,
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRoleWithSAML',
      awsRegion: world.region,
      sourceIPAddress: ADDRESS,
      requestParameters: {
        roleArn: portalRoleArn(world, session),
        roleSessionName: sessionName(world, session),
        durationSeconds: (session.expiresAtMs - session.issuedAtMs) / 1000,
      },
      responseElements: { credentials: { accessKeyId: session.accessKeyId } },
      readOnly: true,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: session.accountId,
    },
  ];
}

/**
 * CloudTrail's record of a call with fetched credentials. A call with an expired token is not recorded, because it has
 * no identity.
 */
export function useRecords(
  world: World,
  session: PortalSession,
  action: string,
  { errorCode, why }: Use,
  nowMs: number,
): Record<string, unknown>[] {
  if (errorCode === 'ExpiredToken') return [];
  const [service = '', name = ''] = action.split(':');
  const role = roleName(world, session.permissionSetArn);
  return [
    {
      eventVersion: '1.11',
      userIdentity: {
        type: 'AssumedRole',
        principalId: `AROASANDBOXSANDBOX00:${sessionName(world, session)}`,
        arn: sessionArn(world, session),
        accountId: session.accountId,
        accessKeyId: session.accessKeyId,
        sessionContext: {
          sessionIssuer: {
            type: 'Role',
            principalId: 'AROASANDBOXSANDBOX00',
            arn: portalRoleArn(world, session),
            accountId: session.accountId,
            userName: role,
          },
          attributes: { creationDate: seconds(session.issuedAtMs), mfaAuthenticated: 'false' },
        },
        onBehalfOf: onBehalfOf(world, session),
      },
      eventTime: seconds(nowMs),
      eventSource: `${service}.amazonaws.com`,
      eventName: name,
      awsRegion: world.region,
      sourceIPAddress: ADDRESS,
      userAgent: 'aws-cli/2.31.0',
      ...(errorCode === undefined ? {} : { errorCode, errorMessage: why }),
      requestParameters: null,
      responseElements: null,
      readOnly: /^(?:Get|List|Describe|Head|Lookup|Batch[GD]e)/.test(name),
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: session.accountId,
      eventCategory: 'Management',
    },
  ];
}

const ADDRESS = '203.0.113.7';

function onBehalfOf({ organization, identityStoreId }: World, { principalId }: PortalSession) {
  return {
    userId: principalId,
    identityStoreArn: `arn:aws:identitystore::${organization.managementAccountId}:identitystore/${identityStoreId}`,
  };
}

/** CloudTrail records whole seconds. */
function seconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
