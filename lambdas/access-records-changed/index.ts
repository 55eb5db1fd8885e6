import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { recordChangeFact } from '../../core/audit/record-change.ts';
import type { AccessItem } from '../../core/model/access-item.ts';
import { namesNobody } from '../../core/policy/authoring/names-nobody.ts';
import { recordProblem } from '../../core/policy/records/record-problem.ts';
import { createRecordChangeLog } from '../../gateways/dynamodb/audit-log.ts';
import { bumpAccessVersion } from '../../gateways/dynamodb/policies/access-version.ts';
import { readItem } from '../../gateways/dynamodb/read-item.ts';
import { keepAnswers } from '../../gateways/identity-center/kept-directory.ts';
import { readEnvironment } from '../shared/environment.ts';
import { log, logFailure } from '../shared/log.ts';
import { METRICS } from '../shared/monitoring/metric-catalog.ts';
import { count } from '../shared/monitoring/metrics.ts';
import { once } from '../shared/once.ts';
import { systemNow } from '../shared/services/clock.ts';
import { directory } from '../shared/services/identity-center.ts';
import { documentClient } from '../shared/services/tables.ts';
import { sha256 } from '../shared/sha256.ts';

/** The fields of a DynamoDB Streams event that this function reads. */
interface StreamEvent {
  readonly Records: readonly {
    readonly dynamodb?: {
      readonly SequenceNumber?: string;
      /** Epoch seconds. */
      readonly ApproximateCreationDateTime?: number;
      readonly OldImage?: Record<string, AttributeValue>;
      readonly NewImage?: Record<string, AttributeValue>;
    };
  }[];
}

/** How long the check of one batch's people may take; the function's timeout is 30 seconds. Milliseconds. */
const LOOK_MS = 12_000;

/** A record id may be 2 KB long; its first 300 characters are enough to find the record. */
const LOGGED_ID_LENGTH = 300;

const services = once(() => {
  const environment = readEnvironment('access-records-changed');
  const { requestTable } = environment;
  const client = documentClient();
  const changes = createRecordChangeLog({ client, tableName: requestTable });
  return { client, requestTable, changes, directory: directory(environment) };
});

/**
 * Handles the stream of the access table. It raises the stored version, so that functions with cached policies read
 * them again; it writes an audit fact of each change, with the item before and after it; and it counts records that
 * cannot be parsed or that forbid something to nobody. The alarms on these counts go off when a record is written,
 * before the first wrong decision.
 */
export async function handler(event: StreamEvent): Promise<void> {
  const { client, requestTable, changes } = services();
  await bumpAccessVersion(client, requestTable);
  const written = event.Records.map(({ dynamodb }) => ({
    sequenceNumber: dynamodb?.SequenceNumber ?? '',
    at: new Date((dynamodb?.ApproximateCreationDateTime ?? 0) * 1000).toISOString(),
    ...imageOf('before', dynamodb?.OldImage),
    ...imageOf('after', dynamodb?.NewImage),
  }));
  const malformed = written.flatMap(({ after }) => after ?? []).filter((item) => recordProblem(item) !== undefined);
  if (malformed.length > 0) count(METRICS.malformedRecord, malformed.length);
  // Only the id is logged: the problem's text may quote what a person typed.
  for (const { id } of malformed) log('access-record.malformed', { record: String(id).slice(0, LOGGED_ID_LENGTH) });
  log('access-records.changed', { changed: event.Records.length, malformed: malformed.length });
  for (const { sequenceNumber, ...change } of written) {
    const fact = recordChangeFact(change, sha256);
    // The stream delivers a batch again until all of it has succeeded; under the sequence number a change is written
    // once.
    if (fact !== undefined && sequenceNumber !== '') await changes.write(sequenceNumber, fact);
  }
  await lookForPeople(written.flatMap(({ after }) => after ?? []));
}

/**
 * Counts the records that forbid something to nobody, and those for which this could not be checked, so that the alarm
 * also goes off when the directory does not answer. It never throws: the stream has to keep cached policies fresh and
 * must not wait for the directory.
 */
async function lookForPeople(items: readonly AccessItem[]): Promise<void> {
  const people = keepAnswers(services().directory, systemNow);
  const until = systemNow().getTime() + LOOK_MS;
  for (const item of items) {
    const record = String(item.id).slice(0, LOGGED_ID_LENGTH);
    try {
      if (systemNow().getTime() > until) throw new Error('too many records at once to look for their people');
      const refs = await namesNobody(item, people);
      if (refs.length === 0) continue;
      log('access-record.forbids-nobody', { record, names: refs.length });
    } catch (error) {
      logFailure('access-record.people-unseen', error, { record });
    }
    count(METRICS.forbidsNobody);
  }
}

function imageOf<Name extends 'before' | 'after'>(
  name: Name,
  image: Record<string, AttributeValue> | undefined,
): { readonly [Key in Name]?: AccessItem } {
  return image === undefined ? {} : ({ [name]: readItem(image) } as { readonly [Key in Name]: AccessItem });
}
