import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { DASHBOARD_METRICS, METRICS } from '../../lambdas/shared/monitoring/metric-catalog.ts';
import type { Watched } from './native-alarms.ts';
import { ownMetric } from './own-metric.ts';

const HOUR_SECONDS = 3600;

/** One dashboard: the alarms, what people asked for and how long it took, and the state of the parts. */
export function addDashboard(scope: Construct, prefix: string, alarms: Alarm[], watched: Watched): Dashboard {
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: prefix,
    defaultInterval: Duration.days(1),
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 6 })],
      ...requestRows(),
      ...safetyRows(watched),
      ...partRows(watched),
    ],
  });
}

function requestRows(): IWidget[][] {
  const outcomes = [
    DASHBOARD_METRICS.requests,
    DASHBOARD_METRICS.requestsGranted,
    DASHBOARD_METRICS.requestsRefused,
    DASHBOARD_METRICS.requestsDenied,
    DASHBOARD_METRICS.requestsExpired,
    DASHBOARD_METRICS.requestsCancelled,
    DASHBOARD_METRICS.requestsFailed,
  ];
  return [
    [
      graph(
        'Requests an hour',
        outcomes.map((metric) => ownMetric(metric, 'Sum', HOUR_SECONDS)),
      ),
      graph('Time to access (s)', [
        ownMetric(DASHBOARD_METRICS.timeToAccess, 'p50', HOUR_SECONDS),
        ownMetric(DASHBOARD_METRICS.timeToAccess, 'Maximum', HOUR_SECONDS),
      ]),
    ],
  ];
}

function safetyRows({ workflow, functions }: Watched): IWidget[][] {
  const machine = workflow.stateMachine;
  return [
    [
      graph('Access that does not end', [
        ownMetric(METRICS.leasePastEnd, 'Maximum'),
        ownMetric(METRICS.revokeFailed, 'Sum'),
        ownMetric(METRICS.sweepFailed, 'Sum'),
        ownMetric(METRICS.recheckFailed, 'Sum'),
      ]),
      graph('From the end until access is gone, and the sweep behind (s)', [
        ownMetric(DASHBOARD_METRICS.timeFromEndToRemoved, 'p50', HOUR_SECONDS),
        ownMetric(DASHBOARD_METRICS.timeFromEndToRemoved, 'Maximum', HOUR_SECONDS),
        ownMetric(DASHBOARD_METRICS.sweepLag, 'Maximum'),
      ]),
    ],
    [
      graph('Workflows', [
        machine.metricStarted(),
        machine.metricSucceeded(),
        machine.metricFailed(),
        machine.metricTimedOut(),
        machine.metricAborted(),
      ]),
      graph('The audit behind (ms)', [
        iteratorAge(functions.get('audit-to-bus').function, 'bus'),
        iteratorAge(functions.get('audit-to-archive').function, 'archive'),
      ]),
    ],
  ];
}

function partRows({ functions, endpoint }: Watched): IWidget[][] {
  const slackRow = endpoint && [
    graph('Slack waits for us (ms)', [
      endpoint.api.metricLatency({ statistic: 'p50' }),
      endpoint.api.metricLatency({ statistic: 'p99' }),
    ]),
    graph('Calls', [
      endpoint.api.metricCount(),
      endpoint.api.metricClientError(),
      endpoint.api.metricServerError(),
      ownMetric(METRICS.slackFailed, 'Sum'),
    ]),
  ];
  return [
    ...(slackRow ? [slackRow] : []),
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
  ];
}

/** Age of the last record of a batch when the stream's function had processed it. Milliseconds. */
function iteratorAge(
  made: { metric(name: string, props: { statistic: string; label: string }): IMetric },
  label: string,
): IMetric {
  return made.metric('IteratorAge', { statistic: 'Maximum', label });
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 12, height: 6 });
}
