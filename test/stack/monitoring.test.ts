import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { ALARMS } from '../../lambdas/shared/monitoring/alarm-catalog.ts';
import { DASHBOARD_METRICS, METRIC_NAMESPACE, METRICS } from '../../lambdas/shared/monitoring/metric-catalog.ts';
import { DEPLOYED, flatten, NIGHTLY_CANARY, only, resources, synthesize } from './synthesized.ts';

const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');

let template: Template;
beforeAll(() => {
  template = synthesize({ canary: NIGHTLY_CANARY, sessionGuard: { attachedTo: ['BreakGlassAdmin'] } });
});

const alarms = () => resources(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const headingOf = (alarm: { AlarmDescription: string }) =>
  /docs\/runbook\.md: "(.+)"$/.exec(alarm.AlarmDescription)?.[1] ?? '';

/** The part of the runbook under a heading of the second level. */
function section(heading: string): string | undefined {
  return runbook.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
}

test('every alarm has a chapter in the runbook that says what it means and what to do', () => {
  for (const alarm of alarms()) {
    const text = section(headingOf(alarm));
    expect([alarm.AlarmName, text !== undefined]).toEqual([alarm.AlarmName, true]);
    for (const part of ['Description', 'What it means', 'Investigate', 'Resolve'])
      expect(text).toContain(`**${part}.**`);
    expect(text).toContain('aws ');
  }
});

test('the runbook has no chapter for an alarm that no longer exists', () => {
  const known = new Set(alarms().map(headingOf));
  const chapters =
    runbook
      .split('\n# ')[0]
      ?.match(/^## .+$/gm)
      ?.map((line) => line.slice(3)) ?? [];
  const forAlarms = chapters.filter((heading) => section(heading)?.includes('**What it means.**'));
  expect(forAlarms.filter((heading) => !known.has(heading))).toEqual([]);
});

test('every metric that the functions write has an alarm', () => {
  const watched = new Set<string>(
    alarms()
      .filter((a) => a.Namespace === 'Glasshammer')
      .map((a) => a.MetricName),
  );
  expect(Object.values(METRICS).filter((metric) => !watched.has(metric))).toEqual([]);
  expect(new Set(ALARMS.map(({ id }) => id)).size).toBe(ALARMS.length);
});

test.each(ALARMS)('$id goes off in the account as its definition says', (definition) => {
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
  // Without it CloudWatch needs every period to breach, and the alarm goes off again after each run that was left out.
  expect(alarm?.DatapointsToAlarm ?? evaluationPeriods).toBe(datapointsToAlarm);
  // CloudWatch finds a metric by its dimensions, too; the functions write none.
  expect(alarm?.Dimensions).toBeUndefined();
});

test('every alarm notifies the topic when it goes off and when it is over', () => {
  expect(alarms().length).toBeGreaterThan(ALARMS.length);
  for (const alarm of alarms()) {
    expect(alarm.AlarmActions.map(flatten)).toEqual([expect.stringMatching(/^<MonitoringTopic/)]);
    expect(alarm.OKActions).toEqual(alarm.AlarmActions);
  }
  expect(new Set(alarms().map(({ AlarmName }) => AlarmName)).size).toBe(alarms().length);
});

test('CloudWatch of this account may publish to the topic, and only over TLS', () => {
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

test('a sweep that no longer runs raises an alarm by its silence', () => {
  const still = alarms().find(({ AlarmName }) => AlarmName === 'glasshammer-high-sweep-stands-still');
  expect(still).toMatchObject({
    TreatMissingData: 'breaching',
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    Period: 900,
  });
  expect(alarms().filter(({ TreatMissingData }) => TreatMissingData === 'breaching')).toEqual([still]);
});

test('errors and throttling of every function, dead-letter queues and failed workflows have alarms', () => {
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

test.each([
  [
    'access-recheck',
    'Held access was not checked again, or reviewers were not reminded',
    'Access could not be checked again',
  ],
  ['guard-watch', 'The attached session guards were not looked at', 'A session guard cannot be seen'],
])('a safety check that crashes is told as what it is: %s', (queue, title, heading) => {
  const alarm = alarms().find(({ AlarmName }) => AlarmName === `glasshammer-high-dead-letters-${queue}`);
  expect(alarm?.AlarmDescription).toBe(`${title}. docs/runbook.md: "${heading}"`);
  expect(section(heading)).toContain(`dead-letters-${queue}`);
});

test('an operator sees the most important numbers on one dashboard', () => {
  const dashboard = only(template, 'AWS::CloudWatch::Dashboard');
  expect(dashboard.Properties.DashboardName).toBe('glasshammer');
  const body = flatten(dashboard.Properties.DashboardBody);
  for (const metric of [METRICS.leasePastEnd, METRICS.revokeFailed, ...Object.values(DASHBOARD_METRICS)])
    expect(body).toContain(metric);
});

test('the alarm about approvers who cannot be asked names the channel', () => {
  const alarm = alarms().find(({ AlarmName }) => AlarmName === 'glasshammer-high-approval-channel-gone');
  expect(alarm?.AlarmDescription).toContain('(C0ACCESS)');
});
