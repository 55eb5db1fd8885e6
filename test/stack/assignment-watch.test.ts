import { App, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { defineConfig } from '../../lib/config/config.ts';
import { ChangeForwarderStack } from '../../lib/watch/change-forwarder-stack.ts';
import { BASE, flatten, only, resources, statements, synthesize } from './synthesized.ts';

const GROUP = { name: 'OnCall', id: 'a1b2c3d4-5678-90ab-cdef-111111111111' };

let template: Template;
beforeAll(() => {
  template = synthesize();
});

/** The pattern of the rule on the account's default bus. */
const changes = () =>
  resources(template, 'AWS::Events::Rule').find(([id]) => /^AssignmentWatchChanges(?!Elsewhere)/.test(id))?.[1]
    .Properties.EventPattern;

test('the watch is told of every way to make or remove an assignment or a membership', () => {
  const EventPattern = changes();
  expect(EventPattern['detail-type']).toEqual(['AWS API Call via CloudTrail']);
  expect(EventPattern.source).toEqual(['aws.sso', 'aws.sso-directory', 'aws.identitystore']);
  expect(EventPattern.detail.eventName).toEqual(
    expect.arrayContaining([
      'CreateAccountAssignment',
      'DeleteAccountAssignment',
      'CreateGroupMembership',
      'DeleteGroupMembership',
    ]),
  );
  const rules = resources(template, 'AWS::Events::Rule').filter(([id]) => id.startsWith('AssignmentWatch'));
  expect(rules).toHaveLength(3);
  for (const [, { Properties }] of rules) expect(Properties.Targets[0].DeadLetterConfig).toBeDefined();
});

test('the full pass takes its steps by schedule', () => {
  const { ScheduleExpression, Targets } = only(template, 'AWS::Events::Rule', 'AssignmentWatchSteps').Properties;
  expect(ScheduleExpression).toBe('rate(5 minutes)');
  expect(JSON.parse(Targets[0].Input)).toEqual({ checkProvisioned: true });
});

test('the function that looks for drift can remove nothing: it only reads Identity Center and the directory', () => {
  const actions = statements(synthesize({ groups: [GROUP], accounts: '*' }))
    .filter(({ owner, effect }) => owner === 'WatchAssignments' && effect === 'Allow')
    .flatMap((statement) => statement.actions);
  const there = actions.filter((action) => /^(sso|identitystore|organizations|iam):/.test(action));
  expect(there.length).toBeGreaterThan(5);
  expect(there.filter((action) => !/:(List|Describe|Get|IsMember)/.test(action))).toEqual([]);
});

test('the watch knows the roles of all functions that change assignments, and no others', () => {
  const { Variables } = only(template, 'AWS::Lambda::Function', 'FunctionsWatchAssignments').Properties.Environment;
  const roles = flatten(Variables.OWN_ROLE_ARNS).split(',');
  expect(roles).toHaveLength(3);
  const changing = statements(template)
    .filter(
      ({ effect, actions }) => effect === 'Allow' && actions.some((a) => /:(Create|Delete)AccountAssignment$/.test(a)),
    )
    .map(({ owner }) => owner);
  for (const owner of new Set(changing))
    expect(roles.some((role) => role.includes(`<Functions${owner}Role`))).toBe(true);
});

test('these roles have fixed names that fit into IAM, whatever the stack is called', () => {
  const names = (stackName: string) =>
    Object.values(synthesize({ stackName }).findResources('AWS::IAM::Role'))
      .map(({ Properties }) => Properties.RoleName as string | undefined)
      .filter((name) => name !== undefined);
  for (const [stackName, prefix] of [
    ['Glasshammer', 'glasshammer'],
    ['G'.repeat(32), 'g'.repeat(32)],
  ] as const) {
    const named = names(stackName);
    expect(named).toEqual(
      expect.arrayContaining(['grant', 'revoke', 'sweep'].map((verb) => `${prefix}-${verb}-access`)),
    );
    for (const name of named) expect(name.length).toBeLessThanOrEqual(64);
  }
});

test('the management account may send changes of assignments to a bus of their own, and nothing else', () => {
  const { Name, Policy } = only(template, 'AWS::Events::EventBus', 'AssignmentWatch').Properties;
  const [statement, ...more] = Policy.Statement;
  expect(more).toEqual([]);
  expect(flatten(statement.Principal.AWS)).toContain(':iam::999999999999:root');
  expect(statement.Action).toBe('events:PutEvents');
  expect(flatten(statement.Resource)).toMatch(/:event-bus\/glasshammer-changes$/);
  expect(statement.Condition.StringEquals['events:source']).toEqual([
    'aws.sso',
    'aws.sso-directory',
    'aws.identitystore',
  ]);
  expect(Name).toBe('glasshammer-changes');
  const { EventPattern, EventBusName } = only(
    template,
    'AWS::Events::Rule',
    'AssignmentWatchChangesElsewhere',
  ).Properties;
  expect(EventPattern).toEqual(changes());
  expect(flatten(EventBusName)).toContain('AssignmentWatchElsewhere');
});

test('in the management account no events need to be forwarded', () => {
  const there = synthesize({ env: { account: '999999999999', region: 'eu-central-1' } });
  expect(resources(there, 'AWS::Events::EventBus').filter(([id]) => id.startsWith('AssignmentWatch'))).toEqual([]);
});

test('the stack for the management account forwards the same calls, with a right to nothing else', () => {
  const stage = new Stage(new App(), 'Management');
  const forwarder = Template.fromStack(
    new ChangeForwarderStack(stage, 'ChangeForwarder', { config: defineConfig(BASE) }),
  );
  const { EventPattern, Targets } = only(forwarder, 'AWS::Events::Rule').Properties;
  expect(EventPattern).toEqual(changes());
  expect(Targets[0].Arn).toBe('arn:aws:events:eu-central-1:111122223333:event-bus/glasshammer-changes');
  expect(statements(forwarder)).toEqual([
    expect.objectContaining({ actions: ['events:PutEvents'], resources: [Targets[0].Arn] }),
  ]);
});
