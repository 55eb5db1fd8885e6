import { AwsError } from '../wire/aws-error.ts';
import type { Call, Operations } from '../wire/service.ts';
import type { World } from '../world/world.ts';

interface MetricDatum {
  MetricName?: string;
  Value?: number;
  Unit?: string;
  Dimensions?: { Name: string; Value: string }[];
}

/** CloudWatch: PutMetricData, single values only. */
export function cloudwatch(world: World): Operations {
  return {
    PutMetricData(input: { Namespace?: string; MetricData?: MetricDatum[] }, call: Call) {
      const { Namespace: namespace, MetricData: data = [] } = input;
      if (!namespace) throw missing('Namespace');
      if (namespace.startsWith('AWS/')) throw new AwsError('InvalidParameterValue', 'Namespaces of AWS/ are reserved');
      if (data.length === 0) throw missing('MetricData');
      const metrics = data.map(
        ({ MetricName: name, Value: value, Unit: unit = 'None', Dimensions: dimensions = [] }) => {
          if (!name) throw missing('MetricData.member.MetricName');
          if (typeof value !== 'number' || !Number.isFinite(value)) throw missing('MetricData.member.Value');
          const pairs = dimensions.map((dimension): [string, string] => [dimension.Name, dimension.Value]);
          const at = new Date(call.nowMs).toISOString();
          return { namespace, name, value, unit, dimensions: Object.fromEntries(pairs), at };
        },
      );
      world.metrics.push(...metrics);
      return {};
    },
  };
}

function missing(name: string): AwsError {
  return new AwsError('MissingParameter', `The parameter ${name} is required.`);
}
