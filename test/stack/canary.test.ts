import { NIGHTLY_CANARY, resources, synthesize } from './synthesized.ts';

const functionsOf = (template: ReturnType<typeof synthesize>) =>
  resources(template, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties.FunctionName);

test('without a canary in the configuration nothing of it is deployed', () => {
  const template = synthesize({ canary: undefined });
  expect(functionsOf(template)).not.toContain('glasshammer-try-access');
  expect(JSON.stringify(template.toJSON())).not.toMatch(/canary/i);
});

test('a canary that is only run by hand has no schedule and no alarm', () => {
  const template = synthesize();
  expect(functionsOf(template)).toContain('glasshammer-try-access');
  expect(template.toJSON().Outputs.CanaryFunction.Value).toBe('glasshammer-try-access');
  expect(Object.keys(template.toJSON().Resources).filter((id) => id.startsWith('NightlyCanary'))).toEqual([]);
});

test('a nightly canary asks for access, and is judged on the same day when its access must be over', () => {
  const rules = resources(synthesize({ canary: NIGHTLY_CANARY }), 'AWS::Events::Rule').filter(([id]) =>
    id.startsWith('NightlyCanary'),
  );
  expect(
    rules.map(([, { Properties }]) => [Properties.ScheduleExpression, JSON.parse(Properties.Targets[0].Input)]),
  ).toEqual([
    ['cron(0 2 * * ? *)', { nightly: 'ask' }],
    ['cron(45 3 * * ? *)', { nightly: 'judge' }],
  ]);
  for (const [, { Properties }] of rules) expect(Properties.Targets[0].DeadLetterConfig.Arn).toBeDefined();
});
