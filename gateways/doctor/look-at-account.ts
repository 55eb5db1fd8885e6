import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { DescribeContinuousBackupsCommand, DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  GetAccountSettingsCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { GetAccountCommand, GetEmailIdentityCommand, type SESv2Client } from '@aws-sdk/client-sesv2';
import { DescribeStateMachineCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { paginateListSubscriptionsByTopic, type SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod/mini';
import type { DoctorPorts } from '../../core/doctor/ports.ts';
import { lookAtTrails } from './look-at-trails.ts';
import { unlessAbsent } from './unless-absent.ts';

/** The answer of the report's function when it is asked which accounts and Regions it can read. */
const readersSchema = z.object({
  readers: z.array(z.object({ accountId: z.string(), region: z.string(), why: z.optional(z.string()) })),
});

/** Accounts asked about in one invocation; the function may take five minutes. */
const ACCOUNTS_AT_ONCE = 10;

export interface AccountClients {
  readonly sts: STSClient;
  readonly sns: SNSClient;
  readonly ses: SESv2Client;
  readonly sfn: SFNClient;
  readonly s3: S3Client;
  readonly events: EventBridgeClient;
  readonly lambda: LambdaClient;
  readonly trail: CloudTrailClient;
  readonly dynamo: DynamoDBClient;
}

/**
 * What the doctor reads in the account that Glasshammer runs in.
 *
 * @param reportFunction name of the function that reads activity
 */
export function lookAtAccount(
  { sts, sns, ses, sfn, s3, events, lambda, trail, dynamo }: AccountClients,
  reportFunction: string,
): Pick<
  DoctorPorts,
  | 'caller'
  | 'mailIdentity'
  | 'mailAccount'
  | 'subscriptions'
  | 'trails'
  | 'function'
  | 'concurrency'
  | 'workflow'
  | 'table'
  | 'bucket'
  | 'bus'
  | 'readers'
> {
  return {
    async caller() {
      let at: string | undefined;
      sts.middlewareStack.add(
        (next) => async (args) => {
          const result = await next(args);
          const { headers } = (result.response ?? {}) as { headers?: Record<string, string> };
          at = headers?.date;
          return result;
        },
        { step: 'deserialize', name: 'readServerTime', override: true },
      );
      const { Account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
      const told = at === undefined ? Number.NaN : Date.parse(at);
      if (Number.isNaN(told)) throw new Error('the answer of STS has no date');
      return { account: Account, arn: Arn, region: await sts.config.region(), at: new Date(told).toISOString() };
    },

    mailIdentity: (EmailIdentity) =>
      unlessAbsent(async () => {
        const found = await ses.send(new GetEmailIdentityCommand({ EmailIdentity }));
        return {
          verified: found.VerifiedForSendingStatus === true,
          configurationSet: found.ConfigurationSetName,
        };
      }),

    async mailAccount() {
      const found = await ses.send(new GetAccountCommand({}));
      return {
        production: found.ProductionAccessEnabled === true,
        sending: found.SendingEnabled === true,
        status: found.EnforcementStatus ?? 'unknown',
        perDay: found.SendQuota?.Max24HourSend ?? -1,
        sentToday: found.SendQuota?.SentLast24Hours ?? 0,
      };
    },

    async subscriptions(TopicArn) {
      const all = [];
      for await (const page of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn }))
        for (const { Endpoint = '', SubscriptionArn = '' } of page.Subscriptions ?? [])
          all.push({ endpoint: Endpoint, confirmed: SubscriptionArn.startsWith('arn:') });
      return all;
    },

    ...lookAtTrails(trail),

    function: (FunctionName) =>
      unlessAbsent(async () => {
        const { State } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
        // Lambda makes a function inactive that was not called for weeks; the next call activates it.
        return { state: State === 'Inactive' ? 'Active' : (State ?? 'unknown') };
      }),

    async concurrency() {
      const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
      return {
        total: AccountLimit?.ConcurrentExecutions ?? 0,
        unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? 0,
      };
    },

    workflow: (stateMachineArn) =>
      unlessAbsent(async () => (await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }))).status),

    table: (TableName) =>
      unlessAbsent(async () => {
        const [{ Table }, { ContinuousBackupsDescription: backups }] = await Promise.all([
          dynamo.send(new DescribeTableCommand({ TableName })),
          dynamo.send(new DescribeContinuousBackupsCommand({ TableName })),
        ]);
        return {
          status: Table?.TableStatus ?? 'unknown',
          indexes: (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName = '' }) => IndexName),
          streams: Table?.StreamSpecification?.StreamEnabled === true,
          recovery: backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED',
        };
      }),

    async bucket(Bucket) {
      return (await unlessAbsent(() => s3.send(new HeadBucketCommand({ Bucket })))) !== undefined;
    },

    async bus(Name) {
      return (await unlessAbsent(() => events.send(new DescribeEventBusCommand({ Name })))) !== undefined;
    },

    async readers(accounts, regions) {
      const all = [];
      for (let from = 0; from < accounts.length; from += ACCOUNTS_AT_ONCE) {
        const probe = { accounts: accounts.slice(from, from + ACCOUNTS_AT_ONCE), regions };
        const answer = await lambda.send(
          new InvokeCommand({
            FunctionName: reportFunction,
            Payload: new TextEncoder().encode(JSON.stringify({ probe })),
          }),
        );
        const payload: unknown = JSON.parse(new TextDecoder().decode(answer.Payload) || 'null');
        if (answer.FunctionError !== undefined) throw new Error(`${reportFunction} failed: ${answer.FunctionError}`);
        const parsed = z.safeParse(readersSchema, payload);
        if (!parsed.success) throw new Error(`${reportFunction} is of a version that cannot be asked; deploy this one`);
        all.push(...parsed.data.readers);
      }
      return all;
    },
  };
}
