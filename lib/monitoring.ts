import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { ALARMS, METRIC_NAMESPACE, METRICS } from '../lambdas/alarms.ts';
import { type NativeAlarm, nativeAlarms, type Watched } from './native-alarms.ts';

export interface MonitoringProps {
  readonly prefix: string;
  /** Addresses that receive the alarms; each confirms by mail. */
  readonly emails: readonly string[];
  readonly watched: Watched;
}

/** Where the description of an alarm sends its reader. */
const RUNBOOK = 'docs/runbook.md';

/** The alarms, the topic they go to and a page to look at. */
export class Monitoring extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { prefix, emails, watched }: MonitoringProps) {
    super(scope, id);
    this.topic = alarmTopic(this, emails);
    const action = new SnsAction(this.topic);
    const alarms = [...ALARMS.map(ownAlarm), ...nativeAlarms(watched)].map((definition) => {
      const alarm = new Alarm(this, definition.id, {
        alarmName: `${prefix}-${definition.severity}-${definition.id}`,
        alarmDescription: `${definition.title}. ${RUNBOOK}: "${definition.runbookHeading}"`,
        metric: definition.metric,
        threshold: definition.threshold,
        evaluationPeriods: definition.evaluationPeriods,
        comparisonOperator: definition.below
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: definition.missing ?? TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
    dashboard(this, prefix, alarms, watched);
  }
}

function ownAlarm(definition: (typeof ALARMS)[number]): NativeAlarm {
  return { ...definition, metric: ownMetric(definition.metric, definition.statistic, definition.periodSeconds) };
}

function ownMetric(metricName: string, statistic: 'Sum' | 'Maximum', periodSeconds = 300): IMetric {
  return new Metric({ namespace: METRIC_NAMESPACE, metricName, statistic, period: Duration.seconds(periodSeconds) });
}

function alarmTopic(scope: Construct, emails: readonly string[]): Topic {
  const topic = new Topic(scope, 'Topic', { displayName: 'Glasshammer alarms', enforceSSL: true });
  const { account, partition, region } = Stack.of(scope);
  // A topic with a policy of its own has lost the default one, by which the account's own alarms could publish.
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

function dashboard(
  scope: Construct,
  prefix: string,
  alarms: Alarm[],
  { functions, workflow, endpoint }: Watched,
): void {
  const machine = workflow.stateMachine;
  const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 12, height: 6 });
  new Dashboard(scope, 'Dashboard', {
    dashboardName: prefix,
    defaultInterval: Duration.days(1),
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 6 })],
      [
        graph('Workflows', [
          machine.metricStarted(),
          machine.metricSucceeded(),
          machine.metricFailed(),
          machine.metricTimedOut(),
          machine.metricAborted(),
        ]),
        graph('Access that does not end', [
          ownMetric(METRICS.leasePastEnd, 'Maximum'),
          ownMetric(METRICS.revokeFailed, 'Sum'),
          ownMetric(METRICS.sweepFailed, 'Sum'),
        ]),
      ],
      [
        graph('Slack waits for us (ms)', [
          endpoint.api.metricLatency({ statistic: 'p50' }),
          endpoint.api.metricLatency({ statistic: 'p99' }),
        ]),
        graph('Calls', [
          endpoint.api.metricCount(),
          endpoint.api.metricClientError(),
          endpoint.api.metricServerError(),
        ]),
      ],
      [
        graph(
          'Function errors',
          functions.all().map(([label, made]) => made.function.metricErrors({ label })),
        ),
        graph(
          'Function duration, p99',
          functions.all().map(([label, made]) => made.function.metricDuration({ label, statistic: 'p99' })),
        ),
      ],
    ],
  });
}
