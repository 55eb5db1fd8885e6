import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { ALARMS } from '../../lambdas/shared/alarm-catalog.ts';
import { DASHBOARD_METRICS, METRIC_NAMESPACE, METRICS } from '../../lambdas/shared/metric-catalog.ts';
import { DEPLOYED, flatten, NIGHTLY_CANARY, only, resources, synthesize } from './synthesized.ts';

const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');

let template: Template;
beforeAll(() => {
  template = synthesize({ canary: NIGHTLY_CANARY });
});

const alarms = () => resources(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const headingOf = (alarm: { AlarmDescription: string }) =>
  /docs\/runbook\.md: "(.+)"$/.exec(alarm.AlarmDescription)?.[1] ?? '';

/** The part of the runbook under a heading of the second level. */
function section(heading: string): string | undefined {
  return runbook.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
}

test('whoever is woken finds what to do: every alarm has its heading in the runbook', () => {
  for (const alarm of alarms()) {
    const text = section(headingOf(alarm));
    expect([alarm.AlarmName, text !== undefined]).toEqual([alarm.AlarmName, true]);
    for (const part of ['Description', 'What it means', 'Investigate', 'Resolve'])
      expect(text).toContain(`**${part}.**`);
    expect(text).toContain('aws ');
  }
});

test('the runbook has no chapter for an alarm that is gone', () => {
  const known = new Set(alarms().map(headingOf));
  const chapters =
    runbook
      .split('\n# ')[0]
      ?.match(/^## .+$/gm)
      ?.map((line) => line.slice(3)) ?? [];
  const forAlarms = chapters.filter((heading) => section(heading)?.includes('**What it means.**'));
  expect(forAlarms.filter((heading) => !known.has(heading))).toEqual([]);
});

test('every metric the functions write is watched', () => {
  const watched = new Set<string>(
    alarms()
      .filter((a) => a.Namespace === 'Glasshammer')
      .map((a) => a.MetricName),
  );
  expect(Object.values(METRICS).filter((metric) => !watched.has(metric))).toEqual([]);
  expect(new Set(ALARMS.map(({ id }) => id)).size).toBe(ALARMS.length);
});

test.each(ALARMS)('$id goes off in the account just as the functions mean it', (definition) => {
  const { id, severity, metric, statistic, threshold, periodSeconds, evaluationPeriods } = definition;
  const { datapointsToAlarm = evaluationPeriods } = definition;
  const alarm = alarms().find(({ AlarmName }) => AlarmName === `glasshammer-${severity}-${id}`);
  expect(alarm).toMatchObject({
    Namespace: METRIC_NAMESPACE,
    MetricName: metric,
    Statistic: statistic,
    Threshold: threshold,
    Period: periodSeconds,
    EvaluationPeriods: evaluationPeriods,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
  });
  // Without it CloudWatch wants every period, and rings anew each time the schedule leaves one out.
  expect(alarm?.DatapointsToAlarm ?? evaluationPeriods).toBe(datapointsToAlarm);
  // CloudWatch finds a metric by its dimensions too; the functions write none.
  expect(alarm?.Dimensions).toBeUndefined();
});

test('every alarm tells somebody, when it goes off and when it is over', () => {
  expect(alarms().length).toBeGreaterThan(ALARMS.length);
  for (const alarm of alarms()) {
    expect(alarm.AlarmActions.map(flatten)).toEqual([expect.stringMatching(/^<MonitoringTopic/)]);
    expect(alarm.OKActions).toEqual(alarm.AlarmActions);
  }
  expect(new Set(alarms().map(({ AlarmName }) => AlarmName)).size).toBe(alarms().length);
});

test('an alarm that cannot be published is no alarm: CloudWatch of this account may publish, over TLS', () => {
  const policy = only(template, 'AWS::SNS::TopicPolicy');
  expect(policy.Properties.PolicyDocument.Statement).toEqual([
    expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    expect.objectContaining({
      Effect: 'Allow',
      Action: 'sns:Publish',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: expect.objectContaining({ StringEquals: { 'aws:SourceAccount': '111122223333' } }),
    }),
  ]);
  expect(resources(template, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties.Endpoint)).toEqual([
    'oncall@example.com',
  ]);
});

test('a sweep that stands still is noticed by its silence', () => {
  const still = alarms().find(({ AlarmName }) => AlarmName === 'glasshammer-high-sweep-stands-still');
  expect(still).toMatchObject({
    TreatMissingData: 'breaching',
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    Period: 900,
  });
  expect(alarms().filter(({ TreatMissingData }) => TreatMissingData === 'breaching')).toEqual([still]);
});

test('errors and throttling of every function, every dead-letter queue and every bad end of a workflow are watched', () => {
  const names = alarms().map(({ AlarmName }) => AlarmName);
  const wanted = [
    ...DEPLOYED.flatMap((name) => [`glasshammer-low-errors-${name}`, `glasshammer-low-throttled-${name}`]),
    ...['stopped-workflow', 'sweep', 'access-records'].map((queue) => `glasshammer-high-dead-letters-${queue}`),
    ...['failed', 'timedout', 'aborted'].map((how) => `glasshammer-high-executions-${how}`),
    ...['review-reminders', 'audit-to-bus', 'audit-to-archive'].map((queue) => `glasshammer-low-dead-letters-${queue}`),
    'glasshammer-high-slack-endpoint-errors',
  ];
  expect(wanted.filter((name) => !names.includes(name))).toEqual([]);
  const watchedQueues = names.filter((name) => name.includes('-dead-letters-'));
  expect(resources(template, 'AWS::SQS::Queue')).toHaveLength(watchedQueues.length);
});

test('an operator sees it all on one page', () => {
  const dashboard = only(template, 'AWS::CloudWatch::Dashboard');
  expect(dashboard.Properties.DashboardName).toBe('glasshammer');
  const body = flatten(dashboard.Properties.DashboardBody);
  for (const metric of [METRICS.leasePastEnd, METRICS.revokeFailed, ...Object.values(DASHBOARD_METRICS)])
    expect(body).toContain(metric);
});

test('whoever is woken because approvers cannot be asked is told in which channel', () => {
  const alarm = alarms().find(({ AlarmName }) => AlarmName === 'glasshammer-high-approval-channel-gone');
  expect(alarm?.AlarmDescription).toContain('(C0ACCESS)');
});
