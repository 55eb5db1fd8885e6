import { defineConfig } from '../../lib/config/config.ts';
import { authorize } from '../../sandbox/aws/access/authorize.ts';
import { BASE, flatten, ownersOf, resources, statements, synthesize } from './synthesized.ts';

const OPERATORS = { personas: { operators: ['a1b2c3d4-0000-4000-8000-000000000001'] } };
const FOUR_EYES = { ...OPERATORS, policyChanges: { fourEyes: true } };

const functionsOf = (template: ReturnType<typeof synthesize>) =>
  resources(template, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties.FunctionName as string);

/** Whether a function may write an item of the access table. */
function may(template: ReturnType<typeof synthesize>, owner: string, verb: string, id: string): boolean {
  const [table = ''] = resources(template, 'AWS::DynamoDB::Table').flatMap(([name]) =>
    name.startsWith('TablesAccess') ? [name] : [],
  );
  const role = statements(template)
    .filter((statement) => statement.owner === owner)
    .map(({ effect, actions, resources: where, conditions }) => ({
      actions,
      resources: where,
      conditions: conditions as Record<string, Record<string, string | string[]>>,
      deny: effect === 'Deny',
    }));
  const demand = {
    action: `dynamodb:${verb}`,
    resources: [`<${table}.Arn>`],
    context: { 'dynamodb:LeadingKeys': [id] },
  };
  return authorize([demand], role) === undefined;
}

test('without it in the configuration there is no function to change policies, no route to it and no right', () => {
  for (const off of [{}, OPERATORS, { ...OPERATORS, policyChanges: { fourEyes: false } }]) {
    const template = synthesize(off);
    expect(functionsOf(template)).not.toContain('glasshammer-change-policies');
    expect(JSON.stringify(template.toJSON())).not.toMatch(/policy-changes|change-policies/);
    expect(template.toJSON().Outputs.PolicyChangesFunction).toBeUndefined();
  }
});

test('only its own role may write the access table, and only policies', () => {
  const template = synthesize(FOUR_EYES);
  const owners = new Set(['dynamodb:PutItem', 'dynamodb:DeleteItem'].flatMap((action) => ownersOf(template, action)));
  const writers = [...owners].filter((owner) => may(template, owner, 'PutItem', 'policy#all-for-me'));
  expect(writers).toEqual(['ChangePolicies']);
  expect(may(template, 'ChangePolicies', 'DeleteItem', 'policy#all-for-me')).toBe(true);
  for (const id of ['principal#U0ANA', 'person#ana', 'access#123456789012#ps#user-ana', 'Policy#x'])
    for (const verb of ['PutItem', 'UpdateItem', 'DeleteItem'])
      expect([id, verb, may(template, 'ChangePolicies', verb, id)]).toEqual([id, verb, false]);
  expect(may(template, 'Api', 'PutItem', 'policy#all-for-me')).toBe(false);
});

test('API Gateway calls it, and no function can', () => {
  const template = synthesize({
    ...FOUR_EYES,
    console: { samlMetadataUrl: 'https://portal.sso.eu-central-1.amazonaws.com/saml/metadata/x' },
  });
  expect(ownersOf(template, 'lambda:InvokeFunction').filter((owner) => /^(Api|AccessRequested)$/.test(owner))).toEqual(
    [],
  );
  const callers = resources(template, 'AWS::Lambda::Permission').filter(([, { Properties }]) =>
    flatten(Properties.FunctionName).includes('FunctionsChangePolicies'),
  );
  expect(new Set(callers.map(([, { Properties }]) => Properties.Principal))).toEqual(
    new Set(['apigateway.amazonaws.com']),
  );
  const paths = resources(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties.RouteKey);
  expect(paths).toEqual(
    expect.arrayContaining([
      'GET /v1/people/{userId}/policy-changes',
      'POST /v1/people/{userId}/policy-changes/{proxy+}',
    ]),
  );
});

test('it is refused where nobody could propose or accept a change, with what to write', () => {
  expect(() => defineConfig({ ...BASE, policyChanges: { fourEyes: true } })).toThrow(/personas\.operators/);
  expect(() => defineConfig({ ...BASE, api: undefined, policyChanges: { fourEyes: true } })).toThrow(
    /write api or console/,
  );
});
