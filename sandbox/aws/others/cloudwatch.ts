import type { DescribeAlarmsInput, DescribeAlarmsOutput, StateValue } from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../wire/aws-error.ts';
import { page } from '../wire/paging.ts';
import { epochSeconds, type Operations, type Wire } from '../wire/service.ts';
import type { World } from '../world/world.ts';

/** The state of one of the account's alarms. */
export interface StandingAlarm {
  readonly name: string;
  readonly description: string;
  readonly state: StateValue;
  readonly sinceMs: number;
}

/** Returns the account's alarms with their current states. */
export type AlarmSource = () => readonly StandingAlarm[];

const MOST_PER_PAGE = 100;
/** The page size where the caller gives none. */
const PER_PAGE = 50;

/**
 * CloudWatch: DescribeAlarms. There are only metric alarms, sorted by name.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
export function cloudwatch(world: World, alarms: AlarmSource = () => []): Operations {
  return {
    DescribeAlarms(input: Wire<DescribeAlarmsInput>): Wire<DescribeAlarmsOutput> {
      const { AlarmNames: names, AlarmNamePrefix: prefix, StateValue: state, AlarmTypes: types } = input;
      if (names !== undefined && prefix !== undefined)
        throw new AwsError(
          'InvalidParameterCombinationException',
          'AlarmNamePrefix and AlarmNames cannot be given together',
        );
      const asked = alarms()
        .filter(({ name }) => names === undefined || names.includes(name))
        .filter(({ name }) => name.startsWith(prefix ?? ''))
        .filter((alarm) => state === undefined || alarm.state === state)
        .filter(() => types === undefined || types.includes('MetricAlarm'))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const { items, nextToken } = page('alarms', asked, {
        size: input.MaxRecords ?? PER_PAGE,
        token: input.NextToken,
        maximum: MOST_PER_PAGE,
        fail: (message) =>
          new AwsError(
            message === 'Invalid NextToken' ? 'InvalidNextToken' : 'InvalidParameterValueException',
            message,
          ),
      });
      return {
        MetricAlarms: items.map(({ name, description, state: value, sinceMs }) => ({
          AlarmName: name,
          AlarmArn: `arn:aws:cloudwatch:${world.region}:${world.homeAccountId}:alarm:${name}`,
          AlarmDescription: description,
          StateValue: value,
          StateUpdatedTimestamp: epochSeconds(sinceMs),
          StateTransitionedTimestamp: epochSeconds(sinceMs),
        })),
        CompositeAlarms: [],
        ...(nextToken === undefined ? {} : { NextToken: nextToken }),
      };
    },
  };
}
