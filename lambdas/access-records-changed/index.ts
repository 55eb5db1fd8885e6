import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { recordChangeFact } from '../../core/audit/record-change.ts';
import type { AccessItem } from '../../core/model/access-item.ts';
import { recordProblem } from '../../core/policy/records/record-problem.ts';
import { createRecordChangeLog } from '../../gateways/dynamodb/audit-log.ts';
import { readItem } from '../../gateways/dynamodb/document-client.ts';
import { bumpAccessVersion } from '../../gateways/dynamodb/policies/access-version.ts';
import { readEnvironment } from '../shared/environment.ts';
import { log } from '../shared/log.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { once } from '../shared/once.ts';
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

/** An id may be 2 KB long; this much finds it. */
const LOGGED_ID_LENGTH = 300;

const services = once(() => {
  const { requestTable } = readEnvironment('access-records-changed');
  const client = documentClient();
  return { client, requestTable, changes: createRecordChangeLog({ client, tableName: requestTable }) };
});

/**
 * The stream of the access table: whoever keeps policies in memory is told to read them again, each change is written down with
 * what was there before, and a record that nobody will be able to read raises an alarm when it is written, not when somebody is
 * refused because of it.
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
}

function imageOf<Name extends 'before' | 'after'>(
  name: Name,
  image: Record<string, AttributeValue> | undefined,
): { readonly [Key in Name]?: AccessItem } {
  return image === undefined ? {} : ({ [name]: readItem(image) } as { readonly [Key in Name]: AccessItem });
}
