import type { TrailRecord, World } from '../world/world.ts';
import { trailKey } from '../world/world-changes.ts';

/** A record that cannot be added to a trail. The message names the field. */
export class InvalidTrailRecordError extends Error {
  override readonly name = 'InvalidTrailRecordError';
}

/**
 * Adds a raw CloudTrail record to the trail of its account and Region. A missing `eventID` is generated. The account is
 * `recipientAccountId`, or else that of the identity.
 *
 * @throws InvalidTrailRecordError naming the field that is missing or wrong.
 */
export function recordActivity(world: World, raw: unknown, newId: () => string): TrailRecord {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw new InvalidTrailRecordError('a CloudTrail record is a JSON object');
  const fields = raw as Record<string, unknown>;
  const identity = (fields.userIdentity ?? {}) as Record<string, unknown>;
  const record: TrailRecord = {
    ...fields,
    eventID: fields.eventID === undefined ? newId() : text(fields, 'eventID'),
    eventTime: text(fields, 'eventTime'),
    eventName: text(fields, 'eventName'),
    eventSource: text(fields, 'eventSource'),
    awsRegion: text(fields, 'awsRegion'),
    recipientAccountId: text(
      { recipientAccountId: fields.recipientAccountId ?? identity.accountId },
      'recipientAccountId',
    ),
  };
  if (Number.isNaN(Date.parse(record.eventTime)))
    throw new InvalidTrailRecordError(`eventTime ${JSON.stringify(record.eventTime)} is not a time`);
  if (!world.accounts.some(({ id }) => id === record.recipientAccountId))
    throw new InvalidTrailRecordError(`recipientAccountId: there is no account ${record.recipientAccountId}`);
  const key = trailKey(record.recipientAccountId, record.awsRegion);
  const records = world.trail[key] ?? [];
  world.trail[key] = records;
  records.splice(placeFor(records, Date.parse(record.eventTime)), 0, record);
  return record;
}

/**
 * The index for a record of this time that keeps the list sorted, oldest first, and equal times in order of arrival.
 */
function placeFor(records: readonly TrailRecord[], timeMs: number): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Date.parse(records[middle]?.eventTime ?? '') <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function text(fields: Record<string, unknown>, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new InvalidTrailRecordError(`${name} is missing`);
  return value;
}
