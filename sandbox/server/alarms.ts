import { ALARMS } from '../../lambdas/shared/monitoring/alarm-catalog.ts';
import type { AlarmDefinition } from '../../lambdas/shared/monitoring/alarm-definition.ts';
import { alarmDescription, alarmName } from '../../lambdas/shared/monitoring/alarm-names.ts';
import { METRIC_NAMESPACE } from '../../lambdas/shared/monitoring/metric-catalog.ts';
import type { Settings } from '../../lambdas/shared/settings.ts';
import type { StandingAlarm } from '../aws/others/cloudwatch.ts';

/** An alarm with the fields that an operator sees in a message of the alarm topic. */
export interface RaisedAlarm {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  state: 'ALARM' | 'OK';
  /** ISO 8601; when the alarm went to ALARM. */
  readonly at: string;
  /** ISO 8601; when the alarm returned to OK. */
  endedAt?: string;
}

interface Datum {
  readonly atMs: number;
  readonly value: number;
}

/**
 * Emulates CloudWatch's alarms on the metrics that the functions write to their logs (embedded metric format), with the
 * definitions of the deployed alarms. An alarm goes to ALARM as soon as enough of the last periods reach the threshold,
 * and back to OK when fewer do.
 */
export class AlarmBoard {
  readonly raised: RaisedAlarm[] = [];
  readonly #data = new Map<string, Datum[]>();
  readonly #begunMs: number;

  /** @param begunMs when the alarms were created; milliseconds */
  constructor(begunMs: number) {
    this.#begunMs = begunMs;
  }

  /** The alarms as CloudWatch describes them: those that a deployment with these settings has. */
  standing(prefix: string, settings: Settings, nowMs: number): readonly StandingAlarm[] {
    this.evaluate(nowMs);
    return ALARMS.filter((alarm) => isDeployed(alarm, settings)).map((alarm) => {
      const last = this.raised.findLast(({ id }) => id === alarm.id);
      const since = last?.endedAt ?? last?.at;
      return {
        name: alarmName(prefix, alarm),
        description: alarmDescription({ ...alarm, title: titleOf(alarm, settings) }),
        state: last?.state ?? 'OK',
        sinceMs: since === undefined ? this.#begunMs : Date.parse(since),
      };
    });
  }

  /** Reads one line of a function's log. Lines without metrics are ignored. */
  read(line: string, nowMs: number): void {
    if (!line.includes('"_aws"')) return;
    const metric = JSON.parse(line) as Record<string, unknown> & {
      _aws: { CloudWatchMetrics: { Namespace: string; Metrics: { Name: string }[] }[] };
    };
    for (const { Namespace, Metrics } of metric._aws.CloudWatchMetrics) {
      if (Namespace !== METRIC_NAMESPACE) continue;
      for (const { Name } of Metrics) this.record(Name, Number(metric[Name]), nowMs);
    }
  }

  /** Records one value of a metric and evaluates the alarms. */
  record(metric: string, value: number, nowMs: number): void {
    const data = this.#data.get(metric) ?? [];
    data.push({ atMs: nowMs, value });
    this.#data.set(metric, data.slice(-5000));
    this.evaluate(nowMs);
  }

  /** Evaluates every alarm at this time. Call it before reading `raised`. */
  evaluate(nowMs: number): void {
    for (const alarm of ALARMS) {
      const data = this.#data.get(alarm.metric) ?? [];
      const spanMs = alarm.periodSeconds * 1000;
      const breaches = Array.from({ length: alarm.evaluationPeriods }, (_, back) => {
        const values = data
          .filter(({ atMs }) => atMs > nowMs - (back + 1) * spanMs && atMs <= nowMs - back * spanMs)
          .map(({ value }) => value);
        const statistic = alarm.statistic === 'Sum' ? values.reduce((a, b) => a + b, 0) : Math.max(0, ...values);
        return statistic >= alarm.threshold;
      });
      const open = this.raised.find((raised) => raised.id === alarm.id && raised.state === 'ALARM');
      const rings = breaches.filter(Boolean).length >= (alarm.datapointsToAlarm ?? alarm.evaluationPeriods);
      if (rings && open === undefined) {
        const { id, title, severity } = alarm;
        this.raised.push({ id, title, severity, state: 'ALARM', at: new Date(nowMs).toISOString() });
      } else if (open !== undefined && !rings) {
        open.state = 'OK';
        open.endedAt = new Date(nowMs).toISOString();
      }
    }
  }
}

/**
 * Does a deployment with these settings have the alarm? As in the stack, there is none on a metric that nothing writes.
 */
function isDeployed({ ofSlack = false, onlyWith }: AlarmDefinition, { slack, canary }: Settings): boolean {
  return (slack !== undefined || !ofSlack) && (onlyWith === undefined || canary?.nightly !== undefined);
}

function titleOf({ title, names }: AlarmDefinition, { slack }: Settings): string {
  return names === undefined ? title : `${title} (${slack?.[names]})`;
}
