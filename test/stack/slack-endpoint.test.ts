import type { Template } from 'aws-cdk-lib/assertions';
import { flatten, only as onlyIn, resources, sorted, synthesize } from './synthesized.ts';

let template: Template;
beforeAll(() => {
  template = synthesize();
});

const only = (type: string, idPrefix?: string) => onlyIn(template, type, idPrefix);

describe('the Slack endpoint', () => {
  test('it has the four routes of the Slack app, and answers no other call', () => {
    const routes = resources(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties.RouteKey);
    expect(sorted(routes)).toEqual([
      'POST /slack/commands',
      'POST /slack/events',
      'POST /slack/interactivity',
      'POST /slack/options',
    ]);
    const integration = only('AWS::ApiGatewayV2::Integration');
    expect(flatten(integration.Properties.IntegrationUri)).toMatch(/^<FunctionsAccessRequestedFunction\w+\.Arn>$/);
    expect(integration.Properties.PayloadFormatVersion).toBe('2.0');
  });

  test('a flood of one route is throttled before it costs much or starves the others', () => {
    const { Properties, DependsOn } = only('AWS::ApiGatewayV2::Stage');
    const settings = Properties.RouteSettings as Record<string, Record<string, number>>;
    const routes = resources(template, 'AWS::ApiGatewayV2::Route');
    expect(sorted(Object.keys(settings))).toEqual(sorted(routes.map(([, route]) => route.Properties.RouteKey)));
    for (const { ThrottlingRateLimit = 0, ThrottlingBurstLimit = 0 } of Object.values(settings)) {
      expect(ThrottlingRateLimit).toBeGreaterThan(0);
      expect(ThrottlingRateLimit).toBeLessThanOrEqual(50);
      expect(ThrottlingBurstLimit).toBeLessThanOrEqual(200);
    }
    // API Gateway refuses settings for a route that it does not know.
    expect(DependsOn).toEqual(expect.arrayContaining(routes.map(([id]) => id)));
  });

  test('128 people who press within one second are all let through', () => {
    const { RouteSettings } = only('AWS::ApiGatewayV2::Stage').Properties;
    expect(RouteSettings['POST /slack/interactivity'].ThrottlingBurstLimit).toBeGreaterThanOrEqual(128);
  });

  test('concurrency can be reserved for clicks and the revoke', () => {
    const configured = synthesize({ reservedConcurrency: { accessRequested: 50, revokeAccess: 10 } });
    const reserved = resources(configured, 'AWS::Lambda::Function').flatMap(([, { Properties }]) =>
      Properties.ReservedConcurrentExecutions === undefined
        ? []
        : [[Properties.FunctionName, Properties.ReservedConcurrentExecutions]],
    );
    expect(Object.fromEntries(reserved)).toEqual({
      'glasshammer-access-requested': 50,
      'glasshammer-revoke-access': 10,
    });
    expect(() => synthesize({ reservedConcurrency: { revokeAccess: 0 } })).toThrow(/0 would stop the function/);
  });

  test('a throttled call is counted from the log, and raises an alarm', () => {
    const { MetricTransformations, FilterPattern } = only('AWS::Logs::MetricFilter').Properties;
    expect(FilterPattern).toBe('{ $.status = 429 }');
    const [{ MetricName, MetricNamespace }] = MetricTransformations;
    const alarms = resources(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
    expect(alarms.filter((alarm) => alarm.MetricName === MetricName)).toEqual([
      expect.objectContaining({ Namespace: MetricNamespace, AlarmName: 'glasshammer-high-slack-calls-turned-away' }),
    ]);
  });

  test('its log says who called when, and nothing of the content', () => {
    const { Format, DestinationArn } = only('AWS::ApiGatewayV2::Stage').Properties.AccessLogSettings;
    expect(flatten(DestinationArn)).toMatch(/^<SlackEndpointLogs\w+\.Arn>$/);
    const logged = Object.values(JSON.parse(Format) as Record<string, string>).join(' ');
    expect(logged).toContain('$context.status');
    expect(logged).not.toMatch(/header|body|querystring|authorizer|request\.(?!Id|Time)/i);
  });

  test('until the operator fills it in, nobody knows the signing secret', () => {
    const { Properties, DeletionPolicy } = only('AWS::SecretsManager::Secret');
    expect(Properties.SecretString).toBeUndefined();
    expect(Properties.GenerateSecretString.GenerateStringKey).toBe('signingSecret');
    expect(Object.keys(JSON.parse(Properties.GenerateSecretString.SecretStringTemplate))).toEqual(['botToken']);
    expect(DeletionPolicy).toBe('RetainExceptOnCreate');
  });
});
