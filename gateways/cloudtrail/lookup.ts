import { AccountClient, type AccountClientConfig, paginateListRegions } from '@aws-sdk/client-account';
import {
  CloudTrailClient,
  type CloudTrailClientConfig,
  InvalidNextTokenException,
  InvalidTimeRangeException,
  type LookupAttribute,
  LookupEventsCommand,
  ThrottlingException,
} from '@aws-sdk/client-cloudtrail';
import type { STSClient } from '@aws-sdk/client-sts';
import type { Now } from '../../core/access/ports.ts';
import type { ActivityPage, ActivityQuery, ActivitySource, LookupBy } from '../../core/activity/ports.ts';
import { ActivityUnreadableError } from '../../core/model/errors.ts';
import { compareText } from '../../core/model/text.ts';
import { type AccountCredentials, createAccountSessions } from '../sts/account-sessions.ts';

/** The most events that LookupEvents returns at once. */
const EVENTS_PER_PAGE = 50;

/** Clients kept in memory; a container that lives for weeks reports on many requests. */
const MOST_CLIENTS = 256;

export interface LookupOptions {
  readonly sts: Pick<STSClient, 'send'>;
  /** Name of the role in each account that may look up events. */
  readonly roleName: string;
  readonly now: Now;
  /** How the CloudTrail clients call; Region and credentials are set per account and Region. */
  readonly client?: CloudTrailClientConfig;
  /** `aws`, `aws-us-gov` or `aws-cn`. */
  readonly partition?: string;
}

/**
 * CloudTrail's event history, read in the account itself through a role there: 90 days of management events, one Region
 * at a time, with no trail needed.
 */
export function createLookup(options: LookupOptions): ActivitySource {
  const { partition = 'aws', roleName } = options;
  const sessions = createAccountSessions({ ...options, partition });
  const clients = new Map<string, CloudTrailClient>();

  async function credentialsFor({
    accountId,
    requestId,
  }: Pick<ActivityQuery, 'accountId' | 'requestId'>): Promise<AccountCredentials> {
    try {
      return await sessions.credentialsFor(accountId, `glasshammer-${requestId}`);
    } catch (error) {
      // STS answers AccessDenied both for a role that does not exist and for one that does not trust Glasshammer.
      if (isRefusal(error)) {
        throw new ActivityUnreadableError(
          `The role arn:${partition}:iam::${accountId}:role/${roleName} could not be assumed (${nameOf(error)}): it is not there, or it does not trust Glasshammer.`,
        );
      }
      throw throttlingOr(error);
    }
  }

  async function clientFor(query: ActivityQuery): Promise<CloudTrailClient> {
    const credentials = await credentialsFor(query);
    const key = `${query.accountId} ${credentials.accessKeyId} ${query.region}`;
    const known = clients.get(key);
    if (known !== undefined) return known;
    if (clients.size >= MOST_CLIENTS) clients.clear();
    const client = new CloudTrailClient({ ...options.client, region: query.region, credentials });
    clients.set(key, client);
    return client;
  }

  return {
    name: 'CloudTrail event history',
    async page(query): Promise<ActivityPage> {
      const client = await clientFor(query);
      try {
        const answer = await client.send(
          new LookupEventsCommand({
            LookupAttributes: [attributeOf(query.by)],
            StartTime: new Date(query.from),
            EndTime: new Date(query.until),
            MaxResults: EVENTS_PER_PAGE,
            NextToken: query.token,
          }),
        );
        const records = (answer.Events ?? []).map((event) => event.CloudTrailEvent ?? '');
        return answer.NextToken === undefined || answer.NextToken === ''
          ? { records }
          : { records, next: answer.NextToken };
      } catch (error) {
        throw lookupFailure(error, query);
      }
    },
    async enabledRegions(accountId, requestId) {
      try {
        const credentials = await credentialsFor({ accountId, requestId });
        return await listRegions({ ...options.client, region: homeOf(options.partition), credentials });
      } catch (error) {
        const known = throttlingOr(error);
        if (known instanceof ThrottlingException) throw known;
        // The role does not exist, or is older than this right: the report reads the configured Regions, and says so.
        return undefined;
      }
    },
  };
}

function attributeOf(by: LookupBy): LookupAttribute {
  if ('userName' in by) return { AttributeKey: 'Username', AttributeValue: by.userName };
  if ('accessKeyId' in by) return { AttributeKey: 'AccessKeyId', AttributeValue: by.accessKeyId };
  if ('eventName' in by) return { AttributeKey: 'EventName', AttributeValue: by.eventName };
  return { AttributeKey: 'ReadOnly', AttributeValue: 'false' };
}

/** Account Management answers in one Region of each partition. */
function homeOf(partition = 'aws'): string {
  return partition === 'aws-us-gov' ? 'us-gov-west-1' : partition === 'aws-cn' ? 'cn-northwest-1' : 'us-east-1';
}

async function listRegions(config: AccountClientConfig): Promise<readonly string[]> {
  const regions: string[] = [];
  const pages = paginateListRegions(
    { client: new AccountClient(config) },
    // A Region that is being disabled may still have calls to report.
    { RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT', 'ENABLING', 'DISABLING'] },
  );
  for await (const { Regions = [] } of pages) for (const { RegionName = '' } of Regions) regions.push(RegionName);
  return regions.filter((region) => region !== '').sort(compareText);
}

function lookupFailure(error: unknown, query: ActivityQuery): unknown {
  if (isRefusal(error)) {
    return new ActivityUnreadableError(
      `CloudTrail refused the look-up (${nameOf(error)}); a Region that is not enabled does so, too.`,
    );
  }
  if (error instanceof InvalidTimeRangeException) {
    return new ActivityUnreadableError('CloudTrail refused the time range; it keeps events for 90 days.');
  }
  if (error instanceof InvalidNextTokenException && query.token !== undefined) {
    // Starting over would count a second time what was read before.
    return new ActivityUnreadableError(
      'CloudTrail did not let reading go on from where it was; the older calls were not read.',
    );
  }
  return throttlingOr(error);
}

/**
 * Errors that a retry does not help. A Region that is not enabled answers with one of the token errors, because it does
 * not know the session.
 */
const REFUSALS: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthFailure',
  'InvalidClientTokenId',
  'NoSuchEntity',
  'NoSuchEntityException',
  'OperationNotPermittedException',
  'OptInRequired',
  'RegionDisabledException',
  'UnauthorizedOperation',
  'UnrecognizedClientException',
  'UnsupportedOperationException',
  'ValidationError',
]);

function isRefusal(error: unknown): boolean {
  return REFUSALS.has(nameOf(error));
}

/** STS and CloudTrail have several names for throttling; the workflow retries one of them. */
const THROTTLES: ReadonlySet<string> = new Set([
  'RequestLimitExceeded',
  'Throttling',
  'ThrottledException',
  'ThrottlingException',
  'TooManyRequestsException',
]);

function throttlingOr(error: unknown): unknown {
  if (!THROTTLES.has(nameOf(error)) || error instanceof ThrottlingException) return error;
  return new ThrottlingException({ message: 'asked too fast', $metadata: {} });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
