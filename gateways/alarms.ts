import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';

/** The state of an alarm in CloudWatch. */
export interface AlarmState {
  readonly name: string;
  readonly description: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** ISO 8601; when the alarm entered this state. */
  readonly since: string | undefined;
}

/** The most alarms that CloudWatch returns in one page. */
const PAGE_SIZE = 100;

/**
 * The states of the alarms whose names begin with a prefix; only metric alarms are asked for.
 *
 * `since` is `StateTransitionedTimestamp`, because `StateUpdatedTimestamp` moves with the evaluation state as well
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html).
 *
 * @throws the error of the SDK if CloudWatch cannot be reached or refuses
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
