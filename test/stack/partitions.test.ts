import { BASE, resources, synthesize } from './synthesized.ts';

test('in GovCloud nothing names a resource of the other Regions, the workflow included', () => {
  const gov = (arn: string) => arn.replace('arn:aws:', 'arn:aws-us-gov:');
  const template = synthesize({
    env: { account: BASE.env.account, region: 'us-gov-west-1' },
    instanceArn: gov(BASE.instanceArn),
    permissionSets: BASE.permissionSets.map(({ name, arn }) => ({ name, arn: gov(arn) })),
    report: { ...BASE.report, regions: ['us-gov-west-1'] },
  });
  const text = JSON.stringify(template.toJSON());
  expect(text.match(/.{30}arn:aws:.{40}/g) ?? []).toEqual([]);
  for (const [, { Properties }] of resources(template, 'AWS::Events::EventBus'))
    expect(Properties.Description).toBeUndefined();
  expect(text).toContain('arn:aws-us-gov:states:::lambda:invoke');
});
