import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { recordProblem } from '../../core/policy/records/record-problem.ts';
import { bumpAccessVersion } from '../../gateways/dynamodb/access-version.ts';
import { readItem } from '../../gateways/dynamodb/document-client.ts';
import { readEnvironment } from '../shared/environment.ts';
import { log } from '../shared/log.ts';
import { METRICS } from '../shared/metric-catalog.ts';
import { count } from '../shared/metrics.ts';
import { once } from '../shared/once.ts';
import { documentClient } from '../shared/services/tables.ts';

/** DynamoDB Streams, as far as it is used. */
interface StreamEvent {
  readonly Records: readonly { readonly dynamodb?: { readonly NewImage?: Record<string, AttributeValue> } }[];
}

/** An id may be 2 KB long; this much finds it. */
const LOGGED_ID_LENGTH = 300;

const services = once(() => ({ client: documentClient(), ...readEnvironment('access-records-changed') }));

/**
 * The stream of the access table: whoever keeps policies in memory is told to read them again, and a record that nobody will be
 * able to read raises an alarm when it is written, not when somebody is refused because of it.
 */
export async function handler(event: StreamEvent): Promise<void> {
  const { client, requestTable } = services();
  await bumpAccessVersion(client, requestTable);
  const malformed = event.Records.map(({ dynamodb }) => dynamodb?.NewImage)
    .filter((image) => image !== undefined)
    .map(readItem)
    .filter((item) => recordProblem(item) !== undefined);
  if (malformed.length > 0) count(METRICS.malformedRecord, malformed.length);
  // Only the id: what is wrong may quote what a person typed.
  for (const { id } of malformed) log('access-record.malformed', { record: String(id).slice(0, LOGGED_ID_LENGTH) });
  log('access-records.changed', { changed: event.Records.length, malformed: malformed.length });
}
