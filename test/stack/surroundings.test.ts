import { DEPLOYED, flatten, only, resources, statements, synthesize } from './synthesized.ts';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const VPC = { subnetIds: ['subnet-0a1b2c3d', 'subnet-1a2b3c4d'], securityGroupIds: ['sg-0a1b2c3d'] };
const DOMAIN = {
  name: 'glasshammer.example.com',
  certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/11111111-2222-3333-4444-555555555555',
};

/** A deployment with every optional part. */
const all = () =>
  synthesize({
    stackName: 'Emergency-Access',
    tags: { team: 'platform' },
    budgets: { monthly: 12.5, onlyTag: 'team' },
    vpc: VPC,
    customDomain: DOMAIN,
    audit: { bucket: 'example-audit', bucketKeyArn: KEY },
    dataKeyArn: KEY.replace('5555', '6666'),
  });

test('without them a deployment has no budget, no VPC, no own domain, and a bucket of its own', () => {
  const plain = synthesize();
  expect(resources(plain, 'AWS::Budgets::Budget')).toEqual([]);
  expect(resources(plain, 'AWS::ApiGatewayV2::DomainName')).toEqual([]);
  expect(resources(plain, 'AWS::S3::Bucket')).toHaveLength(1);
  expect(JSON.stringify(plain.toJSON())).not.toMatch(/VpcConfig|ec2:/);
});

test('the alarm address is told when a month is forecast to exceed the budget, and when it does, for tagged resources', () => {
  const { Budget, NotificationsWithSubscribers } = only(all(), 'AWS::Budgets::Budget').Properties;
  expect(Budget).toMatchObject({
    TimeUnit: 'MONTHLY',
    BudgetLimit: { Amount: 12.5, Unit: 'USD' },
    CostFilters: { TagKeyValue: ['user:team$platform'] },
  });
  // A changed receiver replaces the budget, and a fixed name would be taken until the old one is deleted.
  expect(Budget).not.toHaveProperty('BudgetName');
  const told = NotificationsWithSubscribers.map(
    (each: { Notification: { NotificationType: string }; Subscribers: { Address: string }[] }) => [
      each.Notification.NotificationType,
      ...each.Subscribers.map(({ Address }) => Address),
    ],
  );
  expect(told).toEqual([
    ['ACTUAL', 'oncall@example.com'],
    ['FORECASTED', 'oncall@example.com'],
  ]);
});

test('every function runs in the VPC, and none can change its network', () => {
  const functions = resources(all(), 'AWS::Lambda::Function');
  expect(functions).toHaveLength(DEPLOYED.length);
  for (const [, { Properties }] of functions)
    expect(Properties.VpcConfig).toEqual({ SubnetIds: VPC.subnetIds, SecurityGroupIds: VPC.securityGroupIds });
  const network = statements(all()).filter(({ actions }) => actions.some((action) => action.startsWith('ec2:')));
  const by = (effect: string) => network.filter((statement) => statement.effect === effect);
  expect(by('Allow')).toHaveLength(DEPLOYED.length);
  expect(by('Deny')).toHaveLength(DEPLOYED.length);
  for (const { actions, conditions } of by('Deny')) {
    expect(actions.every((action) => action.startsWith('ec2:'))).toBe(true);
    for (const { actions: allowed } of by('Allow')) expect(allowed).toEqual(expect.arrayContaining([...actions]));
    expect(JSON.stringify(conditions)).toMatch(/lambda:SourceFunctionArn.*:function:emergency-access-/);
  }
});

test("Slack gets the organization's own domain, and an output says where its DNS name must point", () => {
  const domain = only(all(), 'AWS::ApiGatewayV2::DomainName').Properties;
  expect(domain).toMatchObject({
    DomainName: DOMAIN.name,
    DomainNameConfigurations: [{ CertificateArn: DOMAIN.certificateArn, SecurityPolicy: 'TLS_1_2' }],
  });
  expect(only(all(), 'AWS::ApiGatewayV2::ApiMapping').Properties.DomainName).toBeDefined();
  const { Outputs } = all().toJSON() as { Outputs: Record<string, { Value: unknown }> };
  expect(Outputs.UrlEvents?.Value).toBe('https://glasshammer.example.com/slack/events');
  expect(Outputs.SlackManifestCommand?.Value).toBe(
    'npx glasshammer slack-manifest --url https://glasshammer.example.com',
  );
  expect(flatten(Outputs.SlackDomainTarget?.Value)).toMatch(/RegionalDomainName>$/);
});

test("events go into the organization's bucket, with its key, and the stack makes and changes no bucket", () => {
  expect(resources(all(), 'AWS::S3::Bucket')).toEqual([]);
  expect(resources(all(), 'AWS::S3::BucketPolicy')).toEqual([]);
  const writing = statements(all()).filter(({ actions }) => actions.includes('s3:PutObject'));
  expect(writing).toMatchObject([
    { owner: 'ReportOnAccess', resources: ['arn:aws:s3:::example-audit/reports/*'] },
    { owner: 'AuditToArchive', resources: ['arn:aws:s3:::example-audit/events/*'] },
  ]);
  const keys = statements(all()).filter(
    ({ owner, actions }) => owner === 'AuditToArchive' && actions.includes('kms:GenerateDataKey'),
  );
  expect(keys.map(({ resources: [key] }) => key)).toEqual([KEY]);
  const { Outputs } = all().toJSON() as { Outputs: Record<string, { Value: unknown }> };
  expect(Outputs.AuditBucket?.Value).toBe('example-audit');
});

test("every name begins with the stack's name, so that two deployments do not collide", () => {
  const { Resources } = all().toJSON() as { Resources: Record<string, { Properties?: Record<string, unknown> }> };
  const names = Object.values(Resources).flatMap(({ Properties = {} }) =>
    ['FunctionName', 'StateMachineName', 'RoleName', 'AlarmName', 'DashboardName', 'LogGroupName'].flatMap((key) =>
      typeof Properties[key] === 'string' ? [Properties[key]] : [],
    ),
  );
  expect(names.length).toBeGreaterThan(60);
  expect(
    names.filter((name) => !name.replace(/^\/aws\/(?:lambda|vendedlogs\/\w+)\//, '').startsWith('emergency-access')),
  ).toEqual([]);
});
