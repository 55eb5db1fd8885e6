import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { recordProblem } from '../../core/policy/record-problem.ts';
import { bumpAccessVersion } from '../../gateways/dynamodb/access-version.ts';
import { METRICS } from '../alarms.ts';
import { readEnvironment } from '../environment.ts';
import { log } from '../log.ts';
import { count } from '../metrics.ts';
import { once } from '../once.ts';
import { documentClient } from '../services/tables.ts';

/** DynamoDB Streams, as far as it is used. */
interface StreamEvent {
  readonly Records: readonly { readonly dynamodb?: { readonly NewImage?: Record<string, AttributeValue> } }[];
}

const services = once(() => ({ client: documentClient(), ...readEnvironment('access-records-changed') }));

/**
 * The stream of the access table: whoever keeps policies in memory is told to read them again, and a record that nobody will be
 * able to read raises an alarm when it is written, not when somebody is refused because of it.
 */
export async function handler(event: StreamEvent): Promise<void> {
  const { client, requestTable } = services();
  await bumpAccessVersion(client, requestTable);
  const problems = event.Records.map(({ dynamodb }) => dynamodb?.NewImage)
    .filter((image) => image !== undefined)
    .map((image) => recordProblem(unmarshall(image)))
    .filter((problem) => problem !== undefined);
  if (problems.length > 0) count(METRICS.malformedRecord, problems.length);
  log('access-records.changed', { changed: event.Records.length, malformed: problems.length });
}
