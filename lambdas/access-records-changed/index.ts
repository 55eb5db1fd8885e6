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
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { once } from '../shared/once.ts';
import { systemNow } from '../shared/services/clock.ts';
import { directory } from '../shared/services/identity-center.ts';
import { documentClient } from '../shared/services/tables.ts';
import { sha256 } from '../shared/sha256.ts';

/** DynamoDB Streams, as far as it is used. */
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

/** How long one batch may look for people; the function has thirty seconds for everything. Milliseconds. */
const LOOK_MS = 12_000;

/** An id may be 2 KB long; this much finds it. */
const LOGGED_ID_LENGTH = 300;

const services = once(() => {
  const environment = readEnvironment('access-records-changed');
  const { requestTable } = environment;
  const client = documentClient();
  const changes = createRecordChangeLog({ client, tableName: requestTable });
  return { client, requestTable, changes, directory: directory(environment) };
});

/**
 * The stream of the access table: whoever keeps policies in memory is told to read them again, each change is written down with
 * what was there before, and a record that nobody will be able to read, or that forbids something to nobody, raises an alarm when it
 * is written, not when somebody is refused because of it, or is not.
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
  // Only the id: what is wrong may quote what a person typed.
  for (const { id } of malformed) log('access-record.malformed', { record: String(id).slice(0, LOGGED_ID_LENGTH) });
  log('access-records.changed', { changed: event.Records.length, malformed: malformed.length });
  for (const { sequenceNumber, ...change } of written) {
    const fact = recordChangeFact(change, sha256);
    // The stream hands a write over again until all of a batch is done; its number is its own.
    if (fact !== undefined && sequenceNumber !== '') await changes.write(sequenceNumber, fact);
  }
  await lookForPeople(written.flatMap(({ after }) => after ?? []));
}

/**
 * Counts the records that forbid something to nobody, and those of which that cannot be said: nobody is told less because the directory
 * does not answer, and the stream, which keeps policies fresh, never waits for it.
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
