import type {
  DescribeEventBusRequest,
  DescribeEventBusResponse,
  PutEventsRequest,
  PutEventsRequestEntry,
  PutEventsResponse,
} from '@aws-sdk/client-eventbridge';
import { AwsError, validationError } from '../wire/aws-error.ts';
import type { Call, Operations, Wire } from '../wire/service.ts';
import type { BusEvent, World } from '../world/world.ts';

const MAX_ENTRIES = 10;
/**
 * The size limit of all entries of a call together. AWS accepts 1 MB since January 2026, and less than 256 KB in its
 * regions in China. The smallest limit applies here, so that what works here works in every region.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size
 * @see https://docs.amazonaws.cn/en_us/eventbridge/latest/userguide/eb-putevent-size.html
 */
const MAX_BYTES = 256 * 1024;
/**
 * Characters.
 *
 * @see https://docs.aws.amazon.com/eventbridgev2/latest/APIReference/API_PutEventsRequestEntry.html
 */
const LONGEST_DETAIL_TYPE = 128;
const LONGEST_SOURCE = 256;
/** The size that counts for an entry's Time, where it has one. Bytes. */
const TIME_BYTES = 14;

/** EventBridge: PutEvents. An entry that is refused fails alone and the call is answered 200, as in AWS. */
export function eventbridge(world: World, newId: () => string, onEvents: (events: BusEvent[]) => void): Operations {
  return {
    DescribeEventBus({ Name: given = 'default' }: Wire<DescribeEventBusRequest>): Wire<DescribeEventBusResponse> {
      const name = given.slice(given.lastIndexOf('/') + 1);
      if (!world.eventBuses.includes(name))
        throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
      return { Name: name, Arn: `arn:aws:events:${world.region}:${world.homeAccountId}:event-bus/${name}` };
    },
    PutEvents(input: Wire<PutEventsRequest>, call: Call): Wire<PutEventsResponse> {
      if (input.Entries.length < 1 || input.Entries.length > MAX_ENTRIES)
        throw validationError(`Entries must have between 1 and ${MAX_ENTRIES} members`);
      if (input.Entries.reduce((sum, entry) => sum + sizeOf(entry), 0) >= MAX_BYTES)
        throw validationError('Total size of the entries in the request is over the limit.');
      const taken: BusEvent[] = [];
      const answers = input.Entries.map((entry) => {
        const event = readEntry(entry, call);
        if (event instanceof AwsError) return { ErrorCode: event.name, ErrorMessage: event.message };
        taken.push(event);
        return { EventId: event.id };
      });
      world.events.push(...taken);
      if (taken.length > 0) onEvents(taken);
      return { FailedEntryCount: answers.length - taken.length, Entries: answers };
    },
  };

  function readEntry(entry: Wire<PutEventsRequestEntry>, call: Call): BusEvent | AwsError {
    const { Source: source, DetailType: detailType, Detail: detail, EventBusName: given = 'default' } = entry;
    if (!source)
      return new AwsError('InvalidArgument', 'Parameter Source is not valid. Reason: Source is a required argument.');
    if (source.startsWith('aws.'))
      return new AwsError('NotAuthorizedForSourceException', 'Not authorized for the source.');
    if (!detailType)
      return new AwsError(
        'InvalidArgument',
        'Parameter DetailType is not valid. Reason: DetailType is a required argument.',
      );
    for (const [name, value, most] of [
      ['Source', source, LONGEST_SOURCE],
      ['DetailType', detailType, LONGEST_DETAIL_TYPE],
    ] as const)
      if (value.length > most)
        return new AwsError('InvalidArgument', `Parameter ${name} is not valid. Reason: at most ${most} characters.`);
    const bus = given.startsWith('arn:') ? given.slice(given.lastIndexOf('/') + 1) : given;
    // AWS's answer for an unknown bus is not documented. It is an error here, because dropping the event would hide the
    // mistake.
    if (!world.eventBuses.includes(bus)) return new AwsError('InvalidArgument', `There is no event bus ${bus}.`);
    const parsed = parseObject(detail);
    if (parsed === undefined) return new AwsError('MalformedDetail', 'Detail is malformed.');
    const atMs = entry.Time === undefined ? call.nowMs : entry.Time * 1000;
    return {
      bus,
      version: '0',
      id: newId(),
      'detail-type': detailType,
      source,
      account: call.accountId,
      time: `${new Date(atMs).toISOString().slice(0, 19)}Z`,
      region: call.region,
      resources: entry.Resources ?? [],
      detail: parsed,
    };
  }
}

/** The size of an entry as EventBridge counts it; bytes. */
function sizeOf({
  Time,
  Source = '',
  DetailType = '',
  Detail = '',
  Resources = [],
}: Wire<PutEventsRequestEntry>): number {
  const texts = [Source, DetailType, Detail, ...Resources].map((text) => Buffer.byteLength(text));
  return texts.reduce((sum, bytes) => sum + bytes, Time === undefined ? 0 : TIME_BYTES);
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
