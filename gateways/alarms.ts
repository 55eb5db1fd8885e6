import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';

/** How an alarm stands in CloudWatch. */
export interface AlarmState {
  readonly name: string;
  readonly description: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** Since when: ISO 8601. */
  readonly since: string | undefined;
}

/** The most that CloudWatch answers at once. */
const PAGE_SIZE = 100;

/**
 * How the alarms stand whose names begin like this: metric alarms alone, because no other kind is asked for.
 *
 * Since when is `StateTransitionedTimestamp`: `StateUpdatedTimestamp` moves with the evaluation state as well
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html).
 *
 * @throws what the SDK throws where CloudWatch cannot be reached or refuses
 */
export async function alarmStates(client: CloudWatchClient, namePrefix: string): Promise<readonly AlarmState[]> {
  const found: AlarmState[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new DescribeAlarmsCommand({
        AlarmNamePrefix: namePrefix,
        AlarmTypes: ['MetricAlarm'],
        MaxRecords: PAGE_SIZE,
        NextToken: nextToken,
      }),
    );
    for (const alarm of page.MetricAlarms ?? []) {
      const { AlarmName = '', AlarmDescription = '', StateValue = 'INSUFFICIENT_DATA' } = alarm;
      const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
      found.push({
        name: AlarmName,
        description: AlarmDescription,
        state: StateValue,
        since: since?.toISOString(),
      });
    }
    nextToken = page.NextToken;
  } while (nextToken !== undefined);
  return found;
}
