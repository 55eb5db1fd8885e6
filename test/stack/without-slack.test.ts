import { DEPLOYED, resources, statements, synthesize } from './synthesized.ts';

const WITHOUT = { slack: undefined, api: {}, personas: { operators: ['12345678-1234-1234-1234-123456789012'] } };

describe('a deployment for a company without Slack', () => {
  const template = synthesize(WITHOUT);

  it('has no address, secret, function or alarm for Slack, and still the workflow and the API', () => {
    expect(resources(template, 'AWS::SecretsManager::Secret')).toEqual([]);
    expect(statements(template).flatMap(({ actions }) => actions)).not.toContain('secretsmanager:GetSecretValue');
    expect(resources(template, 'AWS::ApiGatewayV2::Api')).toEqual([]);
    const functions = resources(template, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties.FunctionName);
    const missing = DEPLOYED.filter((name) => !functions.includes(`glasshammer-${name}`));
    expect(missing).toEqual(['access-requested']);
    const alarms = resources(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties.AlarmName);
    expect(alarms.filter((name: string) => /slack|forged|high-flood|access-requested/.test(name))).toEqual([]);
    expect(alarms.length).toBeGreaterThan(30);
    expect(Object.keys(template.findOutputs('*')).filter((name) => /Slack|^Url/.test(name))).toEqual([]);
    expect(resources(template, 'AWS::StepFunctions::StateMachine')).toHaveLength(1);
    const settings = resources(template, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties.Environment);
    expect(JSON.stringify(settings)).not.toMatch(/slack/i);
  });
});
