import type {
  DescribeTrailsResponse,
  Event,
  GetEventSelectorsRequest,
  GetEventSelectorsResponse,
  GetTrailStatusRequest,
  GetTrailStatusResponse,
  LookupAttribute,
  LookupEventsRequest,
  LookupEventsResponse,
} from '@aws-sdk/client-cloudtrail';
import { AwsError } from '../wire/aws-error.ts';
import { type Call, epochSeconds, type Operations, type Wire } from '../wire/service.ts';
import type { Trail, TrailRecord, World } from '../world/world.ts';
import { trailKey } from '../world/world-changes.ts';

/** AWS allows two LookupEvents calls a second per account and Region. */
const LOOKUPS_PER_SECOND = 2;
const PAGE_SIZE = 50;
const EVERY_MANAGEMENT_EVENT = { EventSelectors: [{ ReadWriteType: 'All' as const, IncludeManagementEvents: true }] };
const KEPT_MS = 90 * 24 * 3600 * 1000;

/** CloudTrail's event history: of the caller's account, in the Region called, newest first. */
export function cloudtrail(world: World): Operations {
  const lookups = new Map<string, number[]>();
  const answers = new Map<string, TrailRecord[]>();

  function throttle(key: string, nowMs: number): void {
    const recent = (lookups.get(key) ?? []).filter((at) => at > nowMs - 1000 && at <= nowMs);
    if (recent.length >= LOOKUPS_PER_SECOND) throw new AwsError('ThrottlingException', 'Rate exceeded');
    lookups.set(key, [...recent, nowMs]);
  }

  /** All events of a lookup as of one instant, so that its later pages do not shift when new events arrive. */
  function answer(key: string, query: Query, asOfMs: number): TrailRecord[] {
    const cacheKey = JSON.stringify([key, query, asOfMs]);
    const cached = answers.get(cacheKey);
    if (cached !== undefined) return cached;
    const shownUntil = asOfMs - world.trailDeliverySeconds * 1000;
    const from = Math.max(query.startMs ?? 0, asOfMs - KEPT_MS);
    const to = Math.min(query.endMs ?? shownUntil, shownUntil);
    const found = (world.trail[key] ?? []).filter((record) => {
      const at = Date.parse(record.eventTime);
      return at >= from && at <= to && matches(record, query.attribute);
    });
    found.reverse();
    if (answers.size >= 8) answers.clear();
    answers.set(cacheKey, found);
    return found;
  }

  const trailArn = (name: string) =>
    `arn:aws:cloudtrail:${world.region}:${world.organization.managementAccountId}:trail/${name}`;

  function trailOf(asked: string | undefined): Trail {
    const trail = world.trails.find(({ name }) => asked === name || asked === trailArn(name));
    if (trail === undefined) throw new AwsError('TrailNotFoundException', `Unknown trail: ${asked}`);
    return trail;
  }

  return {
    DescribeTrails(): Wire<DescribeTrailsResponse> {
      return {
        trailList: world.trails.map(({ name, organization, selectors }) => ({
          Name: name,
          TrailARN: trailArn(name),
          HomeRegion: world.region,
          IsMultiRegionTrail: true,
          IsOrganizationTrail: organization,
          HasCustomEventSelectors: selectors !== undefined,
        })),
      };
    },
    GetTrailStatus(input: Wire<GetTrailStatusRequest>): Wire<GetTrailStatusResponse> {
      return { IsLogging: trailOf(input.Name).logging };
    },
    GetEventSelectors(input: Wire<GetEventSelectorsRequest>): Wire<GetEventSelectorsResponse> {
      const { name, selectors } = trailOf(input.TrailName);
      return { TrailARN: trailArn(name), ...(selectors ?? EVERY_MANAGEMENT_EVENT) };
    },
    LookupEvents(input: Wire<LookupEventsRequest>, call: Call): Wire<LookupEventsResponse> {
      const query = readQuery(input);
      const size = input.MaxResults ?? PAGE_SIZE;
      if (!Number.isInteger(size) || size < 1 || size > PAGE_SIZE)
        throw new AwsError('InvalidMaxResultsException', `MaxResults must be between 1 and ${PAGE_SIZE}`);
      const key = trailKey(call.accountId, call.region);
      throttle(key, call.nowMs);
      const position =
        input.NextToken === undefined ? { asOfMs: call.nowMs, offset: 0 } : readToken(input.NextToken, query);
      const found = input.EventCategory === undefined ? answer(key, query, position.asOfMs) : [];
      const end = position.offset + size;
      return {
        Events: found.slice(position.offset, end).map(describe),
        ...(end < found.length ? { NextToken: writeToken(query, { asOfMs: position.asOfMs, offset: end }) } : {}),
      };
    },
  };
}

