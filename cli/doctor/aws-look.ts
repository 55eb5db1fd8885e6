import { createHmac } from 'node:crypto';
import type { Deployed, Expected } from '../../core/doctor/expected.ts';
import type { DoctorPorts } from '../../core/doctor/ports.ts';
import type { CliIo } from '../terminal/io.ts';

/** Builds what the doctor reads through. The AWS SDK is loaded only then, so that other commands start without it. */
export type BuildLook = (expected: Expected, deployed: Deployed, io: CliIo) => Promise<DoctorPorts>;

/** The real account, with the operator's credentials; endpoints come from the SDK's environment variables. */
export const awsLook: BuildLook = async (expected, deployed, io) => {
  const [
    { CloudTrailClient },
    { DynamoDBClient },
    { EventBridgeClient },
    { IdentitystoreClient },
    { LambdaClient },
    { OrganizationsClient },
    { S3Client },
    { SecretsManagerClient },
    { SESv2Client },
    { SFNClient },
    { SNSClient },
    { SSOAdminClient },
    { STSClient },
    { documentClientOver },
    { lookAtAccount },
    { lookAtGuards },
    { lookAtOrganization },
    { lookAtSlack },
    { lookAtTables },
  ] = await Promise.all([
    import('@aws-sdk/client-cloudtrail'),
    import('@aws-sdk/client-dynamodb'),
    import('@aws-sdk/client-eventbridge'),
    import('@aws-sdk/client-identitystore'),
    import('@aws-sdk/client-lambda'),
    import('@aws-sdk/client-organizations'),
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/client-secrets-manager'),
    import('@aws-sdk/client-sesv2'),
    import('@aws-sdk/client-sfn'),
    import('@aws-sdk/client-sns'),
    import('@aws-sdk/client-sso-admin'),
    import('@aws-sdk/client-sts'),
    import('../../gateways/dynamodb/document-client.ts'),
    import('../../gateways/doctor/look-at-account.ts'),
    import('../../gateways/doctor/look-at-guards.ts'),
    import('../../gateways/doctor/look-at-organization.ts'),
    import('../../gateways/doctor/look-at-slack.ts'),
    import('../../gateways/doctor/look-at-tables.ts'),
  ]);
  const dynamo = new DynamoDBClient({});
  const lambda = new LambdaClient({});
  const sso = new SSOAdminClient({});
  const account = lookAtAccount(
    {
      sts: new STSClient({}),
      sns: new SNSClient({}),
      ses: new SESv2Client(expected.report.sesRegion === undefined ? {} : { region: expected.report.sesRegion }),
      sfn: new SFNClient({}),
      // With an endpoint of its own, as in the sandbox, the bucket is part of the path.
      s3: new S3Client({ forcePathStyle: io.env.AWS_ENDPOINT_URL !== undefined }),
      events: new EventBridgeClient({}),
      lambda,
      trail: new CloudTrailClient({}),
      dynamo,
    },
    `${expected.stackName.toLowerCase()}-report-on-access`,
  );
  const { SLACK_API_URL: apiUrl } = io.env;
  return remembering({
    ...account,
    stack: async (name) => (await io.stack(name))?.status,
    ...lookAtGuards({
      sso,
      lambda,
      instanceArn: expected.instanceArn,
      prefix: expected.stackName.toLowerCase(),
    }),
    ...lookAtOrganization({
      sso,
      identityStore: new IdentitystoreClient({}),
      organizations: new OrganizationsClient({}),
      instanceArn: expected.instanceArn,
      identityStoreId: expected.identityStoreId,
    }),
    ...lookAtSlack({
      secrets: new SecretsManagerClient({}),
      // Without Slack, the Slack checks do not run.
      secretArn: deployed.slackSecretArn ?? '',
      apiUrl,
      sign: (secret, timestamp, body) =>
        `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`,
      now: async () => new Date((await account.caller()).at),
    }),
    ...lookAtTables({
      client: documentClientOver(dynamo),
      accessTable: deployed.accessTable,
      requestTable: deployed.requestTable,
    }),
  });
};

/** Several checks read the same things; each is read once. */
function remembering(look: DoctorPorts): DoctorPorts {
  const kept = new Map<string, unknown>();
  const once = <Args extends readonly unknown[], Answer>(name: string, ask: (...args: Args) => Answer) => {
    return (...args: Args): Answer => {
      const key = JSON.stringify([name, ...args]);
      if (!kept.has(key)) kept.set(key, ask(...args));
      return kept.get(key) as Answer;
    };
  };
  return {
    ...look,
    caller: once('caller', look.caller),
    accounts: once('accounts', look.accounts),
    instance: once('instance', look.instance),
    records: once('records', look.records),
    user: once('user', look.user),
    group: once('group', look.group),
    mailIdentity: once('mailIdentity', look.mailIdentity),
    heartbeat: once('heartbeat', look.heartbeat),
  };
}
