import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { ALARMS } from '../../lambdas/shared/monitoring/alarm-catalog.ts';
import { alarmDescription, alarmName } from '../../lambdas/shared/monitoring/alarm-names.ts';
import { addDashboard } from './dashboard.ts';
import { type NativeAlarm, nativeAlarms, type Watched } from './native-alarms.ts';
import { ownMetric } from './own-metric.ts';

export interface MonitoringProps {
  readonly prefix: string;
  /** Addresses that receive the alarms; each must confirm its subscription by mail. */
  readonly emails: readonly string[];
  readonly watched: Watched;
  /** The Slack channel where approvers are asked; the alarm about that channel names it. */
  readonly approvalChannel?: string | undefined;
}

type AlarmDefinition = (typeof ALARMS)[number];

/** The alarms, their SNS topic, and a dashboard. */
export class Monitoring extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { prefix, emails, watched, approvalChannel }: MonitoringProps) {
    super(scope, id);
    this.topic = alarmTopic(this, emails);
    const action = new SnsAction(this.topic);
    const alarms = [...ownAlarms(watched, { approvalChannel }), ...nativeAlarms(watched)].map((definition) => {
      const alarm = new Alarm(this, definition.id, {
        alarmName: alarmName(prefix, definition),
        alarmDescription: alarmDescription(definition),
        metric: definition.metric,
        threshold: definition.threshold,
        evaluationPeriods: definition.evaluationPeriods,
        datapointsToAlarm: definition.datapointsToAlarm,
        comparisonOperator: definition.below
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: definition.missing ?? TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
    addDashboard(this, prefix, alarms, watched);
  }
}

/**
 * Alarms on metrics that the functions write, without those that this configuration never writes: they would only cost.
 */
function ownAlarms(
  { deadLetters, endpoint }: Watched,
  settings: Readonly<Record<NonNullable<AlarmDefinition['names']>, string | undefined>>,
): NativeAlarm[] {
  const isWritten = ({ onlyWith, ofSlack = false }: AlarmDefinition) =>
    (onlyWith === undefined || onlyWith in deadLetters) && (endpoint !== undefined || !ofSlack);
  return ALARMS.filter(isWritten).map((definition) => ({
    ...definition,
    title: definition.names === undefined ? definition.title : `${definition.title} (${settings[definition.names]})`,
    metric: ownMetric(definition.metric, definition.statistic, definition.periodSeconds),
  }));
}

function alarmTopic(scope: Construct, emails: readonly string[]): Topic {
  const topic = new Topic(scope, 'Topic', { displayName: 'Glasshammer alarms', enforceSSL: true });
  const { account, partition, region } = Stack.of(scope);
  // A topic with its own policy loses the default one, which let the account's alarms publish.
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
      },
    }),
  );
  for (const email of emails) topic.addSubscription(new EmailSubscription(email));
  return topic;
}