interface Query {
  startMs?: number;
  endMs?: number;
  attribute?: Wire<LookupAttribute>;
}

interface Position {
  asOfMs: number;
  offset: number;
}

function readQuery(input: Wire<LookupEventsRequest>): Query {
  const attributes = input.LookupAttributes ?? [];
  if (attributes.length > 1)
    throw new AwsError('InvalidLookupAttributesException', 'Only one lookup attribute can be specified');
  const [attribute] = attributes;
  if (attribute !== undefined && !(attribute.AttributeKey in ATTRIBUTES))
    throw new AwsError('InvalidLookupAttributesException', `There is no lookup attribute ${attribute.AttributeKey}`);
  const { StartTime: start, EndTime: end } = input;
  if (start !== undefined && end !== undefined && start > end)
    throw new AwsError('InvalidTimeRangeException', 'The start time must not be after the end time');
  return {
    ...(start === undefined ? {} : { startMs: start * 1000 }),
    ...(end === undefined ? {} : { endMs: end * 1000 }),
    ...(attribute === undefined ? {} : { attribute }),
  };
}

/** The values that each lookup attribute is compared with. */
const ATTRIBUTES: Readonly<Record<LookupAttribute['AttributeKey'] & string, (record: TrailRecord) => unknown[]>> = {
  EventId: ({ eventID }) => [eventID],
  EventName: ({ eventName }) => [eventName],
  EventSource: ({ eventSource }) => [eventSource],
  ReadOnly: ({ readOnly }) => (typeof readOnly === 'boolean' ? [String(readOnly)] : []),
  Username: (record) => [userName(record)],
  AccessKeyId: ({ userIdentity }) => [field(userIdentity, 'accessKeyId')],
  ResourceName: (record) => resources(record).map(({ ResourceName }) => ResourceName),
  ResourceType: (record) => resources(record).map(({ ResourceType }) => ResourceType),
};

function matches(record: TrailRecord, attribute: Wire<LookupAttribute> | undefined): boolean {
  return attribute === undefined || ATTRIBUTES[attribute.AttributeKey](record).includes(attribute.AttributeValue);
}

/**
 * The Username of an event: the user, or the session name of an assumed role; `undefined` for Identity Center's own
 * users.
 */
function userName({ userIdentity }: TrailRecord): string | undefined {
  const name = field(userIdentity, 'userName');
  if (name !== undefined) return name;
  const source = field(userIdentity, 'principalId') ?? '';
  const session = source.includes(':') ? source.slice(source.indexOf(':') + 1) : undefined;
  return (
    session ??
    (field(userIdentity, 'type') === 'AssumedRole' ? field(userIdentity, 'arn')?.split('/').at(-1) : undefined)
  );
}

function resources(record: TrailRecord): { ResourceType?: string; ResourceName?: string }[] {
  if (!Array.isArray(record.resources)) return [];
  return record.resources.map((resource: unknown) => {
    const type = field(resource, 'type');
    const name = field(resource, 'ARN') ?? field(resource, 'resourceName');
    return {
      ...(type === undefined ? {} : { ResourceType: type }),
      ...(name === undefined ? {} : { ResourceName: name }),
    };
  });
}

function describe(record: TrailRecord): Wire<Event> {
  const name = userName(record);
  const accessKeyId = field(record.userIdentity, 'accessKeyId');
  return {
    EventId: record.eventID,
    EventName: record.eventName,
    EventTime: epochSeconds(Date.parse(record.eventTime)),
    EventSource: record.eventSource,
    Resources: resources(record),
    CloudTrailEvent: JSON.stringify(record),
    ...(typeof record.readOnly === 'boolean' ? { ReadOnly: String(record.readOnly) } : {}),
    ...(name === undefined ? {} : { Username: name }),
    ...(accessKeyId === undefined ? {} : { AccessKeyId: accessKeyId }),
  };
}

function field(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found = (value as Record<string, unknown>)[name];
  return typeof found === 'string' ? found : undefined;
}

/** A token is only valid with the same query, as in AWS. */
function writeToken(query: Query, position: Position): string {
  return Buffer.from(JSON.stringify({ query, ...position })).toString('base64url');
}

function readToken(token: string, query: Query): Position {
  try {
    const read = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (JSON.stringify(read.query) === JSON.stringify(query))
      return { asOfMs: Number(read.asOfMs), offset: Number(read.offset) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new AwsError('InvalidNextTokenException', 'The token is invalid, or the query has changed since');
}
